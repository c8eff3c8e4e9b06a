"""A ChatFilter as the parameters of a link, and back; codes only, so a link means the same in every language."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, get_args

from lib.chats.categories import CATEGORIES
from lib.chats.chat_filter import EMPTY, ChatFilter, News
from lib.chats.periods import PERIODS
from lib.ledger.causes import CAUSES
from lib.ledger.states import QUEUE_PARTS

Query = dict[str, list[str]]

MOST_VALUES = 10_000
LONGEST_VALUE = 1000
LONGEST_WAIT_DIGITS = 7

# Words may name a person, and links end up in logs: they stay in the session.
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
}


def to_query(chosen: ChatFilter) -> Query:
    """Parameters for all fields but the words; fields that are not set are left out."""
    set_fields = {field: getattr(chosen, field) for field in LINK_NAMES}
    return {
        LINK_NAMES[field]: [str(item) for item in value] if isinstance(value, tuple) else [_text(value)]
        for field, value in set_fields.items()
        if value != getattr(EMPTY, field)
    }


def from_query(query: Mapping[str, Sequence[str]], words: str = "") -> ChatFilter:
    """The filter that a link means; a parameter that is unknown or makes no sense is as if it were not there."""
    read = {field: _READERS[field](query.get(name, ())) for field, name in LINK_NAMES.items()}
    return ChatFilter(**{field: value for field, value in read.items() if value is not None}, words=words)


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
    "cause": _some_of(CAUSES),
    "repeated": _one_of(("yes", "no")),
    "news": _one_of(get_args(News)),
    "since": _moment,
} | dict.fromkeys(("operator", "department", "website", "channel", "country", "rating", "tag", "assignee"), _texts)
