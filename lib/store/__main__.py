"""Looks after the store: `python -m lib.store backup [FILE]`, `check` and `restore FILE`.

The first two work while the app runs: the process that holds the store makes the backup, and a backup is what is
checked then. To restore one, the app must have been closed; the store that was there is kept beside it.
"""

import sys
from argparse import ArgumentParser
from contextlib import closing
from datetime import datetime
from pathlib import Path

import duckdb

from lib.settings import SettingError, load_settings
from lib.store.backup import BackupError, back_up, back_up_elsewhere, restore
from lib.store.errors import StoreError
from lib.store.opening import resolved
from lib.store.scratch import Scratch
from lib.store.soundness import read_all
from lib.store.store import Store

WELL, REFUSED = 0, 2


def main(arguments: list[str] | None = None) -> int:
    """The exit status: 0 if it was done, 2 if it was not; then a sentence says why."""
    parser = ArgumentParser(prog="python -m lib.store", description="Looks after the database.")
    commands = parser.add_subparsers(dest="command", required=True)
    backup = commands.add_parser("backup", help="make one file that holds everything; the app may go on running")
    backup.add_argument("file", nargs="?", type=lambda given: Path(given).resolve(), help="default: beside the store")
    commands.add_parser("check", help="read every value of every table")
    back = commands.add_parser("restore", help="put a backup in the place of the database, which is kept beside it")
    back.add_argument("file", type=lambda given: Path(given).resolve(), help="the backup")
    asked = parser.parse_args(arguments)
    try:
        location = load_settings().store
        if asked.command == "backup":
            path = resolved(location)
            target = asked.file or path.with_name(f"{path.stem}-{datetime.now():%Y-%m-%d-%H%M%S}{path.suffix}")
            print(f"{target}: {_backed_up(location, target):,} bytes")
        elif asked.command == "restore":
            kept = restore(resolved(location), asked.file)
            print(f"{resolved(location)} is {asked.file} now" + (f"; what was there is {kept}" if kept else ""))
        else:
            with closing(Scratch(resolved(location))) as scratch:
                copy = scratch.folder / "copy.duckdb"
                _backed_up(location, copy)
                with duckdb.connect(str(copy), read_only=True) as connection:
                    counts = read_all(connection)
            for table, content in counts.items():
                print(f"{table}: {content.rows:,} rows, all can be read")
    except (BackupError, StoreError, SettingError, duckdb.Error, OSError) as error:
        print(error, file=sys.stderr)
        return REFUSED
    return WELL


def _backed_up(location: str, target: Path) -> int:
    try:
        store = Store(location)
    except StoreError as error:
        if error.reason != "locked":
            raise
        return back_up_elsewhere(Path(error.path), target)
    try:
        return back_up(store, target)
    finally:
        store.close()


if __name__ == "__main__":
    sys.exit(main())
