"""Where what is only needed for a while lies: beside the store, seen by nobody else, and gone with its process.

Each process that opens a store has a folder of its own in `<store>.tmp`, for what the engine spills, for exports and
uploads, and for copies that are being made. A process that is killed, or loses its power, leaves its folder; the next
one that opens the store removes it. A lock, which ends with its process however that ends, says whose is still needed.
"""

import fcntl
import os
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LOCK = "lock"
UNFINISHED = ".unfinished"


class Scratch:
    """The folder of this process beside a store; closing it removes what is in it."""

    def __init__(self, store: Path) -> None:
        self._all = store.with_name(store.name + ".tmp")
        self._folder: Path | None = None
        self._end: Callable[[], object] = lambda: None

    @property
    def folder(self) -> Path:
        """The folder, made when it is first asked for; raises OSError."""
        if self._folder is None or not self._folder.is_dir():
            with _turn(self._all):
                self._folder = Path(tempfile.mkdtemp(dir=self._all))
                lock = _locked(self._folder / LOCK)
            self._end = weakref.finalize(self, _remove_own, self._folder, lock)
        return self._folder

    @contextmanager
    def unfinished(self, target: Path) -> Iterator[Path]:
        """A path beside `target` for a file that is being made; nothing of it stays, however this process ends."""
        path = target.with_name(target.name + UNFINISHED)
        sign = self.folder / f"{os.urandom(8).hex()}{UNFINISHED}"
        sign.symlink_to(path.absolute())
        try:
            yield path
        finally:
            _remove_unfinished(sign)
            sign.unlink(missing_ok=True)

    def clear_left(self) -> None:
        """Removes what processes have left that are no more; raises OSError."""
        with _turn(self._all):
            for left in self._all.iterdir():
                if left.name != LOCK and not _is_held(left / LOCK):
                    _remove(left)

    def close(self) -> None:
        """Removes the folder."""
        self._end()
        self._folder = None


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """Keeps others from taking a folder for left that is not locked yet, and leaves none that is empty."""
    lock = None
    while lock is None:
        folder.mkdir(mode=0o700, exist_ok=True)
        lock = _locked(folder / LOCK)
    try:
        yield
    finally:
        if [path.name for path in folder.iterdir()] == [LOCK]:
            shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _locked(path: Path) -> int | None:
    """The locked file; None where somebody removed it meanwhile."""
    try:
        lock = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    except FileNotFoundError:
        return None
    fcntl.flock(lock, fcntl.LOCK_EX)
    if os.fstat(lock).st_nlink:
        return lock
    os.close(lock)
    return None


def _is_held(path: Path) -> bool:
    try:
        lock = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False


def _remove_own(folder: Path, lock: int | None) -> None:
    with _turn(folder.parent):
        _remove(folder)
    if lock is not None:
        os.close(lock)


def _remove(left: Path) -> None:
    if not left.is_dir() or left.is_symlink():
        left.unlink(missing_ok=True)
        return
    for sign in left.glob(f"*{UNFINISHED}"):
        _remove_unfinished(sign)
    shutil.rmtree(left, ignore_errors=True)


def _remove_unfinished(sign: Path) -> None:
    with suppress(OSError):
        path = sign.readlink()
        path.unlink(missing_ok=True)
        # The engine's log of a file that is a database.
        Path(f"{path}.wal").unlink(missing_ok=True)
