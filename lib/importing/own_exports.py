"""Exports of ours on their way back: a record as the chat system gave it, and a zip with its manifest."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from lib.chats.own_files import (
    ACCOUNT,
    CHATS_FILES,
    FOLLOW_UP,
    FOR_PEOPLE,
    FORMAT,
    GIVEN,
    MANIFEST,
    MARK,
    MESSAGES_FILE,
    UNKNOWN_FIELDS,
    VERSION,
)
from lib.importing.accounts import account_in
from lib.importing.archives import opened_member
from lib.importing.given import VAGUE
from lib.importing.problems import FieldError, ImportRefused
from lib.importing.sources import Export, Item, Source, clean
from lib.importing.values import mapping, text, texts

LONGEST_MANIFEST = 1 << 20
# What an export says beside the fields of the import format: made of them, or our own work.
BESIDE = frozenset([MARK, GIVEN, FOLLOW_UP, UNKNOWN_FIELDS, ACCOUNT, "duration_s", "message_count", *FOR_PEOPLE])
GIVEN_FIELDS = ("status", "missed_reason", "wait_s", "operators", "language", "question")
OF_CHAT = frozenset(["chat_id", "system", "account", MARK])


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


def taken_together(source: Source, members: Sequence[Source]) -> list[Source]:
    """The files of a zip; those of an export without its manifest, and its messages with its chats."""
    named = {member.name.removeprefix(f"{source.name}/"): member for member in members}
    told = _manifest(named[MANIFEST]) if MANIFEST in named else {}
    chats = named.get(next((name for name in CHATS_FILES.values() if name in named), ""))
    allowed = {MANIFEST, MESSAGES_FILE, *CHATS_FILES.values()}
    if told.get("format") != FORMAT or told.get("version") != VERSION or chats is None or not allowed >= named.keys():
        return list(members)
    is_csv = CHATS_FILES["csv"] in named
    said = named.get(MESSAGES_FILE) if is_csv else None
    export = Export(neutralised=is_csv and told.get("neutralised") is True, messages=said)
    return [replace(chats, export=export)]


def _manifest(source: Source) -> dict[str, Any]:
    try:
        with source.open() as stream, opened_member(stream, source) as content:
            told = json.loads(content.read(LONGEST_MANIFEST))
    except (ValueError, RecursionError, ImportRefused):
        return {}
    return told if isinstance(told, dict) else {}


@dataclass
class Joined:
    """Rows of messages beside rows of chats, both in the order of the export."""

    rows: Iterator[Item]

    def chats(self, chats: Iterator[Item]) -> Iterator[Item]:
        """Each chat with its messages inside; then what is left of the messages, each as a row of its own."""
        row = next(self.rows, None)
        for chat in chats:
            said, size = list[Any](), chat.size
            while row is not None and _same(row.record, chat.record):
                said.append({name: value for name, value in row.record.items() if name not in OF_CHAT})
                size += row.size
                row = next(self.rows, None)
            is_record = isinstance(chat.record, dict)
            yield chat._replace(record={**chat.record, "messages": said}, size=size) if is_record else chat
        while row is not None:
            yield row
            row = next(self.rows, None)


def _same(row: Any, chat: Any) -> bool:
    is_both = isinstance(row, dict) and isinstance(chat, dict)
    return is_both and [row.get(name) for name in ("chat_id", "system", "account")] == [
        chat.get(name) for name in ("id", "system", "account")
    ]
