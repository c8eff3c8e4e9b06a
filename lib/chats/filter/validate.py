"""Which conditions make sense: what a link or a form says is brought into a form that can be asked and told."""

import re
from collections.abc import Callable, Iterable
from datetime import date

from lib.chats.columns import FIELDS, Column, Kind
from lib.chats.filter.filter import Condition, Conditions
from lib.chats.filter.operators import Shape, operators_of

MOST_CONDITIONS = 50
MOST_VALUES = 10_000
# Of what is typed; what the store has may be longer.
LONGEST_VALUE = 1000
# Beyond it, numbers are taken for it: more than anything is counted to, and less than the engine can count.
LARGEST = 10.0**15

# The units of "in the last", with the largest number of each: a hundred years.
UNITS: dict[str, int] = {"hours": 876_600, "days": 36_525, "weeks": 5_218, "months": 1_200}
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")

Values = tuple[str, ...]


def tidied_conditions(conditions: Conditions) -> Conditions | None:
    """The conditions that make sense, MOST_CONDITIONS at most; None where there is none."""
    found, left = [], MOST_CONDITIONS
    for item in conditions.items:
        kept: Condition | Conditions | None
        if isinstance(item, Conditions):
            inner = [tidied(each) for each in item.items if isinstance(each, Condition)]
            several = tuple(condition for condition in inner if condition)[:left]
            kept = Conditions(item.mode, several) if several else None
        else:
            kept = tidied(item)
        if kept and left:
            found.append(kept)
            left -= kept.size if isinstance(kept, Conditions) else 1
    return Conditions(conditions.mode, tuple(found)) if found else None


def whole_conditions(conditions: Conditions) -> Conditions | None:
    """Those in their usual form; None where any of them makes no sense, there is none, or there are too many."""
    items = [whole_conditions(item) if isinstance(item, Conditions) else _whole(item) for item in conditions.items]
    found = tuple(item for item in items if item)
    return (
        Conditions(conditions.mode, found)
        if found and len(found) == len(items) and conditions.size <= MOST_CONDITIONS
        else None
    )


def _whole(condition: Condition) -> Condition | None:
    """The tidied condition, unless tidying took a value away."""
    found = tidied(condition)
    is_whole = found and len(set(found.values)) == len(
        {_code(FIELDS[condition.field], value) for value in condition.values}
    )
    return found if is_whole else None


def tidied(condition: Condition) -> Condition | None:
    """One with the values that make sense; None where it has too few of them, or field or operator are unknown."""
    operator = operators_of(condition.field).get(condition.operator)
    if operator is None:
        return None
    values = _SHAPES[operator.shape](FIELDS[condition.field], condition.values)
    return None if values is None else Condition(condition.field, condition.operator, values)


def number_in(text: str) -> float:
    """The number that a tidied value means."""
    return min(max(float(text), -LARGEST), LARGEST)


def _is_text(value: str) -> bool:
    return bool(value) and not any("\ud800" <= sign <= "\udfff" for sign in value)


def _is_number(value: str) -> bool:
    return len(value) <= LONGEST_VALUE and bool(_NUMBER.fullmatch(value))


def _is_length(value: str) -> bool:
    return _is_number(value) and not value.startswith("-")


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


_MAKES_SENSE: dict[Kind, Callable[[str], bool]] = {
    "text": _is_text,
    "choice": _is_text,
    "list": _is_text,
    "number": _is_number,
    "duration": _is_length,
    "moment": _is_day,
}


def _sensible(field: Column, values: Iterable[str]) -> Values:
    fits = _MAKES_SENSE[field.kind]
    coded = (_code(field, value) for value in values)
    return tuple(value for value in coded if fits(value) and (field.choices is None or value in field.choices))


def _code(field: Column, value: str) -> str:
    """The value as the store has it, where it is a code."""
    return value.lower() if field.choices is not None else value


def _one(field: Column, values: Values) -> Values | None:
    return _sensible(field, values[:1]) or None


def _many(field: Column, values: Values) -> Values | None:
    return tuple(dict.fromkeys(_sensible(field, values[:MOST_VALUES]))) or None


def _two(field: Column, values: Values) -> Values | None:
    found = _sensible(field, values[:2])
    if len(found) < 2:
        return None
    return tuple(sorted(found)) if field.kind == "moment" else tuple(sorted(found, key=number_in))


def _span(_field: Column, values: Values) -> Values | None:
    if len(values) < 2 or values[1] not in UNITS:
        return None
    count, unit = values[:2]
    if not count.isascii() or not count.isdecimal() or len(count) > LONGEST_VALUE or not int(count):
        return None
    return str(min(int(count), UNITS[unit])), unit


def _weekdays(_field: Column, values: Values) -> Values | None:
    return tuple(sorted({value for value in values if value in set("1234567")})) or None


def _hours(_field: Column, values: Values) -> Values | None:
    first, last = [*values, "", ""][:2]
    if first not in set(map(str, range(24))) or last not in set(map(str, range(1, 25))) or first == last:
        return None
    return first, last


def _nothing(_field: Column, _values: Values) -> Values:
    return ()


_SHAPES: dict[Shape, Callable[[Column, Values], Values | None]] = {
    "none": _nothing,
    "one": _one,
    "many": _many,
    "two": _two,
    "span": _span,
    "weekdays": _weekdays,
    "hours": _hours,
}
