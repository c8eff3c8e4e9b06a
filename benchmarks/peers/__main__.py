"""Holds the product against its peers: `python -m benchmarks.peers --chats 1000000`."""

import sys
from collections.abc import Sequence

from benchmarks.arguments import parser_of
from benchmarks.building import Recipe, built
from benchmarks.measuring import copied
from benchmarks.peers.comparing import DifferenceError
from benchmarks.peers.reporting import finished, table, to_json, write_readme
from benchmarks.peers.running import made, measured
from benchmarks.progress import done


def main(words: Sequence[str] | None = None) -> int:
    """The exit status: 1 where an answer differs, which ends the run before anything is timed, else 0."""
    parser = parser_of(
        "python -m benchmarks.peers", "Asks the same screens of the product and of its peers.", rounds=20
    )
    asked = parser.parse_args(words)
    recipe = Recipe(asked.chats)
    original, build = built(recipe, asked.store)
    with made(original, recipe.clock) as peers, copied(original) as store:
        try:
            lines = measured(store, recipe.clock, peers.peers, asked.rounds)
        except DifferenceError as difference:
            done(str(difference))
            return 1
        run = finished(build, peers, lines, asked.rounds)
    print(table(run))
    if asked.json:
        asked.json.write_text(to_json(run) + "\n", encoding="utf-8")
    if asked.readme:
        write_readme(run)
    return 0


if __name__ == "__main__":
    sys.exit(main())
