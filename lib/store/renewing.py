"""Makes anew what is kept of texts and phone numbers where an older version kept it otherwise.

It takes minutes where there are many millions of messages, so it is done in pieces. Each is stored by itself, and a
piece that is done already is only read: who is interrupted begins again, and is soon where it was.
"""

import logging
from collections.abc import Callable

from lib.settings import SettingError, load_settings
from lib.store.phone_numbers import write_phone_forms
from lib.store.scripts import language_sql, script_sql
from lib.store.spellings import VISITOR_SEARCH
from lib.store.statements import Cursor, transaction

LOG = logging.getLogger(__name__)
# Of chats, which is a second or two.
PIECE = 20_000
# Other texts have the same form as before.
_OTHERS = r"'[^\x00-\x7f]|[`&]'"
_HERE = "ordinal BETWEEN $first AND $last"
RENEWALS = (
    f"""UPDATE messages SET search_text = search_form(text)
    WHERE {_HERE} AND regexp_matches(text, {_OTHERS}) AND search_text IS DISTINCT FROM search_form(text)""",
    f"""UPDATE messages SET name = unescaped(name)
    WHERE {_HERE} AND kind = 'visitor' AND contains(name, '&') AND name <> unescaped(name)""",
    f"""UPDATE chats SET visitor_name = unescaped(visitor_name)
    WHERE {_HERE} AND contains(visitor_name, '&') AND visitor_name <> unescaped(visitor_name)""",
    f"""UPDATE chats SET question_search = search_form(question)
    WHERE {_HERE} AND regexp_matches(question, {_OTHERS}) AND question_search IS DISTINCT FROM search_form(question)""",
    f"""UPDATE chats SET visitor_search = {VISITOR_SEARCH}
    WHERE {_HERE} AND regexp_matches(concat(visitor_name, visitor_email, visitor_phone, visitor_search), {_OTHERS})
        AND visitor_search IS DISTINCT FROM {VISITOR_SEARCH}""",
    f"""UPDATE chats SET language = told.language FROM (
        SELECT id, {language_sql("scripts", "(SELECT any_value(zone) FROM last_derivation)")} AS language
        FROM (
            SELECT c.id, bit_or({script_sql("m.text")}) | any_value({script_sql("c.given_question")}) AS scripts
            FROM (FROM chats WHERE {_HERE} AND given_language IS NULL) AS c
            LEFT JOIN (FROM messages WHERE {_HERE} AND kind IN ('visitor', 'operator', 'bot')) AS m ON m.chat_id = c.id
            GROUP BY c.id
        )
    ) AS told
    WHERE {_HERE} AND chats.id = told.id AND chats.language IS DISTINCT FROM told.language""",
)


def renew_search(cursor: Cursor, *, is_lake: bool) -> None:
    """Makes forms for search and languages of all chats anew, and says on the console how far it has come."""

    def renew(first: int, last: int) -> None:
        for renewal in RENEWALS:
            cursor.execute(renewal, {"first": first, "last": last})

    in_pieces(cursor, "What is kept of texts", renew, is_lake=is_lake)


def renew_phones(cursor: Cursor, *, is_lake: bool) -> None:
    """Makes the international form of all phone numbers, in the country of the chat, else of the workspace's zone."""
    zone = workspace_zone(cursor)

    def renew(first: int, last: int) -> None:
        write_phone_forms(cursor, "chats", zone, f"ordinal BETWEEN {first} AND {last}")

    in_pieces(cursor, "The form of phone numbers", renew, is_lake=is_lake)


def workspace_zone(cursor: Cursor) -> str | None:
    """The zone that missed chats were derived in last, else that of the settings; None where that cannot be used."""
    (zone,) = cursor.execute("SELECT any_value(zone) FROM last_derivation").fetchone() or (None,)
    try:
        return zone or load_settings().zone
    except SettingError:
        return None


def in_pieces(cursor: Cursor, what: str, renew: Callable[[int, int], None], *, is_lake: bool) -> None:
    """Renews the chats from one ordinal to another, each such piece in a transaction, and says how far it has come."""
    count, start, end = cursor.execute("SELECT count(*), min(ordinal), max(ordinal) FROM chats").fetchall()[0]
    for first in range(start, end + 1, PIECE) if count else ():
        last = min(first + PIECE - 1, end)
        with transaction(cursor):
            renew(first, last)
        if not is_lake:
            cursor.execute("CHECKPOINT")
        if end - start >= PIECE:
            LOG.warning("%s is made anew: %d %%", what, 100 * (last - start + 1) // (end - start + 1))
