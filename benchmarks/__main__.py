"""Measures how fast the store answers: `python -m benchmarks --chats 1000000`."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.building import STORES, Recipe, built
from benchmarks.measuring import measured
from benchmarks.questions import questions
from benchmarks.reporting import Run, finished, table, to_json, write_readme

LEAST_CHATS = 100


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
    parser = ArgumentParser(prog="python -m benchmarks", description="Measures how fast the store answers.")
    parser.add_argument("--chats", type=_at_least(LEAST_CHATS), default=1_000_000, help="size of the store")
    parser.add_argument("--rounds", type=_at_least(1), default=30, help="how often each question is asked")
    parser.add_argument("--only", default="", metavar="TEXT", help="ask only the questions with this in their name")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures as JSON")
    parser.add_argument("--readme", action="store_true", help="write the figures into benchmarks/README.md")
    parser.add_argument("--strict", action="store_true", help="exit with 1 where a target is missed")
    parser.add_argument("--store", type=Path, default=STORES, metavar="FOLDER", help="where the stores are kept")
    return parser.parse_args(words)


def _at_least(least: int) -> Callable[[str], int]:
    def number(word: str) -> int:
        if int(word) < least:
            raise ValueError(word)
        return int(word)

    return number


if __name__ == "__main__":
    sys.exit(main())
