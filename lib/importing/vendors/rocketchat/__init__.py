"""Reads Rocket.Chat's omnichannel: rooms, messages and visitors, as its interface lists and its database dumps them.

The shapes: developer.rocket.chat/apidocs, "Omnichannel"; the types IRoom, IMessage and ILivechatVisitor of its source.
"""

from collections.abc import Callable, Iterator
from typing import Any

from lib.importing.vendors.rocketchat.messages import messages
from lib.importing.vendors.rocketchat.rooms import OMNICHANNEL, rooms, session, visitors
from lib.importing.vendors.vendor import (
    Answer,
    Found,
    LeftOut,
    Record,
    RecordKind,
    Vendor,
    drop,
    listed,
    names_in,
    several,
)
from lib.language import mark

PLACES: dict[str, RecordKind] = {
    "rooms": "chat", "history": "chat", "room": "chat", "messages": "message", "pages": "message",
    "message": "message", "visitors": "visitor", "visitor": "visitor", "contact": "visitor",
}  # fmt: skip
DEPARTMENT = frozenset(["numAgents", "showOnRegistration", "showOnOfflineForm", "enabled"])
AGENT = frozenset(["statusLivechat", "livechat"])
PAGING = frozenset(["count", "offset", "total", "success"])
READERS: dict[RecordKind, Callable[[Answer, LeftOut], list[Record]]] = {
    "chat": rooms,
    "message": messages,
    "visitor": visitors,
}


def read(answer: Answer, left_out: LeftOut) -> Iterator[Found]:
    """The rooms, messages and visitors of an answer; what has an `_id` is a record by itself."""
    if _is_session(answer):
        room, said = session(answer, left_out)
        yield from _records("chat", [room], left_out)
        yield from _records("message", said, left_out)
        return
    if "_id" in answer:
        kind, _ = _sign(answer) or ("chat", "")
        yield from _records(kind, [answer], left_out)
        return
    yield from names_in("department", _departments(answer), ids=("_id",))
    yield from names_in("agent", filter(_is_agent, listed(answer.get("users"))), ids=("_id", "username"))
    for place, value in answer.items():
        if place in PLACES:
            yield from _records(PLACES[place], listed(value), left_out)
    drop(answer, answer.keys() - PLACES.keys() - {"departments", "department", "agents", "users"}, left_out)


def _records(kind: RecordKind, items: list[Any], left_out: LeftOut) -> Iterator[Found]:
    return several(kind, items, lambda item: READERS[kind](item, left_out))


def recognise(answer: Answer) -> str | None:
    """The field of a record that only Rocket.Chat has, or the paging beside an empty list."""
    if _is_session(answer):
        return "type"
    for place, kind in PLACES.items():
        for item in listed(answer.get(place)):
            if (sign := _sign(item)) and sign[0] == kind:
                return f"{place}[].{sign[1]}" if isinstance(answer[place], list) else f"{place}.{sign[1]}"
    if _departments(answer):
        return "departments[].numAgents" if "departments" in answer else "department.numAgents"
    if any(map(_is_agent, listed(answer.get("users")))):
        return "users[].statusLivechat"
    if answer.keys() >= PAGING and (empty := next((place for place in PLACES if answer.get(place) == []), None)):
        return f"{empty}[], total"
    own = _sign(answer)
    return own and own[1]


def _sign(record: Any) -> tuple[RecordKind, str] | None:
    if not isinstance(record, dict) or "_id" not in record:
        return None
    if record.keys() >= {"rid", "msg"}:
        return "message", "rid"
    if record.get("t") in tuple(OMNICHANNEL) and isinstance(record.get("v"), dict):
        return "chat", "v"
    if "visitorEmails" in record:
        return "visitor", "visitorEmails"
    return ("visitor", "token") if record.keys() >= {"token", "username"} else None


def _departments(answer: Answer) -> list[Answer]:
    """The departments of a list, or the one that an answer holds; what else is called so is none."""
    items = [*listed(answer.get("departments")), answer.get("department")]
    return [item for item in items if isinstance(item, dict) and "_id" in item and DEPARTMENT & item.keys()]


def _is_agent(item: Any) -> bool:
    return isinstance(item, dict) and "_id" in item and bool(AGENT & item.keys())


def _is_session(record: Answer) -> bool:
    """Whether it is what a webhook sends (developer.rocket.chat, "Omnichannel Webhooks")."""
    return str(record.get("type")).startswith("Livechat") and record.keys() >= {"_id", "visitor", "messages"}


VENDOR = Vendor(
    code="rocketchat",
    name="Rocket.Chat",
    reads=mark(
        "Rooms, messages and visitors of the omnichannel: lists, a visitor's history, single records, webhooks, and"
        " rows of a database dump; departments and agents."
    ),
    leaves_out=mark(
        "The last message shown with a room, since messages come separately; the server's own marks, reactions,"
        " previews of links, and edits."
    ),
    missed=(
        mark("No person replied in the room. The server's own figures are not used: they count automatic answers too."),
    ),
    recognise=recognise,
    read=read,
    lists=frozenset(["rooms", "history", "messages", "pages", "visitors"]),
    judged=True,
)
