"""Measures how fast the store answers: `python -m benchmarks --chats 1000000`."""

import sys
from argparse import Namespace
from collections.abc import Sequence

from benchmarks.arguments import parser_of
from benchmarks.building import Recipe, built
from benchmarks.measuring import measured
from benchmarks.questions import questions
from benchmarks.reporting import Run, finished, table, to_json, write_readme


def main(words: Sequence[str] | None = None) -> int:
    """The exit status: 1 where a target is missed and `--strict` is given, else 0."""
    asked = _arguments(words)
    recipe = Recipe(asked.chats)
    store, build = built(recipe, asked.store)
    chosen = [question for question in questions() if asked.only in question.name]
    run = finished(build, measured(store, recipe.clock, chosen, asked.rounds), asked.rounds)
    print(table(run))
    _keep(run, asked)
    return int(asked.strict and bool(run.missed))


def _keep(run: Run, asked: Namespace) -> None:
    if asked.json:
        asked.json.write_text(to_json(run) + "\n", encoding="utf-8")
    if asked.readme:
        write_readme(run)


def _arguments(words: Sequence[str] | None) -> Namespace:
    parser = parser_of("python -m benchmarks", "Measures how fast the store answers.", rounds=30)
    parser.add_argument("--only", default="", metavar="TEXT", help="ask only the questions with this in their name")
    parser.add_argument("--strict", action="store_true", help="exit with 1 where a target is missed")
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
