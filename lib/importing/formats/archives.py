"""Zip archives and workbooks: their files and sheets; nothing is ever unpacked into a folder."""

import io
import lzma
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import PurePosixPath
from shutil import copyfileobj
from typing import Any, BinaryIO, cast

from lib.importing.formats.workbook_file import OFFICE_MAGIC, read_together, sheet_names
from lib.importing.limits import most_unpacked
from lib.importing.problems import ImportRefused, Unfit
from lib.importing.sources import Source

MAGIC = b"PK\x03\x04"
EMPTY_MAGIC = b"PK\x05\x06"
# What workbooks, being zips, hold; other documents of Office hold the first one too.
PARTS, WORKBOOK = ("[Content_Types].xml", "META-INF/manifest.xml"), "xl/workbook."
# In a zip of many files, only those that are called so are looked into.
ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
MOST_FILES = 20_000
MOST_BYTES = 8 << 30
ENCRYPTED = 0x1
BUFFER = 1 << 18
# What the reading of a damaged zip may raise; nothing of it says more than that.
BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, ValueError, LookupError,
          RuntimeError, OverflowError)  # fmt: skip


@read_together()
def expanded(source: Source) -> list[Source]:
    """The files of a zip, the sheets of a workbook, or the source itself where it is neither; raises ImportRefused."""
    with source.open() as stream:
        if (sheets := _sheets(source, stream)) is not None:
            return sheets
        stream.seek(0)
        if not _is_zip(stream):
            return [source]
        members = _members(source, stream)
        if not members:
            raise ImportRefused("empty", source.name)
        files = [replace(source, name=f"{source.name}/{info.filename}", member=info) for info in members]
        found = list[Source]()
        for file in files:
            inside = None
            if file.name.lower().endswith(ENDINGS):
                with opened_member(stream, file) as packed, tempfile.TemporaryFile() as content:
                    copyfileobj(packed, content, BUFFER)
                    inside = _sheets(file, cast(BinaryIO, content))
            found += inside or [file]
        return found


def unpacked_size(source: Source) -> int:
    """The bytes of the files of a zip, or of the source where it is none; raises ImportRefused."""
    with source.open() as stream:
        if not _is_zip(stream):
            return source.size
        return sum(info.file_size for info in _members(source, stream))


def _sheets(source: Source, stream: BinaryIO) -> list[Source] | None:
    """The sheets of the workbook in `stream`; None where it is none."""
    stream.seek(0)
    is_old = stream.read(len(OFFICE_MAGIC)) == OFFICE_MAGIC
    stream.seek(0)
    if not is_old and not (_is_zip(stream) and any(map(_is_of_workbook, _members(source, stream)))):
        return None
    try:
        names = sheet_names(stream)
    except Unfit as error:
        raise ImportRefused(error.reason, source.name) from error
    return [replace(source, name=f"{source.name}/{name}", sheet=number) for number, name in enumerate(names)]


def _is_zip(stream: BinaryIO) -> bool:
    return stream.read(len(MAGIC)) in (MAGIC, EMPTY_MAGIC)


def _is_of_workbook(info: zipfile.ZipInfo) -> bool:
    return info.filename in PARTS or info.filename.startswith(WORKBOOK)


def _members(source: Source, stream: BinaryIO) -> list[zipfile.ZipInfo]:
    """The files of the zip in `stream`, which can be read; raises ImportRefused."""
    with _archive(stream, source.name) as archive:
        members = []
        for info in archive.infolist():
            path = _path(info.filename)
            if not info.is_dir() and not path.name.startswith(".") and "__MACOSX" not in path.parts:
                members.append(info)
    unpacked = sum(info.file_size for info in members)
    # The same bytes may be said to be those of many files.
    packed = min(source.size, sum(info.compress_size for info in members))
    if len(members) > MOST_FILES or unpacked > MOST_BYTES or unpacked > most_unpacked(packed):
        raise ImportRefused("too_large", source.name)
    for info in members:
        path = _path(info.filename)
        if path.is_absolute() or ".." in path.parts or info.filename[1:2] == ":":
            raise ImportRefused("unsafe_zip", source.name)
    if any(info.flag_bits & ENCRYPTED for info in members):
        raise ImportRefused("encrypted_zip", source.name)
    return members


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


def _path(filename: str) -> PurePosixPath:
    return PurePosixPath(filename.replace("\\", "/"))
