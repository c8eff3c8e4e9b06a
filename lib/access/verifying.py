"""Whether what is sealed is as it was: which rows were changed, taken out or put in, and where the chain is broken.

Without a key, and without a head that was noted elsewhere, whoever may write into the file can make the whole chain
anew, or cut its end off together with what it seals; neither is found then. With the key it cannot be made anew, and
with the head it cannot be cut. What was changed or taken out before it was sealed is never found.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from lib.access.seals import SOURCES, Head, Source, digest_sql, hash_of, unsealed
from lib.language import mark
from lib.store import Store, explained, literal

# So many seals are read at once.
PIECE: Final = 50_000
# Of each kind; all are counted.
MOST_TOLD: Final = 100
# What is written much later than it happened was not written by the app, or its clock was put back.
LATEST: Final = timedelta(hours=1)

FaultKind = Literal["changed", "removed", "unfounded", "twice", "late", "gap", "broken", "head"]
FAULT_NAMES: Final[Mapping[FaultKind, str]] = {
    "changed": mark("Changed after it was written"),
    "removed": mark("Removed, though nothing may remove it"),
    "unfounded": mark("Said to be removed by the app, which does not tell so"),
    "twice": mark("There twice"),
    "late": mark("Written more than an hour after the time that it tells"),
    "gap": mark("The seal before it is missing"),
    "broken": mark("Its seal does not follow from the one before"),
    "head": mark("The noted end is not in the log"),
}


@dataclass(frozen=True)
class Removal:
    """What the app removes for a reason: of which tables, and the event that says in its detail how many rows."""

    sources: tuple[Source, ...]
    event: str
    counted: str


# By the reasons that `remove_events` is given.
REMOVALS: Final[Mapping[str, Removal]] = {
    "sample": Removal(("events",), "remove_sample", "events"),
    "erased": Removal(("events",), "erased", "events"),
    "retention": Removal(("events",), "retention_run", "events"),
    "age": Removal(("accesses",), "accesses_removed", "accesses"),
}


def _is_rightly_gone(source: Source) -> str:
    reasons = [reason for reason, removal in REMOVALS.items() if source in removal.sources]
    among = ", ".join(map(literal, [*reasons, ""]))
    return f"EXISTS (FROM removed_events AS m WHERE m.event_id = s.event_id AND m.reason IN ({among}))"


# Ids as texts: to make values of them takes as long as all else.
_SEALS: Final = "SELECT number, source, event_id::VARCHAR, digest, hash FROM seals ORDER BY number"
# Each finds what is told of a fault: its kind, and what else is known of it.
_COMPARED: Final = [
    f"""SELECT kind, number, source, event_id, moment FROM (
            SELECT s.number, s.source, s.event_id, r.moment, CASE
                WHEN r.id IS NOT NULL THEN CASE WHEN r.digest <> s.digest THEN 'changed' END
                WHEN NOT {_is_rightly_gone(source)} THEN 'removed' END AS kind
            FROM seals AS s LEFT JOIN (
                SELECT r.{sealed.id} AS id, r.{sealed.moment} AS moment, {digest_sql(source)} AS digest
                FROM {source} AS r
            ) AS r ON r.id = s.event_id
            WHERE s.source = '{source}'
        ) WHERE kind IS NOT NULL ORDER BY number"""
    for source, sealed in SOURCES.items()
]
_OF_NO_TABLE: Final = f"""
    SELECT 'removed' AS kind, number, source, event_id FROM seals
    WHERE source NOT IN ({", ".join(map(literal, SOURCES))}) ORDER BY number
"""
_TWICE: Final = [
    f"""SELECT 'twice' AS kind, {literal(source)} AS source, {sealed.id} AS event_id, max({sealed.moment}) AS moment
        FROM {source} GROUP BY {sealed.id} HAVING count(*) > 1 ORDER BY moment"""
    for source, sealed in SOURCES.items()
]
_SEALED_TWICE: Final = """
    SELECT 'twice' AS kind, max(number) AS number, source, event_id FROM seals
    GROUP BY source, event_id HAVING count(*) > 1 ORDER BY number
"""
_NUMBERED_TWICE: Final = """
    SELECT 'gap' AS kind, number FROM seals GROUP BY number HAVING count(*) > 1 ORDER BY number
