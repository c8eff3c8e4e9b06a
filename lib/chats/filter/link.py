"""A ChatFilter as the parameters of a link, and back; codes only, so a link means the same in every language.

What may name a person (the words, and conditions on names and addresses) is no parameter: links end up in logs. It is
the filter's private part, a text for which a link has an id. What would make a link too long to be sent is part of it.

A parameter that cannot be read must not widen what is shown: it stays in the filter as `unreadable`, which no chat
meets, and goes with it into the next link, until somebody takes it away.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeGuard, get_args
from urllib.parse import urlencode

from lib.chats.categories import CATEGORIES
from lib.chats.causes import CAUSES
from lib.chats.columns import FIELDS
from lib.chats.filter.filter import EMPTY, LIST_FIELDS, LIST_NAMES, NO_VALUE, ChatFilter, Condition, Conditions, News
from lib.chats.filter.times import PERIODS
from lib.chats.filter.validate import whole_conditions
from lib.chats.states import QUEUE_PARTS

Query = dict[str, list[str]]

MOST_VALUES = 10_000
LONGEST_WAIT_DIGITS = 7
# Beyond a thousand parameters Streamlit takes none of them, and addresses of many thousand signs get cut on their way.
MOST_SHOWN = 100
LONGEST_SHOWN = 3000

# The parameter for the id of the private part, and the one for conditions that name nobody.
PRIVATE_NAME = "q"
CONDITIONS_NAME = "where"
MODES = ("all", "any")
# What an address may have besides, since it says nothing of which chats: how a page shows them, and marks that mail
# programs and advertisers leave on links. Any other name may be a condition of another version.
BESIDE = frozenset(
    (
        *("sort", "order", "page", "chat", "tab", "from_chat", "lang", "embed", "embed_options"),
        *("within", "waits", "by", "ranked_by", "coverage_of", "missed_under"),
    )
)
_LEFT_ON_LINKS = ("utm_", "mc_", "_ga", "_gl", "gclid", "fbclid", "msclkid")
_HIDDEN = ("words", "rules", "lists", "unreadable")


def is_query(value: object) -> TypeGuard[Query]:
    """Whether what was read from a text has the form of a link's parameters."""
    return isinstance(value, dict) and all(
        isinstance(values, list) and all(isinstance(each, str) for each in values) for values in value.values()
    )


def is_beside(name: str) -> bool:
    """Whether a parameter says nothing of which chats are meant."""
    return name in BESIDE or name.startswith(_LEFT_ON_LINKS)


def to_query(chosen: ChatFilter) -> Query:
    """Parameters for all that is not in the private part; fields that are not set are left out."""
    return _divided(chosen)[0]


def private_part(chosen: ChatFilter) -> str:
    """What a link does not show, as JSON; empty where it shows all."""
    words = {"words": chosen.words} if chosen.words.strip() else {}
    hidden = words | _divided(chosen)[1]
    return json.dumps(hidden) if hidden else ""


def _divided(chosen: ChatFilter) -> tuple[Query, dict[str, Any]]:
    """The parameters that are shown, and what is hidden besides the words."""
    shown, lists, hidden = Query(), Query(), dict[str, Any]()
    length = 0
    # What is set, in the place of what could not be read under the same name.
    found = {name: list(values) for name, values in chosen.unreadable}
    for field, (name, _read) in PARAMETERS.items():
        value = getattr(chosen, field)
        if value != getattr(EMPTY, field):
            several = value if isinstance(value, tuple) else (value,)
            found[name] = [each.isoformat() if isinstance(each, datetime) else str(each) for each in several]
    if chosen.conditions:
        found[CONDITIONS_NAME] = [to_text(chosen.conditions)]
    for name, values in found.items():
        added = len(urlencode({name: values}, doseq=True, errors="replace"))
        may_be_shown = len(values) <= MOST_SHOWN and not any("\0" in value for value in values)
        if name == CONDITIONS_NAME and (chosen.conditions is None or names_people(chosen.conditions)):
            may_be_shown = False
        if name == PRIVATE_NAME:
            hidden["unreadable"] = values
        elif may_be_shown and length + added <= LONGEST_SHOWN:
            shown[name] = values
            length += added
        elif name == CONDITIONS_NAME and chosen.conditions:
            hidden["rules"] = values[-1]
        else:
            lists[name] = values
    return shown, hidden | ({"lists": lists} if lists else {})


def names_people(conditions: Conditions) -> bool:
    """Whether any of the conditions has a value that may name a person."""
    return any(
        names_people(item) if isinstance(item, Conditions) else bool(item.values and FIELDS[item.field].personal)
        for item in conditions.items
    )


def from_query(query: Mapping[str, Sequence[str]], private: str | None = "") -> ChatFilter:
    """The filter that a link and its private part mean; None is a part that is not known (any more)."""
    keys = list(query.get(PRIVATE_NAME, ()))
    hidden = _read_private(private) if private is not None and len(set(keys)) < 2 else None
    unreadable: Query = dict.fromkeys([PRIVATE_NAME], keys or [private or ""]) if hidden is None else {}
    hidden = hidden or {}
    unreadable |= {PRIVATE_NAME: hidden["unreadable"]} if "unreadable" in hidden else {}
    found: dict[str, Any] = {"words": hidden.get("words", "")}
    given = {name: list(values) for name, values in query.items() if name != PRIVATE_NAME and not is_beside(name)}
    more: Query = hidden.get("lists", {}) | ({CONDITIONS_NAME: [hidden["rules"]]} if "rules" in hidden else {})
    # One that stands in both parts has the values of both.
    for name, values in more.items():
        given[name] = given.get(name, []) + values
    given = {name: values for name, values in given.items() if values}
    for name, values in given.items():
        try:
            found[_FIELDS[name]] = _READERS[name](values)
        except (KeyError, ValueError):
            unreadable[name] = values
    # Each of these means nothing without another one, which is not there.
    names = ["news", "since"] if ("news" in found) != ("since" in found) else []
    if any(not found.get(name) for name in found.get("excluded", ())):
        names.append("excluded")
    for name in (PARAMETERS[field][0] for field in names):
        found.pop(_FIELDS[name], None)
        unreadable |= {name: given[name]} if name in given else {}
    if not {"period"} & {*found, *unreadable} and {"first_day", "last_day"} & found.keys():
        found["period"] = "custom"
    return ChatFilter(**found, unreadable=tuple((name, tuple(values)) for name, values in sorted(unreadable.items())))


