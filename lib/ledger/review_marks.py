"""Until when each person has seen what is new."""

from datetime import datetime

from lib.store import Cursor, Store, changed, rows

# A person may have several rows, if two windows of theirs were the first at the same moment: the latest counts.
SEEN_UNTIL = "SELECT max(seen_at) AS seen_at FROM review_marks WHERE person = $person"


def seen_until(store: Store, person: str) -> datetime | None:
    """The moment (naive UTC) until which a person has seen what is new; None where they have no mark yet."""
    found: datetime | None = store.read(SEEN_UNTIL, {"person": person})[0]["seen_at"]
    return found


def mark_of(cursor: Cursor, person: str) -> datetime | None:
    """The same, in the transaction of `cursor`."""
    found: datetime | None = rows(cursor.execute(SEEN_UNTIL, {"person": person}))[0]["seen_at"]
    return found


def move_mark(cursor: Cursor, person: str, moment: datetime) -> bool:
    """Moves the mark of a person forward to a moment; returns False where it stands there or later already."""
    before = mark_of(cursor, person)
    if before and before >= moment:
        return False
    params = {"person": person, "moment": moment}
    if not changed(cursor, "UPDATE review_marks SET seen_at = $moment WHERE person = $person", params):
        cursor.execute("INSERT INTO review_marks (person, seen_at) VALUES ($person, $moment)", params)
    return True


def move_mark_back(cursor: Cursor, person: str, moment: datetime, before: datetime | None) -> bool:
    """Puts the mark of a person back from a moment to where it was; returns False where it has moved on since."""
    if mark_of(cursor, person) != moment:
        return False
    if before is None:
        cursor.execute("DELETE FROM review_marks WHERE person = $person", {"person": person})
    else:
        sql = "UPDATE review_marks SET seen_at = $before WHERE person = $person"
        cursor.execute(sql, {"person": person, "before": before})
    return True