"""
_ROWS: Final = " UNION ALL ".join(
    f"SELECT {literal(source)} AS source, {sealed.id} AS event_id, {sealed.moment} AS moment FROM {source}"
    for source, sealed in SOURCES.items()
)
# What has no seal yet comes after all that has one.
_LATE: Final = f"""
    SELECT 'late' AS kind, number, source, event_id, moment FROM (
        SELECT s.number, r.*, lag(moment) OVER (ORDER BY s.number NULLS LAST, moment) AS before
        FROM ({_ROWS}) AS r LEFT JOIN seals AS s ON s.source = r.source AND s.event_id = r.event_id
    ) WHERE moment < before - $latest ORDER BY moment
"""
_RIGHTLY_GONE: Final = " UNION ALL ".join(
    f"""SELECT count(*) AS n FROM seals AS s WHERE s.source = {literal(source)} AND {_is_rightly_gone(source)}
        AND NOT EXISTS (FROM {source} AS r WHERE r.{sealed.id} = s.event_id)"""
    for source, sealed in SOURCES.items()
)
# How many are said to be removed for a reason at a moment, and how many the event of that moment tells.
_UNFOUNDED: Final = " UNION ALL ".join(
    f"""SELECT 'unfounded' AS kind, 'removed_events' AS source, moment FROM (
            SELECT removed_at AS moment, count(*) AS n FROM removed_events WHERE reason = {literal(reason)} GROUP BY ALL
        ) AS m FULL JOIN (
            SELECT happened_at AS moment, sum(json_extract(detail, '$.{removal.counted}')::BIGINT) AS n FROM events
            WHERE action = {literal(removal.event)} GROUP BY ALL HAVING n > 0
        ) AS e USING (moment)
        WHERE m.n IS DISTINCT FROM e.n"""
    for reason, removal in REMOVALS.items()
)


@dataclass(frozen=True)
class Fault:
    """Something that is not as it was sealed: the number of the seal, its row, and when that happened (naive UTC)."""

    kind: FaultKind
    number: int | None = None
    source: str | None = None
    event_id: UUID | None = None
    moment: datetime | None = None


@dataclass
class Verified:
    """What was found.

    `checked` rows were compared with their seals, `unsealed` have none yet, `removed` are rightly gone, and the first
    `without_key` seals were made before there was a key. `faults` has some of each kind, `found` how many there are.
    """

    checked: int = 0
    unsealed: int = 0
    removed: int = 0
    without_key: int = 0
    head: Head = field(default_factory=Head)
    faults: list[Fault] = field(default_factory=list)
    found: dict[FaultKind, int] = field(default_factory=dict)

    def add(self, fault: Fault) -> None:
        """Takes down a fault."""
        self.found[fault.kind] = self.found.get(fault.kind, 0) + 1
        if self.found[fault.kind] <= MOST_TOLD:
            self.faults.append(fault)


def verify(store: Store, key: bytes | None = None, noted: Head | None = None) -> Verified:
    """What is found of all that is sealed at this moment; `noted` is an end of the chain that was noted before."""
    with store.snapshot():
        result = Verified(unsealed=unsealed(store))
        _chain(store, key, noted, result)
        result.removed = sum(int(row["n"]) for row in store.read(_RIGHTLY_GONE))
        for query in (*_COMPARED, _OF_NO_TABLE, *_TWICE, _SEALED_TWICE, _NUMBERED_TWICE, _UNFOUNDED):
            for row in store.read(query):
                result.add(Fault(**row))
        for row in store.read(_LATE, {"latest": LATEST}):
            result.add(Fault(**row))
    return result


def _chain(store: Store, key: bytes | None, noted: Head | None, result: Verified) -> None:
    last, before = Head().number, Head().hash
    is_keyed, is_noted_there = False, noted is None or noted == Head()
    with explained(store.path), store.reading() as cursor:
        cursor.execute(_SEALS)
        while seals := cursor.fetchmany(PIECE):
            for number, source, event_id, digest, own in seals:
                kind: FaultKind | None = None
                if number != last + 1:
                    kind = "gap"
                elif key and own == hash_of(key, before, number, source, event_id, digest):
                    is_keyed = True
                elif is_keyed or own != hash_of(None, before, number, source, event_id, digest):
                    kind = "broken"
                elif key:
                    result.without_key += 1
                if kind:
                    result.add(Fault(kind, number, source, UUID(event_id)))
                if noted and number == noted.number:
                    is_noted_there = own == noted.hash
                last, before = number, own
            result.checked += len(seals)
    result.head = Head(last, before)
    if noted and not is_noted_there:
        result.add(Fault("head", noted.number))
