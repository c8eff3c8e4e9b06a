"""What statuses, categories, fields, purposes of mails and filters are called; how each category looks everywhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st

from lib.chats import columns
from lib.chats.accounts import AccountNames, accounts, names_told
from lib.chats.categories import Category, Status
from lib.chats.clock import Clock
from lib.chats.columns import MISSED_REASONS, SortKey
from lib.chats.filter.filter import ChatFilter, as_chosen
from lib.chats.filter.sentence import phrases, sentence
from lib.chats.filter.times import Period
from lib.language import _, joined, mark
from lib.mail import Purpose
from lib.screen.frame import session
from lib.screen.frame.answers import answer

BadgeColour = Literal["red", "orange", "blue", "green", "violet", "gray"]


@dataclass(frozen=True)
class Look:
    """A category's name, icon and colours; `light` and `dark` have AA contrast on the theme's background."""

    name: str
    icon: str
    badge: BadgeColour
    light: str
    dark: str

    @property
    def colour(self) -> str:
        """The colour for the theme that the browser shows."""
        return self.dark if is_dark() else self.light


CATEGORIES: dict[Category, Look] = {
    "all": Look(mark("All"), "forum", "gray", "#5f6368", "#c4c7cc"),
    "ongoing": Look(mark("Ongoing"), "chat", "green", "#0c6b45", "#5fd39f"),
    "missed": Look(mark("Missed"), "phone_missed", "red", "#b3261e", "#ff9b9b"),
    "reopened": Look(mark("Reopened"), "replay", "orange", "#9a4b00", "#f5b26b"),
    "completed": Look(mark("Completed"), "check_circle", "blue", "#1f5fbf", "#8fc0ff"),
    "monitored": Look(mark("Monitored"), "visibility", "violet", "#6a35b5", "#c6a0ff"),
}

CATEGORY_MEANINGS: dict[Category, str] = {
    "all": mark("All chats that are not deleted."),
    "ongoing": mark("Running now."),
    "missed": mark("Nobody took the chat."),
    "reopened": mark("Completed before, and opened again."),
    "completed": mark("Served and closed."),
    "monitored": mark("Running now, and a supervisor is watching. These are also counted among the ongoing ones."),
}

# Of filters; those that are no column of a chat have their own.
FIELDS: dict[str, str] = {code: column.label for code, column in columns.FIELDS.items()} | {
    "period": mark("Started"),
    "first_day": mark("First day"),
    "last_day": mark("Last day"),
    "waited_longer_than_s": mark("Waited longer than"),
    "email": mark("E-mail address"),
    "reply": mark("E-mail reply"),
    "queue": mark("State"),
    "repeated": mark("Missed repeatedly"),
    "news": mark("What is new"),
    "conditions": mark("Conditions"),
    "words": mark("Words"),
    "unreadable": mark("What cannot be read"),
}
# Of orders of the list.
SORTS: dict[SortKey, str] = {key: column.heading for key, column in columns.SORTS.items()}

PERIODS: dict[Period, str] = {
    "any": mark("Any time"),
    "today": mark("Today"),
    "yesterday": mark("Yesterday"),
    "since_working_day": mark("Since the last working day"),
    "last_7": mark("Last 7 days"),
    "last_30": mark("Last 30 days"),
    "last_90": mark("Last 90 days"),
    "this_month": mark("This month"),
    "last_month": mark("Last month"),
    "custom": mark("From … to …"),
    "unknown": mark("Without a start time"),
}

PURPOSES: dict[Purpose, str] = {
    "missed_in_hours": mark("Missed in working hours"),
    "missed_out_of_hours": mark("Missed out of hours"),
    "follow_up": mark("Follow-up"),
    "blank": mark("Blank"),
}

IMPORT_STATES: dict[str, str] = {
    "new": mark("New"),
    "updated": mark("Updated"),
    "unchanged": mark("Unchanged"),
}


def missed_reason(code: str) -> str:
    """Why a chat counts as missed, in the current language."""
    return _(MISSED_REASONS[code])


def is_dark() -> bool:
    """Whether the browser shows the dark theme."""
    return st.context.theme.type == "dark"


def status_name(status: Status) -> str:
    """A status in the current language."""
    return _(CATEGORIES[status].name)


def status_badge(status: Status, *, monitored: bool = False) -> None:
    """Draws the status of a chat."""
    look = CATEGORIES["monitored" if monitored else status]
    st.badge(_(look.name), icon=f":material/{look.icon}:", color=look.badge)


def filter_words(chosen: ChatFilter, clock: Clock | None = None) -> str:
    """What is shown, in words, at the present moment or at that of a clock."""
    return sentence(chosen, clock or session.clock(), account_words())


def filter_phrases(chosen: ChatFilter) -> dict[str, str]:
    """What is set besides the category, in words, by its name in the filter."""
    return phrases(chosen, session.clock(), account_words())


def seen_words(allowed: Iterable[tuple[str, Iterable[str | None]]]) -> str:
    """Which chats somebody sees who sees only some, by field and values, in words; may hold any sign."""
    chosen: dict[str, Any] = {field: tuple(map(as_chosen, values)) for field, values in allowed}
    return joined(filter_phrases(ChatFilter(**chosen)).values())


def account_words() -> AccountNames:
    """What accounts are called in the middle of a sentence."""
    return names_told(answer(accounts))
