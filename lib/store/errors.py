"""Why a store cannot be used, or could not do what was asked of it, and how that is told from what the engine says."""

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import duckdb

Reason = Literal[
    "locked", "newer", "damaged", "unwritable", "cut", "log_alone", "log_damaged", "foreign", "no_folder", "no_file",
    "full", "busy", "memory", "drive", "stopped", "unclear", "closed",
]  # fmt: skip

# Only of these is the text the engine's own; others may quote what somebody typed.
SPEAKING = (
    duckdb.ConnectionException,
    duckdb.FatalException,
    duckdb.IOException,
    duckdb.OutOfMemoryException,
    duckdb.SerializationException,
    duckdb.TransactionException,
)
# The first that fits: an error of a database that has stopped repeats what it stopped of.
SAYINGS: dict[Reason, str] = {
    "stopped": r"has been invalidated",
    "full": r"no space left|quota exceeded|file too large|not enough space|max_temp_directory_size",
    "unwritable": r"permission denied|not permitted|read-only|cannot open file|is a directory",
    "drive": r"input/output error|stale file handle|no such device|fsync",
    "memory": r"out of memory|cannot allocate memory",
    "damaged": r"corrupt|checksum|deserializ",
    "closed": r"connection already closed|connection has been closed",
}
NUMBERS: dict[int, Reason] = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), "full"),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), "unwritable"),
    errno.EIO: "drive",
    errno.ENOMEM: "memory",
}
STORED = "COMMIT succeeded and is durable"


# For logs, and commands that speak English only.
MEANINGS: dict[Reason, str] = {
    "locked": "it is in use by another program; stop that first",
    "newer": "it was made by a newer version of Chat History; update this one",
    "damaged": "it is damaged, or is no store; restore a backup",
    "unwritable": "it cannot be written to; check its folder and permissions",
    "cut": "it is shorter than it should be; copy it again",
    "log_alone": "only its log is there; put the store back beside it",
    "log_damaged": "its log is damaged; restore both from a backup",
    "foreign": "it belongs to another program; nothing was changed in it",
    "no_folder": "its folder is not there; is its drive connected?",
    "no_file": "it is no file",
    "full": "the disk is full; free some space, then try again",
    "busy": "others were writing all the time; try again",
    "memory": "there is not enough memory; try again with less at once",
    "drive": "its drive reports an error; have the drive checked",
    "stopped": "it has stopped after a fault; start the program again",
    "unclear": "it stopped amid a write, which may have been stored or not; look before you try again",
    "closed": "it is closed; start the program again",
}


class StoreError(Exception):
    """The store at `path` cannot be opened or used; `holder` names the program that holds a locked one, if known."""

    is_fit_for_logs = True

    def __init__(self, reason: Reason, path: str, holder: str | None = None) -> None:
        super().__init__(f"{path}: {MEANINGS[reason]}" + (f" ({holder})" if holder else ""))
        self.reason: Reason = reason
        self.path = path
        self.holder = holder


def reason_of(error: duckdb.Error | OSError) -> Reason | None:
    """What kind of trouble of the store an error tells of; None where it is none, but a mistake of the statement."""
    if isinstance(error, OSError) and error.errno is not None:
        return NUMBERS.get(error.errno)
    # Only who reads while a database that has stopped is opened again is interrupted.
    if isinstance(error, duckdb.InterruptException):
        return "stopped"
    # Arrow, which hands rows on as they are found, makes an OSError without a number of what the engine says.
    if not isinstance(error, (*SPEAKING, OSError)):
        return None
    found = next((reason for reason, said in SAYINGS.items() if re.search(said, str(error), re.IGNORECASE)), None)
    if found is None and isinstance(error, duckdb.OutOfMemoryException):
        return "memory"
    # What is left of these is that another writer was faster.
    return found or ("busy" if isinstance(error, duckdb.TransactionException) else None)


def is_stored(error: duckdb.FatalException) -> bool:
    """Whether a COMMIT is valid in spite of its error: only to write the log into the file afterwards failed."""
    return STORED in str(error)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Raises StoreError in place of what the engine says of the store at `path`; mistakes come through as they are."""
    try:
        yield
    except duckdb.Error as error:
        reason = reason_of(error)
        if reason is None:
            raise
        raise StoreError(reason, str(path)) from error
