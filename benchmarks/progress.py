"""Shows how far a run is, on one line of a terminal; what is printed on a pipe stays short."""

import sys


def tell(words: str) -> None:
    """Replaces the line."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{words}", end="", file=sys.stderr, flush=True)


def done(words: str = "") -> None:
    """Replaces the line by what stays."""
    tell("")
    if words:
        print(words, file=sys.stderr, flush=True)
