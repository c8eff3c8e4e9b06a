"""The chats of one visitor."""

import pandas as pd

from lib.chats.chat import Chat
from lib.store import Store

MOST = 100


def chats_of_visitor(store: Store, chat: Chat) -> pd.DataFrame:
    """This chat and the others of its visitor, newest first: id, started_at, status, operator, question.

    The same visitor is one with the same id in the same system, or the same e-mail address or phone number. Of more
    than MOST there are those nearest in time to this one.
    """
    tests = {
        "visitor_id": "(system = $system AND visitor_id = $visitor_id)",
        "visitor_email": "lower(visitor_email) = lower($visitor_email)",
        "visitor_phone": "visitor_phone = $visitor_phone",
    }
    known = {name: test for name, test in tests.items() if getattr(chat, name)}
    params = {name: getattr(chat, name) for name in known} | {"id": chat.id, "started_at": chat.started_at}
    if "visitor_id" in known:
        params["system"] = chat.system
    return store.frame(
        f"""SELECT id, started_at, status, operator, question FROM (
                FROM chats WHERE id = $id OR (deleted_at IS NULL AND ({" OR ".join(known.values()) or "false"}))
                ORDER BY id <> $id, abs(epoch_us(started_at) - epoch_us($started_at::TIMESTAMP)) NULLS LAST,
                    started_at DESC NULLS LAST, id
                LIMIT {MOST})
            ORDER BY started_at DESC NULLS LAST, id""",
        params,
    )
