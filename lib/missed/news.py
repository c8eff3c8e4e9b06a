"""What happened to missed chats since a person last looked, and when that was."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from lib.chats.clock import Clock
from lib.chats.filter.filter import ChatFilter
from lib.chats.filter.matching import matching
from lib.chats.filter.presets import NEWS
from lib.commands import command
from lib.missed.derive import NEWEST_NOTICE
from lib.store import Cursor, Store, changed, insert, now, record_event, rows

# A person may have several rows, if two windows of theirs were the first at the same moment: the latest counts.
SEEN_UNTIL = """
SELECT max(seen_notice) AS notice, max(seen_at) AS moment FROM review_marks WHERE person = $person
HAVING count(*) > 0
"""
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
class Mark:
    """What a person has seen (naive UTC): everything up to a notice, the newest that was on the screen, and all that
    was due by the moment at which they looked.

    What is known here is visible in the order of its notices, however long the work on it took; the clock at the moment
    of looking says nothing about work that was not finished then.
    """

    notice: datetime
    moment: datetime


def seen_until(store: Store, person: str) -> Mark | None:
    """What a person has seen of what is new; None where they have no mark yet."""
    return _mark(store.read(SEEN_UNTIL, {"person": person}))


def mark_of(cursor: Cursor, person: str) -> Mark | None:
    """The same, in the transaction of `cursor`."""
    return _mark(rows(cursor.execute(SEEN_UNTIL, {"person": person})))


def move_mark(cursor: Cursor, person: str, mark: Mark) -> Mark | None:
    """Moves the mark of a person forward; returns where it stands now, or None where it stood there already."""
    before = mark_of(cursor, person)
    after = Mark(max(before.notice, mark.notice), max(before.moment, mark.moment)) if before else mark
    if after == before:
        return None
    if not _set(cursor, person, after):
        insert(cursor, "review_marks", {"person": person, "seen_at": after.moment, "seen_notice": after.notice})
    return after


def move_mark_back(cursor: Cursor, person: str, mark: Mark, before: Mark | None) -> bool:
    """Puts the mark of a person back to where it was before; returns False where it has moved on since."""
    if mark_of(cursor, person) != mark:
        return False
    if before is None:
        cursor.execute("DELETE FROM review_marks WHERE person = $person", {"person": person})
    else:
        _set(cursor, person, before)
    return True


def _mark(found: list[dict[str, datetime]]) -> Mark | None:
    return Mark(**found[0]) if found else None


def _set(cursor: Cursor, person: str, mark: Mark) -> int:
    sql = "UPDATE review_marks SET seen_at = $moment, seen_notice = $notice WHERE person = $person"
    return changed(cursor, sql, {"person": person} | vars(mark))


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
    a_day_ago = (clock.now - WITHOUT_A_MARK).replace(second=0, microsecond=0)
    since = mark or Mark(a_day_ago, a_day_ago)
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


@command("news.see", "read", "seen_news", undone_by="news.unsee", person="person")
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


@command("news.unsee", "read", "unseen_news", person="person")
def unsee(store: Store, person: str, seen: Seen) -> bool:
    """Puts the mark back to where it was; returns False where it has moved on since."""

    def work(cursor: Cursor) -> bool:
        moved = move_mark_back(cursor, person, seen.mark, seen.before)
        if moved:
            record_event(cursor, "unseen_news", person, None, now(), **_told(seen.mark, seen.before))
        return moved

    return store.write(work)


def _told(mark: Mark, before: Mark | None) -> dict[str, str | None]:
    return {
        "until": mark.moment.isoformat(),
        "notice": mark.notice.isoformat(),
        "before": before.moment.isoformat() if before else None,
    }
