"""Records of exports of ours on their way back, as the chat system gave them."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from lib.chats.own_files import (
    ACCOUNT,
    FOLLOW_UP,
    FOR_PEOPLE,
    GIVEN,
    MARK,
    UNKNOWN_FIELDS,
)
from lib.importing.problems import FieldError
from lib.importing.records.accounts import account_in
from lib.importing.records.given import VAGUE
from lib.importing.records.values import mapping, text, texts
from lib.importing.sources import clean

# What an export says beside the fields of the import format: made of them, or our own work.
BESIDE = frozenset([MARK, GIVEN, FOLLOW_UP, UNKNOWN_FIELDS, ACCOUNT, "duration_s", "message_count", *FOR_PEOPLE])
GIVEN_FIELDS = ("status", "missed_reason", "wait_s", "operators", "language", "question")


class Restored(NamedTuple):
    """A record as it was given; `unknown_fields` and `message_unknowns` (by position) are JSON as it was kept.

    `filled` are the fields of the visitor that the visitor's own record had, with their values; `account_told` and
    `account_name` are what files and people call the account of the chat.
    """

    record: dict[str, Any]
    unknown_fields: str | None
    message_unknowns: dict[int, str]
    filled: dict[str, Any]
    account_told: str | None
    account_name: str | None


def restored(record: Mapping[str, Any], *, written: bool) -> Restored:
    """What the chat system gave, of a record of an export; raises FieldError."""
    told = {name: value for name, value in record.items() if name not in BESIDE}
    filled: dict[str, Any] = {}
    account_told: str | None = None
    if record.get(GIVEN) is not None:
        given = mapping(record[GIVEN], GIVEN)
        told |= {name: given.get(name) for name in GIVEN_FIELDS}
        if given.get("wait_s") != record.get("wait_s"):
            # Messages told it better.
            told[VAGUE] = frozenset(["given_wait_s"])
        told.pop("operator", None)
        account_told = account_in(given.get("account"), f"{GIVEN}.account")
        names = texts(given.get("filled"), f"{GIVEN}.filled", written=written)
        visitor = mapping(told.get("visitor"), "visitor")
        filled = {name: visitor[name] for name in names if visitor.get(name) is not None}
        told["visitor"] = {name: value for name, value in visitor.items() if name not in filled}
    unknowns = _message_unknowns(told)
    kept, name = kept_json(record.get(UNKNOWN_FIELDS), UNKNOWN_FIELDS), account_in(record.get(ACCOUNT), ACCOUNT)
    return Restored(told, kept, unknowns, filled, account_told, name)


def _message_unknowns(told: dict[str, Any]) -> dict[int, str]:
    """The unknown fields of each message; takes them out of the messages."""
    messages = told.get("messages")
    if not isinstance(messages, list):
        return {}
    found: dict[int, str] = {}
    for position, message in enumerate(messages):
        if message.__class__ is dict and UNKNOWN_FIELDS in message:
            kept = kept_json(message[UNKNOWN_FIELDS], f"messages[{position}].{UNKNOWN_FIELDS}")
            found |= {position: kept} if kept else {}
            message.pop(UNKNOWN_FIELDS)
    return found


def kept_json(value: Any, field: str) -> str | None:
    """The text of a JSON object, as it stands; raises FieldError."""
    found = text(value, field)
    if found is None:
        return None
    try:
        is_object = json.loads(found).__class__ is dict
    except (ValueError, RecursionError):
        is_object = False
    if not is_object:
        raise FieldError(field, value, "not_json")
    # Half characters, as escapes, are no JSON to the store.
    return found if "\\ud" not in found.lower() else json.dumps(clean(json.loads(found)), ensure_ascii=False)
