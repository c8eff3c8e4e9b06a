"""Rules in SQL. What a rule says of a value is false of an empty one; what it denies is true of it."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from lib.chats.clock import Clock
from lib.chats.filter.clause import Clause
from lib.chats.filter.fields import FIELDS, Kind
from lib.chats.filter.filter import Rule, Rules
from lib.chats.filter.times import local_time, span_start
from lib.chats.filter.validate import number_in, tidied_rules

# Up to here, one question a value is faster than to look each value of the chats up (measured on a million chats).
FEW_VALUES = 10
JOINTS = {"all": " AND ", "any": " OR "}

# Of a text, of each text in a list and of a number; `{p}` is the bound value.
_EQUAL = {
    "is": "{x} = {p}",
    "any": "{x} IN (SELECT {p})",
    "has": "contains({x}, {p})",
    "begins": "starts_with({x}, {p})",
}
_SIZE = {"more": "{x} > {p}", "less": "{x} < {p}", "least": "{x} >= {p}", "most": "{x} <= {p}"}
_DENIED = {"not": "is", "none": "any", "lacks": "has"}
_EMPTY_SQL: dict[Kind, str] = {
    "text": "coalesce({x}, '') = ''",
    "choice": "coalesce({x}, '') = ''",
    "list": "len({x}) = 0",
}


def rules_clause(rules: Rules, clock: Clock) -> Clause | None:
    """The rules that make sense as one condition; None where there is none."""
    found = tidied_rules(rules)
    return _Writer(clock).group(found) if found else None


class _Writer:
    """Writes rules in SQL and gives each value that is bound a name of its own."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._params: dict[str, Any] = {}

    def group(self, rules: Rules) -> Clause:
        """The whole, with all values."""
        return Clause(self._group(rules), self._params)

    def _group(self, rules: Rules) -> str:
        parts = [self._group(item) if isinstance(item, Rules) else f"({self._rule(item)})" for item in rules.items]
        return f"({JOINTS[rules.mode].join(parts)})"

    def _rule(self, rule: Rule) -> str:
        field = FIELDS[rule.field]
        if rule.operator in ("empty", "filled"):
            sql = _EMPTY_SQL.get(field.kind, "{x} IS NULL").format(x=field.sql)
            return sql if rule.operator == "empty" else f"NOT ({sql})"
        return _WRITTEN[field.kind](self, field.sql, rule)

    def _flag(self, column: str, rule: Rule) -> str:
        return column if rule.operator == "yes" else f"NOT {column}"

    def _text(self, column: str, rule: Rule) -> str:
        if rule.operator in _DENIED:
            return _contrary(self._text(column, _said(rule)))
        bound = self._bind(list(rule.values) if rule.operator == "any" else rule.values[0])
        value = f"lower(unnest({bound}::VARCHAR[]))" if rule.operator == "any" else f"lower({bound})"
        return _EQUAL[rule.operator].format(x=f"lower({column})", p=value)

    def _list(self, column: str, rule: Rule) -> str:
        if rule.operator in _DENIED:
            return f"NOT ({self._list(column, _said(rule))})"
        if rule.operator in ("has", "begins"):
            return f"len(list_filter({column}, lambda part: {self._text('part', rule)})) > 0"
        if len(rule.values) > FEW_VALUES:
            parts = f"(SELECT id, unnest({column}) AS part FROM chats)"
            return f"id IN (SELECT id FROM {parts} WHERE {self._text('part', rule)})"
        lowered = f"list_transform({column}, lambda part: lower(part))"
        return " OR ".join(f"list_contains({lowered}, lower({self._bind(value)}))" for value in rule.values)

    def _number(self, column: str, rule: Rule) -> str:
        if rule.operator in _DENIED:
            return _contrary(self._number(column, _said(rule)))
        numbers = [number_in(value) for value in rule.values]
        if rule.operator == "any":
            return _EQUAL["any"].format(x=column, p=f"unnest({self._bind(numbers)}::DOUBLE[])")
        if rule.operator == "between":
            return f"{column} BETWEEN {self._bind(numbers[0])} AND {self._bind(numbers[1])}"
        return (_SIZE | _EQUAL)[rule.operator].format(x=column, p=self._bind(numbers[0]))

    def _moment(self, column: str, rule: Rule) -> str:
        if rule.operator == "last":
            start = span_start(int(rule.values[0]), rule.values[1], self._clock)
            return self._within(column, start, f"<= {self._bind(self._clock.now)}")
        if rule.operator in ("weekday", "hours"):
            return self._by_clock(column, rule)
        days = [date.fromisoformat(value) for value in rule.values]
        first, end = self._clock.start_of(days[0]), self._clock.end_of(days[-1])
        if rule.operator == "before":
            return f"{column} < {self._bind(first)}"
        if rule.operator == "after":
            return f"{column} >= {self._bind(end)}"
        said = self._within(column, first, f"< {self._bind(end)}")
        return _contrary(said) if rule.operator == "not" else said

    def _within(self, column: str, first: datetime, end: str) -> str:
        return f"{column} >= {self._bind(first)} AND {column} {end}"

    def _by_clock(self, column: str, rule: Rule) -> str:
        local, params = local_time(column, self._clock)
        self._params |= params
        numbers = [int(value) for value in rule.values]
        if rule.operator == "weekday":
            return f"list_contains({self._bind(numbers)}, isodow({local}))"
        # The hours since the first one, so that a time of day may go past midnight.
        first, length = self._bind(numbers[0]), self._bind((numbers[1] - numbers[0]) % 24 or 24)
        return f"(hour({local}) + 24 - {first}) % 24 < {length}"

    def _bind(self, value: Any) -> str:
        name = f"rule_{len(self._params)}"
        self._params[name] = value
        return f"${name}"


def _said(rule: Rule) -> Rule:
    """The rule, or the one whose contrary it is."""
    return Rule(rule.field, _DENIED.get(rule.operator, rule.operator), rule.values)


def _contrary(said: str) -> str:
    return f"coalesce(NOT ({said}), true)"


_WRITTEN: dict[Kind, Callable[[_Writer, str, Rule], str]] = {
    "flag": _Writer._flag,
    "text": _Writer._text,
    "choice": _Writer._text,
    "list": _Writer._list,
    "number": _Writer._number,
    "duration": _Writer._number,
    "moment": _Writer._moment,
}
