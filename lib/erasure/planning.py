"""What each retention rule would do now: which chats are its own, where several rules are due for one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from lib.chats.clock import Clock
from lib.chats.filter.matching import matching
from lib.chats.holds import write_held
from lib.chats.states import QUEUE_SQL
from lib.erasure.rules import Action, Rule, rules_in, strongest_first
from lib.store import Cursor, Store, explained, literal, rows

# With what it was done before, nothing is to do; it keeps weaker rules away still.
_TO_DO: Final[dict[Action, str]] = {
    "delete": "deleted_at IS NULL",
    "anonymise": "anonymised_at IS NULL",
    "erase": "TRUE",
}
_OPEN: Final = f"status = 'missed' AND {QUEUE_SQL['open']} AND anonymised_at IS NULL"
# Of what is to do and not under hold.
_COUNTED: Final = f"""
    SELECT count(*) AS chats, count(*) FILTER (c.deleted_at IS NOT NULL) AS deleted, count(*) FILTER ({_OPEN}) AS open,
        min(coalesce(c.ended_at, c.started_at)) AS oldest, max(coalesce(c.ended_at, c.started_at)) AS newest
    FROM chats AS c WHERE id IN (SELECT id FROM due_chats WHERE rule = $rule AND NOT is_held)
"""


@dataclass(frozen=True)
class Due:
    """What a rule would do now: with how many chats; how many of these are deleted already, or open to follow up; when
    the oldest and the newest of them ended (naive UTC).

    Left alone are those under legal hold, those that a stronger rule takes, and those that still run.
    """

    chats: int
    deleted: int
    open: int
    oldest: datetime | None
    newest: datetime | None
    held: int
    stronger: int
    running: int


def preview(store: Store, clock: Clock, changed: Rule | None = None) -> dict[UUID, Due]:
    """What each rule that is on would do now, and a changed or new one among them, on or not. Raises StoreError."""
    with explained(store.path), store.cursor() as cursor:
        cursor.execute("BEGIN")
        try:
            rules = [rule for rule in rules_in(cursor) if rule.is_on and (not changed or rule.id != changed.id)]
            rules = strongest_first([*rules, *([changed] if changed else [])])
            write_due(cursor, store, rules, clock)
            return {rule.id: _due(cursor, store, rule, clock) for rule in rules}
        finally:
            cursor.execute("ROLLBACK")


def write_due(cursor: Cursor, store: Store, rules: Sequence[Rule], clock: Clock) -> None:
    """Fills `due_chats` (id, ordinal, rule, is_held), a temporary table of the cursor, with what each of these rules is
    to do; the first one that is due for a chat has it."""
    write_held(cursor)
    cursor.execute("CREATE OR REPLACE TEMP TABLE covered (id UUID, ordinal BIGINT, rule UUID, to_do BOOLEAN)")
    for rule in rules:
        found = matching(store, rule.due(clock), clock, deleted=None)
        own = found.select(
            f"id, ordinal, {literal(rule.id)}::UUID, {_TO_DO[rule.action]}", "AND id NOT IN (SELECT id FROM covered)"
        )
        cursor.execute(f"INSERT INTO covered {own}", found.params)
    cursor.execute(
        """CREATE OR REPLACE TEMP TABLE due_chats AS
           SELECT id, ordinal, rule, id IN (SELECT chat_id FROM held_chats) AS is_held FROM covered WHERE to_do"""
    )


def held_by_rule(cursor: Cursor, rule: Rule) -> int:
    """Number of chats that a rule leaves alone because of a legal hold; needs `due_chats`."""
    held = "SELECT count(*) AS n FROM due_chats WHERE rule = $rule AND is_held"
    return int(rows(cursor.execute(held, {"rule": rule.id}))[0]["n"])


def _due(cursor: Cursor, store: Store, rule: Rule, clock: Clock) -> Due:
    (own,) = rows(cursor.execute(_COUNTED, {"rule": rule.id}))
    due, running = (matching(store, chosen, clock, deleted=None) for chosen in (rule.due(clock), rule.running(clock)))
    others = due.select("count(*) AS n", f"AND {_TO_DO[rule.action]} AND id NOT IN (SELECT id FROM due_chats")
    others += f" WHERE rule = {literal(rule.id)})"
    (stronger,) = rows(cursor.execute(others, due.params))
    (left,) = rows(cursor.execute(running.select("count(*) AS n"), running.params))
    return Due(**own, held=held_by_rule(cursor, rule), stronger=stronger["n"], running=left["n"])
