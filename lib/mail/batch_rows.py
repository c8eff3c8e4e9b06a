"""Finishes many mails, and puts them into the outbox, in as few statements as one mail takes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final
from uuid import UUID

import pyarrow as pa

from lib.mail.addresses import MailAddress
from lib.mail.composing import compose, mail_id, message_id
from lib.mail.draft import CAN_BE_ANSWERED, Draft
from lib.mail.headers import ForgedHeader
from lib.mail.queueing import mail_row
from lib.mail.transcript import transcript_of
from lib.store import Cursor, Store, changed, event_row

_MESSAGES: Final = """
    SELECT chat_id, sent_at, kind, name, text, attachment_name
    FROM messages AS m JOIN (SELECT id, ordinal FROM chats WHERE id IN (SELECT unnest($ids::UUID[]))) AS c
        ON m.ordinal = c.ordinal AND m.chat_id = c.id
    WHERE kind <> 'note' ORDER BY chat_id, position
"""
_TAKE_NUMBERS: Final = f"""
    UPDATE chats SET mails = n.number FROM new_mails AS n
    WHERE chats.id = n.chat_id::UUID AND chats.mails = n.number - 1 AND {CAN_BE_ANSWERED}
"""
_UUIDS: Final = frozenset({"id", "chat_id"})


@dataclass(frozen=True)
class _Said:
    """A message, as a transcript takes it."""

    chat_id: UUID
    sent_at: datetime | None
    kind: str
    name: str | None
    text: str | None
    attachment_name: str | None


def finished(
    store: Store, drafts: Sequence[Draft], sender: MailAddress, zone: str, written_at: datetime
) -> dict[UUID, bytes]:
    """The finished mail of each chat's draft, with the transcript as each draft wants it.

    Without those that could be taken for other mails than they are (ForgedHeader).
    """
    chat_ids = [draft.chat_id for draft in drafts if draft.with_transcript]
    found = [_Said(**row) for row in store.read(_MESSAGES, {"ids": [str(each) for each in chat_ids]})]
    said = {chat_id: list(group) for chat_id, group in groupby(found, key=lambda each: each.chat_id)}
    made = {}
    for draft in drafts:
        messages = said.get(draft.chat_id, [])
        transcript = transcript_of(messages, draft.language, zone, with_system=draft.with_system)
        try:
            made[draft.chat_id] = compose(draft, transcript, sender, written_at)
        except ForgedHeader:
            continue
    return made


def queue_all_in(
    cursor: Cursor,
    drafts: Sequence[Draft],
    messages: Mapping[UUID, bytes],
    *,
    sender: MailAddress,
    actor: str,
    queued_at: datetime,
) -> tuple[UUID, ...]:
    """Queues the finished mails of drafts in the transaction of `cursor`; their ids.

    Each draft's number must be the next one of its chat, and nothing may stand against it: ValueError otherwise.
    """
    if not drafts:
        return ()
    added = {"state_since": queued_at, "created_at": queued_at, "created_by": actor}
    mails = [
        mail_row(draft)
        | added
        | {"source": messages[draft.chat_id], "message_id": message_id(draft, sender), "purpose": draft.purpose}
        for draft in drafts
    ]
    cursor.register("new_mails", _table(mails))
    if changed(cursor, _TAKE_NUMBERS, {}) != len(drafts):
        raise ValueError("a draft is not the next mail of its chat")
    _insert(cursor, "mails", "new_mails", list(mails[0]))
    ids = tuple(mail_id(draft.chat_id, draft.number) for draft in drafts)
    events = [
        event_row("mail_queued", actor, draft.chat_id, queued_at, mail=str(own), number=draft.number)
        for draft, own in zip(drafts, ids, strict=True)
    ]
    cursor.register("new_events", _table(events))
    _insert(cursor, "events", "new_events", list(events[0]))
    return ids


def _table(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(
        [{name: str(value) if name in _UUIDS else value for name, value in row.items()} for row in rows]
    )


def _insert(cursor: Cursor, table: str, source: str, columns: Sequence[str]) -> None:
    values = ", ".join(f"{name}::UUID" if name in _UUIDS else name for name in columns)
    cursor.execute(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {source}")
    cursor.unregister(source)
