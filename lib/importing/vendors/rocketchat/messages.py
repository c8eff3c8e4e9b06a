"""The messages of Rocket.Chat's omnichannel, which come apart from their rooms."""

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from lib.importing.records.fields import ROW_FIELDS
from lib.importing.records.values import text
from lib.importing.vendors.markup import host
from lib.importing.vendors.vendor import Answer, LeftOut, Record, drop, first, named, objects, others, part, with_files

# How a dump of the database marks values that JSON has no type for.
DUMPED = ("$date", "$oid", "$numberLong", "$numberInt")
DIGITS_OF_A_NUMBER = 18
# The user in whose name the server itself writes.
SERVER = "rocket.cat"
# What it writes where a visitor opens a page.
VISIT = "livechat_navigation_history"
MEDIA = ("image", "video", "audio")
ATTACHMENT = frozenset(["title", "title_link", "description"]).union(
    f"{medium}_{what}" for medium in MEDIA for what in ("url", "type", "size")
)
# What a removed message had said.
SAID = ("msg", "attachments", "file", "files")
LEFT_OUT = (
    "_updatedAt", "_hidden", "avatar", "channels", "editedAt", "editedBy", "emoji", "groupable", "html", "md",
    "mentions", "navigation", "parseUrls", "reactions", "replies", "starred", "unread", "urls",
)  # fmt: skip
USED = frozenset([
    *LEFT_OUT, "_id", "rid", "ts", "msg", "u", "alias", "token", "t", "bot", "private", "file", "files", "attachments",
])  # fmt: skip


def messages(given: Answer, left_out: LeftOut) -> list[Record]:
    """A message, with an entry for each of its files; of a removed one only that it was there."""
    message = plain(given)
    if message.get("t") == "rm":
        drop(message, SAID, left_out, "messages[].")
        message = {field: value for field, value in message.items() if field not in SAID}
    # The attachments that are files, not quotations or previews.
    attachments = [plain(item) for item in objects(message, "attachments")]
    for item in attachments:
        used = ATTACHMENT if _address(item) else {}
        drop(item, item.keys() - used, left_out, "messages[].attachments[].")
    kind, shown = text(message.get("t"), "t"), [item for item in attachments if _address(item)]
    drop(message, LEFT_OUT, left_out, "messages[].")
    entry = {
        **others(message, USED, ROW_FIELDS),
        "id": message.get("_id"),
        "at": message.get("ts"),
        **_sender(message, kind, left_out),
        "text": _words(message, kind, shown),
        "tells": {"event": "deleted"} if kind == "rm" else _page(message) if kind == VISIT else None,
    }
    return [{"chat_id": message.get("rid"), **said} for said in with_files(entry, _files(message, shown))]


def _page(message: Answer) -> Record | None:
    """What a visit to a page tells of its chat."""
    page = part(part(message, "navigation"), "page")
    place, words = page.get("location"), text(message.get("msg"), "msg") or ""
    # Some answers have it in words alone: `Title - address`.
    title, _, address = words.rpartition(" - ")
    url = first(place.get("href") if isinstance(place, dict) else None, address)
    return (
        {"page_url": url, "page_title": first(page.get("title"), title), "website": site}
        if (site := host(url))
        else None
    )


def is_bot(name: str | None) -> bool:
    """Whether a user is no person: the server itself, or one of its apps, which are called `name.bot`."""
    return name is not None and (name == SERVER or name.endswith(".bot"))


def plain(record: Answer) -> Record:
    """A record of a database dump with its values as the interface gives them."""
    return {field: _value(value) for field, value in record.items()}


def _value(value: Any) -> Any:
    while isinstance(value, dict) and len(value) == 1 and (mark := next(iter(value))) in DUMPED:
        value = value[mark]
        if isinstance(value, str) and value.isdecimal() and len(value) <= DIGITS_OF_A_NUMBER:
            value = int(value)
    return value


def _sender(message: Answer, kind: str | None, left_out: LeftOut) -> Record:
    user = part(message, "u")
    name = text(user.get("username"), "u.username")
    # Visitors are called `guest-10`, as long as nobody named them otherwise.
    by_visitor = not kind and bool(message.get("token") or (name and named(name) is None))
    drop(user, user.keys() - {"username", "name" if by_visitor else "username"}, left_out, "messages[].u.")
    if by_visitor:
        return {"sender_type": "visitor", "sender_name": named(first(message.get("alias"), user.get("name"), name))}
    if kind or not user:
        return {"sender_type": "system"}
    if message.get("private"):
        return {"sender_type": "note", "sender_name": name}
    if message.get("bot") or is_bot(name):
        return {"sender_type": "bot", "sender_name": name, "automatic": name == SERVER or None}
    return {"sender_type": "operator", "sender_name": name}


def _words(message: Answer, kind: str | None, shown: list[Record]) -> str | None:
    said = text(message.get("msg"), "msg")
    if kind:
        return None if kind == "rm" else ": ".join(filter(None, (kind, said)))
    captions = (text(item.get("description"), "attachments.description") for item in shown)
    return "\n".join(filter(None, (said, *captions))) or None


def _files(message: Answer, shown: list[Record]) -> list[Record]:
    stored = [plain(file) for file in objects(message, "files")] or [plain(part(message, "file"))]
    # Beside a picture stands its smaller copy.
    stored = [file for file in stored if file and not (text(file.get("name"), "name") or "").startswith("thumb-")]
    pairs: Iterator[tuple[Record, Record]] = zip_longest(shown, stored, fillvalue={})
    return [
        {
            "name": first(item.get("title"), file.get("name")),
            "type": first(_media(item, "type"), file.get("type")),
            "size": first(_media(item, "size"), file.get("size")),
            "url": _address(item),
        }
        for item, file in pairs
    ]


def _address(item: Answer) -> Any:
    return first(item.get("title_link"), _media(item, "url"))


def _media(item: Answer, what: str) -> Any:
    return first(*(item.get(f"{medium}_{what}") for medium in MEDIA))
