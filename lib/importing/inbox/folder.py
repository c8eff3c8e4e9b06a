"""The files that lie in the inbox folder, and for how long each has not changed."""

import hashlib
import stat
import time
from dataclasses import dataclass
from pathlib import Path

from lib.importing.sources import Source

# A file counts as whole once it has not grown for so long, and one that ends in the middle only after a longer time.
STILL_S, BROKEN_STILL_S = 3.0, 60.0
UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart")
# Larger files are imports of their own, so that a fault in another one does not cost to read them again.
SMALL_BYTES = 8 << 20
# A folder of another name is somebody's way to put files aside.
ENDINGS = (".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".txt", ".parquet", ".zip", ".gz", ".xlsx",
           ".xlsm", ".xlsb", ".xls", ".ods")  # fmt: skip


@dataclass
class Seen:
    """How a file was found, since when, whether it was broken, or is done with, and how often it failed and why."""

    state: tuple[int, ...]
    since: float
    broken: bool = False
    done: bool = False
    digest: str = ""
    failure: str = ""
    failures: int = 0

    @property
    def is_file(self) -> bool:
        """Whether it is a file, and no link."""
        return stat.S_ISREG(self.state[-1])

    @property
    def is_small(self) -> bool:
        """Whether it may be taken together with others: it has not failed alone."""
        return self.is_file and self.state[0] <= SMALL_BYTES and not self.broken and not self.failures

    @property
    def quiet_s(self) -> float:
        """For how long it has not changed."""
        return time.monotonic() - self.since

    def fail(self, failure: str) -> int:
        """How often in a row it has failed so, with this time; from now on it has to be still for longer."""
        self.failures = self.failures + 1 if self.failure == failure else 1
        self.since, self.broken, self.failure = time.monotonic(), True, failure
        return self.failures

    @property
    def is_due(self) -> bool:
        """Whether it has to be taken now."""
        return not self.done and self.quiet_s >= (BROKEN_STILL_S if self.broken else STILL_S)


class Folder:
    """The inbox folder at a path; a folder in it is an account."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def files(self) -> list[Path]:
        """What somebody put there to be imported, that in folders inside it, too."""
        found, folders = list[Path](), [self._path]
        for folder in folders:
            try:
                inside = sorted(folder.iterdir())
            except OSError:
                continue
            for path in inside:
                if path.name.startswith((".", "~")):
                    continue
                if not path.is_symlink() and path.is_dir() and path.suffix.lower() not in ENDINGS:
                    # That of an account, or one inside it.
                    folders.append(path)
                elif path.suffix.lower() not in UNFINISHED:
                    found.append(path)
        return found

    def account_of(self, path: Path) -> str | None:
        """The account that a file is of by its place."""
        inside = path.relative_to(self._path).parts
        return Source(inside[0]).name if len(inside) > 1 else None

    def name_of(self, path: Path) -> str:
        """What a file is called by its place in the whole folder."""
        return Source("/".join(path.relative_to(self._path).parts)).name

    def source(self, path: Path) -> Source:
        """The file, called by its place in the folder of its account."""
        inside = path.relative_to(self._path).parts
        return Source("/".join(inside[1:] or inside), path, follows_links=False)


def seen_now(path: Path, before: Seen | None) -> Seen | None:
    """How a file is found now, which was seen so `before`; None where it is gone."""
    try:
        found = path.lstat()
    except OSError:
        return None
    # Of what is no file, its kind.
    is_file = stat.S_ISREG(found.st_mode)
    state = (found.st_size, found.st_mtime_ns, found.st_mode) if is_file else (found.st_mode,)
    if before is not None and before.state == state:
        return before
    # What has lain there unchanged before the app looked need not wait again.
    age = max(0.0, time.time() - found.st_mtime) if before is None else 0.0
    # By this it is known until its content is.
    digest = hashlib.sha256(repr((path.name, state)).encode()).hexdigest()
    return Seen(state, time.monotonic() - age, digest=digest)
