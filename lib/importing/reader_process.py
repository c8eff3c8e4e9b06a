"""Reads large files in a process of their own, so that those who use the app meanwhile share no interpreter with it.

The process is given its job on the standard input, and answers on its standard output in frames: see `_Channel`.
"""

import gc
import json
import os
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from shutil import copyfileobj
from typing import Any, BinaryIO

import pyarrow as pa

from lib.importing.formats.archives import unpacked_size
from lib.importing.problems import ImportRefused
from lib.importing.progress import Meter
from lib.importing.reading import Manner, Reading, read_here
from lib.importing.records.batches import Emit
from lib.importing.records.times import TimeReader
from lib.importing.sources import Source, unpacked
from lib.logs import keep_values_out
from lib.settings import ROOT

# Below this a process of its own costs more than it spares.
APART_FROM_BYTES = 8 << 20
# Gzip does not say how much there is in it; this is usual for chats.
USUALLY_SHRUNK = 8
GARBAGE_OBJECTS = 2_000_000
OPEN_FILES = Path("/dev/fd")
HEADER = struct.Struct("<cQ")


def read(sources: Sequence[Source], manner: Manner, emit: Emit, meter: Meter) -> Reading:
    """Reads all files; raises ImportRefused, ZoneInfoNotFoundError and what the meter raises."""
    TimeReader(manner.zone)
    if sum(map(_weight, sources)) < APART_FROM_BYTES:
        return read_here(sources, manner, emit, meter.reading)
    with ExitStack() as files:
        return _read_apart([files.enter_context(_on_disk(source)) for source in sources], manner, emit, meter)


def _weight(source: Source) -> int:
    """About how many bytes there are to read."""
    with source.open() as stream:
        _, gzipped = unpacked(stream)
    return unpacked_size(source) * (USUALLY_SHRUNK if gzipped else 1)


@contextmanager
def _on_disk(source: Source) -> Iterator[Source]:
    """The source as a file that a process started by this one can read."""
    if source.path is not None:
        yield source
        return
    # Without a name, it goes with its processes, however they end.
    with tempfile.TemporaryFile() as file:
        with source.open() as stream:
            copyfileobj(stream, file, 1 << 20)
        file.flush()
        yield Source(source.name, OPEN_FILES / str(file.fileno()))


def _read_apart(sources: Sequence[Source], manner: Manner, emit: Emit, meter: Meter) -> Reading:
    # The other process runs in a folder of its own choice.
    places = [source.path and source.path.absolute() for source in sources]
    files = [(source.name, str(place), source.follows_links) for source, place in zip(sources, places, strict=True)]
    job = json.dumps([manner.to_json(), files])
    handed = [int(source.path.name) for source in sources if source.path and source.path.parent == OPEN_FILES]
    process = subprocess.Popen(
        [sys.executable, "-c", "from lib.importing.reader_process import main; main()"],
        cwd=ROOT,
        pass_fds=handed,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        return _answer(process, job, emit, meter, sources[0].name)
    finally:
        process.kill()
        process.communicate()


def _answer(process: "subprocess.Popen[bytes]", job: str, emit: Emit, meter: Meter, name: str) -> Reading:
    if process.stdin is None or process.stdout is None:
        raise AssertionError("a process without its pipes")
    try:
        process.stdin.write(job.encode())
        process.stdin.flush()
    except BrokenPipeError:
        raise ImportRefused("reader_died", name) from None
    process.stdin.close()
    process.stdin = None
    while len(header := process.stdout.read(HEADER.size)) == HEADER.size:
        kind, length = HEADER.unpack(header)
        payload = memoryview(process.stdout.read(length))
        if len(payload) < length:
            break
        if kind == b"T":
            with pa.ipc.open_stream(payload) as batches:
                table = batches.read_all()
            emit(table.schema.metadata[b"table"].decode(), table)
            continue
        if kind == b"D":
            return Reading.from_json(bytes(payload).decode())
        told = json.loads(bytes(payload))
        if kind == b"P":
            meter.reading(*told)
        else:
            reason, file, details = told
            raise ImportRefused(reason, file, **details)
    raise ImportRefused("reader_died", name)


class _Channel:
    """Writes frames: a letter, the length and the payload. T: rows, P: progress, R: a refusal, D: all is done."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._meter = Meter(lambda progress: self._tell(b"P", [progress.done, progress.total, progress.messages]))

    def emit(self, name: str, table: pa.Table) -> None:
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema.with_metadata({"table": name})) as batches:
            batches.write_table(table)
        self._send(b"T", sink.getvalue())

    def run(self, manner: Manner, sources: Sequence[Source]) -> None:
        try:
            reading = read_here(sources, manner, self.emit, self._meter.reading)
        except ImportRefused as refusal:
            self._tell(b"R", [refusal.reason, refusal.file, refusal.told])
        except MemoryError:
            self._tell(b"R", ["memory", sources[0].name, {}])
        else:
            self._send(b"D", reading.to_json().encode())
            self._stream.flush()

    def _tell(self, kind: bytes, told: Any) -> None:
        self._send(kind, json.dumps(told).encode())
        self._stream.flush()

    def _send(self, kind: bytes, payload: Any) -> None:
        self._stream.write(HEADER.pack(kind, len(payload)))
        self._stream.write(payload)


def main() -> None:
    """Reads the files of the job on standard input, behind the people who use the machine."""
    keep_values_out()
    os.nice(5)
    # Records are trees, which go without the collector; its passes over them cost a fifth of the time.
    gc.set_threshold(GARBAGE_OBJECTS)
    told, files = json.loads(sys.stdin.buffer.read())
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as stream:
        # What a library may print must not get between the frames.
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        _Channel(stream).run(
            Manner.from_json(told), [Source(name, Path(path), follows_links=links) for name, path, links in files]
        )
