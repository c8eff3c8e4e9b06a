"""A figure on the screen: its value, of how many chats it is, how it has changed, and the way to its rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st

from lib.language import UNKNOWN, _, calendar_day, duration, mark, number, percent, plural
from lib.missed.figures import Reading, Unit, change
from lib.missed.spans import Span

ARROW = ":material/arrow_forward:"
WHY_GREY = mark("A share of fewer than {few} chats says little, so it is grey.")
ChangeColour = Literal["green", "red", "gray"]
ChangeArrow = Literal["up", "down", "off"]
COLOURS: Mapping[bool | None, ChangeColour] = {True: "green", False: "red", None: "gray"}


@dataclass(frozen=True)
class Words:
    """What a figure is called, and what it means."""

    name: str
    meaning: str


@dataclass(frozen=True)
class Figure:
    """A figure in words of the current language, as it is now and was in the days before (None: there are none).

    `more_is_better` is None where more is neither better nor worse.
    """

    name: str
    meaning: str
    unit: Unit
    now: Reading
    before: Reading | None
    more_is_better: bool | None = None

    @property
    def value(self) -> str:
        """The figure as it is now."""
        return value_text(self.now, self.unit)

    @property
    def chats(self) -> str:
        """How many chats it is of."""
        return _chats(self.now, self.unit)

    @property
    def change(self) -> str:
        """How much more it is than before; never a change of nothing."""
        more = change(self.now, self.before)
        if more is None:
            return UNKNOWN
        if self._is_nothing(more):
            return _("no change")
        sign = "+" if more > 0 else "\N{MINUS SIGN}"
        return f"{sign}{self._size(abs(more))}"

    @property
    def sense(self) -> tuple[ChangeColour, ChangeArrow]:
        """The colour of the change, grey where it is neither better nor worse or too few chats tell; and its arrow."""
        more = change(self.now, self.before)
        if more is None or self._is_nothing(more) or self.now.is_small:
            return COLOURS[None], "off"
        is_open = self.more_is_better is None or (self.before is not None and self.before.is_small)
        better = None if is_open else (more > 0) == self.more_is_better
        return COLOURS[better], "up" if more > 0 else "down"

    @property
    def told(self) -> str:
        """The definition, then the figure in the days before, as Markdown."""
        if self.before is None:
            return self.meaning
        value, chats = value_text(self.before, self.unit), _chats(self.before, self.unit)
        return f"{self.meaning}\n\n{_('In the days before: {value} ({of}).', value=value, of=chats)}"

    def _is_nothing(self, more: float) -> bool:
        """Whether a change would be shown as one of 0."""
        return self._size(abs(more)) == self._size(0)

    def _size(self, size: float) -> str:
        if self.unit == "share":
            return _("{n} points", n=number(size * 100, 1))
        return _plain(size, self.unit)


def days_compared(span: Span | None) -> str:
    """Which days figures are of, and with which they are compared."""
    if span is None:
        return _("Chats without a start time")
    return _(
        "{first} to {last}, against {first_before} to {last_before}",
        first=calendar_day(span.first),
        last=calendar_day(span.last),
        first_before=calendar_day(span.before.first),
        last_before=calendar_day(span.before.last),
    )


def figure_card(figure: Figure, key: str, on_click: Callable[..., None], *args: Any) -> None:
    """Draws it with its change, and a button for its rows."""
    colour, arrow = figure.sense
    st.metric(
        figure.name,
        f":gray[{figure.value}]" if figure.now.is_small else figure.value,
        delta=too_few(figure.now) if figure.now.is_small else figure.change,
        delta_color=colour,
        delta_arrow=arrow,
        help=figure.told,
    )
    st.button(
        figure.chats,
        key=key,
        icon=ARROW,
        icon_position="right",
        type="tertiary",
        help=_("Show these chats"),
        on_click=on_click,
        args=args,
    )


def too_few(reading: Reading) -> str:
    """What stands in place of a change where a figure says little."""
    return plural("only {n} chat", "only {n} chats", reading.of) if reading.of else _("nothing to count")


def value_text(reading: Reading, unit: Unit) -> str:
    """A figure in words."""
    if reading.value is None:
        return UNKNOWN
    return percent(reading.value, 1) if unit == "share" else _plain(reading.value, unit)


def _plain(value: float, unit: Unit) -> str:
    if unit == "seconds":
        return duration(value)
    return number(value, 1 if unit == "number" else 0)


def _chats(reading: Reading, unit: Unit) -> str:
    if unit != "share":
        return plural("{n} chat", "{n} chats", reading.counted)
    return _("{n} of {of}", n=number(reading.counted), of=number(reading.of or 0))
