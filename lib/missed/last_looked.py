"""Until when each person has seen what is new."""

from dataclasses import dataclass
from datetime import datetime

from lib.store import Cursor, Store, changed, insert, rows

# A person may have several rows, if two windows of theirs were the first at the same moment: the latest counts.
SEEN_UNTIL = """
SELECT max(seen_notice) AS notice, max(seen_at) AS moment FROM review_marks WHERE person = $person
HAVING count(*) > 0
"""


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
