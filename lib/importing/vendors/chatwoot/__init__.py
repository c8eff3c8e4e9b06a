"""Reads Chatwoot: conversations, messages and contacts, as its interface and its webhooks give them.

The shapes: developers.chatwoot.com/api-reference, pages "Conversations List", "Get messages" and "List Contacts".
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from lib.importing.vendors.chatwoot.conversations import read_contact, read_conversation
from lib.importing.vendors.chatwoot.messages import read_rows
from lib.importing.vendors.vendor import (
    Answer,
    Found,
    LeftOut,
    NameKind,
    RecordKind,
    Vendor,
    drop,
    listed,
    names_in,
    several,
)
from lib.language import mark

SIGNS: dict[RecordKind, tuple[str, ...]] = {
    "chat": ("inbox_id", "meta", "status"),
    "message": ("message_type", "content", "private"),
    "visitor": ("phone_number", "identifier", "thumbnail"),
}

NAME_SIGNS: dict[NameKind | None, str] = {"department": "allow_auto_assign", "agent": "availability_status"}


def recognise(answer: Answer) -> str | None:
    """What shows that an answer is one of Chatwoot."""
    path, items, _ = _items(answer)
    kind = _kind(items)
    return f"{path}{SIGNS[kind][0]}" if kind else NAME_SIGNS.get(_named(answer))


def read(answer: Answer, left_out: LeftOut) -> Iterator[Found]:
    """The conversations, messages or contacts of an answer, or of a single record."""
    if named := _named(answer):
        yield from names_in(named, [answer], called=("name", "available_name"))
        return
    path, items, envelope = _items(answer)
    drop(envelope, envelope.keys() - {"payload"}, left_out, path.removesuffix("payload[]."))
    kind = _kind(items) or ("message" if path == "payload[]." else "chat")
    readers = {"chat": read_conversation, "message": read_rows, "visitor": read_contact}
    yield from several(kind, items, partial(readers[kind], left_out, path))


def _named(record: Answer) -> NameKind | None:
    """Whether it is a team or an agent, as the lists of them hold them."""
    if record.keys() >= {"id", "name", "allow_auto_assign"}:
        return "department"
    return "agent" if record.keys() >= {"id", "confirmed", "role", "availability_status"} else None


def _items(answer: Answer) -> tuple[str, list[Any], Answer]:
    data = answer.get("data")
    envelope, path = (data, "data.") if isinstance(data, dict) else (answer, "")
    if "payload" in envelope or envelope.keys() <= {"meta"}:
        return f"{path}payload[].", listed(envelope.get("payload")), envelope
    return "", [answer], {}


def _kind(items: list[Any]) -> RecordKind | None:
    records = [item for item in items if isinstance(item, dict)]
    return next((kind for record in records for kind, signs in SIGNS.items() if record.keys() >= {*signs}), None)


VENDOR = Vendor(
    code="chatwoot",
    name="Chatwoot",
    reads=mark("Lists of conversations, single conversations, pages of messages, contacts, teams, and agents."),
    leaves_out=mark("When somebody last looked, unread counts, delivery states, pictures of people."),
    missed=(
        mark("Nobody but visitors and bots wrote, and the conversation is resolved or has been open for too long."),
        mark("A bot wrote but did not have the last word, and no person replied."),
    ),
    recognise=recognise,
    read=read,
    lists=frozenset(["payload", "data.payload"]),
    judged=True,
)
