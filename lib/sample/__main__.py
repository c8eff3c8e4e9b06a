"""Writes a sample file: python -m lib.sample --chats 2100 --seed 7 data/sample.jsonl.gz."""

import gzip
import json
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from . import ANCHOR, SAMPLE_DAYS, generate


def write(path: Path, chats: int, seed: int, ongoing: int) -> int:
    """Write the sample, the same bytes for the same arguments, and return the file's size."""
    records = generate(chats, seed, ANCHOR, SAMPLE_DAYS, ongoing=ongoing, with_edge_cases=True)
    # A file name and a time in the gzip header would make the bytes differ.
    with path.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        for each in records:
            packed.write(json.dumps(each, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    return path.stat().st_size


def main(words: Sequence[str] | None = None) -> int:
    """Write the file that the command line names and return the exit status."""
    parser = ArgumentParser(prog="python -m lib.sample", description="Write a sample of made-up chats.")
    parser.add_argument("path", type=Path)
    parser.add_argument("--chats", type=int, default=2100)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--ongoing", type=int, default=10)
    given = parser.parse_args(words)
    size = write(given.path, given.chats, given.seed, given.ongoing)
    print(f"{given.path}: {given.chats:,} chats, {size:,} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
