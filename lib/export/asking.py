"""How much a person may export in a day; what is above that waits until a second person agrees to it."""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID, uuid4

from lib.chats.clock import Clock
from lib.chats.filter.link import from_query, private_part, to_query
from lib.chats.listing import Sort
from lib.commands import command
from lib.export.choice import Choice, Request
from lib.store import Cursor, Row, Store, changed, explained, insert, now, record_event, rows

# How long an agreement holds, and for how long it is waited for one.
HOLDS_FOR: Final = timedelta(days=1)
WAITS_FOR: Final = timedelta(days=7)
State = Literal["waiting", "agreed", "refused"]
# Why nothing came of a wish: it is not there any more, or it is one's own.
Refusal = Literal["gone", "own"]
_COUNTED: Final = """
    SELECT coalesce(sum(CASE action
        WHEN 'export' THEN (detail->>'chats')::BIGINT
        WHEN 'explore_export' THEN (detail->>'rows')::BIGINT
        ELSE 1 END), 0)::BIGINT AS n
    FROM events WHERE action IN ('export', 'explore_export', 'export_transcript')
        AND lower(actor) = lower($person) AND happened_at >= $since AND happened_at < $until
        AND (detail->>'agreed_by') IS NULL
"""
_THERE: Final = f"""(CASE WHEN agrees THEN decided_at > $moment - INTERVAL {HOLDS_FOR.days} DAY
    ELSE asked_at > $moment - INTERVAL {WAITS_FOR.days} DAY END)"""


@dataclass(frozen=True)
class Asked:
    """An export that somebody asked for: of how many chats, and who decided what, and when (naive UTC)."""

    id: UUID
    asked_at: datetime
    asked_by: str
    request: Request
    chats: int
    state: State
    decided_at: datetime | None
    decided_by: str | None

    @property
    def until(self) -> datetime:
        """When it is over: an agreement, or the waiting for one."""
        if self.state == "agreed" and self.decided_at:
            return self.decided_at + HOLDS_FOR
        return self.asked_at + WAITS_FOR


def rows_of_day(store: Store, person: str, clock: Clock) -> int:
    """How many rows a person has taken out on the clock's day: chats of exports, rows of queries, single transcripts.

    Those that a second person agreed to are not counted.
    """
    day = {"since": clock.start_of(clock.today), "until": clock.end_of(clock.today)}
    # Of events without a chat, who sees only some chats reads none.
    with explained(store.path), store.cursor() as cursor:
        return int(rows(cursor.execute(_COUNTED, {"person": person} | day))[0]["n"])


def asked_for(store: Store, clock: Clock) -> list[Asked]:
    """What waits for somebody to agree, or for whoever asked for it; the oldest first."""
    found = store.read(f"FROM export_requests WHERE {_THERE} ORDER BY asked_at, id", {"moment": clock.now})
    return [_asked(row, clock) for row in found]


def agreed(store: Store, request: Request) -> Asked | None:
    """The agreement under which an export may be made: to exactly this, for whoever asks now, and not over yet."""
    return next(
        (
            each
            for each in asked_for(store, replace(request.clock, now=now()))
            if each.id == request.agreed
            and each.state == "agreed"
            and is_same_person(each.asked_by, request.person)
            and _what(each.request) == _what(request)
        ),
        None,
    )


@command("export.ask", "export", "export_asked", person="request.person")
def ask(store: Store, request: Request, chats: int, sentence: str) -> UUID:
    """Has an export of so many chats wait for a second person; its id. What nobody decided on in a week goes."""
    key, moment = uuid4(), now()
    row = {"id": key, "asked_at": moment, "asked_by": request.person, "what": _what(request), "chats": chats}
    detail = {"filter": sentence, "chats": chats, "format": request.choice.format, "reason": request.reason}

    def work(cursor: Cursor) -> UUID:
        cursor.execute(f"DELETE FROM export_requests WHERE NOT ({_THERE})", {"moment": moment})
        insert(cursor, "export_requests", row)
        record_event(cursor, "export_asked", request.person, None, moment, **detail)
        return key

    return store.write(work, counts=False)


