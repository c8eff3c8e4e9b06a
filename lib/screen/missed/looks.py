"""How the states of missed chats look, what they are called, and the way to the chats that a number counts."""

from dataclasses import dataclass
from typing import NoReturn

import streamlit as st

from lib.chats.filter.filter import ChatFilter
from lib.chats.states import STATE_NAMES as NAMES
from lib.chats.states import FollowUpState
from lib.language import _, mark
from lib.missed.queue import QueueTab
from lib.screen.chats.view import ChatView, show_chosen, to_address
from lib.screen.frame.labels import BadgeColour
from lib.screen.frame.page import MISSED, go


def show_missed(chosen: ChatFilter) -> None:
    """Shows the rows of a filter on the page Missed chats itself; for the callback of a widget."""
    show_chosen(chosen)


def open_missed(chosen: ChatFilter) -> NoReturn:
    """Opens the page Missed chats with the rows of a filter."""
    go(MISSED, to_address(ChatView(chosen)))


@dataclass(frozen=True)
class StateLook:
    """A state's name, icon and colour."""

    name: str
    icon: str
    colour: BadgeColour


STATES: dict[FollowUpState, StateLook] = {
    "to_do": StateLook(NAMES["to_do"], "radio_button_unchecked", "red"),
    "assigned": StateLook(NAMES["assigned"], "person", "orange"),
    "contacted": StateLook(NAMES["contacted"], "outgoing_mail", "blue"),
    "recovered": StateLook(NAMES["recovered"], "task_alt", "green"),
    "not_needed": StateLook(NAMES["not_needed"], "block", "gray"),
    "came_back": StateLook(NAMES["came_back"], "u_turn_left", "green"),
    "past": StateLook(NAMES["past"], "history", "gray"),
    "no_contact": StateLook(NAMES["no_contact"], "no_accounts", "gray"),
}
TABS: dict[QueueTab, str] = {
    "open": mark("To do"),
    "mine": mark("Mine"),
    "overdue": mark("Overdue"),
    "contacted": mark("Contacted"),
    "came_back": mark("Came back"),
    "done": mark("Done"),
    "no_contact": mark("No contact data"),
    "past": mark("Past"),
    "any": mark("All"),
}
TAB_MEANINGS: dict[QueueTab, str] = {
    "open": mark("Can be written to, and nobody has done so yet; somebody may have taken it."),
    "mine": mark("To do, and you have taken it."),
    "overdue": mark("To do, and its due time is over."),
    "contacted": mark("Somebody wrote or called, and the visitor has not been served since."),
    "came_back": mark("The visitor was served by a person before anybody wrote. Nothing is left to do."),
    "done": mark("Recovered (served by a person after the contact), or not needed."),
    "no_contact": mark(
        "Neither an e-mail address nor a phone number is known, and the visitor cannot be answered in the chat's "
        "channel, or no longer."
    ),
    "past": mark(
        "Too old when they first came in, and nobody has done anything about them. They can be taken back in."
    ),
    "any": mark("Every missed chat that is not deleted."),
}


def state_badge(state: FollowUpState) -> None:
    """Draws the state of a missed chat."""
    look = STATES[state]
    st.badge(_(look.name), icon=f":material/{look.icon}:", color=look.colour)