def _read_private(text: str) -> dict[str, Any] | None:
    """What the text hides; None where any of it makes no sense."""
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not found.keys() <= set(_HIDDEN):
        return None
    lists = found.get("lists", {})
    has_texts = all(isinstance(found.get(name, ""), str) for name in ("words", "rules"))
    is_sound = has_texts and is_query(lists) and is_query({"unreadable": found.get("unreadable", [])})
    return found if is_sound else None


def _single(values: Sequence[str]) -> str:
    """The value of a parameter that may have one; two that differ are none."""
    if len(set(values)) != 1:
        raise ValueError
    return values[0]


def _one_of(allowed: Sequence[str]) -> Callable[[Sequence[str]], str]:
    return lambda values: _code(_single(values), allowed)


def _some_of(allowed: Sequence[str]) -> Callable[[Sequence[str]], tuple[str, ...]]:
    return lambda values: tuple(dict.fromkeys(_code(value, allowed) for value in values))


def _code(value: str, allowed: Sequence[str]) -> str:
    if value.lower() not in allowed:
        raise ValueError
    return value.lower()


def _texts(values: Sequence[str]) -> tuple[str, ...]:
    is_half = (any("\ud800" <= sign <= "\udfff" for sign in value) for value in values)
    if len(values) > MOST_VALUES or not all(values) or any(is_half):
        raise ValueError
    return tuple(dict.fromkeys(values))


def _countries(values: Sequence[str]) -> tuple[str, ...]:
    # The store has codes in capitals.
    return _texts([value.upper() if len(value) == 2 else value for value in values])


def _day(values: Sequence[str]) -> date:
    return date.fromisoformat(_single(values))


def _moment(values: Sequence[str]) -> datetime:
    moment = datetime.fromisoformat(_single(values))
    if moment.tzinfo:
        raise ValueError
    return moment


def _seconds(values: Sequence[str]) -> int:
    text = _single(values)
    if not (text.isascii() and text.isdecimal() and len(text) <= LONGEST_WAIT_DIGITS and int(text)):
        raise ValueError
    return int(text)


def _conditions(values: Sequence[str]) -> Conditions:
    found = from_text(_single(values))
    if found is None:
        raise ValueError
    return found


_yes_or_no = _one_of(("any", "yes", "no"))
# Names in a link by the fields of a filter, and how their values are read; lists of values are called as their fields.
PARAMETERS: dict[str, tuple[str, Callable[[Sequence[str]], Any]]] = {
    "category": ("category", _one_of(CATEGORIES)),
    "period": ("period", _one_of(PERIODS)),
    "first_day": ("from", _day),
    "last_day": ("to", _day),
    **{name: (name, _texts) for name in LIST_FIELDS},
    "country": ("country", _countries),
    "waited_longer_than_s": ("wait", _seconds),
    "email": ("email", _yes_or_no),
    "reply": ("reply", _yes_or_no),
    "queue": ("queue", _one_of(("any", *QUEUE_PARTS))),
    "assignee": ("assignee", _texts),
    "cause": ("cause", _some_of((*CAUSES, NO_VALUE))),
    "repeated": ("repeated", _yes_or_no),
    "news": ("news", _one_of(get_args(News))),
    "since": ("since", _moment),
    "excluded": ("except", _some_of(LIST_NAMES)),
}
_READERS = dict(PARAMETERS.values()) | {CONDITIONS_NAME: _conditions}
_FIELDS = {name: field for field, (name, _read) in PARAMETERS.items()} | {CONDITIONS_NAME: "conditions"}


def to_text(conditions: Conditions) -> str:
    """Compact JSON: `["all", ["wait", "more", "120"], ["any", …]]`."""
    return json.dumps(_plain(conditions), ensure_ascii=False, separators=(",", ":"))


def from_text(text: str) -> Conditions | None:
    """The conditions that a text means; None where any of it makes no sense, or it asks for nothing."""
    try:
        return whole_conditions(_read_conditions(json.loads(text)))
    except (ValueError, RecursionError):
        return None


def _plain(item: Condition | Conditions) -> list[Any]:
    if isinstance(item, Condition):
        return [item.field, item.operator, *item.values]
    return [item.mode, *(_plain(inner) for inner in item.items)]


def _read_conditions(value: Any, depth: int = 0) -> Conditions:
    if not isinstance(value, list) or value[:1] not in [[mode] for mode in MODES] or depth > 1:
        raise ValueError
    items: list[Condition | Conditions] = []
    for item in value[1:]:
        if not isinstance(item, list) or len(item) < 2 or item[0] in MODES:
            items.append(_read_conditions(item, depth + 1))
        elif all(isinstance(part, str) for part in item):
            items.append(Condition(item[0], item[1], tuple(item[2:])))
        else:
            raise ValueError
    return Conditions(value[0], tuple(items))
