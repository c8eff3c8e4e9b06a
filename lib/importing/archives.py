"""Zip archives: their files, read where they lie; nothing is ever unpacked into a folder."""

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import Any, BinaryIO, cast

from lib.importing.problems import ImportRefused
from lib.importing.sources import Source

MAGIC = b"PK\x03\x04"
EMPTY_MAGIC = b"PK\x05\x06"
MOST_FILES = 20_000
MOST_BYTES = 8 << 30
# Chats as JSON shrink to a tenth, hardly ever to a hundredth.
MOST_SHRUNK, SMALL = 200, 64 << 20
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
            members = {number: info for number, info in enumerate(archive.infolist()) if _is_file(info)}
            _check(list(members.values()), source.name)
    return [
        Source(f"{source.name}/{info.filename}", source.path, source.data, member=number, bytes=info.file_size)
        for number, info in members.items()
    ]


@contextmanager
def opened_member(stream: BinaryIO, source: Source) -> Iterator[BinaryIO]:
    """The content of one file of the zip in `stream`; raises ImportRefused."""
    with _archive(stream, source.name) as archive:
        try:
            content = archive.open(archive.infolist()[source.member or 0])
        except BROKEN as error:
            raise ImportRefused("broken_zip", source.name) from error
        with content:
            yield cast(BinaryIO, io.BufferedReader(cast(Any, _Checked(content, source.name)), BUFFER))


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


def _check(members: list[zipfile.ZipInfo], name: str) -> None:
    unpacked, packed = sum(info.file_size for info in members), sum(info.compress_size for info in members)
    if len(members) > MOST_FILES or unpacked > MOST_BYTES or unpacked > max(SMALL, MOST_SHRUNK * packed):
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
