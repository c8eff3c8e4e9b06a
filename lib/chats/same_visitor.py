"""The SQL that knows a visitor again: by e-mail address, phone number, or id in the same account of a system."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from lib.chats.chat import Chat
from lib.store import Store

if TYPE_CHECKING:  # It takes long to load, which the processes that only read files need not wait for.
    import pandas as pd

MOST = 100
# What more names share is the address or number of a desk, a shop or a form, and nobody's.
MOST_NAMES = 20


# What people and forms write who have no address or number, or will not say: it is nobody's.
_NO_ADDRESS = (
    r"^(none|no|na|nil|null|nobody|unknown|anonymous|dummy|no-?e?mail|no-?reply|x+|a+|-+)@|^[^@]*$|@.*@|\s|@[^.]*$"
)
_NO_NUMBER = "|".join(f"^[^0-9]*({digit}[^0-9]*)*$" for digit in "0123456789")


@dataclass(frozen=True)
class Sign:
    """What a visitor is known by: `value` is read fast, `key` is one person's alone, and NULL where it is nobody's;
    `anybodys` also where more persons share it."""

    name: Literal["email", "phone", "visitor"]
    value: str
    anybodys: str

    @property
    def key(self) -> str:
        """SQL of the key; NULL where too many share it, or people said that it is not one person's."""
        return f"CASE WHEN md5({self.anybodys}) NOT IN (SELECT digest FROM shared_signs) THEN {self.anybodys} END"


def email_key(value: str) -> str:
    """SQL of what is the same for all spellings of an e-mail address; NULL where it is nobody's."""
    return f"CASE WHEN NOT regexp_matches({value}, '{_NO_ADDRESS}') THEN 'e' || {value} END"


def phone_key(value: str) -> str:
    """SQL of what a phone number is known by; NULL where it is nobody's."""
    return f"CASE WHEN NOT regexp_matches({value}, '{_NO_NUMBER}') THEN 'p' || {value} END"


# To trim takes four times as long as all else, and hardly any address has a space.
_EMAIL = "lower(CASE WHEN contains(visitor_email, ' ') THEN trim(visitor_email) ELSE visitor_email END)"
_PHONE = "coalesce(visitor_phone_e164, visitor_phone)"


_VISITOR_KEY = """CASE WHEN visitor_id <> ''
    THEN 'v' || system || chr(31) || coalesce(account, '') || chr(31) || visitor_id END"""
SIGNS = (
    Sign("email", _EMAIL, email_key(_EMAIL)),
    Sign("phone", _PHONE, phone_key(_PHONE)),
    Sign("visitor", "visitor_id", _VISITOR_KEY),
)
_SHAREABLE = (("email", _EMAIL, email_key("value")), ("phone", _PHONE, phone_key("value")))
_NAMES = "count(DISTINCT lower(trim(visitor_name)))"


def signs_of(table: str, columns: str) -> str:
    """A query for the columns of a table that has those of chats, once for each `sign`, with its `value` and `key`."""
    return " UNION ALL ".join(
        f"SELECT {columns}, '{sign.name}' AS sign, {sign.value} AS value, {sign.key} AS key"
        f" FROM {table} WHERE {sign.key} IS NOT NULL"
        for sign in SIGNS
    )


def chats_of(signs: str, columns: str, condition: str, by: Sequence[Sign] = SIGNS) -> str:
    """A query for the columns of those chats, and the `key`, whose visitor has one of the signs in a table of
    `signs_of`; a chat comes once for each."""
    return " UNION ALL ".join(
        f"SELECT {columns}, {sign.key} AS key FROM chats WHERE {condition}"
        f" AND {sign.value} IN (SELECT value FROM {signs} WHERE sign = '{sign.name}')"
        + (f" AND {sign.key} IN (SELECT key FROM {signs})" if sign.name == "visitor" else "")
        for sign in by
    )


def newly_shared(condition: str) -> str:
    """A query for the `sign`, `value` and `digest` of what the chats that meet a condition have, and too many share."""
    # Of few values, so that what costs more is asked of these only.
    return " UNION ALL ".join(
        f"""SELECT '{name}' AS sign, value, md5({key}) AS digest
            FROM (SELECT {value} AS value FROM chats
                WHERE {value} IN (SELECT {value} FROM chats WHERE {condition})
                GROUP BY ALL HAVING {_NAMES} > {MOST_NAMES})
            WHERE {key} IS NOT NULL AND md5({key}) NOT IN (SELECT digest FROM shared_signs)"""
        for name, value, key in _SHAREABLE
    )


def names_beside(digests: str) -> str:
    """A query for the `sign`, `value` and `digest` of addresses and numbers in a table of digests, and how many `names`
    share each."""
    return " UNION ALL ".join(
        f"""SELECT '{name}' AS sign, value, md5({key}) AS digest, names
            FROM (SELECT {value} AS value, {_NAMES} AS names FROM chats GROUP BY ALL)
            WHERE md5({key}) IN (SELECT digest FROM {digests})"""
        for name, value, key in _SHAREABLE
    )


def of_visitor(store: Store, chat_id: UUID) -> tuple[str, dict[str, Any]]:
    """A query for the `ordinal` of each chat of the visitor of a chat, deleted ones too, and its values.

    Who sees only some chats knows of no persons (lib/visitors/persons.py): for them it is of the chats that have a sign
    of this one.
    """
    sql = "SELECT person FROM person_chats WHERE ordinal = (SELECT ordinal FROM chats WHERE id = $chat)"
    if known := store.read(sql, {"chat": chat_id}):
        return "SELECT ordinal FROM person_chats WHERE person = $person", {"person": known[0]["person"]}
    by_signs = f"""
        WITH own AS (SELECT * FROM chats WHERE id = $chat), signs AS ({signs_of("own", "0")})
        SELECT ordinal FROM own UNION SELECT ordinal FROM ({chats_of("signs", "ordinal", "anonymised_at IS NULL")})
        WHERE key IN (SELECT key FROM signs)"""
    return by_signs, {"chat": chat_id}


def chats_of_visitor(store: Store, chat: Chat) -> "pd.DataFrame":
    """This chat and the others of its visitor, newest first: id, started_at, status, operator, question.

    Of more than MOST there are those nearest in time to this one.
    """
    theirs, params = of_visitor(store, chat.id)
    # Found first; what is shown is read of these only.
    return store.frame(
        f"""WITH found AS MATERIALIZED ({theirs})
            SELECT id, started_at, status, operator, question FROM (
                FROM chats WHERE ordinal IN (FROM found) AND (deleted_at IS NULL OR id = $id)
                ORDER BY id <> $id, abs(epoch_us(started_at) - epoch_us($started_at::TIMESTAMP)) NULLS LAST,
                    started_at DESC NULLS LAST, id
                LIMIT {MOST})
            ORDER BY started_at DESC NULLS LAST, id""",
        params | {"id": chat.id, "started_at": chat.started_at},
    )
