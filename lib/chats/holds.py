"""Legal holds: chats that must not go, one by one or all of a person, those that come later too, until they are lifted.

Whoever deletes, anonymises or erases asks here before, in the same transaction.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID, uuid4

from lib.chats.persons import Kind, Wanted, wanted_chats
from lib.commands import command
from lib.store import Cursor, Store, changed, insert, literal, now, record_event, rows, take_turn

LONGEST_REASON: Final = 500
Refusal = Literal["no_reason", "nobody"]
_HOLDS: Final = "SELECT * FROM holds {which} ORDER BY lifted_at IS NOT NULL, held_at DESC, id"


@dataclass(frozen=True)
class Hold:
    """A hold on a chat or a person: why, by whom and when; until when, where it was lifted. Times are naive UTC."""

    id: UUID
    about: Wanted
    reason: str
    held_by: str
    held_at: datetime
    lifted_by: str | None = None
    lifted_at: datetime | None = None


@dataclass(frozen=True)
class Held:
    """Nothing was done, since so many chats are under these holds; none, where the hold is on a person without one."""

    holds: tuple[Hold, ...]
    chats: int


@command("hold.put", "erase", "hold_put", undone_by="hold.lift")
def put_hold(store: Store, about: Wanted, reason: str, actor: str) -> Hold | Refusal:
    """The hold that stands from now on, on one chat or a person; or why there is none. Raises StoreError."""
    why = " ".join(reason.split())[:LONGEST_REASON]
    if not why:
        return "no_reason"
    if not about.is_somebody:
        return "nobody"
    chat = about.chats[0] if about.kind == "chats" else None
    held = Hold(uuid4(), replace(about, value=about.value.strip()), why, actor, now())

    def work(cursor: Cursor) -> Hold:
        # Nothing is erased meanwhile that has not asked for this hold.
        take_turn(cursor, "import")
        value = {"value": held.about.value, "system": about.system, "account": about.account or None}
        row = {"id": held.id, "kind": about.kind, "chat_id": chat, "reason": why} | value
        insert(cursor, "holds", row | {"held_at": held.held_at, "held_by": actor})
        # Of a person it tells nothing: the event stays.
        record_event(cursor, "hold_put", actor, chat, held.held_at, kind=about.kind, hold=str(held.id))
        return held

    return store.write(work)


@command("hold.lift", "erase", "hold_lifted", undone_by="hold.put_back")
def lift_hold(store: Store, hold_id: UUID, actor: str) -> bool:
    """Whether the hold stood until now; what was under it may go."""
    return _change(store, hold_id, actor, is_lifted=True)


@command("hold.put_back", "erase", "hold_put", undone_by="hold.lift")
def put_hold_back(store: Store, hold_id: UUID, actor: str) -> bool:
    """Whether the hold stands again that was lifted."""
    return _change(store, hold_id, actor, is_lifted=False)


def holds(store: Store) -> list[Hold]:
    """All holds, those that stand first, the newest first."""
    with store.reading() as cursor:
        return _holds(cursor, "")


def holds_on(cursor: Cursor, chat_id: UUID) -> tuple[Hold, ...]:
    """The holds under which a chat stands."""
    this = f"id = {literal(chat_id)}"

    def is_on(hold: Hold) -> bool:
        if hold.about.kind == "chats":
            return chat_id in hold.about.chats
        condition, values = wanted_chats(cursor, hold.about, this)
        return bool(rows(cursor.execute(f"SELECT EXISTS (FROM chats WHERE {condition}) AS found", values))[0]["found"])

    return tuple(hold for hold in _standing(cursor) if is_on(hold))


def holds_of(store: Store, chat_id: UUID) -> tuple[Hold, ...]:
    """As `holds_on`, for whoever only reads."""
    with store.reading() as cursor:
        return holds_on(cursor, chat_id)


def write_held(cursor: Cursor) -> None:
    """Fills `held_chats` (chat_id, hold_id), a temporary table of the cursor, with all chats that must not go."""
    cursor.execute(
        """CREATE OR REPLACE TEMP TABLE held_chats AS
           SELECT chat_id, id AS hold_id FROM holds WHERE kind = 'chats' AND lifted_at IS NULL"""
    )
    for hold in _standing(cursor):
        if hold.about.kind != "chats":
            condition, values = wanted_chats(cursor, hold.about)
            cursor.execute(
                f"INSERT INTO held_chats SELECT id, {literal(hold.id)}::UUID FROM chats WHERE {condition}", values
            )


def held_of(cursor: Cursor, table: str, about: Wanted | None = None) -> Held | None:
    """The holds on the chats whose ids a table holds, or on the person whom it is about; needs `held_chats`."""
    own = f"SELECT * FROM held_chats WHERE chat_id IN (SELECT id FROM {table})"
    standing = {hold.id: hold for hold in _standing(cursor)}
    on_them = {row["hold_id"] for row in rows(cursor.execute(f"SELECT DISTINCT hold_id FROM ({own})"))}
    on_them |= {hold.id for hold in standing.values() if about and hold.about.is_same(about)}
    if not on_them:
        return None
    (row,) = rows(cursor.execute(f"SELECT count(DISTINCT chat_id) AS n FROM ({own})"))
    return Held(tuple(hold for id, hold in standing.items() if id in on_them), int(row["n"]))


def _change(store: Store, hold_id: UUID, actor: str, *, is_lifted: bool) -> bool:
    def work(cursor: Cursor) -> bool:
        take_turn(cursor, "import")
        moment = now()
        sql = f"""UPDATE holds SET lifted_at = $moment, lifted_by = $actor
                  WHERE id = $id AND (lifted_at IS NULL) = {is_lifted}"""
        lifted = {"moment": moment if is_lifted else None, "actor": actor if is_lifted else None, "id": hold_id}
        if not changed(cursor, sql, lifted):
            return False
        (hold,) = _holds(cursor, f"WHERE id = {literal(hold_id)}")
        chat = hold.about.chats[0] if hold.about.chats else None
        action = "hold_lifted" if is_lifted else "hold_put"
        record_event(cursor, action, actor, chat, moment, kind=hold.about.kind, hold=str(hold_id))
        return True

    return store.write(work)


def _standing(cursor: Cursor) -> list[Hold]:
    return _holds(cursor, "WHERE lifted_at IS NULL")


def _holds(cursor: Cursor, which: str) -> list[Hold]:
    return [_hold(**row) for row in rows(cursor.execute(_HOLDS.format(which=which)))]


def _hold(*, kind: Kind, chat_id: UUID | None, value: str, system: str, account: str | None, **rest: Any) -> Hold:
    return Hold(about=Wanted(kind, (chat_id,) if chat_id else (), value, system, account), **rest)
