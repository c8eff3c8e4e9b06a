"""The operators of conditions, by the kind of field: what they are called, and how a sentence tells of them."""

from dataclasses import dataclass
from typing import Literal

from lib.chats.columns import FIELDS, Kind
from lib.language import mark

# What values an operator takes: a span is a number and a unit, hours are the first one and the one that ends it.
Shape = Literal["none", "one", "many", "two", "span", "weekdays", "hours"]


@dataclass(frozen=True)
class Operator:
    """Its name in a list, and the sentence with the field's name and the values."""

    shape: Shape
    name: str
    told: str


EMPTY = {
    "empty": Operator("none", mark("is empty"), mark("{field} is empty")),
    "filled": Operator("none", mark("is not empty"), mark("{field} is not empty")),
}
EQUAL = {
    "is": Operator("one", mark("is"), mark("{field} is {value}")),
    "not": Operator("one", mark("is not"), mark("{field} is not {value}")),
    "any": Operator("many", mark("is any of"), mark("{field} is any of {values}")),
    "none": Operator("many", mark("is none of"), mark("{field} is none of {values}")),
}
WITHIN = {
    "has": Operator("one", mark("contains"), mark("{field} contains {value}")),
    "lacks": Operator("one", mark("does not contain"), mark("{field} does not contain {value}")),
    "begins": Operator("one", mark("begins with"), mark("{field} begins with {value}")),
}
SIZE = {
    "more": Operator("one", mark("is more than"), mark("{field} is over {value}")),
    "less": Operator("one", mark("is less than"), mark("{field} is under {value}")),
    "least": Operator("one", mark("is at least"), mark("{field} is at least {value}")),
    "most": Operator("one", mark("is at most"), mark("{field} is at most {value}")),
    "between": Operator("two", mark("is from … to …"), mark("{field} is from {first} to {last}")),
}
TIME = {
    "last": Operator("span", mark("is in the last"), mark("{field} is in the last {span}")),
    "before": Operator("one", mark("is before"), mark("{field} is before {value}")),
    "after": Operator("one", mark("is after"), mark("{field} is after {value}")),
    "is": Operator("one", mark("is on"), mark("{field} is on {value}")),
    "not": Operator("one", mark("is not on"), mark("{field} is not on {value}")),
    "between": Operator("two", mark("is from … to …"), mark("{field} is from {first} to {last}")),
    "weekday": Operator("weekdays", mark("is on weekday"), mark("the weekday of {field} is any of {values}")),
    "hours": Operator("hours", mark("is at time of day"), mark("the time of day of {field} is from {first} to {last}")),
    "worked": Operator("none", mark("is in working hours"), mark("{field} is in working hours")),
    "unworked": Operator("none", mark("is out of working hours"), mark("{field} is out of working hours")),
}
FLAG = {
    "yes": Operator("none", mark("is true"), mark("{field}: yes")),
    "no": Operator("none", mark("is not true"), mark("{field}: no")),
}

OPERATORS: dict[Kind, dict[str, Operator]] = {
    "text": EQUAL | WITHIN | EMPTY,
    "choice": EQUAL | EMPTY,
    "list": EQUAL | WITHIN | EMPTY,
    "number": SIZE | EQUAL | EMPTY,
    "duration": SIZE | EMPTY,
    "moment": TIME | EMPTY,
    "flag": FLAG,
}


def operators_of(field: str) -> dict[str, Operator]:
    """The operators of a field by their codes, the usual one first; none where there is no such field."""
    return OPERATORS[FIELDS[field].kind] if field in FIELDS else {}
