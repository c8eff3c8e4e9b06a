"""The events of a LiveChat thread as its transcript."""

from collections.abc import Callable, Iterator
from typing import Any

from lib.importing.problems import FieldError
from lib.importing.records.fields import MESSAGE_FIELDS
from lib.importing.records.values import flag, text
from lib.importing.vendors.livechat.people import Users, kind_of, name_of
from lib.importing.vendors.vendor import Answer, LeftOut, Record, drop, first, listed, objects, others, part, spread

SPOKEN = frozenset(["message", "file", "rich_message", "filled_form"])
# By this the company begins a chat, which the other answers a visitor who has begun it.
GREETING = "lc2.greeting_id"
AUTOMATIC = frozenset(["lc2.welcome_message", GREETING])
LEFT_OUT = (
    "id", "custom_id", "width", "height", "thumbnail_url", "thumbnail2x_url", "form_id", "form_type", "template_id",
    "text_vars", "system_message_type",
)  # fmt: skip
USED = frozenset([
    *LEFT_OUT, "created_at", "type", "author_id", "visibility", "recipients", "properties", "text", "name", "url",
    "content_type", "size", "alternative_text", "fields", "elements",
])  # fmt: skip
FIELD = frozenset(["type", "label", "answer", "answers"])
BUTTON = frozenset(["text"])


def transcript(thread: Answer, users: Users, left_out: LeftOut, path: str) -> list[Record]:
    """The events of a thread, which stands at `path` of the answer, as messages."""
    place = f"{path}events[]."
    return spread("events", objects(thread, "events"), lambda event: _entries(event, users, left_out, place))


def question(thread: Answer, users: Users) -> Any:
    """What the visitor wrote first, apart from forms."""
    wrote = (event for event in _of_type(thread, "message") if event.get("text"))
    return next((event["text"] for event in wrote if kind_of(str(event.get("author_id")), users) == "visitor"), None)


def answers(thread: Answer) -> Iterator[tuple[str, str]]:
    """All that was filled in forms: the kind and the label of each field, and the answer."""
    for event in _of_type(thread, "filled_form"):
        for field in objects(event, "fields"):
            asked = (text(field.get(name), f"fields.{name}") for name in ("type", "label"))
            yield " ".join(filter(None, asked)), _answer(field)


def _of_type(thread: Answer, kind: str) -> Iterator[Answer]:
    return (event for event in objects(thread, "events") if event.get("type") == kind and not event.get("deleted"))


def flat(properties: Answer) -> Record:
    """Properties by their full names: `routing.start_url`."""
    return {
        f"{namespace}.{name}": value
        for namespace in properties
        for name, value in part(properties, namespace).items()
    }  # fmt: skip


def _entries(event: Answer, users: Users, left_out: LeftOut, path: str) -> list[Record]:
    at = event.get("created_at")
    if flag(event.get("deleted"), "deleted", written=False):
        drop(event, event.keys() - {"created_at"}, left_out, path)
        return [{"at": at, "sender_type": "system", "tells": {"event": "deleted"}}]
    drop(event, LEFT_OUT, left_out, path)
    kind, author = text(event.get("type"), "type"), text(event.get("author_id"), "author_id")
    properties = flat(part(event, "properties"))
    automatic = any(properties.get(name) not in (None, "", False) for name in AUTOMATIC)
    if author is None or kind not in SPOKEN:
        sender = "system"
    elif first(event.get("visibility"), event.get("recipients")) == "agents":
        sender = "note"
    else:
        sender = kind_of(author, users)
        sender = "bot" if automatic and sender == "operator" else sender
    spoken: Record = {"at": at, "sender_type": sender, "sender_name": author and name_of(author, users)}
    words = TEXTS.get(kind or "", _system_text)(event, left_out, path)
    file, *further = [*FILES.get(kind or "", _no_files)(event), None]
    said = {"text": words, "attachment": file, "automatic": True if automatic and sender == "bot" else None}
    if sender == "bot" and properties.get(GREETING):
        said["tells"] = {"event": "campaign"}
    rest = others({**event, "event_properties": others(properties, AUTOMATIC)}, USED, MESSAGE_FIELDS)
    return [{**rest, **spoken, **said}, *({**spoken, "attachment": other} for other in further if other)]


def _system_text(event: Answer, left_out: LeftOut, path: str) -> Any:
    return first(event.get("text"), event.get("system_message_type"), event.get("subtype"))


def _form_text(event: Answer, left_out: LeftOut, path: str) -> str:
    lines = []
    for field in objects(event, "fields"):
        drop(field, field.keys() - FIELD, left_out, f"{path}fields[].")
        label = (text(field.get("label"), "fields.label") or "").strip().removesuffix(":")
        lines.append(": ".join(filter(None, (label, _answer(field)))))
    return "\n".join(lines)


def _answer(field: Answer) -> str:
    words = []
    for item in listed(first(field.get("answer"), field.get("answers"))):
        chosen = item.get("label") if isinstance(item, dict) else item
        if isinstance(chosen, dict | list):
            raise FieldError("fields.answer", chosen, "wrong_type")
        if chosen not in (None, ""):
            words.append(str(chosen))
    return ", ".join(words)


def _rich_text(event: Answer, left_out: LeftOut, path: str) -> str:
    lines = []
    for element in objects(event, "elements"):
        lines += [text(element.get(field), f"elements.{field}") for field in ("title", "subtitle")]
        for button in objects(element, "buttons"):
            drop(button, button.keys() - BUTTON, left_out, f"{path}elements[].buttons[].")
            words = text(button.get("text"), "elements.buttons.text")
            lines.append(words and f"- {words}")
    return "\n".join(filter(None, lines))


def _file(file: Answer) -> Record:
    return {
        "name": file.get("name"), "type": file.get("content_type"), "size": file.get("size"), "url": file.get("url"),
    }  # fmt: skip


def _no_files(event: Answer) -> list[Record]:
    return []


TEXTS: dict[str, Callable[[Answer, LeftOut, str], Any]] = {
    "message": lambda event, left_out, path: event.get("text"),
    "file": lambda event, left_out, path: event.get("alternative_text"),
    "filled_form": _form_text,
    "form": _form_text,
    "rich_message": _rich_text,
}
FILES: dict[str, Callable[[Answer], list[Record]]] = {
    "file": lambda event: [_file(event)],
    "rich_message": lambda event: [
        _file(part(element, "image")) for element in objects(event, "elements") if element.get("image")
    ],
}
