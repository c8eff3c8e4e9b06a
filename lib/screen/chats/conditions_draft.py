"""The conditions as they stand in the dialog, until they are applied or given up; rows may still lack a value."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import streamlit as st

from lib.chats.columns import FIELDS
from lib.chats.filter.filter import Condition, Conditions, Mode
from lib.chats.filter.operators import Shape, operators_of
from lib.chats.filter.validate import MOST_CONDITIONS, number_in, tidied, tidied_conditions
from lib.screen.frame import session
from lib.screen.parts.dialog import Dialog

# What a new row asks.
USUAL_FIELD = "wait"
USUAL_VALUES: dict[Shape, tuple[str, ...]] = {"span": ("7", "days"), "hours": ("9", "18")}
UNITS_S = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400}
USUAL_UNIT = "minutes"


@dataclass
class Row:
    """A condition that may lack values; `unit` is the one in which its duration is written."""

    id: int
    condition: Condition
    unit: str = USUAL_UNIT


@dataclass
class Group:
    """Rows of which all or any must hold; only the outermost one has groups inside."""

    id: int = 0
    mode: Mode = "all"
    items: "list[Row | Group]" = field(default_factory=list)


@dataclass
class Draft:
    """What the dialog shows: of which page and which conditions it began, and all rows."""

    page: str
    base: Conditions | None
    top: Group
    next_id: int = 1

    def new_id(self) -> int:
        """A number that no row had before, so that no widget keeps what was in another one."""
        self.next_id += 1
        return self.next_id

    def group(self, number: int) -> Group | None:
        """The group with an id, unless it was removed meanwhile."""
        groups = [self.top, *(item for item in self.top.items if isinstance(item, Group))]
        return next((group for group in groups if group.id == number), None)

    def row(self, number: int) -> Row | None:
        """The row with an id, unless it was removed meanwhile."""
        return next((row for row in self.rows() if row.id == number), None)

    def rows(self) -> Iterator[Row]:
        """All rows, those in groups included."""
        for item in self.top.items:
            if isinstance(item, Row):
                yield item
            else:
                yield from (row for row in item.items if isinstance(row, Row))

    @property
    def conditions(self) -> Conditions | None:
        """The conditions of the rows that are complete."""
        return tidied_conditions(_conditions(self.top))

    @property
    def incomplete(self) -> int:
        """Number of rows that lack a value."""
        return sum(not is_complete(row) for row in self.rows())

    @property
    def is_full(self) -> bool:
        """Whether no more rows may come."""
        return sum(1 for _row in self.rows()) >= MOST_CONDITIONS


CONDITIONS = Dialog("conditions_draft", Draft)


def begin_draft(conditions: Conditions | None) -> None:
    """Opens the dialog with these conditions, or with one row where there are none."""
    draft = Draft(_page(), conditions, Group())
    draft.top = _group(draft, conditions) if conditions else Group(items=[_new_row(draft)])
    CONDITIONS.open(draft)


def open_draft(conditions: Conditions | None) -> Draft | None:
    """The draft of this page, begun with the conditions of the address; None where the dialog is closed.

    The browser's Back button changes page or conditions behind the dialog; a draft that is left over is forgotten.
    """
    draft = CONDITIONS.about
    if draft and (draft.page, draft.base) != (_page(), conditions):
        CONDITIONS.close()
        return None
    return draft


def group_of(number: int) -> Group | None:
    """The group of the draft with an id; for the callback of a widget, which may come after its end."""
    draft = CONDITIONS.about
    return draft.group(number) if draft else None


def row_of(number: int) -> Row | None:
    """The row of the draft with an id; for the callback of a widget, which may come after its end."""
    draft = CONDITIONS.about
    return draft.row(number) if draft else None


def add_row(number: int) -> None:
    """Adds a row at the end of the group with an id."""
    draft, group = CONDITIONS.about, group_of(number)
    if draft and group and not draft.is_full:
        group.items.append(_new_row(draft))


def add_group() -> None:
    """Adds a group with one row, which asks for any of its rows where the outer one asks for all."""
    draft = CONDITIONS.about
    if draft and not draft.is_full:
        mode: Mode = "any" if draft.top.mode == "all" else "all"
        draft.top.items.append(Group(draft.new_id(), mode, [_new_row(draft)]))


def remove(number: int, item_number: int) -> None:
    """Takes a row or a group out of the group with an id, and with the last row of an inner group that group."""
    draft, group = CONDITIONS.about, group_of(number)
    if draft is None or group is None:
        return
    group.items = [other for other in group.items if other.id != item_number]
    if not group.items and group is not draft.top:
        draft.top.items.remove(group)


def set_field(row: Row, code: str) -> None:
    """Makes a row ask for another field; the operator stays where that field has it."""
    known = operators_of(code)
    operator = row.condition.operator if row.condition.operator in known else next(iter(known))
    row.condition, row.unit = Condition(code, operator, _usual_values(code, operator)), USUAL_UNIT


def set_operator(row: Row, operator: str) -> None:
    """Makes a row ask with another operator; the values stay where it takes the same kind of them."""
    known, old = operators_of(row.condition.field), row.condition
    same = known[old.operator].shape == known[operator].shape
    row.condition = Condition(old.field, operator, old.values if same else _usual_values(old.field, operator))


def set_values(row: Row, *values: str) -> None:
    """Gives a row its values; empty ones are none."""
    row.condition = Condition(row.condition.field, row.condition.operator, tuple(value for value in values if value))


def is_complete(row: Row) -> bool:
    """Whether a row can be asked."""
    return tidied(row.condition) is not None


def _page() -> str:
    return str(st.session_state.get(session.PAGE_KEY, ""))


def _new_row(draft: Draft) -> Row:
    return Row(draft.new_id(), Condition(USUAL_FIELD, next(iter(operators_of(USUAL_FIELD)))))


def _usual_values(code: str, operator: str) -> tuple[str, ...]:
    return USUAL_VALUES.get(operators_of(code)[operator].shape, ())


def _group(draft: Draft, conditions: Conditions, number: int = 0) -> Group:
    group = Group(number, conditions.mode)
    for item in conditions.items:
        if isinstance(item, Conditions):
            group.items.append(_group(draft, item, draft.new_id()))
        else:
            unit = USUAL_UNIT
            if FIELDS[item.field].kind == "duration":
                # The largest one in which all values are whole numbers.
                values = [number_in(value) for value in item.values]
                fitting = [
                    name for name, size in UNITS_S.items() if all(value and value % size == 0 for value in values)
                ]
                unit = fitting[-1] if fitting else "seconds"
            group.items.append(Row(draft.new_id(), item, unit))
    return group


def _conditions(group: Group) -> Conditions:
    return Conditions(
        group.mode, tuple(item.condition if isinstance(item, Row) else _conditions(item) for item in group.items)
    )
