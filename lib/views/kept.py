"""What a link stands for without showing it: words, names and addresses must not be read in an address or a log."""

from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

from lib.store import Cursor, Row, Store, StoreError, explained, insert, now, rows

# A link that carries something kept works for a year after it was last used; a use is written down once in a while.
KEPT_FOR = timedelta(days=365)
RENEWED_AFTER = timedelta(days=7)


def keep(store: Store, content: str, person: str) -> str:
    """The id that stands for a content in links; it tells nothing of it, and is the same for the same content."""
    found = _found(
        store, "SELECT id, kept_at FROM kept_contents WHERE content = $content LIMIT 1", {"content": content}
    )
    if found:
        _renew(store, found[0])
        return str(found[0]["id"])
    key = uuid4().hex[:16]

    def work(cursor: Cursor) -> None:
        moment = now()
        cursor.execute("DELETE FROM kept_contents WHERE kept_at < $before", {"before": moment - KEPT_FOR})
        insert(cursor, "kept_contents", {"id": key, "content": content, "kept_at": moment, "kept_by": person})

    store.write(work, counts=False)
    return key


def kept(store: Store, key: str) -> str | None:
    """The content that an id stands for; None where it is unknown, or nobody has used it for too long."""
    found = _found(store, "SELECT id, content, kept_at FROM kept_contents WHERE id = $id LIMIT 1", {"id": key})
    if not found:
        return None
    _renew(store, found[0])
    return str(found[0]["content"])


def _found(store: Store, sql: str, params: dict[str, str]) -> list[Row]:
    # Not of the snapshot: what was kept a moment ago is there, and it never changes.
    with explained(store.path), store.cursor() as cursor:
        return rows(cursor.execute(sql, params))


def _renew(store: Store, row: Row) -> None:
    moment = now()
    if moment - row["kept_at"] > RENEWED_AFTER:
        used = {"id": row["id"], "moment": moment, "before": row["kept_at"]}
        sql = "UPDATE kept_contents SET kept_at = $moment WHERE id = $id AND kept_at = $before"
        # Otherwise the next use is written down.
        with suppress(StoreError):
            store.write(lambda cursor: cursor.execute(sql, used), counts=False)
