"""Brings the catalogues up to date with the code: `python -m lib.language [--check | --prune]`."""

import sys
from argparse import ArgumentParser, Namespace

from lib.language.catalogue import path_of
from lib.language.upkeep import ROOT, TRANSLATED, faults_of_all, update


def main(arguments: list[str] | None = None) -> int:
    """Return the exit code: 1 when the catalogues were only checked and are not complete."""
    asked = _asked(arguments)
    found = faults_of_all() if asked.check else _updated(asked.prune)
    for fault in found:
        print(fault)
    return 1 if asked.check and found else 0


def _asked(arguments: list[str] | None) -> Namespace:
    parser = ArgumentParser(prog="python -m lib.language", description=__doc__)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--check", action="store_true", help="change nothing; exit 1 if anything is wrong")
    which.add_argument("--prune", action="store_true", help="drop translations that are not used")
    return parser.parse_args(arguments)


def _updated(prune: bool) -> list[str]:
    return [
        f"{path_of(language).name}: {fault}"
        for language in TRANSLATED
        for fault in update(ROOT, path_of(language), language, prune=prune)
    ]


if __name__ == "__main__":
    sys.exit(main())
