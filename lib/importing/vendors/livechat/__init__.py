"""Reads LiveChat: chats, threads, summaries and customers of its Agent Chat API 3, and chats of its older REST API 2.

A thread is a chat of ours: one chat of LiveChat goes on as long as its customer comes back.
The shapes: platform.text.com/docs/messaging, pages "Agent Chat API", "Data structures" and "Default properties".
"""

from collections.abc import Callable, Iterator
from typing import Any

from lib.importing.vendors.livechat.legacy import is_legacy, legacy_chat
from lib.importing.vendors.livechat.people import last_visit, visitor
from lib.importing.vendors.livechat.threads import chat_of
from lib.importing.vendors.vendor import Answer, Found, LeftOut, NameKind, Vendor, drop, each, names_in
from lib.language import mark

SUMMARIES = ("last_thread_summary", "last_thread_info")
CUSTOMER = frozenset(["session_fields", "last_visit", "visit", "statistics", "agent_last_event_created_at"])
THREAD = frozenset(["events", "active", "restricted_access", "properties"])
LEGACY = frozenset(["visitor", "agents", "rate", "messages"])
GROUP = frozenset(["agent_priorities", "routing_status"])
AGENT = frozenset(["account_id", "groups", "max_chats_count", "login_status", "awaiting_approval"])
SIGN_OF_NAMES: dict[NameKind | None, str] = {"department": "agent_priorities", "agent": "role"}
TOTALS = ("found_chats", "found_threads", "total_customers")


def _chats(item: Any, left_out: LeftOut) -> Iterator[Found]:
    if isinstance(item, dict) and is_legacy(item):
        yield from each("chat", [item], lambda chat: legacy_chat(chat, left_out))
        return
    by_thread = [item]
    threads = item.get("threads") if isinstance(item, dict) and "thread" not in item else None
    if isinstance(threads, list) and threads:
        # One documented sample has a chat with several threads, which comes once for each of them.
        rest = {field: value for field, value in item.items() if field != "threads"}
        by_thread = [{**rest, "thread": thread} for thread in threads]
    yield from each("chat", by_thread, lambda chat: chat_of(chat, "thread", "chats[].thread.", left_out))


def _threads(item: Any, left_out: LeftOut) -> Iterator[Found]:
    return each("chat", [item], lambda thread: chat_of({"thread": thread}, "thread", "threads[].", left_out))


def _summaries(item: Any, left_out: LeftOut) -> Iterator[Found]:
    def read(summary: Answer) -> dict[str, Any]:
        field = next((field for field in SUMMARIES if field in summary), SUMMARIES[0])
        return chat_of(summary, field, f"chats_summary[].{field}.", left_out)

    return each("chat", [item], read)


def _customers(item: Any, left_out: LeftOut) -> Iterator[Found]:
    return each("visitor", [item], lambda customer: visitor(customer, last_visit(customer), left_out, "customers[]."))


LISTS: dict[str, Callable[[Any, LeftOut], Iterator[Found]]] = {
    "chats": _chats,
    "threads": _threads,
    "chats_summary": _summaries,
    "chats_info": _summaries,
    "customers": _customers,
}


def read(answer: Answer, left_out: LeftOut) -> Iterator[Found]:
    """The chats and visitors of an answer; what has an id is a record by itself."""
    if kind := _named(answer):
        yield from names_in(kind, [answer])
        return
    if "id" in answer:
        # The list in which such a record usually stands.
        usual = "threads" if "user_ids" in answer else "chats"
        if answer.get("type") == "customer":
            usual = "customers"
        elif any(field in answer for field in SUMMARIES):
            usual = "chats_summary"
        yield from LISTS[usual](answer, left_out)
        return
    for field, items in answer.items():
        if field in LISTS and isinstance(items, list):
            for item in items:
                yield from LISTS[field](item, left_out)
    drop(answer, answer.keys() - LISTS.keys(), left_out)


def _named(record: Answer) -> NameKind | None:
    """Whether it is a group or an agent, as `list_groups` and `list_agents` of its Configuration API hold them."""
    if record.keys() >= {"id", "name"} and GROUP & record.keys():
        return "department"
    return "agent" if record.keys() >= {"id", "name", "role"} and AGENT & record.keys() else None


def recognise(answer: Answer) -> str | None:
    """The field of a record that only LiveChat has, or the total beside an empty list."""
    lists = {field: items for field, items in answer.items() if field in LISTS and isinstance(items, list)}
    for field, items in lists.items():
        if sign := next(filter(None, map(_sign, items)), None):
            return f"{field}[].{sign}"
    if lists and (total := next((total for total in TOTALS if total in answer), None)):
        return total
    return _sign(answer) or SIGN_OF_NAMES.get(_named(answer))


def _sign(record: Any) -> str | None:
    if not isinstance(record, dict):
        return None
    if record.get("type") == "customer" and CUSTOMER & record.keys():
        return "type = customer"
    if "started_timestamp" in record and is_legacy(record) and LEGACY & record.keys():
        return "started_timestamp"
    if isinstance(record.get("threads"), list) and isinstance(record.get("users"), list):
        return "threads"
    if sign := next((field for field in ("thread", *SUMMARIES) if _is_thread(record.get(field))), None):
        return sign
    return "user_ids" if _is_thread(record) else None


def _is_thread(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("user_ids"), list) and bool(THREAD & value.keys())


VENDOR = Vendor(
    code="livechat",
    name="LiveChat",
    reads=mark(
        "Archives, single chats, threads, chat summaries and customers of the Agent Chat API 3, and chats of the older"
        " REST API 2. Each thread of a chat becomes a chat. Lists of groups and agents."
    ),
    leaves_out=mark("Ids of events and visits, links to later threads, pictures of people, reading states."),
    missed=(
        mark("LiveChat marks the chat as unreplied."),
        mark("It was left as an offline message."),
        mark("It is closed, no operator wrote in it, and no bot had the last word; welcome messages are no reply."),
    ),
    recognise=recognise,
    read=read,
    lists=frozenset(LISTS),
)
