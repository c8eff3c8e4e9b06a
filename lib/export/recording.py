"""Exports as events: who took what out of the history, and when."""

from uuid import UUID

from lib.export.choice import Request
from lib.export.manifest import columns_of
from lib.export.writing import Exported
from lib.store import Store, now, record_event


def record_export(store: Store, request: Request, exported: Exported) -> None:
    """Records a finished export."""
    choice = request.choice
    detail = {
        "filter": exported.sentence,
        "link": request.link,
        "chats": exported.chats,
        "messages": exported.messages,
        "deleted_chats_left_out": exported.deleted_left_out,
        "format": choice.format,
        "content": "chats and messages" if choice.with_messages else "chats",
        "columns": columns_of(choice),
        "masked": sorted(choice.masks),
        "bytes": exported.bytes,
        "sha256": exported.sha256,
    }
    # No answer to a question about chats is stale because of it.
    store.write(
        lambda cursor: record_event(cursor, "export", request.person, None, now(), **detail),
        counts=False,
    )


def record_transcript(store: Store, chat_id: UUID, format: str, person: str) -> None:
    """Records that somebody saved the transcript of one chat."""
    store.write(
        lambda cursor: record_event(cursor, "export_transcript", person, chat_id, now(), format=format), counts=False
    )
