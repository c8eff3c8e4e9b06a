"""What every run can be told."""

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path

from benchmarks.building import STORES

LEAST_CHATS = 100


def parser_of(program: str, description: str, rounds: int) -> ArgumentParser:
    """A parser that knows the size of the store, the rounds (by default so many), and where figures are written."""
    parser = ArgumentParser(prog=program, description=description)
    parser.add_argument("--chats", type=_at_least(LEAST_CHATS), default=1_000_000, help="size of the store")
    parser.add_argument("--rounds", type=_at_least(1), default=rounds, help="how often each question is asked")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures as JSON")
    parser.add_argument("--readme", action="store_true", help="write the figures into benchmarks/README.md")
    parser.add_argument("--store", type=Path, default=STORES, metavar="FOLDER", help="where the stores are kept")
    return parser


def _at_least(least: int) -> Callable[[str], int]:
    def number(word: str) -> int:
        if int(word) < least:
            raise ValueError(word)
        return int(word)

    return number
