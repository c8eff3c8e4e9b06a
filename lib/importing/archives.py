"""Zip archives: their files, read where they lie; nothing is ever unpacked into a folder."""

import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any, BinaryIO, cast

from lib.importing.limits import most_unpacked
from lib.importing.problems import ImportRefused
from lib.importing.sources import Source

MAGIC = b"PK\x03\x04"
EMPTY_MAGIC = b"PK\x05\x06"
MOST_FILES = 20_000
MOST_BYTES = 8 << 30
ENCRYPTED = 0x1
BUFFER = 1 << 18
# What the reading of a damaged zip may raise; nothing of it says more than that.
BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, ValueError, LookupError,
          RuntimeError, OverflowError)  # fmt: skip


def expanded(source: Source) -> list[Source]:
    """The files of a zip, or the source itself where it is none; raises ImportRefused."""
    with source.open() as stream:
        if stream.read(4) not in (MAGIC, EMPTY_MAGIC):
            return [source]
        with _archive(stream, source.name) as archive:
            members = [info for info in archive.infolist() if _is_file(info)]
            _check(members, source.name, source.size)
    return [replace(source, name=f"{source.name}/{info.filename}", member=info) for info in members]


def is_nothing(source: Source) -> bool:
    """Whether it is a file of a zip that holds nothing to read: it is empty, or a link, whose content is a path."""
    info = source.member
    if info is None:
        return False
    # An export of no chats is one.
    return (info.file_size == 0 and source.export is None) or stat.S_ISLNK(info.external_attr >> 16)


@contextmanager
def opened_member(stream: BinaryIO, source: Source) -> Iterator[BinaryIO]:
    """The content of one file of the zip in `stream`; raises ImportRefused."""
    if source.member is None:
        raise AssertionError("a file of no zip")
    with _WithoutDirectory(stream) as archive:
        try:
            content = archive.open(source.member)
        except BROKEN as error:
            raise ImportRefused("broken_zip", source.name) from error
        with content:
            yield cast(BinaryIO, io.BufferedReader(cast(Any, _Checked(content, source.name)), BUFFER))


class _WithoutDirectory(zipfile.ZipFile):
    """A zip whose directory is known: to read it again for each file of many takes longer than to read these."""

    def _RealGetContents(self) -> None:  # noqa: N802 - so it is called there
        pass


class _Checked(io.RawIOBase):
    """The content of a file of a zip; what is wrong with it is an ImportRefused."""

    def __init__(self, content: Any, name: str) -> None:
        self._content = content
        self._name = name

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return int(self._content.seek(offset, whence))

    def tell(self) -> int:
        return int(self._content.tell())

    def readinto(self, buffer: Any) -> int:
        try:
            found = self._content.read(len(buffer))
        except BROKEN as error:
            raise ImportRefused("broken_zip", self._name) from error
        buffer[: len(found)] = found
        return len(found)


@contextmanager
def _archive(stream: BinaryIO, name: str) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(stream)
    except BROKEN as error:
        raise ImportRefused("broken_zip", name) from error
    with archive:
        yield archive


def _is_file(info: zipfile.ZipInfo) -> bool:
    path = _path(info.filename)
    return not info.is_dir() and not path.name.startswith(".") and "__MACOSX" not in path.parts


def _check(members: list[zipfile.ZipInfo], name: str, size: int) -> None:
    unpacked = sum(info.file_size for info in members)
    # The same bytes may be said to be those of many files.
    packed = min(size, sum(info.compress_size for info in members))
    if len(members) > MOST_FILES or unpacked > MOST_BYTES or unpacked > most_unpacked(packed):
        raise ImportRefused("too_large", name)
    if any(_climbs(info.filename) for info in members):
        raise ImportRefused("unsafe_zip", name)
    if any(info.flag_bits & ENCRYPTED for info in members):
        raise ImportRefused("encrypted_zip", name)
    if any(info.filename == "[Content_Types].xml" or info.filename.startswith("xl/") for info in members):
        raise ImportRefused("workbook", name)
    if not members:
        raise ImportRefused("empty", name)


def _climbs(filename: str) -> bool:
    path = _path(filename)
    return path.is_absolute() or ".." in path.parts or filename[1:2] == ":"


def _path(filename: str) -> PurePosixPath:
    return PurePosixPath(filename.replace("\\", "/"))
