"""What happened to missed chats since a person last looked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, get_args

from lib.chats.clock import Clock
from lib.chats.filter.filter import ChatFilter
from lib.chats.filter.matching import matching
from lib.chats.filter.presets import NEWS
from lib.missed.derive import NEWEST_NOTICE
from lib.missed.last_looked import Mark, mark_of, move_mark, move_mark_back, seen_until
from lib.store import Cursor, Store, now, record_event

# What can have happened to a chat that is still in the lists.
ListedNews = Literal["missed", "earlier", "came_back", "contacted", "overdue"]
LISTED_NEWS: tuple[ListedNews, ...] = get_args(ListedNews)
NewsKind = Literal["missed", "earlier", "came_back", "contacted", "overdue", "deleted"]
NEWS_KINDS: tuple[NewsKind, ...] = get_args(NewsKind)

WITHOUT_A_MARK = timedelta(hours=24)
MISSED = ChatFilter(category="missed")
# The other kinds are known by the moment at which they were noticed here.
BY_THE_CLOCK: tuple[ListedNews, ...] = ("overdue",)
_NEWS_SQL = {
    kind: preset.sql if kind in BY_THE_CLOCK else preset.sql.replace("$since", "$notice")
    for kind, preset in NEWS.items()
}
_DELETED = "SELECT count(*) FROM chats WHERE status = 'missed' AND deleted_noticed_at > $notice"


@dataclass(frozen=True)
class WhatIsNew:
    """Number of chats by what happened to them between two marks.

    `first_time` says that the person has no mark yet, so `since` is a day ago.
    """

    since: Mark
    until: Mark
    first_time: bool
    counts: Mapping[NewsKind, int]

    @property
    def is_nothing(self) -> bool:
        """Whether nothing happened."""
        return not any(self.counts.values())


@dataclass(frozen=True)
class Seen:
    """A mark that was moved: where it is now, and where it was before (None: there was none)."""

    mark: Mark
    before: Mark | None


def news(store: Store, clock: Clock, person: str) -> WhatIsNew:
    """What is new for a person, until now."""
    mark = seen_until(store, person)
    since = mark or _a_day_ago(clock)
    found = matching(store, MISSED, clock)
    listed = ", ".join(f"count(*) FILTER ({_NEWS_SQL[kind]}) AS {kind}_" for kind in LISTED_NEWS)
    # One statement, so that nothing is counted of which the newest notice does not know.
    sql = found.select(f"{listed}, ({_DELETED}) AS deleted_, ({NEWEST_NOTICE}) AS notice")
    params = {"since": since.moment, "notice": since.notice, "now": clock.now}
    row = store.read(sql, found.params | params)[0]
    until = Mark(row["notice"], clock.now)
    return WhatIsNew(since, until, mark is None, {kind: row[f"{kind}_"] for kind in NEWS_KINDS})


def rows_of_news(kind: ListedNews, since: Mark) -> ChatFilter:
    """The filter that finds exactly the chats that `news` has counted."""
    return ChatFilter(category="missed", news=kind, since=since.moment if kind in BY_THE_CLOCK else since.notice)


def see(store: Store, person: str, mark: Mark) -> Seen | None:
    """Moves a person's mark to that until which they were shown what is new, never backwards.

    Returns None where the mark stands there or later already.
    """

    def work(cursor: Cursor) -> Seen | None:
        before = mark_of(cursor, person)
        after = move_mark(cursor, person, mark)
        if after is None:
            return None
        record_event(cursor, "seen_news", person, None, now(), **_told(after, before))
        return Seen(after, before)

    return store.write(work)


def unsee(store: Store, person: str, seen: Seen) -> bool:
    """Puts the mark back to where it was; returns False where it has moved on since."""

    def work(cursor: Cursor) -> bool:
        moved = move_mark_back(cursor, person, seen.mark, seen.before)
        if moved:
            record_event(cursor, "unseen_news", person, None, now(), **_told(seen.mark, seen.before))
        return moved

    return store.write(work)


def _a_day_ago(clock: Clock) -> Mark:
    moment = (clock.now - WITHOUT_A_MARK).replace(second=0, microsecond=0)
    return Mark(moment, moment)


def _told(mark: Mark, before: Mark | None) -> dict[str, str | None]:
    return {
        "until": mark.moment.isoformat(),
        "notice": mark.notice.isoformat(),
        "before": before.moment.isoformat() if before else None,
    }
