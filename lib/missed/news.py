"""What happened to missed chats since a person last looked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from lib.chats.chat_filter import ChatFilter
from lib.chats.clock import Clock
from lib.chats.matching import matching
from lib.chats.queue_conditions import NEWS_SQL
from lib.ledger.review_marks import mark_of, move_mark, move_mark_back, seen_until
from lib.store import Cursor, Store, now, record_event

# What can have happened to a chat that is still in the lists.
ListedNews = Literal["missed", "came_back", "contacted", "overdue"]
LISTED_NEWS: tuple[ListedNews, ...] = get_args(ListedNews)
NewsKind = Literal["missed", "came_back", "contacted", "overdue", "deleted"]
NEWS_KINDS: tuple[NewsKind, ...] = get_args(NewsKind)

WITHOUT_A_MARK = timedelta(hours=24)
MISSED = ChatFilter(category="missed")


@dataclass(frozen=True)
class WhatIsNew:
    """Number of chats by what happened to them between two moments (naive UTC).

    `first_time` says that the person has no mark yet, so `since` is a day ago.
    """

    since: datetime
    until: datetime
    first_time: bool
    counts: Mapping[NewsKind, int]

    @property
    def is_nothing(self) -> bool:
        """Whether nothing happened."""
        return not any(self.counts.values())


@dataclass(frozen=True)
class Seen:
    """A mark that was moved: to which moment, and where it was before (None: there was none)."""

    moment: datetime
    before: datetime | None


def news(store: Store, clock: Clock, person: str) -> WhatIsNew:
    """What is new for a person, until now."""
    mark = seen_until(store, person)
    since = mark or (clock.now - WITHOUT_A_MARK).replace(second=0, microsecond=0)
    counts: dict[NewsKind, int] = {**_listed(store, clock, since), "deleted": _deleted(store, since)}
    return WhatIsNew(since, clock.now, mark is None, counts)


def rows_of_news(kind: ListedNews, since: datetime) -> ChatFilter:
    """The filter that finds exactly the chats that `news` has counted."""
    return ChatFilter(category="missed", news=kind, since=since)


def see(store: Store, person: str, moment: datetime) -> Seen | None:
    """Moves a person's mark to the moment (naive UTC) until which they were shown what is new, never backwards.

    Returns None where the mark stands there or later already.
    """

    def work(cursor: Cursor) -> Seen | None:
        before = mark_of(cursor, person)
        if not move_mark(cursor, person, moment):
            return None
        record_event(cursor, "seen_news", person, None, now(), **_told(moment, before))
        return Seen(moment, before)

    return store.write(work)


def unsee(store: Store, person: str, seen: Seen) -> bool:
    """Puts the mark back to where it was; returns False where it has moved on since."""

    def work(cursor: Cursor) -> bool:
        moved = move_mark_back(cursor, person, seen.moment, seen.before)
        if moved:
            record_event(cursor, "unseen_news", person, None, now(), **_told(seen.moment, seen.before))
        return moved

    return store.write(work)


def _told(moment: datetime, before: datetime | None) -> dict[str, str | None]:
    return {"until": moment.isoformat(), "before": before.isoformat() if before else None}


def _listed(store: Store, clock: Clock, since: datetime) -> dict[NewsKind, int]:
    found = matching(store, MISSED, clock)
    columns = ", ".join(f"count(*) FILTER ({NEWS_SQL[kind]}) AS {kind}_" for kind in LISTED_NEWS)
    row = store.read(found.select(columns), found.params | {"since": since, "now": clock.now})[0]
    return {kind: row[f"{kind}_"] for kind in LISTED_NEWS}


def _deleted(store: Store, since: datetime) -> int:
    sql = "SELECT count(*) AS n FROM chats WHERE status = 'missed' AND deleted_at > $since"
    return int(store.read(sql, {"since": since})[0]["n"])