@command("export.decide", "export", "export_agreed", "export_denied")
def decide(store: Store, request_id: UUID, *, agrees: bool, actor: str) -> Refusal | None:
    """Agrees to an export of somebody else, or does not; of two who decide at the same time the first one counts.

    Who sees only some chats decides on none: it may be of others.
    """
    if store.confinement:
        return "gone"
    moment = now()
    given = {"id": request_id, "agrees": agrees, "moment": moment, "actor": actor}

    def work(cursor: Cursor) -> Refusal | None:
        row = _row(cursor, request_id, moment)
        if row is None or row["agrees"] is not None:
            return "gone"
        if is_same_person(row["asked_by"], actor):
            return "own"
        cursor.execute(
            """UPDATE export_requests SET agrees = $agrees, decided_at = $moment, decided_by = $actor
               WHERE id = $id AND agrees IS NULL""",
            given,
        )
        action = "export_agreed" if agrees else "export_denied"
        record_event(cursor, action, actor, None, moment, person=row["asked_by"], chats=row["chats"])
        return None

    return store.write(work, counts=False)


@command("export.withdraw", "export", "export_withdrawn")
def withdraw(store: Store, request_id: UUID, actor: str) -> Refusal | None:
    """Takes back what one asked for, or an agreement that one does not need; nobody takes back another's."""
    moment = now()

    def work(cursor: Cursor) -> Refusal | None:
        row = _row(cursor, request_id, moment)
        if row is None or not is_same_person(row["asked_by"], actor):
            return "gone"
        spend(cursor, request_id)
        # That somebody has read a refusal is nothing that was done.
        if row["agrees"] is not False:
            record_event(cursor, "export_withdrawn", actor, None, moment, chats=row["chats"])
        return None

    return store.write(work, counts=False)


def spend(cursor: Cursor, request_id: UUID) -> None:
    """Removes a wish that is fulfilled, or taken back."""
    changed(cursor, "DELETE FROM export_requests WHERE id = $id", {"id": request_id})


def is_same_person(one: str, other: str) -> bool:
    """Whether two names are one person's: capitals make no difference."""
    return one.strip().lower() == other.strip().lower()


def _row(cursor: Cursor, request_id: UUID, moment: datetime) -> Row | None:
    sql = f"FROM export_requests WHERE id = $id AND {_THERE}"
    return next(iter(rows(cursor.execute(sql, {"id": request_id, "moment": moment}))), None)


def _what(request: Request) -> str:
    """Which chats, and how, as JSON."""
    choice, sort = request.choice, request.sort
    told: dict[str, Any] = {
        "query": to_query(request.chosen),
        "private": private_part(request.chosen),
        "sort": [sort.key, sort.descending],
        "format": choice.format,
        "with_messages": choice.with_messages,
        "columns": None if choice.columns is None else sorted(choice.columns),
        "masks": sorted(choice.masks),
        "link": request.link,
        "language": request.language,
        "reason": request.reason,
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def _asked(row: Row, clock: Clock) -> Asked:
    told = json.loads(row["what"])
    columns = told["columns"]
    request = Request(
        clock,
        row["asked_by"],
        from_query(told["query"], told["private"]),
        Sort(*told["sort"]),
        Choice(
            told["format"],
            told["with_messages"],
            None if columns is None else frozenset(columns),
            frozenset(told["masks"]),
        ),
        told["link"],
        told["language"],
        reason=told["reason"],
        agreed=row["id"],
    )
    state: State = "waiting" if row["agrees"] is None else "agreed" if row["agrees"] else "refused"
    own = {name: row[name] for name in ("id", "asked_at", "asked_by", "chats", "decided_at", "decided_by")}
    return Asked(**own, request=request, state=state)
