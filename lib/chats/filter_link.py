"""A ChatFilter as the parameters of a link, and back; codes only, so a link means the same in every language.

What may name a person (the words, and conditions on names and addresses) is no parameter: links end up in logs. It is
the filter's private part, a text for which a link has an id. What would make a link too long to be sent is part of it.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, get_args

from lib.chats.categories import CATEGORIES
from lib.chats.chat_filter import EMPTY, LIST_NAMES, NO_VALUE, ChatFilter, News
from lib.chats.periods import PERIODS
from lib.chats.rule_fields import names_people
from lib.chats.rules_text import from_text, to_text
from lib.ledger.causes import CAUSES
from lib.ledger.states import QUEUE_PARTS

Query = dict[str, list[str]]

MOST_VALUES = 10_000
LONGEST_VALUE = 1000
LONGEST_WAIT_DIGITS = 7
# Beyond a thousand parameters Streamlit takes none of them, and addresses of many thousand signs get cut on their way.
MOST_SHOWN = 100
LONGEST_SHOWN = 2000

# The parameter for the id of the private part, and the one for conditions that name nobody.
PRIVATE_NAME = "q"
RULES_NAME = "where"
LINK_NAMES = {
    "category": "category",
    "period": "period",
    "first_day": "from",
    "last_day": "to",
    "operator": "operator",
    "department": "department",
    "website": "website",
    "channel": "channel",
    "country": "country",
    "rating": "rating",
    "tag": "tag",
    "waited_longer_than_s": "wait",
    "email": "email",
    "reply": "reply",
    "queue": "queue",
    "assignee": "assignee",
    "cause": "cause",
    "repeated": "repeated",
    "news": "news",
    "since": "since",
    "excluded": "except",
}


def to_query(chosen: ChatFilter) -> Query:
    """Parameters for all fields but those of the private part; fields that are not set are left out."""
    text = _rules_text(chosen)
    shown = {name: values for name, values in _parameters(chosen).items() if _is_short(values)}
    return shown | ({RULES_NAME: [text]} if text and not _is_hidden(chosen, text) else {})


def private_part(chosen: ChatFilter) -> str:
    """What a link does not show, as JSON; empty where it shows all."""
    hidden: dict[str, Any] = {"words": chosen.words} if chosen.words.strip() else {}
    text = _rules_text(chosen)
    if text and _is_hidden(chosen, text):
        hidden["rules"] = text
    if long := {name: values for name, values in _parameters(chosen).items() if not _is_short(values)}:
        hidden["lists"] = long
    return json.dumps(hidden) if hidden else ""


def _parameters(chosen: ChatFilter) -> Query:
    set_fields = {field: getattr(chosen, field) for field in LINK_NAMES}
    return {
        LINK_NAMES[field]: [str(item) for item in value] if isinstance(value, tuple) else [_text(value)]
        for field, value in set_fields.items()
        if value != getattr(EMPTY, field)
    }


def _is_short(values: Sequence[str]) -> bool:
    return len(values) <= MOST_SHOWN and sum(map(len, values)) <= LONGEST_SHOWN


def _rules_text(chosen: ChatFilter) -> str:
    return to_text(chosen.rules) if chosen.rules else ""


def _is_hidden(chosen: ChatFilter, text: str) -> bool:
    return len(text) > LONGEST_SHOWN or bool(chosen.rules and names_people(chosen.rules))


def from_query(query: Mapping[str, Sequence[str]], private: str = "") -> ChatFilter:
    """The filter that a link and its private part mean; what makes no sense in them is as if it were not there."""
    hidden = _read_private(private)
    lists = hidden.get("lists")
    given = {**query, **(lists if isinstance(lists, dict) else {})}
    read = {field: _READERS[field](_strings(given.get(name))) for field, name in LINK_NAMES.items()}
    rules = from_text(str(hidden.get("rules") or "".join(query.get(RULES_NAME, ())[-1:])))
    found = {field: value for field, value in read.items() if value is not None}
    return ChatFilter(**found, rules=rules, words=str(hidden.get("words") or ""))


def _read_private(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _strings(values: Any) -> list[str]:
    return [value for value in values if isinstance(value, str)] if isinstance(values, (list, tuple)) else []


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _one_of(allowed: Sequence[str]) -> Callable[[Sequence[str]], str | None]:
    return lambda values: values[-1] if values and values[-1] in allowed else None


def _texts(values: Sequence[str]) -> tuple[str, ...]:
    kept = (value for value in values[:MOST_VALUES] if 0 < len(value) <= LONGEST_VALUE and "\0" not in value)
    return tuple(dict.fromkeys(kept))


def _day(values: Sequence[str]) -> date | None:
    try:
        return date.fromisoformat(values[-1]) if values else None
    except ValueError:
        return None


def _moment(values: Sequence[str]) -> datetime | None:
    try:
        moment = datetime.fromisoformat(values[-1]) if values else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo is None else None


def _some_of(allowed: Sequence[str]) -> Callable[[Sequence[str]], tuple[str, ...]]:
    return lambda values: tuple(value for value in _texts(values) if value in allowed)


def _seconds(values: Sequence[str]) -> int | None:
    text = values[-1] if values else ""
    is_number = text.isascii() and text.isdecimal() and len(text) <= LONGEST_WAIT_DIGITS
    return (int(text) or None) if is_number else None


_READERS: dict[str, Callable[[Sequence[str]], Any]] = {
    "category": _one_of(CATEGORIES),
    "period": _one_of(PERIODS),
    "first_day": _day,
    "last_day": _day,
    "waited_longer_than_s": _seconds,
    "email": _one_of(("yes", "no")),
    "reply": _one_of(("yes", "no")),
    "queue": _one_of(QUEUE_PARTS),
    "cause": _some_of((*CAUSES, NO_VALUE)),
    "repeated": _one_of(("yes", "no")),
    "news": _one_of(get_args(News)),
    "since": _moment,
    "excluded": _some_of(LIST_NAMES),
} | dict.fromkeys([name for name in LIST_NAMES if name != "cause"], _texts)
