"""Writes an export: a zip with the chats, the messages and, last of all, the manifest that proves them."""

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyzipper.zipfile_aes import AESZipInfo

from lib.chats.accounts import accounts, names_told
from lib.chats.filter.matching import matching
from lib.chats.own_files import CHATS_FILES, MANIFEST, MESSAGES_FILE, Format
from lib.export import csv_sql, parquet_sql, rows
from lib.export.choice import Choice, ForPeople, Request
from lib.export.locking import encrypted_zip
from lib.export.manifest import FileProof, manifest, to_bytes
from lib.export.ordering import in_order
from lib.export.rows import Parts, Slice
from lib.store import Cursor, Store

# Texts of chats shrink to a fifth at the lowest level, in a quarter of the time of the usual one.
DEFLATE_LEVEL = 1
BLOCK_BYTES = 1 << 20


@dataclass(frozen=True)
class Progress:
    """How far: chats written of all (of the file that is being written), and bytes of the zip so far."""

    chats: int
    total: int
    bytes: int


@dataclass(frozen=True)
class Exported:
    """A finished export: its counts, the bytes of the zip, its SHA-256, when it was made (naive UTC), if encrypted."""

    chats: int
    messages: int
    deleted_left_out: int
    bytes: int
    sha256: str
    made_at: datetime
    sentence: str
    encrypted: bool = False


Tell = Callable[[Progress], None]


def write_export(store: Store, request: Request, path: Path, tell: Tell) -> Exported:
    """Writes the zip at `path`; raises OSError, duckdb.Error and what `tell` raises, and then leaves no file."""
    try:
        # Before anything is in it: nobody else on this machine may read it.
        path.touch(mode=0o600, exist_ok=False)
        with path.open("wb") as stream:
            exported = _write(store, request, stream, tell)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return exported


def _write(store: Store, request: Request, stream: io.BufferedWriter, tell: Tell) -> Exported:
    choice = request.choice
    if choice.format == "csv" and choice.columns is None:
        # Where columns were not chosen one by one, there are those for people, too.
        page = request.link.partition("?")[0]
        choice = replace(choice, for_people=ForPeople(page, request.clock.zone, request.language))
    # Whatever is written meanwhile, all of the export is of one moment, the chats that have its words too.
    with store.snapshot(), store.reading() as cursor:
        found = matching(store, request.chosen, request.clock)
        deleted = matching(store, request.chosen, request.clock, deleted=True)
        parts = rows.choose(cursor, found, request.sort, may_scatter=choice.format != "parquet")
        for name, table in deleted.tables.items():
            cursor.register(name, table)
        left_out = cursor.execute(deleted.select("count(*)"), deleted.params).fetchone()
        names = names_told(accounts(store))
        files = _Archive(stream, request.clock.local(request.clock.now), tell, parts.chats, request.password)
        with files.abandoned_on_error():
            _WRITERS[choice.format](cursor, choice, parts, files)
        rows.forget(cursor)
    told = manifest(request, files.proofs, left_out[0] if left_out else 0, names)
    with files.abandoned_on_error():
        files.close(told)
    return Exported(
        chats=files.total,
        messages=sum(proof.messages for proof in files.proofs),
        deleted_left_out=left_out[0] if left_out else 0,
        bytes=stream.tell(),
        sha256=_digest(stream),
        made_at=request.clock.now,
        sentence=told["filter"]["sentence"],
        encrypted=bool(request.password),
    )


def _digest(stream: io.BufferedWriter) -> str:
    stream.flush()
    with Path(stream.name).open("rb") as written:
        return hashlib.file_digest(written, "sha256").hexdigest()


