"""Finds the chats that have words in their question or messages, by reading the normalised texts."""

import threading
import weakref
from collections import OrderedDict
from typing import Any

import pyarrow as pa

from lib.chats.search_form import search_form
from lib.store import Store

# Every query of one screen asks for the same hits; a few screens' worth are kept.
KEPT = 16
_hits: "OrderedDict[tuple[Any, ...], pa.Table]" = OrderedDict()
_lock = threading.Lock()


def word_hits(store: Store, words: str, where: str, params: dict[str, Any]) -> pa.Table:
    """Ids of the chats meeting `where` that contain every word, each anywhere in the chat; notes are not searched."""
    # The id of a store that is gone may be given to another; its weak reference is not.
    key = (weakref.ref(store), store.generation, search_form(words), where, tuple(params.items()))
    with _lock:
        if key in _hits:
            _hits.move_to_end(key)
            return _hits[key]
    found = _search(store, search_form(words).split(), where, params)
    with _lock:
        _hits[key] = found
        while len(_hits) > KEPT:
            _hits.popitem(last=False)
    return found


def _search(store: Store, words: list[str], where: str, params: dict[str, Any]) -> pa.Table:
    tests = [f"contains(text, $word_{n})" for n in range(len(words))]
    # Between these ordinals the scan of messages skips the row groups of all other chats; a join would cost more than
    # the scan, so the chats are looked up last.
    span = store.read(f"SELECT min(ordinal) AS first, max(ordinal) AS last FROM chats WHERE {where}", params)[0]
    sql = f"""
        WITH texts AS (
            SELECT id, question_search AS text FROM chats WHERE {where}
            UNION ALL
            SELECT chat_id, search_text FROM messages WHERE ordinal BETWEEN $first AND $last AND kind <> 'note'
        ),
        hits AS (
            SELECT id FROM texts WHERE {" OR ".join(tests)}
            GROUP BY id HAVING {" AND ".join(f"bool_or({test})" for test in tests)}
        )
        SELECT id FROM chats WHERE {where} AND id IN (SELECT id FROM hits)
    """
    bound = params | span | {f"word_{n}": word for n, word in enumerate(words)}
    with store.cursor() as cursor:
        return cursor.execute(sql, bound).to_arrow_table()
