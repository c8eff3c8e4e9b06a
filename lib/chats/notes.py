"""Our own internal notes on a chat; each is an event and never changes."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lib.commands import command
from lib.store import Cursor, Store, insert, now, record_event, rows
from lib.store.spellings import search_form

LONGEST = 10_000


@dataclass(frozen=True)
class Note:
    """A note with its author and its time (naive UTC)."""

    written_at: datetime
    author: str
    text: str


@command("chat.note", "note", "note", person="author", chats="chat_id")
def add_note(store: Store, chat_id: UUID, text: str, author: str) -> bool:
    """Keeps a note; returns False, and keeps nothing, where the text is blank, or the chat is anonymised. Longer ones
    than LONGEST are cut."""
    kept = text.strip()[:LONGEST]

    def work(cursor: Cursor) -> bool:
        if rows(cursor.execute("SELECT id FROM chats WHERE id = $id AND anonymised_at IS NOT NULL", {"id": chat_id})):
            return False
        record_event(cursor, "note", author, chat_id, now(), text=kept)
        insert(cursor, "note_texts", {"chat_id": chat_id, "search_text": search_form(kept)})
        return True

    return bool(kept) and store.write(work)


def notes(store: Store, chat_id: UUID) -> list[Note]:
    """The notes on a chat, oldest first."""
    found = store.read(
        """SELECT happened_at, actor, detail FROM events WHERE chat_id = $id AND action = 'note'
           ORDER BY happened_at, id""",
        {"id": chat_id},
    )
    return [Note(row["happened_at"], row["actor"], json.loads(row["detail"])["text"]) for row in found]
