"""Whether a file and its log are whole, before the engine opens them: it takes what it cannot read for not written.

The engine stops reading a log at the first thing that it does not understand, and writes over the rest. That is right
for the end of a log, where a power cut may have left half a commit; anywhere else it would lose what was acknowledged.
So a commit that lies behind something that cannot be read is looked for here. Layouts: `single_file_block_manager.cpp`
and `write_ahead_log.cpp` of DuckDB 1.5.
"""

import mmap
import re
import struct
from dataclasses import dataclass
from pathlib import Path

import duckdb

from lib.store.errors import StoreError

# Three headers of this size: what it is, and by turns the state of before and after the last write-back.
HEADER = 4096
MAGIC, MAGIC_AT = b"DUCK", 8
# Of a state: checksum, iteration, two pointers, blocks, size of a block.
STATE = struct.Struct("<QQqqQQ")
NUMBER = rb"[\x80-\xff]*[\x00-\x7f]"
# Fields by their numbers: the kind of entry (98: the beginning of a log), version, identifier, iteration.
LOG_HEAD = re.compile(
    rb"\x64\x00\x62\x65\x00" + NUMBER + rb"(?:\x66\x00\x10(?:" + NUMBER + rb"){16}\x67\x00" + NUMBER + rb")?\xff\xff",
    re.DOTALL,
)
LONGEST_HEAD = 64
# Of an entry: its size, and its checksum, at which the engine looks itself.
ENTRY = struct.Struct("<QQ")
# The entry that ends a commit is the same each time.
COMMIT = bytes.fromhex("0500000000000000e7fe7d722fed3d5e640064ffff")


def log_of(path: Path) -> Path:
    """Where the engine writes what is not yet in the file at `path`."""
    return Path(f"{path}.wal")


def require_sound(path: Path) -> None:
    """Raises StoreError where a file has no headers, or its log cannot be read to the last commit or is alone."""
    log = log_of(path)
    if not path.exists():
        if log.exists() and log.stat().st_size:
            raise StoreError("log_alone", str(log))
        return
    missing_blocks(path)
    if log.exists() and not _is_whole(log):
        raise StoreError("log_damaged", str(log))


def missing_blocks(path: Path) -> range:
    """Numbers of the blocks that a file speaks of and does not have; as a rule the engine has let them go.

    It cuts free blocks off the end of its file after it has written its state. Raises StoreError where not even the
    headers are there.
    """
    with path.open("rb") as file:
        head = file.read(3 * HEADER)
    if head[MAGIC_AT : MAGIC_AT + len(MAGIC)] != MAGIC:
        return range(0)  # The engine says that it is no database.
    if len(head) < 3 * HEADER:
        raise StoreError("cut", str(path))
    written = [head[at : at + HEADER] for at in (HEADER, 2 * HEADER)]
    states = [STATE.unpack_from(each) for each in written if STATE.unpack_from(each)[0] == checksum(each[8:])]
    if not states:
        return range(0)
    _sum, _iteration, _meta, _free, blocks, size = max(states, key=lambda state: state[1])
    return range((path.stat().st_size - 3 * HEADER) // int(size), int(blocks))


def last_block(connection: duckdb.DuckDBPyConnection) -> int:
    """Number of the last block in which something lies."""
    tables = connection.execute("SELECT table_name FROM duckdb_tables() WHERE NOT temporary").fetchall()
    used = [
        "SELECT max(block_id) FROM pragma_metadata_info()",
        *(
            f"SELECT max(greatest(block_id, list_max(additional_block_ids))) FROM pragma_storage_info('{name}')"
            for (name,) in tables
        ),
    ]
    row = connection.execute(f"SELECT max(COLUMNS(*)) FROM ({' UNION ALL '.join(used)})").fetchone()
    return int(row[0]) if row and row[0] is not None else -1


def checksum(data: bytes) -> int:
    """The engine's checksum of a header."""
    total = 5381
    for (word,) in struct.iter_unpack("<Q", data):
        total ^= word * 0xBF58476D1CE4E5B9 & 0xFFFFFFFFFFFFFFFF
    return total


def _is_whole(log: Path) -> bool:
    """Whether all entries up to the end of the last commit follow one another without a gap."""
    if not log.stat().st_size:
        return True
    with log.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        last = data.rfind(COMMIT)
        head = LOG_HEAD.match(data)
        if last < 0:
            # A power cut may have left a part of the beginning, or of the first commit.
            return head is not None or len(data) < LONGEST_HEAD
        if head is None:
            return False
        place, end = head.end(), last + len(COMMIT)
        while place < end and place + ENTRY.size <= len(data):
            place += ENTRY.size + int(ENTRY.unpack_from(data, place)[0])
        return place == end


@dataclass(frozen=True)
class Content:
    """What a table holds: its rows, and a number that is the same for the same rows in whatever order."""

    rows: int
    sum: int


def read_all(connection: duckdb.DuckDBPyConnection) -> dict[str, Content]:
    """What each table holds, of which every value is read; raises duckdb.Error where one cannot be."""
    found: dict[str, Content] = {}
    for (table,) in connection.execute("SELECT table_name FROM duckdb_tables() ORDER BY ALL").fetchall():
        row = connection.execute(f'SELECT count(*), bit_xor(hash(each)) FROM "{table}" AS each').fetchone()
        found[table] = Content(int(row[0]), int(row[1] or 0)) if row else Content(0, 0)
    return found
