"""What the page Visitors shows: a list, a tab and a page of it, and an open person. The address is the truth.

A person is named by a chat of theirs, so that a link still holds when persons are joined or parted.
"""

from dataclasses import dataclass, replace
from uuid import UUID

import streamlit as st

from lib.screen.parts.address import page_number, read_address, uuid_of, write_address
from lib.visitors.listing import KINDS, SORT_KEYS, TABS, Chosen, Kind, SortKey, Tab

OWN = ("kind", "visitors", "sort", "visitors_page", "chat")
# What is searched for names people, and links do not.
WORDS_KEY = "visitor_words"


@dataclass(frozen=True)
class VisitorsView:
    """One state of the page Visitors."""

    kind: Kind = "contacts"
    tab: Tab = "all"
    sort: SortKey = "last_at"
    page: int = 1
    person: UUID | None = None

    @property
    def chosen(self) -> Chosen:
        """Which visitors are meant, with the words that are sought in this browser tab."""
        return Chosen(self.kind, self.tab, str(st.session_state.get(WORDS_KEY) or ""))


def read_visitors_view() -> VisitorsView:
    """The view that the address means; what this version does not know is as if it were not there."""
    kind, tab, sort, page, person = (read_address().get(name, [""])[-1] for name in OWN)
    return VisitorsView(
        next((each for each in KINDS if each == kind), "contacts"),
        next((each for each in TABS if each == tab), "all"),
        next((each for each in SORT_KEYS if each == sort), "last_at"),
        page_number(page),
        uuid_of(person),
    )


def to_visitors(view: VisitorsView) -> dict[str, str]:
    """The parameters of a link to the view."""
    usual = VisitorsView()
    told = {
        "kind": view.kind if view.kind != usual.kind else None,
        "visitors": view.tab if view.tab != usual.tab else None,
        "sort": view.sort if view.sort != usual.sort else None,
        "visitors_page": str(view.page) if view.page != usual.page else None,
        "chat": str(view.person) if view.person else None,
    }
    return {name: value for name, value in told.items() if value is not None}


def show_visitors(view: VisitorsView) -> None:
    """Makes the address, and with the next run the screen, show the view."""
    others = {name: values for name, values in read_address().items() if name not in OWN}
    write_address({**others, **to_visitors(view)})


def show_person(chat_id: UUID | None) -> None:
    """Opens the person of a chat beside the list, or closes it."""
    show_visitors(replace(read_visitors_view(), person=chat_id))
