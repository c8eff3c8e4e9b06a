"""The widgets for the values of a condition, by the kind of its field and what its operator takes."""

from collections.abc import Callable
from datetime import date
from typing import Any

import streamlit as st

from lib.chats.columns import FIELDS
from lib.chats.facets import offered_values
from lib.chats.filter.operators import Shape, operators_of
from lib.chats.filter.sentence import WEEKDAYS, hour_name, named
from lib.chats.filter.validate import LONGEST_VALUE, UNITS, number_in
from lib.language import _, date_pattern, mark
from lib.screen.chats.conditions_draft import UNITS_S, Row, row_of, set_values
from lib.screen.frame.answers import answer
from lib.screen.frame.labels import account_words

EARLIEST, LATEST = date(1900, 1, 1), date(2200, 12, 31)
UNIT_NAMES = {
    "seconds": mark("seconds"),
    "minutes": mark("minutes"),
    "hours": mark("hours"),
    "days": mark("days"),
    "weeks": mark("weeks"),
    "months": mark("months"),
}
# Keeps the place of a first number that is missing while the second one is there; no number, so the row is incomplete.
_GAP = "?"
Change = Callable[..., None]
# A row by its number, with the field and the operator for which a value was asked.
Asked = tuple[int, str, str]
WITHIN_TEXT = ("has", "lacks", "begins")


def row_values(row: Row) -> None:
    """Draws the values of a row; a change is in the draft at once."""
    shape = operators_of(row.condition.field)[row.condition.operator].shape
    if shape == "many":
        _many(row, _offered(row), lambda value: named(row.condition.field, value, account_words()))
    elif shape == "weekdays":
        _many(row, list(WEEKDAYS), lambda day: _(WEEKDAYS[day]), closed=True)
    elif shape in _BY_SHAPE:
        _BY_SHAPE[shape](row)
    elif shape in ("one", "two"):
        count = 2 if shape == "two" else 1
        kind = FIELDS[row.condition.field].kind
        if kind == "moment":
            _days(row, count)
        elif kind in ("number", "duration"):
            _numbers(row, count)
        elif row.condition.operator in WITHIN_TEXT or not _offered(row):
            key = _key(row)
            st.session_state[key] = "".join(row.condition.values[:1])
            st.text_input(
                _("Value"),
                key=key,
                # A field would cut what is longer, and give the rest back as the value.
                max_chars=max(LONGEST_VALUE, len(st.session_state[key])),
                placeholder=_("Enter a value"),
                label_visibility="collapsed",
                on_change=_text_changed,
                args=(_asking(row), key),
            )
        else:
            _choice(row)


def _key(row: Row, part: str = "value") -> str:
    # What another field or operator asks for is another widget.
    return f"rule_{row.id}_{row.condition.field}_{row.condition.operator}_{part}"


def _offered(row: Row) -> list[str]:
    """The known values, and those of the row."""
    known = answer(offered_values, row.condition.field)
    seen = set(known)
    return [*known, *(value for value in row.condition.values if value not in seen)]


def _asking(row: Row) -> Asked:
    return row.id, row.condition.field, row.condition.operator


def _still_asking(asked: Asked) -> Row | None:
    """The row, unless another field, or an operator that takes other values, was chosen in the same moment."""
    number, field, operator = asked
    row = row_of(number)
    if row is None or row.condition.field != field:
        return None
    known = operators_of(field)
    return row if known[row.condition.operator].shape == known[operator].shape else None


def _set(asked: Asked, *values: str) -> None:
    row = _still_asking(asked)
    if row:
        set_values(row, *values)


def _text_changed(asked: Asked, key: str) -> None:
    _set(asked, str(st.session_state[key] or ""))


def _choice(row: Row) -> None:
    key = _key(row)
    st.session_state[key] = row.condition.values[0] if row.condition.values else None
    st.selectbox(
        _("Value"),
        _offered(row),
        index=None,
        format_func=lambda value: named(row.condition.field, value, account_words()),
        key=key,
        placeholder=_("Enter a value"),
        accept_new_options=FIELDS[row.condition.field].choices is None,
        label_visibility="collapsed",
        on_change=_text_changed,
        args=(_asking(row), key),
    )


def _many(row: Row, options: list[str], name: Callable[[str], str], *, closed: bool = False) -> None:
    key = _key(row)
    st.session_state[key] = list(row.condition.values)
    st.multiselect(
        _("Values"),
        options,
        format_func=name,
        key=key,
        placeholder=_("Enter values"),
        accept_new_options=not closed and FIELDS[row.condition.field].choices is None,
        label_visibility="collapsed",
        on_change=_many_changed,
        args=(_asking(row), key),
    )


def _many_changed(asked: Asked, key: str) -> None:
    _set(asked, *map(str, st.session_state[key]))


