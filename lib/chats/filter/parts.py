"""A filter as conditions: what is set in it, each in the one form that SQL and words are made of."""

from collections.abc import Callable
from dataclasses import fields
from datetime import date

from lib.chats.clock import Clock
from lib.chats.filter.filter import LIST_NAMES, ChatFilter, Condition, Conditions
from lib.chats.filter.presets import PRESETS
from lib.chats.filter.times import DAYS
from lib.chats.filter.validate import tidied_conditions
from lib.chats.search.query import parse

Part = Condition | Conditions

# A link may ask for more seconds than the engine can count.
LONGEST_WAIT_S = 10**12


def parts(chosen: ChatFilter) -> dict[str, Part]:
    """What is set, by its name in the filter, in the order in which it is told; what asks for nothing is left out."""
    found: dict[str, Part | None] = {}
    for name in (field.name for field in fields(chosen)):
        value = getattr(chosen, name)
        if name in _WRITTEN:
            found[name] = _WRITTEN[name](chosen)
        elif name in LIST_NAMES and value:
            found[name] = Condition(name, "not_among" if name in chosen.excluded else "among", value)
        elif name not in LIST_NAMES and value in PRESETS.get(name, ()):
            found[name] = Condition(name, "is", (value,))
    return {name: part for name, part in found.items() if part}


def active(chosen: ChatFilter) -> list[str]:
    """The names of what is set, the category left out."""
    return [name for name in parts(chosen) if name != "category"]


def days_of(chosen: ChatFilter, clock: Clock) -> tuple[date | None, date | None]:
    """First and last day of the chosen period; None where it is open."""
    period = _period(chosen)
    return days_in(period, clock) if period else (None, None)


def days_in(period: Condition, clock: Clock) -> tuple[date | None, date | None]:
    """First and last day of a condition on the period; None where it is open, or asks for chats without a start."""
    code, *days = period.values
    if code in DAYS:
        return DAYS[code](clock)
    first, last = (date.fromisoformat(day) if day else None for day in days or ("", ""))
    return first, last


def _period(chosen: ChatFilter) -> Condition | None:
    """The days of a period that has none of its own stand in the condition; an open end is empty."""
    days = [day.isoformat() if day else "" for day in (chosen.first_day, chosen.last_day)]
    if chosen.period == "custom":
        return Condition("period", "is", ("custom", *days)) if any(days) else None
    return None if chosen.period == "any" else Condition("period", "is", (chosen.period,))


def _wait(chosen: ChatFilter) -> Condition | None:
    limit = chosen.waited_longer_than_s
    return None if limit is None else Condition("wait", "more", (str(min(limit, LONGEST_WAIT_S)),))


def _news(chosen: ChatFilter) -> Condition | None:
    if chosen.news == "any" or chosen.since is None:
        return None
    return Condition("news", "is", (chosen.news, chosen.since.isoformat()))


_WRITTEN: dict[str, Callable[[ChatFilter], Part | None]] = {
    "period": _period,
    "waited_longer_than_s": _wait,
    "news": _news,
    "conditions": lambda chosen: tidied_conditions(chosen.conditions) if chosen.conditions else None,
    "words": lambda chosen: Condition("words", "have", (chosen.words,)) if parse(chosen.words).terms else None,
    "unreadable": lambda chosen: Condition("unreadable", "is", ("yes",)) if chosen.unreadable else None,
}
