"""Rules in words: "wait is over 2 min and (country is Japan or rating is empty)"."""

from datetime import date

from lib.chats.filter.fields import FIELDS, RuleField, value_name
from lib.chats.filter.filter import Rule, Rules
from lib.chats.filter.operators import operators_of
from lib.chats.filter.validate import number_in, tidied_rules
from lib.language import (
    _,
    _p,
    calendar_day,
    duration,
    joined,
    mark,
    number,
    plural,
)
from lib.text import shortened

MOST_TOLD = 10
LONGEST_TOLD = 80
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


def rules_in_words(rules: Rules) -> str:
    """The rules that make sense, with brackets around groups; empty where there is none."""
    found = tidied_rules(rules)
    return _group(found) if found else ""


def field_name(code: str) -> str:
    """A field's name, as it stands in a list."""
    return _(FIELDS[code].name)


def hour_name(hour: str) -> str:
    """An hour of the day as a time."""
    return f"{int(hour):02}:00"


def _group(rules: Rules) -> str:
    parts = [_part(item) for item in rules.items]
    told = parts[0]
    for part in parts[1:]:
        told = _(JOINTS[rules.mode], one=told, other=part)
    return told


def _part(item: Rule | Rules) -> str:
    if isinstance(item, Rule):
        return _rule(item)
    return _p("conditions", "({group})", group=_group(item)) if len(item.items) > 1 else _group(item)


def _rule(rule: Rule) -> str:
    # One of several that are but one reads like one.
    code = _ALONE.get(rule.operator, rule.operator) if len(rule.values) == 1 else rule.operator
    operator, field = operators_of(rule.field)[code], FIELDS[rule.field]
    names = {"field": _within_sentence(_(field.name))}
    if operator.shape == "span":
        return _(operator.told, **names, span=span_name(int(rule.values[0]), rule.values[1]))
    values = [_value(rule, field, operator.shape, value) for value in rule.values[:MOST_TOLD]]
    first = values[0] if values else ""
    return _(
        operator.told,
        **names,
        value=first,
        values=_several(values, len(rule.values)),
        first=first,
        last=values[-1] if values else "",
    )


def _several(values: list[str], count: int) -> str:
    told = joined(values)
    return _("{values} and {n} more", values=told, n=number(count - len(values))) if count > len(values) else told


def _value(rule: Rule, field: RuleField, shape: str, value: str) -> str:
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
    named = value_name(rule.field, value)
    quoted = shortened(named, LONGEST_TOLD, between_words=False)
    return named if field.kind == "choice" else _p("value", "“{value}”", value=quoted)


def span_name(count: int, unit: str) -> str:
    """A number of hours, days, weeks or months."""
    if unit == "hours":
        return plural("{n} hour", "{n} hours", count)
    if unit == "days":
        return plural("{n} day", "{n} days", count)
    return plural("{n} week", "{n} weeks", count) if unit == "weeks" else plural("{n} month", "{n} months", count)


def _within_sentence(name: str) -> str:
    """A name in the middle of a sentence; abbreviations stay as they are."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]