def _numbers(row: Row, count: int) -> None:
    """One or two numbers; those of a duration are written in a unit and kept as seconds."""
    is_duration = FIELDS[row.condition.field].kind == "duration"
    keys = [_key(row, f"{row.unit if is_duration else 'number'}_{n}") for n in range(count)]
    unit_key = _key(row, "unit")
    size = UNITS_S[row.unit] if is_duration else 1
    for n, (column, key) in enumerate(
        zip(st.columns(count + is_duration, gap="small"), [*keys, unit_key], strict=False)
    ):
        with column:
            if n < count:
                # What stands in the place; a place before one that is filled may be empty.
                text = row.condition.values[n] if n < len(row.condition.values) else ""
                value = number_in(text) / size if text and text != _GAP else None
                is_whole = value is None or value == int(value)
                st.session_state[keys[n]] = value if value is None or not is_whole else int(value)
                st.number_input(
                    _("Value"),
                    min_value=min(0, int(value or 0)) if is_whole else min(0.0, value or 0.0),
                    value=None,
                    step=1 if is_whole else 0.1,
                    key=keys[n],
                    placeholder=_("Enter a value"),
                    label_visibility="collapsed",
                    on_change=_numbers_changed,
                    args=(_asking(row), keys, unit_key),
                )
            else:
                st.session_state[key] = row.unit
                args = (_asking(row), keys, key)
                _listed(_("Unit"), list(UNITS_S), _unit_name, key=key, changed=_numbers_changed, args=args)


def _numbers_changed(asked: Asked, keys: list[str], unit_key: str) -> None:
    row = _still_asking(asked)
    if row is None:
        return
    unit = st.session_state.get(unit_key) or row.unit
    size = UNITS_S[unit] if FIELDS[row.condition.field].kind == "duration" else 1
    row.unit = unit
    texts = []
    for key in keys:
        value = st.session_state.get(key)
        if value is None:
            texts.append(_GAP)
        else:
            value *= size
            texts.append(str(int(value)) if value == int(value) else f"{value:.6f}".rstrip("0"))
    set_values(row, *(texts if any(text != _GAP for text in texts) else ()))


def _unit_name(unit: str) -> str:
    return _(UNIT_NAMES[unit])


def _days(row: Row, count: int) -> None:
    key = _key(row)
    days = tuple(date.fromisoformat(value) for value in row.condition.values[:count])
    single = days[0] if days else None
    st.session_state[key] = days if count > 1 else single
    st.date_input(  # type: ignore[call-overload]  # None and () are both allowed
        _("Day"),
        value=() if count > 1 else None,
        key=key,
        format=date_pattern(),
        min_value=min([EARLIEST, *days]),
        max_value=max([LATEST, *days]),
        label_visibility="collapsed",
        on_change=_days_changed,
        args=(_asking(row), key),
    )


def _days_changed(asked: Asked, key: str) -> None:
    found = st.session_state[key]
    _set(asked, *(day.isoformat() for day in (found if isinstance(found, tuple) else (found,)) if day))


def _span(row: Row) -> None:
    key, unit_key = _key(row, "count"), _key(row, "unit")
    count, unit = [*row.condition.values, "", ""][:2]
    left, right = st.columns(2, gap="small")
    st.session_state[key] = int(count) if count.isdecimal() else None
    st.session_state[unit_key] = unit if unit in UNITS else "days"
    with left:
        st.number_input(
            _("Value"),
            min_value=1,
            max_value=max(UNITS.values()),
            value=None,
            key=key,
            placeholder=_("Enter a value"),
            label_visibility="collapsed",
            on_change=_span_changed,
            args=(_asking(row), key, unit_key),
        )
    with right:
        args = (_asking(row), key, unit_key)
        _listed(_("Unit"), list(UNITS), _unit_name, key=unit_key, changed=_span_changed, args=args)


def _span_changed(asked: Asked, key: str, unit_key: str) -> None:
    count = st.session_state[key]
    _set(asked, _GAP if count is None else str(count), str(st.session_state[unit_key]))


def _hours(row: Row) -> None:
    keys = (_key(row, "from"), _key(row, "to"))
    for key, value, fallback in zip(keys, [*row.condition.values, "", ""], ("9", "18"), strict=False):
        st.session_state[key] = value or fallback
    left, right = st.columns(2, gap="small")
    firsts, lasts = ([str(hour) for hour in range(start, start + 24)] for start in (0, 1))
    with left:
        _listed(_("From"), firsts, hour_name, key=keys[0], changed=_hours_changed, args=(_asking(row), *keys))
    with right:
        _listed(_("To"), lasts, hour_name, key=keys[1], changed=_hours_changed, args=(_asking(row), *keys))


def _hours_changed(asked: Asked, first: str, last: str) -> None:
    _set(asked, str(st.session_state[first]), str(st.session_state[last]))


def _listed(
    label: str, options: list[str], name: Callable[[str], str], *, key: str, changed: Change, args: tuple[Any, ...]
) -> None:
    st.selectbox(label, options, format_func=name, key=key, label_visibility="collapsed", on_change=changed, args=args)


_BY_SHAPE: dict[Shape, Callable[[Row], None]] = {"span": _span, "hours": _hours}
