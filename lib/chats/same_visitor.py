"""The SQL that knows a visitor again: by e-mail address, phone number, or id in the same account of a system."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from lib.chats.chat import Chat
from lib.store import Store

if TYPE_CHECKING:  # It takes long to load, which the processes that only read files need not wait for.
    import pandas as pd

VISITOR_COLUMNS = "system, account, visitor_id, visitor_email, visitor_phone, visitor_phone_e164"
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
    """What a visitor is known by: `value` is read fast, `key` is one person's alone, and NULL where it is nobody's."""

    name: str
    value: str
    key: str


def email_key(value: str) -> str:
    """SQL of what is the same for all spellings of an e-mail address; NULL where it is nobody's."""
    return f"CASE WHEN NOT regexp_matches({value}, '{_NO_ADDRESS}') THEN 'e' || {value} END"


def phone_key(value: str) -> str:
    """SQL of what a phone number is known by; NULL where it is nobody's."""
    return f"CASE WHEN NOT regexp_matches({value}, '{_NO_NUMBER}') THEN 'p' || {value} END"


# To trim takes four times as long as all else, and hardly any address has a space.
_EMAIL = "lower(CASE WHEN contains(visitor_email, ' ') THEN trim(visitor_email) ELSE visitor_email END)"
_PHONE = "coalesce(visitor_phone_e164, visitor_phone)"


def _of_one(key: str) -> str:
    """SQL of the key; NULL where too many share it."""
    return f"CASE WHEN md5({key}) NOT IN (SELECT digest FROM shared_signs) THEN {key} END"


SIGNS = (
    Sign("email", _EMAIL, _of_one(email_key(_EMAIL))),
    Sign("phone", _PHONE, _of_one(phone_key(_PHONE))),
    Sign("visitor", "visitor_id", "'v' || system || chr(31) || coalesce(account, '') || chr(31) || visitor_id"),
)
# Of a chat, one column a sign.
KEYS = ", ".join(f"{sign.key} AS {sign.name}_key" for sign in SIGNS)


def _subsets() -> str:
    names = [f"{sign.name}_key" for sign in SIGNS]
    subsets = [subset for size in (1, 2, 3) for subset in combinations(names, size)]
    entries = (f"{{'key': {' || chr(30) || '.join(s)}, 'weight': {1 if len(s) % 2 else -1}}}" for s in subsets)
    return f"list_filter([{', '.join(entries)}], entry -> entry.key IS NOT NULL)"


# Who share any sign are counted once each: those who share the first, the second or the third, less those who share
# two of them, plus those who share all three.
SUBSETS = _subsets()


_SHAREABLE = (("email", _EMAIL, email_key("value")), ("phone", _PHONE, phone_key("value")))
_NAMES = "count(DISTINCT lower(trim(visitor_name)))"


def signs_of(table: str, columns: str) -> str:
    """A query for the columns of a table with VISITOR_COLUMNS, once for each `sign`, with its `value` and `key`."""
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


def chats_of_visitor(store: Store, chat: Chat) -> "pd.DataFrame":
    """This chat and the others of its visitor, newest first: id, started_at, status, operator, question.

    The same visitor is one with the same id in the same account of a system, or the same e-mail address or phone
    number. Of more than MOST there are those nearest in time to this one.
    """
    tests = {
        "visitor_id": "(system = $system AND account IS NOT DISTINCT FROM $account AND visitor_id = $visitor_id)",
        "visitor_email": _as_here(SIGNS[0]),
        "visitor_phone": _as_here(SIGNS[1]),
    }
    known = {name: test for name, test in tests.items() if getattr(chat, name)}
    params: dict[str, Any] = {"id": chat.id, "started_at": chat.started_at}
    if "visitor_id" in known:
        params |= {"system": chat.system, "account": chat.account, "visitor_id": chat.visitor_id}
    # Found first, by one column after the other; what is shown is read of these only.
    found = " UNION ALL ".join(
        ["SELECT ordinal FROM chats WHERE id = $id"]
        + [f"SELECT ordinal FROM chats WHERE {test} AND deleted_at IS NULL" for test in known.values()]
    )
    return store.frame(
        f"""WITH found AS MATERIALIZED ({found})
            SELECT id, started_at, status, operator, question FROM (
                FROM chats WHERE ordinal IN (FROM found)
                ORDER BY id <> $id, abs(epoch_us(started_at) - epoch_us($started_at::TIMESTAMP)) NULLS LAST,
                    started_at DESC NULLS LAST, id
                LIMIT {MOST})
            ORDER BY started_at DESC NULLS LAST, id""",
        params,
    )


def _as_here(sign: Sign) -> str:
    """SQL of the condition that a chat has the same sign as the one with $id, and that it is somebody's.

    Whether it is, is asked of that one alone: to ask it of all chats takes ten times as long as to find them.
    """
    return f"{sign.value} = (SELECT {sign.value} FROM chats WHERE id = $id AND {sign.key} IS NOT NULL)"
