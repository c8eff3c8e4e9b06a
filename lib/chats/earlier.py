"""The earlier chats of a visitor."""

import pandas as pd

from lib.chats.chat import Chat
from lib.store import Store

MOST = 100


def earlier_chats(store: Store, chat: Chat) -> pd.DataFrame:
    """Chats of the same visitor that started before this one, newest first: id, started_at, status, operator, question.

    The same visitor is one with the same id in the same system, or the same e-mail address or phone number.
    """
    tests = {
        "visitor_id": "(system = $system AND visitor_id = $visitor_id)",
        "visitor_email": "lower(visitor_email) = lower($visitor_email)",
        "visitor_phone": "visitor_phone = $visitor_phone",
    }
    known = {name: test for name, test in tests.items() if getattr(chat, name)}
    params = {name: getattr(chat, name) for name in known} | {"id": chat.id}
    if "visitor_id" in known:
        params["system"] = chat.system
    if chat.started_at:
        params["started_at"] = chat.started_at
    before = "started_at < $started_at" if chat.started_at else "true"
    return store.frame(
        f"""SELECT id, started_at, status, operator, question FROM chats
            WHERE deleted_at IS NULL AND id <> $id AND {before} AND ({" OR ".join(known.values()) or "false"})
            ORDER BY started_at DESC NULLS LAST, id LIMIT {MOST}""",
        params,
    )
