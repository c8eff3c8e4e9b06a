"""A filter in words: "Missed chats since 1 Nov 2026, from Japan, where wait is over 2 min and rating is empty"."""

from datetime import date, datetime

from lib.chats.accounts import AccountNames
from lib.chats.clock import Clock
from lib.chats.columns import FIELDS, Column, value_name
from lib.chats.filter.filter import ChatFilter, Condition, Conditions, as_stored
from lib.chats.filter.operators import EQUAL, operators_of
from lib.chats.filter.parts import Part, days_in, parts
from lib.chats.filter.presets import PRESETS, SUBJECTS
from lib.chats.filter.validate import number_in
from lib.chats.search.query import words_in_words
from lib.language import _, _p, calendar_day, duration, joined, listing, mark, moment, number, plural
from lib.text import shortened

# A sentence names no more values than these, and no more of one.
MOST_TOLD = 10
LONGEST_TOLD = 80
NO_NAMES: AccountNames = {}
_ALONE = {"any": "is", "none": "not"}
JOINTS = {"all": mark("{one} and {other}"), "any": mark("{one} or {other}")}
WEEKDAYS: dict[str, str] = {
    "1": mark("Monday"),
    "2": mark("Tuesday"),
    "3": mark("Wednesday"),
    "4": mark("Thursday"),
    "5": mark("Friday"),
    "6": mark("Saturday"),
    "7": mark("Sunday"),
}


def sentence(chosen: ChatFilter, clock: Clock, accounts: AccountNames = NO_NAMES) -> str:
    """What is shown, in words; accounts by their names (see `names_told`)."""
    told, subject = list(phrases(chosen, clock, accounts).values()), _(SUBJECTS[chosen.category])
    if not told:
        return subject
    return _("{chats} {conditions}", chats=subject, conditions=_p("between conditions", ", ").join(told))


def phrases(chosen: ChatFilter, clock: Clock, accounts: AccountNames = NO_NAMES) -> dict[str, str]:
    """What is set besides the category, in words, by its name in the filter."""
    return {name: _phrase(name, part, clock, accounts) for name, part in parts(chosen).items() if name != "category"}


def _phrase(name: str, part: Part, clock: Clock, accounts: AccountNames) -> str:
    if isinstance(part, Conditions):
        return _("where {conditions}", conditions=_group(part, accounts))
    if name in PRESETS:
        code, *since = part.values
        words = PRESETS[name][code].words
        return _(words, moment=moment(datetime.fromisoformat(since[0]), clock.zone)) if since else _(words)
    if name == "period":
        return _days(part, clock)
    if name == "waited_longer_than_s":
        return _("with a wait over {duration}", duration=duration(number_in(part.values[0])))
    return words_in_words(part.values[0]) if name == "words" else _listed(part, accounts)


def _days(period: Condition, clock: Clock) -> str:
    """The days, both ends included."""
    if period.values == ("unknown",):
        return _("without a start time")
    first, last = days_in(period, clock)
    if first and last and first == last:
        return _("on {day}", day=calendar_day(first))
    if first and last:
        return _("from {first} to {last}", first=calendar_day(first), last=calendar_day(last))
    if first:
        return _("since {day}", day=calendar_day(first))
    return _("until {day}", day=calendar_day(last)) if last else ""


def _listed(condition: Condition, accounts: AccountNames) -> str:
    """The values, joined by "or"; what is left out, with "not"."""
    words, is_not = FIELDS[condition.field].listed, condition.operator == "not_among"
    if words is None:
        raise ValueError(condition.field)
    stored = [as_stored(each) for each in condition.values]
    has_first = condition.field == "account" and None in accounts
    shown = [named(condition.field, each, accounts) for each in stored if each is not None or has_first]
    if len(shown) > MOST_TOLD + 1:
        more = plural("{n} other", "{n} others", len(shown) - MOST_TOLD)
        shown = [*shown[:MOST_TOLD], more]
    told = [_(words.not_values if is_not else words.values, values=listing(shown, "or"))] if shown else []
    if None in stored and not has_first:
        told.append(_(words.something if is_not else words.nothing))
    return listing(told, "standard" if is_not else "or")


def named(field: str, stored: str | None, accounts: AccountNames) -> str:
    """What a value of a field is called; nothing where it is none."""
    if field == "account" and stored in accounts:
        return accounts[stored]
    return "" if stored is None else value_name(field, stored)


def field_name(code: str) -> str:
    """A field's name, as it stands in a list."""
    return _(FIELDS[code].label)


def hour_name(hour: str) -> str:
    """An hour of the day as a time."""
    return f"{int(hour):02}:00"


def _group(group: Conditions, accounts: AccountNames) -> str:
    parts = []
    for item in group.items:
        if isinstance(item, Condition):
            parts.append(_condition(item, accounts))
        else:
            inner = _group(item, accounts)
            parts.append(_p("conditions", "({group})", group=inner) if len(item.items) > 1 else inner)
    told = parts[0]
    for part in parts[1:]:
        told = _(JOINTS[group.mode], one=told, other=part)
    return told


def _condition(condition: Condition, accounts: AccountNames) -> str:
    # One of several that are but one reads like one.
    code = _ALONE.get(condition.operator, condition.operator) if len(condition.values) == 1 else condition.operator
    operator, field = operators_of(condition.field)[code], FIELDS[condition.field]
    label = _(field.label)
    # In the middle of a sentence; abbreviations stay as they are.
    names = {"field": label if label[1:2].isupper() else label[:1].lower() + label[1:]}
    if operator.shape == "span":
        return _(operator.told, **names, span=span_name(int(condition.values[0]), condition.values[1]))
    values = [_value(condition, field, operator.shape, value, accounts) for value in condition.values[:MOST_TOLD]]
    first = values[0] if values else ""
    count = len(condition.values)
    told = joined(values)
    return _(
        operator.told,
        **names,
        value=first,
        values=_("{values} and {n} more", values=told, n=number(count - len(values))) if count > len(values) else told,
        first=first,
        last=values[-1] if values else "",
    )


def _value(condition: Condition, field: Column, shape: str, value: str, accounts: AccountNames) -> str:
    if shape == "weekdays":
        return _(WEEKDAYS[value])
    if shape == "hours":
        return hour_name(value)
    if field.kind == "moment":
        return calendar_day(date.fromisoformat(value))
    if field.kind == "duration":
        return duration(number_in(value))
    if field.kind == "number":
        return number(number_in(value))
    # What is only a part of a value has no name.
    name = named(condition.field, value, accounts if condition.operator in EQUAL else NO_NAMES)
    quoted = shortened(name, LONGEST_TOLD, between_words=False)
    return name if field.kind == "choice" else _p("value", "“{value}”", value=quoted)


def span_name(count: int, unit: str) -> str:
    """A number of hours, days, weeks or months."""
    if unit == "hours":
        return plural("{n} hour", "{n} hours", count)
    if unit == "days":
        return plural("{n} day", "{n} days", count)
    return plural("{n} week", "{n} weeks", count) if unit == "weeks" else plural("{n} month", "{n} months", count)
