"""The documented views that a query may read: what is there of chats that are not deleted, without internals.

Columns of `chats` are named as in the store's own table, so that the conditions of a filter hold for both.
"""

from dataclasses import dataclass

from lib.explore.columns import CHATS, FOLLOW_UPS, MAILS, MESSAGES, NOTES, OPERATORS, TAGS, Column
from lib.language import mark
from lib.store import Cursor, quoted


@dataclass(frozen=True)
class View:
    """A view by its name, with what one row of it is, its columns, and its SQL over the store's `{base}` tables."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    rest: str

    def sql(self, base: str, zone: str) -> str:
        """The query behind the view."""
        local = f"timezone('{zone}', timezone('UTC', {{}}))"
        selected = (f"{column.sql_with(local)} AS {column.name}" for column in self.columns)
        return f"SELECT {', '.join(selected)} {self.rest.format(base=base)}"


_KEPT = "FROM {base}.chats WHERE deleted_at IS NULL"
_OF_KEPT = "chat_id NOT IN (SELECT id FROM {base}.chats WHERE deleted_at IS NOT NULL)"

VIEWS: dict[str, View] = {
    view.name: view
    for view in (
        View("chats", mark("One row for each chat"), CHATS, _KEPT),
        View(
            "messages",
            mark("One row for each message, notes that came with the chat included"),
            MESSAGES,
            f"FROM {{base}}.messages WHERE {_OF_KEPT}",
        ),
        View(
            "notes",
            mark("One row for each internal note that was written here"),
            NOTES,
            f"FROM {{base}}.events WHERE action = 'note' AND {_OF_KEPT}",
        ),
        View(
            "follow_ups",
            mark("One row for each missed chat: what became of it"),
            FOLLOW_UPS,
            f"{_KEPT} AND status = 'missed'",
        ),
        View(
            "mails",
            mark("One row for each e-mail to a visitor"),
            MAILS,
            f"FROM {{base}}.mails WHERE {_OF_KEPT}",
        ),
        View("operators", mark("One row for each chat and each operator in it"), OPERATORS, _KEPT),
        View("tags", mark("One row for each chat and each of its tags"), TAGS, _KEPT),
    )
}


def make_views(cursor: Cursor, names: frozenset[str], zone: str) -> None:
    """Makes the named views for this cursor alone; local times are in `zone`."""
    found = cursor.execute("SELECT current_database(), current_schema()").fetchone()
    # Named in full: a view `chats` over a bare `chats` would be over itself.
    base = ".".join(quoted(str(part)) for part in found or ())
    for name in sorted(names):
        cursor.execute(f"CREATE TEMP VIEW {name} AS {VIEWS[name].sql(base, zone)}")
