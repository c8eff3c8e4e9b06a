"""What of a store somebody sees who sees only some chats: views in place of its tables, for all that is read.

The views have the tables' names and come first on the path of a cursor, so that every query is of these chats, whatever
it asks: a chat of others looks as one that does not exist.
"""

from dataclasses import dataclass
from typing import Final

from lib.store.statements import Cursor, literal, quoted

# Made in memory, beside the file; views of it are nobody's who opens the file.
CATALOG: Final = "confined"
_OF_CHATS: Final = "chat_id IN (SELECT id FROM {own}.chats)"
# What belongs to chats, and what tells of people otherwise. What is none of theirs stays unseen: what was done with no
# chat, rows that an import rejected or holds for chats that have not come, what it replaced, what was erased.
CONFINED: Final = {
    "accesses": _OF_CHATS,
    "accounts": "(system, account) IN (SELECT (system, coalesce(account, '')) FROM {own}.chats)",
    "do_not_contact": "address IN (SELECT lower(visitor_email) FROM {own}.chats)",
    "erasures": "false",
    "erasures_due": "false",
    "events": _OF_CHATS,
    "ledger_due": _OF_CHATS,
    "mails": _OF_CHATS,
    "messages": _OF_CHATS,
    "note_texts": _OF_CHATS,
    # Whose a chat is may be known by chats of others only.
    "person_chats": "false",
    "person_joins": "false",
    "persons": "false",
    "persons_due": "false",
    "rejected_rows": "false",
    "replaced_chats": "false",
    "replaced_messages": "false",
    "replaced_names": "false",
    "replaced_visitors": "false",
    "replaced_waiting": "false",
    "tombstones": "false",
    "visitors": "(system, coalesce(account, ''), visitor_id) IN "
    "(SELECT (system, coalesce(account, ''), visitor_id) FROM {own}.chats)",
    "waiting_messages": "false",
}
# What tells of no visitor, or can be asked only for what is seen already.
OPEN: Final = (
    "colleagues", "column_mappings", "confinements", "export_requests", "holds", "holidays", "imports",
    "inbox_files", "kept_contents", "known_names", "last_derivation", "mail_templates", "migrations",
    "missed_rules", "outbox_pause", "people", "removed_events", "retention_rules", "retention_runs", "review_marks",
    "saved_views", "seals", "shared_signs", "thresholds", "tombstone_key", "turns", "working_hours",
)  # fmt: skip
# Whose rows are found by their place.
_HAVE_PLACES: Final = ("chats", "messages")


@dataclass(frozen=True)
class Confinement:
    """Which chats somebody sees: those that have, in each named column, one of its values (None: no value)."""

    allowed: tuple[tuple[str, tuple[str | None, ...]], ...]

    @property
    def sql(self) -> str:
        """The condition over `chats`."""
        return " AND ".join(_one_of(column, values) for column, values in self.allowed) or "true"


# For whom nobody knows.
NOTHING: Final = Confinement((("id", ()),))


def _one_of(column: str, values: tuple[str | None, ...]) -> str:
    known = ", ".join(literal(value) for value in values if value is not None)
    ways = [f"{column} IN ({known})"] if known else []
    ways += [f"{column} IS NULL"] if None in values else []
    return f"({' OR '.join(ways) or 'false'})"


def confine(cursor: Cursor, confinement: Confinement, made: dict[Confinement, str]) -> None:
    """From now on the cursor reads of what is seen alone; `made` are the schemas of views that there are."""
    own = made.get(confinement)
    if own is None:
        own = f"{CATALOG}.views_{len(made)}"
        found = cursor.execute("SELECT current_database(), current_schema()").fetchone()
        _make_views(cursor, confinement, own, ".".join(quoted(str(part)) for part in found or ()))
        made[confinement] = own
    cursor.execute(f"USE {own}")


def _make_views(cursor: Cursor, confinement: Confinement, own: str, of: str) -> None:
    conditions = {"chats": confinement.sql, **CONFINED, **dict.fromkeys(OPEN, "true")}
    cursor.execute(f"CREATE SCHEMA {own}")
    for table, condition in conditions.items():
        columns = "rowid, *" if table in _HAVE_PLACES else "*"
        where = condition.replace("{own}", own)
        cursor.execute(f"CREATE VIEW {own}.{table} AS SELECT {columns} FROM {of}.{table} WHERE {where}")
