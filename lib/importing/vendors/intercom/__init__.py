"""Reads Intercom: conversations and contacts as its interface lists, searches and gives them one by one.

The shapes: developers.intercom.com/docs/references/rest-api, pages "Conversations" and "Contacts".
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from lib.importing.vendors.intercom.conversations import read_conversation
from lib.importing.vendors.vendor import (
    Answer,
    Found,
    LeftOut,
    NameKind,
    Record,
    Vendor,
    drop,
    each,
    first,
    listed,
    named,
    names_in,
    part,
)
from lib.language import mark

# By the type of a record, the fields that show that it is one of Intercom.
SIGNS = {"conversation": ("conversation_parts", "source", "statistics"), "contact": ("workspace_id", "role")}
NAMED: dict[str, NameKind] = {"team": "department", "admin": "agent"}
CONTACT = frozenset(["type", "id", "name", "email", "phone", "location"])


def recognise(answer: Answer) -> str | None:
    """What shows that an answer is one of Intercom."""
    if _is_deletion(answer):
        return "deleted"
    if answer.get("type") in ("admin.list", "team.list"):
        return "type"
    if answer.get("type") in ("admin", "team") and answer.keys() & {"away_mode_enabled", "admin_ids"}:
        return "type"
    path, items = _items(answer)
    records = [item for item in items if isinstance(item, dict)]
    signs = (sign for record in records for sign in SIGNS.get(str(record.get("type")), ()) if sign in record)
    sign = next(signs, None)
    return f"{path}{sign}" if sign else "type" if answer.get("type") == "conversation.list" else None


def read(answer: Answer, left_out: LeftOut) -> Iterator[Found]:
    """The conversations or contacts of an answer, or of a single record."""
    if _is_deletion(answer):
        yield Found("chat", {"id": answer.get("id"), "deleted": True}, answer)
        return
    if "admins" in answer or "teams" in answer:
        yield from names_in("department", listed(answer.get("teams")))
        yield from names_in("agent", listed(answer.get("admins")))
        return
    if kind := NAMED.get(str(answer.get("type"))):
        yield from names_in(kind, [answer])
        return
    path, items = _items(answer)
    if path or not items:
        drop(answer, answer.keys() - {"type", "conversations", "data"}, left_out)
    if path == "data[]." or answer.get("type") == "contact":
        yield from each("visitor", items, partial(_visitor, left_out, path))
    else:
        yield from each("chat", items, partial(read_conversation, left_out, path))


def _is_deletion(answer: Answer) -> bool:
    """Whether it is what Intercom answers when a conversation is deleted."""
    return answer.get("object") == "conversation" and answer.get("deleted") is True


def _items(answer: Answer) -> tuple[str, list[Any]]:
    for field in ("conversations", "data"):
        if field in answer:
            return f"{field}[].", listed(answer[field])
    # What remains of a large answer whose list was read piece by piece.
    beside = str(answer.get("type")).endswith("list") or answer.keys() <= {"pages", "total_count"}
    return "", [] if beside else [answer]


def _visitor(left_out: LeftOut, path: str, contact: Answer) -> Record:
    place, names = part(contact, "location"), ("id", "name", "email", "phone")
    drop(contact, contact.keys() - CONTACT, left_out, path)
    drop(place, place.keys() - {"type", "country_code", "country"}, left_out, f"{path}location.")
    country = first(place.get("country_code"), place.get("country"))
    return {**{name: contact.get(name) for name in names}, "name": named(contact.get("name")), "country": country}


VENDOR = Vendor(
    code="intercom",
    name="Intercom",
    reads=mark(
        "Lists of conversations, single conversations with their parts, answers of a search, contacts, teams,"
        " and admins."
    ),
    leaves_out=mark("Reading states, ids of teammates, teams and companies."),
    missed=(
        mark("The visitor began it, no teammate replied, and it is closed or has been open for too long."),
        mark("A bot wrote but did not solve it, and no teammate replied."),
    ),
    recognise=recognise,
    read=read,
    lists=frozenset(["conversations", "data"]),
    judged=True,
)
