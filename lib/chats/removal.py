"""Deleting a chat, and the way back. Its mails that wait are stopped, and wait again when it is restored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import pandas as pd

from lib.chats.holds import Held, holds_on
from lib.chats.stale import mark_due, mark_persons
from lib.commands import command
from lib.store import Cursor, Store, changed, event_row, now, record_event, rows

# The problem of a mail that was not sent because its chat was deleted, and the form in which the store keeps it.
CHAT_DELETED: Final = "chat_deleted"
_KEPT: Final = f"{CHAT_DELETED}: "
# A mail that comes later would answer a question that nobody asks any more.
RESTORED_WITHIN: Final = timedelta(days=1)
_LAST_DELETION = """
    SELECT actor, happened_at, json_extract_string(detail, '$.reason') AS reason
    FROM events WHERE chat_id = $id AND action = 'delete' ORDER BY happened_at DESC
"""


def stop_waiting(cursor: Cursor, chat_id: UUID, actor: str, moment: datetime) -> None:
    """Cancels the mails of a chat that wait, since `actor` deletes it at `moment` (naive UTC)."""
    found = rows(cursor.execute("SELECT id FROM mails WHERE chat_id = $chat AND state = 'queued'", {"chat": chat_id}))
    sql = """
        UPDATE mails SET state = 'cancelled', state_since = $moment, problem = $problem, next_attempt_at = NULL
        WHERE id = $id
    """
    for row in found:
        cursor.execute(sql, {"id": row["id"], "moment": moment, "problem": _KEPT})
        detail = {"mail": str(row["id"]), "problem": CHAT_DELETED}
        record_event(cursor, "mail_cancelled", actor, chat_id, moment, **detail)


def wait_again(cursor: Cursor, chat_id: UUID, actor: str, moment: datetime) -> None:
    """Queues the mails again that the deletion of their chat stopped within the last day before `moment`."""
    stopped = {"chat": chat_id, "problem": _KEPT, "since": moment - RESTORED_WITHIN}
    sql = """
        SELECT id FROM mails
        WHERE chat_id = $chat AND state = 'cancelled' AND problem = $problem AND state_since >= $since
    """
    for row in rows(cursor.execute(sql, stopped)):
        cursor.execute(
            "UPDATE mails SET state = 'queued', state_since = $moment, problem = NULL WHERE id = $id",
            {"id": row["id"], "moment": moment},
        )
        record_event(cursor, "mail_restored", actor, chat_id, moment, mail=str(row["id"]))


@dataclass(frozen=True)
class Deleted:
    """The chat is deleted now."""

    chat_id: UUID


@dataclass(frozen=True)
class AlreadyDeleted:
    """Somebody else deleted the chat before; nothing was done."""

    actor: str
    deleted_at: datetime


@dataclass(frozen=True)
class NoSuchChat:
    """There is no chat with this id."""


@command("chat.delete", "delete", "delete", "mail_cancelled", undone_by="chat.restore", chats="chat_id")
def delete_chat(
    store: Store, chat_id: UUID, actor: str, reason: str = ""
) -> Deleted | AlreadyDeleted | NoSuchChat | Held:
    """Takes a chat out of every list, count, search and chart, and cancels its mails that wait.

    The event keeps who, when and why. A chat under legal hold stays.
    """

    def work(cursor: Cursor) -> Deleted | AlreadyDeleted | NoSuchChat | Held:
        if holding := holds_on(cursor, chat_id):
            return Held(holding, 1)
        moment = now()
        if delete_in(cursor, [chat_id], actor, moment, reason):
            return Deleted(chat_id)
        found = rows(cursor.execute(f"{_LAST_DELETION} LIMIT 1", {"id": chat_id}))
        return AlreadyDeleted(found[0]["actor"], found[0]["happened_at"]) if found else NoSuchChat()

    return store.write(work)


def delete_in(cursor: Cursor, chat_ids: Sequence[UUID], actor: str, moment: datetime, reason: str) -> int:
    """Number of chats that are deleted from `moment` (naive UTC) on; those that were before are left alone."""
    ids = {"ids": [str(each) for each in chat_ids], "moment": moment}
    of_them = "id IN (SELECT unnest($ids::UUID[]))"
    deleted = changed(cursor, f"UPDATE chats SET deleted_at = $moment WHERE {of_them} AND deleted_at IS NULL", ids)
    if not deleted:
        return 0
    mark_due(cursor, chat_ids)
    mark_persons(cursor, f"SELECT ordinal FROM chats WHERE {of_them}", {"ids": ids["ids"]})
    told = event_row("delete", actor, None, moment, reason=reason.strip())
    cursor.execute(
        f"""INSERT INTO events (id, happened_at, actor, action, chat_id, detail)
            SELECT uuid(), $moment, $actor, 'delete', id, $detail FROM chats
            WHERE {of_them} AND deleted_at = $moment""",
        ids | {"actor": actor, "detail": told["detail"]},
    )
    waiting = f"""SELECT DISTINCT chat_id FROM mails WHERE state = 'queued'
        AND chat_id IN (SELECT id FROM chats WHERE {of_them} AND deleted_at = $moment)"""
    for row in rows(cursor.execute(waiting, ids)):
        stop_waiting(cursor, row["chat_id"], actor, moment)
    return deleted


@command("chat.restore", "delete", "restore", "mail_restored", undone_by="chat.delete", chats="chat_ids")
def restore_chats(store: Store, chat_ids: Sequence[UUID], actor: str) -> int:
    """Brings deleted chats back, and lets the mails that their deletion stopped within a day wait again.

    Returns how many chats came back (those that were not deleted are left alone).
    """

    def work(cursor: Cursor) -> int:
        restored = 0
        for chat_id in chat_ids:
            sql = "UPDATE chats SET deleted_at = NULL WHERE id = $id AND deleted_at IS NOT NULL"
            if changed(cursor, sql, {"id": chat_id}):
                moment = now()
                mark_due(cursor, [chat_id])
                mark_persons(cursor, "SELECT ordinal FROM chats WHERE id = $id", {"id": chat_id})
                record_event(cursor, "restore", actor, chat_id, moment)
                wait_again(cursor, chat_id, actor, moment)
                restored += 1
        return restored

    return store.write(work)


@dataclass(frozen=True)
class Deletion:
    """Who deleted a chat, when (naive UTC) and why."""

    actor: str
    deleted_at: datetime
    reason: str


def deletion_of(store: Store, chat_id: UUID) -> Deletion | None:
    """The last deletion of a chat; None if it never was deleted."""
    found = store.read(f"{_LAST_DELETION} LIMIT 1", {"id": chat_id})
    return Deletion(found[0]["actor"], found[0]["happened_at"], found[0]["reason"] or "") if found else None


def deleted_chats(store: Store) -> pd.DataFrame:
    """Deleted chats, last deleted first.

    Columns id, visitor_name, visitor_email, started_at, message_count, deleted_at, actor, reason.
    """
    return store.frame(
        """SELECT c.id, c.visitor_name, c.visitor_email, c.started_at, c.message_count, c.deleted_at,
                  e.actor, json_extract_string(e.detail, '$.reason') AS reason
           FROM chats c
           LEFT JOIN events e ON e.chat_id = c.id AND e.action = 'delete' AND e.happened_at = c.deleted_at
           WHERE c.deleted_at IS NOT NULL
           ORDER BY c.deleted_at DESC, c.id"""
    )