class _Archive:
    """The zip while it is written; it tells how far it is."""

    def __init__(self, stream: io.BufferedWriter, made_at: datetime, tell: Tell, total: int, password: str) -> None:
        self.total = total
        self.proofs: list[FileProof] = []
        self._stream = stream
        self._made_at = made_at
        self._tell = tell
        # Both have the same methods, and each its own class of what it says of a file.
        self._zip: Any = (
            encrypted_zip(stream, password, DEFLATE_LEVEL)
            if password
            else zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=DEFLATE_LEVEL)
        )
        self._info: Callable[..., Any] = AESZipInfo if password else zipfile.ZipInfo

    @contextmanager
    def file(self, name: str, *, stored: bool = False) -> Iterator["_Member"]:
        """A new file of the zip; `stored` leaves it as it is, because it is compressed already."""
        info = self._info(name, self._made_at.timetuple()[:6])
        info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
        info._compresslevel = DEFLATE_LEVEL  # ZipInfo has no public way before 3.13
        info.external_attr = 0o600 << 16
        with self._zip.open(info, "w", force_zip64=True) as stream:
            member = _Member(stream)
            yield member
        self.proofs.append(member.proof(name))

    @contextmanager
    def abandoned_on_error(self) -> Iterator[None]:
        """Whatever goes wrong here, nobody tries to end the zip afterwards."""
        try:
            yield
        except BaseException:
            self._zip.fp = None
            raise

    def told(self, chats: int) -> None:
        """Tells that so many chats are written."""
        self._tell(Progress(chats, self.total, self._stream.tell()))

    def close(self, told: dict[str, Any]) -> None:
        """Adds the manifest, and ends the zip."""
        with self.file(MANIFEST) as member:
            member.write(to_bytes(told))
        self._zip.close()


class _Member(io.RawIOBase):
    """A file inside the zip that knows its length and its digest."""

    def __init__(self, stream: io.BufferedIOBase) -> None:
        self._inner = stream
        self._digest = hashlib.sha256()
        self._length = 0
        self.rows = self.messages = 0

    def writable(self) -> bool:
        return True

    def write(self, block: Any) -> int:
        """Writes all of it."""
        self._digest.update(block)
        self._inner.write(block)
        length = len(memoryview(block).cast("B")) if len(block) else 0
        self._length += length
        return length

    def tell(self) -> int:
        return self._length

    def proof(self, name: str) -> FileProof:
        return FileProof(name, self.rows, self.messages, self._length, self._digest.hexdigest())


def _json_lines(cursor: Cursor, choice: Choice, parts: Parts, files: _Archive) -> None:
    _lines(partial(rows.chat_lines, cursor, choice), b"", CHATS_FILES["json_lines"], parts, files)


def _csv(cursor: Cursor, choice: Choice, parts: Parts, files: _Archive) -> None:
    _lines(partial(rows.chat_lines, cursor, choice), csv_sql.chat_header(choice), CHATS_FILES["csv"], parts, files)
    if choice.with_messages:
        header = csv_sql.message_header(choice)
        _lines(partial(rows.message_lines, cursor, choice), header, MESSAGES_FILE, parts, files)


def _lines(
    lines_of: Callable[[Slice], Iterator[pa.RecordBatch]], header: bytes, name: str, parts: Parts, files: _Archive
) -> None:
    with files.file(name) as member:
        member.write(header)
        files.told(0)
        batches = (batch for part in parts.slices for batch in lines_of(part))
        done = entries = 0
        for lines in in_order(batches, scattered=parts.scattered):
            for start in range(0, len(lines.text), BLOCK_BYTES):
                member.write(lines.text[start : start + BLOCK_BYTES])
            done += lines.chats
            entries += lines.entries
            files.told(done)
        member.messages, member.rows = entries, entries if name == MESSAGES_FILE else done


def _parquet(cursor: Cursor, choice: Choice, parts: Parts, files: _Archive) -> None:
    schema = parquet_sql.schema(choice)
    with files.file(CHATS_FILES["parquet"], stored=True) as member:
        files.told(0)
        with pq.ParquetWriter(member, schema, compression="zstd") as writer:
            for part in parts.slices:
                table = rows.chat_rows(cursor, choice, part)
                member.messages += sum(table.column("entries").to_pylist())
                member.rows += table.num_rows
                writer.write_table(table.drop_columns(["entries", "place"]).cast(schema))
                del table
                files.told(member.rows)


_WRITERS: dict[Format, Callable[[Cursor, Choice, Parts, _Archive], None]] = {
    "json_lines": _json_lines,
    "csv": _csv,
    "parquet": _parquet,
}
