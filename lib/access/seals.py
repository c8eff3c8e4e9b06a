"""The sealed log: a chain over all that was done and seen, in which no row can be changed or taken out unnoticed.

A seal has the digest of its row, and a hash of this, of its number and of the hash before. With a key (the setting
CHAT_HISTORY_SEAL_KEY), the hashes are made with it, so that nobody without the key can make the chain anew. What is
not sealed yet, which it is within a minute, is not protected.

So no migration may ever change a row of these tables, and a column that is added to one is not sealed.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Literal

import pyarrow as pa

from lib.background import Loop
from lib.store import Cursor, Store, take_turn

SEAL_EVERY_S: Final = 60.0
# Sealed in one transaction: a second or so of work.
PIECE: Final = 20_000
BEFORE_THE_FIRST: Final = "0" * 64

Source = Literal["events", "accesses", "removed_events"]


@dataclass(frozen=True)
class Sealed:
    """A table whose rows are sealed: names of its id and of its time, and of all columns in the order of the digest."""

    id: str
    moment: str
    columns: tuple[str, ...]


SOURCES: Final[dict[Source, Sealed]] = {
    "events": Sealed("id", "happened_at", ("id", "happened_at", "actor", "action", "chat_id", "detail")),
    "accesses": Sealed("id", "happened_at", ("id", "happened_at", "actor", "address", "action", "chat_id", "detail")),
    "removed_events": Sealed("event_id", "removed_at", ("event_id", "reason", "removed_at")),
}


@dataclass(frozen=True)
class Head:
    """The end of the chain: whoever notes it elsewhere can tell later whether the chain was cut or made anew."""

    number: int = 0
    hash: str = BEFORE_THE_FIRST

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


def digest_sql(source: Source) -> str:
    """SQL of the digest of a row r: each of its values stands in it with its length, so no other row has the same."""
    sealed = SOURCES[source]
    values = [f"epoch_us(r.{each})" if each == sealed.moment else f"r.{each}" for each in sealed.columns]
    parts = [f"coalesce(strlen({value}::VARCHAR) || ':' || {value}, '-')" for value in values]
    return f"sha256(concat('{source}', {', '.join(parts)}))"


def hash_of(key: bytes | None, before: str, number: int, *row: object) -> str:
    """The hash of a seal, made of the one before it; `row` is its table, its id and its digest."""
    told = f"{before} {number} {' '.join(map(str, row))}".encode()
    return hmac.digest(key, told, "sha256").hex() if key else sha256(told).hexdigest()


def head_of(store: Store) -> Head:
    """The end of the chain as it is now."""
    found = store.read("SELECT number, hash FROM seals ORDER BY number DESC LIMIT 1")
    return Head(**found[0]) if found else Head()


def seal(store: Store, key: bytes | None = None, most: int = PIECE) -> int:
    """Number of rows that had no seal and have one now, the oldest first, at most so many; raises StoreError."""
    # Looked up before anything is written: mostly there is nothing to do.
    if not unsealed(store):
        return 0
    return store.write(lambda cursor: _seal(cursor, key, most), counts=False)


def unsealed(store: Store) -> int:
    """Number of rows that have no seal yet."""
    return int(store.read(f"SELECT sum(n) AS n FROM ({_unsealed_sql('count(*) AS n')})")[0]["n"])


def seal_keeper(open_store: Callable[[], Store], key: bytes | None) -> Loop:
    """What seals until it is stopped; each round is a piece, and the next one follows at once where there is more."""
    return Loop("seals", open_store, _Sealing(key).look, SEAL_EVERY_S)


class _Sealing:
    """One piece after the other."""

    def __init__(self, key: bytes | None) -> None:
        self._key = key

    def look(self, store: Store) -> bool:
        """Seals a piece; whether there may be more."""
        return seal(store, self._key) == PIECE


def _unsealed_sql(*wanted: str) -> str:
    return " UNION ALL ".join(
        f"""SELECT {", ".join(each.format(source=source, **vars(sealed)) for each in wanted)} FROM {source} AS r
            WHERE NOT EXISTS (FROM seals AS s WHERE s.source = '{source}' AND s.event_id = r.{sealed.id})"""
        for source, sealed in SOURCES.items()
    )


# Of the rows that are next the digests are made, and of no others.
_NEXT: Final = f"""
    WITH next AS MATERIALIZED (
        SELECT source, event_id, moment FROM ({
    _unsealed_sql("'{source}' AS source", "r.{id} AS event_id", "r.{moment} AS moment")
})
        ORDER BY moment, source, event_id LIMIT $most
    )
    SELECT source, event_id, digest FROM (
        {
    " UNION ALL ".join(
        f"SELECT n.*, {digest_sql(source)} AS digest FROM {source} AS r JOIN next AS n"
        f" ON n.source = '{source}' AND n.event_id = r.{sealed.id}"
        for source, sealed in SOURCES.items()
    )
}
    ) ORDER BY moment, source, event_id
"""


def _seal(cursor: Cursor, key: bytes | None, most: int) -> int:
    # Of two who seal at once one has to wait, and then finds what the other has sealed.
    take_turn(cursor, "seals")
    row = cursor.execute("SELECT number, hash FROM seals ORDER BY number DESC LIMIT 1").fetchone()
    head = Head(*row) if row else Head()
    found, numbers, hashes = cursor.execute(_NEXT, {"most": most}).fetchall(), [], []
    for source, event_id, digest in found:
        number = head.number + 1
        head = Head(number, hash_of(key, head.hash, number, source, event_id, digest))
        numbers.append(head.number)
        hashes.append(head.hash)
    sources, ids, digests = zip(*found, strict=True) if found else ((), (), ())
    seals = {"number": pa.array(numbers, pa.int64()), "source": sources, "event_id": [str(each) for each in ids]}
    cursor.register("new_seals", pa.table(seals | {"digest": digests, "hash": hashes}))
    cursor.execute("INSERT INTO seals SELECT number, source, event_id::UUID, digest, hash FROM new_seals")
    cursor.unregister("new_seals")
    return len(found)
