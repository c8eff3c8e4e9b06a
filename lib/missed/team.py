"""The people to whom missed chats can be assigned."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from lib.chats.states import QUEUE_SQL
from lib.commands import command
from lib.store import Cursor, Store, changed, insert, now, record_event, rows

LONGEST_NAME = 100

# Two who write at the same moment can leave two rows of one person, so what counts is whether any of them is here.
_HERE = "SELECT lower(name) AS key, min(name) AS name FROM colleagues WHERE left_at IS NULL GROUP BY ALL"
_OPEN = f"status = 'missed' AND deleted_at IS NULL AND {QUEUE_SQL['open']}"
_WORKLOADS = f"""
WITH here AS ({_HERE}),
    load AS (
        SELECT lower(assignee) AS key, min(assignee) AS name, count(*) AS open,
            count(*) FILTER ({QUEUE_SQL["overdue"]}) AS overdue
        FROM chats WHERE assignee IS NOT NULL AND {_OPEN} GROUP BY ALL
    )
SELECT coalesce(h.name, l.name) AS name, h.name IS NOT NULL AS is_here,
    coalesce(l.open, 0) AS open, coalesce(l.overdue, 0) AS overdue
FROM here AS h FULL JOIN load AS l ON l.key = h.key
ORDER BY is_here DESC, lower(coalesce(h.name, l.name)), coalesce(h.name, l.name)
"""
_ACTED = """
SELECT name FROM (
    SELECT actor AS name FROM events WHERE action IN ('follow_up', 'note', 'mail_queued', 'delete', 'restore')
    UNION SELECT assignee FROM chats WHERE assignee IS NOT NULL)
ORDER BY lower(name), name
"""


@dataclass(frozen=True)
class Added:
    """The person is a colleague now; `again` for one who had left."""

    name: str
    again: bool


@dataclass(frozen=True)
class AlreadyThere:
    """The team has somebody of this name, spelled as in `name`; nothing was done."""

    name: str


@dataclass(frozen=True)
class NameRefused:
    """The name cannot be taken; nothing was done."""

    reason: Literal["blank", "too_long"]


@dataclass(frozen=True)
class Removed:
    """The person is no colleague any more, and keeps `open_chats` missed chats that nobody has contacted yet."""

    name: str
    open_chats: int


@dataclass(frozen=True)
class NotThere:
    """The team has nobody of this name; nothing was done."""

    name: str


@dataclass(frozen=True)
class Workload:
    """How many missed chats a person has that are not contacted yet, and how many of those are overdue."""

    name: str
    is_here: bool
    open: int
    overdue: int


def colleagues(store: Store) -> list[str]:
    """Names of the colleagues who are here, in the order of the alphabet."""
    return [row["name"] for row in store.read(f"SELECT name FROM ({_HERE}) ORDER BY lower(name), name")]


def who_left(store: Store) -> list[str]:
    """Names, in small letters, of those who were taken out of the team and did not come back."""
    sql = "SELECT lower(name) AS key FROM colleagues GROUP BY ALL HAVING count(*) FILTER (left_at IS NULL) = 0"
    return [row["key"] for row in store.read(sql)]


def who_acted(store: Store) -> list[str]:
    """Names of those who have done something about a chat, or were given one, in the order of the alphabet."""
    return [row["name"] for row in store.read(_ACTED)]


def workloads(store: Store, moment: datetime) -> list[Workload]:
    """What each colleague has to do at `moment` (naive UTC); then those who left, or never were in the team, and still
    have something."""
    return [Workload(**row) for row in store.read(_WORKLOADS, {"now": moment})]


@command("colleague.add", "team", "add_colleague", undone_by="colleague.remove")
def add_colleague(store: Store, name: str, actor: str) -> Added | AlreadyThere | NameRefused:
    """Takes a person into the team, also one who had left; capitals make no difference between names."""
    tidy = " ".join(name.split())
    if not tidy or not tidy.isprintable():
        return NameRefused("blank")
    if len(tidy) > LONGEST_NAME:
        return NameRefused("too_long")
    return store.write(lambda cursor: _add(cursor, tidy, actor, now()))


@command("colleague.remove", "team", "remove_colleague", undone_by="colleague.add")
def remove_colleague(store: Store, name: str, actor: str) -> Removed | NotThere:
    """Takes a person out of the team; what was theirs stays theirs."""

    def work(cursor: Cursor) -> Removed | NotThere:
        moment = now()
        sql = "UPDATE colleagues SET left_at = $moment WHERE lower(name) = lower($name) AND left_at IS NULL"
        if not changed(cursor, sql, {"moment": moment, "name": name}):
            return NotThere(name)
        record_event(cursor, "remove_colleague", actor, None, moment, name=name)
        found = cursor.execute(
            f"SELECT count(*) FROM chats WHERE lower(assignee) = lower($name) AND {_OPEN}", {"name": name}
        ).fetchone()
        return Removed(name, int(found[0]) if found else 0)

    return store.write(work)


def note_colleague(cursor: Cursor, name: str, moment: datetime) -> None:
    """Makes who acts a colleague, in the transaction of `cursor`; writes nothing where they are one already."""
    _add(cursor, name, name, moment)


def _add(cursor: Cursor, name: str, actor: str, moment: datetime) -> Added | AlreadyThere:
    found = rows(
        cursor.execute(
            "SELECT name, left_at FROM colleagues WHERE lower(name) = lower($name) ORDER BY left_at NULLS FIRST, name",
            {"name": name},
        )
    )
    if found and found[0]["left_at"] is None:
        return AlreadyThere(found[0]["name"])
    if found:
        cursor.execute("UPDATE colleagues SET left_at = NULL WHERE lower(name) = lower($name)", {"name": name})
    else:
        insert(cursor, "colleagues", {"name": name, "added_at": moment, "added_by": actor})
    known = found[0]["name"] if found else name
    record_event(cursor, "add_colleague", actor, None, moment, name=known)
    return Added(known, again=bool(found))
