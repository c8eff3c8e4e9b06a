"""Brings the catalogues up to date with the code: `python -m lib.language [--check | --prune]`."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Final

from lib.language.choosing import LANGUAGES, SOURCE
from lib.language.upkeep import faults, update
from lib.language.wording import path_of

ROOT: Final = Path(__file__).resolve().parents[2]


def main(arguments: list[str] | None = None) -> int:
    """Return the exit code: 1 when the catalogues were only checked and are not complete."""
    parser = ArgumentParser(prog="python -m lib.language", description=__doc__)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--check", action="store_true", help="change nothing; exit 1 if anything is wrong")
    which.add_argument("--prune", action="store_true", help="drop translations that are not used")
    asked = parser.parse_args(arguments)
    lacking = False
    for language in sorted(LANGUAGES.keys() - {SOURCE}):
        path = path_of(language)
        for fault in faults(ROOT, path, language) if asked.check else update(ROOT, path, language, prune=asked.prune):
            print(f"{path.name}: {fault}")
            lacking = True
    return int(asked.check and lacking)


if __name__ == "__main__":
    sys.exit(main())
