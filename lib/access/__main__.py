"""Checks the sealed log: `python -m lib.access verify [--head N:HASH]`, also while the app runs.

The head is the end of the chain at an earlier time, as this or the page Activity told it.
"""

import sys
from argparse import ArgumentParser, ArgumentTypeError
from contextlib import closing

from lib.access.seals import Head
from lib.access.verifying import FAULT_NAMES, Fault, Verified, verify
from lib.settings import SettingError, load_settings
from lib.store import Store, StoreError
from lib.store.backup import BackupError, back_up_elsewhere
from lib.store.opening import resolved
from lib.store.scratch import Scratch

SOUND, TAMPERED_WITH, NOT_CHECKED = 0, 1, 2
HASH_DIGITS = 64


def main(arguments: list[str] | None = None) -> int:
    """The exit status: 0 if all is as it was sealed, 1 if not, 2 if it could not be checked."""
    parser = ArgumentParser(prog="python -m lib.access", description="Checks the log of all that was done and read.")
    commands = parser.add_subparsers(dest="command", required=True)
    verifying = commands.add_parser("verify", help="compare every row with its seal, and follow the chain of seals")
    verifying.add_argument(
        "--head", type=_head, metavar="N:HASH", help="an end of the log that was noted before; it has to be in it"
    )
    asked = parser.parse_args(arguments)
    try:
        settings = load_settings()
        found = _verified(settings.store, settings.seal_key, asked.head)
    except (BackupError, StoreError, SettingError, OSError) as error:
        print(error, file=sys.stderr)
        return NOT_CHECKED
    for line in _told(found, has_key=settings.seal_key is not None):
        print(line)
    return TAMPERED_WITH if found.found else SOUND


def _head(given: str) -> Head:
    number, _colon, own = given.partition(":")
    if not (number.isascii() and number.isdecimal() and len(own) == HASH_DIGITS):
        raise ArgumentTypeError("it has to be a number, a colon and 64 signs, as it was told")
    return Head(int(number), own.lower())


def _verified(location: str, key: bytes | None, noted: Head | None) -> Verified:
    path = resolved(location)
    if not path.exists():
        # To open it would begin a new one.
        raise FileNotFoundError(f"{path} is not there")
    try:
        with closing(Store(location)) as store:
            return verify(store, key, noted)
    except StoreError as error:
        if error.reason != "locked":
            raise
    # The process that holds it makes a copy, in which the same is found.
    with closing(Scratch(path)) as scratch:
        copy = scratch.folder / "copy.duckdb"
        back_up_elsewhere(path, copy)
        with closing(Store(str(copy))) as store:
            return verify(store, key, noted)


def _told(found: Verified, *, has_key: bool) -> list[str]:
    told = [f"{found.checked:,} seals; {found.unsealed:,} rows are not sealed yet; {found.removed:,} are rightly gone"]
    if found.without_key:
        told.append(f"the first {found.without_key:,} were sealed without the key")
    if not has_key:
        told.append("no key is set (CHAT_HISTORY_SEAL_KEY): a chain that was made anew is only found by a noted --head")
    if found.found.get("broken", 0) > found.checked // 2:
        told.append("most seals are broken: is CHAT_HISTORY_SEAL_KEY the key with which they were made?")
    told += [_fault(fault) for fault in found.faults]
    told += [
        f"… and {count - shown:,} more: {FAULT_NAMES[kind].lower()}"
        for kind, count in found.found.items()
        if count > (shown := sum(fault.kind == kind for fault in found.faults))
    ]
    faults = sum(found.found.values())
    told.append(f"{faults:,} faults" if faults else "all is as it was sealed")
    return [*told, f"head {found.head}"]


def _fault(fault: Fault) -> str:
    row = f"{fault.source} {fault.event_id}" if fault.event_id else fault.source
    seal = None if fault.number is None else f"seal {fault.number}"
    moment = f"of {fault.moment} UTC" if fault.moment else None
    return ", ".join(filter(None, [f"{fault.kind}: {FAULT_NAMES[fault.kind].lower()}", seal, row, moment]))


if __name__ == "__main__":
    sys.exit(main())
