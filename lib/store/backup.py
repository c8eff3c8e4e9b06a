"""One consistent file of a store that may be in use: the file and its log, put together.

A store in a file is what the file holds and what its log adds. Commits only add to the log, and what they put into the
file before lies in blocks that nothing else refers to; only a write-back changes what the file says. So whoever keeps
write-backs out may copy first the log, then the file, while others read and write.
"""

import json
import os
import shutil
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import duckdb

from lib.logs import kind_of
from lib.store.errors import MEANINGS, StoreError, reason_of
from lib.store.opening import file_config
from lib.store.soundness import log_of, read_all
from lib.store.store import Store

# Changes nothing; while its transaction is open, nothing is written back.
KEEP_OUT = "UPDATE migrations SET name = name WHERE version = 1"
COPY_MEMORY = "256MB"
LOOK_EVERY_S = 0.2
# The running app looks every few seconds; it may have a long import to finish before.
PATIENCE_S = 30 * 60


class BackupError(Exception):
    """There is no backup, and why."""

    is_fit_for_logs = True


def back_up(store: Store, target: Path) -> int:
    """Bytes of `target`, a new file that holds the store as it is at one moment; raises BackupError."""
    if store.is_lake:
        raise BackupError("a lake is a folder of files: stop the app and copy the catalogue with its folder")
    if target.exists():
        raise BackupError(f"{target} is there already")
    try:
        with store.scratch.unfinished(target) as unfinished:
            _copy(store, unfinished)
            # Writes the log of the copy into its file, and reads each of its rows.
            config = file_config(store.scratch.folder) | {"memory_limit": COPY_MEMORY}
            with duckdb.connect(str(unfinished), config=config) as copy:
                read_all(copy)
                copy.execute("CHECKPOINT")
            unfinished.rename(target)
    except (OSError, duckdb.Error) as error:
        reason = reason_of(error)
        # What the engine says could quote what it copied.
        why = MEANINGS[reason] if reason else getattr(error, "strerror", None) or kind_of(error)
        raise BackupError(f"{target}: {why}") from error
    return target.stat().st_size


def restore(store: Path, source: Path) -> Path | None:
    """Puts a backup in the place of the store; where the one that was there is kept, if there was one.

    Raises BackupError: where the backup cannot be read, or a process holds the store. Who is interrupted has the old
    store or the new one, and may do it again.
    """
    try:
        with duckdb.connect(str(source), read_only=True) as connection:
            if not {"chats", "migrations"} <= read_all(connection).keys():
                raise BackupError(f"{source} is no backup of a chat history")
        if store.exists():
            _written_back(store)
        unfinished = store.with_name(f"{store.name}.restoring")
        shutil.copyfile(source, unfinished)
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        kept = store.with_name(f"{store.stem}-replaced-{datetime.now():%Y-%m-%d-%H%M%S-%f}{store.suffix}")
        log, was_there = log_of(store), store.exists()
        if was_there:
            _keep(store, kept)
        # The log is of the old file, and would be read into the new one.
        if log.exists():
            log.rename(log_of(kept))
        unfinished.rename(store)
    except (OSError, duckdb.Error) as error:
        reason = reason_of(error)
        raise BackupError(f"{source}: {MEANINGS[reason]}" if reason else str(error)) from error
    return kept if was_there else None


def _keep(store: Path, kept: Path) -> None:
    try:
        os.link(store, kept)
    except OSError:  # Not every disk gives a file two names.
        shutil.copyfile(store, kept)


def _written_back(store: Path) -> None:
    try:
        Store(str(store)).close()
    except StoreError as error:
        # One that cannot be opened is what a backup is for.
        if error.reason == "locked":
            raise BackupError("the database is in use: close the program that holds it first") from error


def back_up_elsewhere(held: Path, target: Path) -> int:
    """The same by the process that holds the store `held`, which looks for such wishes; raises BackupError."""
    wish = _wish(held)
    answer = _answer(wish)
    answer.unlink(missing_ok=True)
    _say(wish, {"target": str(target)})
    latest = time.monotonic() + PATIENCE_S
    try:
        while time.monotonic() < latest:
            with suppress(FileNotFoundError):
                said = json.loads(answer.read_text(encoding="utf-8"))
                if "refused" in said:
                    raise BackupError(said["refused"])
                return int(said["bytes"])
            time.sleep(LOOK_EVERY_S)
        raise BackupError("the program that holds the database did not answer")
    finally:
        wish.unlink(missing_ok=True)
        answer.unlink(missing_ok=True)


def grant_wish(store: Store) -> None:
    """Makes the backup that another process on this machine asks for, if one does and still waits."""
    wish = _wish(store.path)
    try:
        wanted = wish.read_text(encoding="utf-8")
        waited_s = time.time() - wish.stat().st_mtime
    except FileNotFoundError:
        return
    # Before anything else, so that one that cannot be granted is not tried again and again.
    wish.unlink(missing_ok=True)
    if waited_s > PATIENCE_S:
        return
    try:
        said: dict[str, object] = {"bytes": back_up(store, Path(json.loads(wanted)["target"]))}
    except (BackupError, ValueError, KeyError, TypeError) as error:
        said = {"refused": str(error)}
    _say(_answer(wish), said)


def _say(file: Path, content: dict[str, object]) -> None:
    """Writes a file that nobody ever sees half written."""
    unfinished = file.with_name(file.name + ".unfinished")
    unfinished.write_text(json.dumps(content), encoding="utf-8")
    unfinished.rename(file)


def _copy(store: Store, target: Path) -> None:
    source = store.path
    with store.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(KEEP_OUT)
        try:
            with suppress(FileNotFoundError):
                shutil.copyfile(log_of(source), log_of(target))
            shutil.copyfile(source, target)
        finally:
            cursor.execute("ROLLBACK")


def _wish(store: Path) -> Path:
    return Path(f"{store}.backup")


def _answer(wish: Path) -> Path:
    return wish.with_suffix(".backup_answer")
