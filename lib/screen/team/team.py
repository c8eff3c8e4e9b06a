"""The team: who is in it and what they have to do; then the hours and rules, and what the words mean."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lib.language import _, plural
from lib.missed.team import (
    LONGEST_NAME,
    Added,
    AlreadyThere,
    NameRefused,
    NotThere,
    Removed,
    Workload,
    add_colleague,
    remove_colleague,
    workloads,
)
from lib.screen.frame import session
from lib.screen.frame.storing import stores, with_failure
from lib.screen.missed.definitions import definitions
from lib.screen.parts.dialog import Dialog
from lib.screen.parts.outcome import Telling, tell
from lib.screen.parts.table import Ticks
from lib.screen.team.hours import hours_form

_NAME, _REFUSED = "colleague_name", "colleague_refused"
_REMOVING = Dialog("asking_to_remove", str)
Done = Added | AlreadyThere | Removed | NotThere


def team_page() -> None:
    """Draws the page."""
    with st.container(border=True):
        st.markdown(_("**Team**"))
        people = workloads(session.store(), session.clock().now)
        person = next((person for person in people if person.name == _REMOVING.about and person.is_here), None)
        if person:
            _REMOVING.draw(_("Remove from the team?"), _asked, person, icon=":material/person_remove:")
        table, form = st.columns([3, 2], gap="large")
        with table:
            if people:
                _table(people)
            else:
                st.info(_("Nobody yet. Add a colleague, or take a missed chat: whoever works on one joins the team."))
        with form:
            with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
                st.text_input(_("Name"), key=_NAME, max_chars=LONGEST_NAME, width=220, persist_state="session")
                st.button(_("Add colleague"), key="add_colleague", icon=":material/person_add:", on_click=_add)
            st.caption(_("Missed chats can be assigned to colleagues. Whoever takes or changes one joins the team."))
            # Why the typed name was not taken.
            refused = st.session_state.get(_REFUSED)
            if isinstance(refused, NameRefused):
                text = _("Type a name first.") if refused.reason == "blank" else _("The name is too long.")
                st.badge(text, icon=":material/error:", color="red")
    with st.container(border=True):
        hours_form()
    with st.expander(_("What the words mean"), icon=":material/menu_book:"):
        definitions()


def table_key(people: Sequence[Workload]) -> str:
    """Key of the table: the chosen row stays while the rows are the same people, whatever else is written meanwhile."""
    return f"team_{hash(tuple(person.name for person in people))}"


def _table(people: list[Workload]) -> None:
    column, here = st.column_config, [person.name if person.is_here else "" for person in people]
    ticks = Ticks(table_key(people), here)
    st.dataframe(
        pd.DataFrame(
            {
                "name": [person.name for person in people],
                "open": [person.open for person in people],
                "overdue": [person.overdue for person in people],
                "note": ["" if person.is_here else _("Not in the team") for person in people],
            }
        ),
        key=ticks.key,
        on_select="rerun",
        selection_mode="single-row",
        hide_index=True,
        row_height=30,
        height="content" if len(people) <= 8 else 270,
        column_config={
            "name": column.TextColumn(_("Name")),
            "open": column.NumberColumn(_("Not contacted yet"), width=130),
            "overdue": column.NumberColumn(_("Of these overdue"), width=130),
            "note": column.TextColumn("", width=120) if not all(person.is_here for person in people) else None,
        },
        alt=_("Team"),
    )
    chosen = any(ticks.chosen)
    st.button(
        _("Remove from the team") if chosen else _("Choose a row to remove somebody"),
        key="remove_colleague",
        icon=":material/person_remove:",
        disabled=not chosen,
        on_click=_ask,
        args=(ticks,),
    )


def _ask(ticks: Ticks[str]) -> None:
    _REMOVING.open(next(filter(None, ticks.chosen), ""))


@with_failure
def _asked(person: Workload) -> None:
    st.text(person.name)
    st.text(_("Nothing more can be assigned to this person. Chats they already have stay with them."))
    if person.open:
        st.text(
            plural(
                "One missed chat of theirs is not contacted yet; it may need somebody else.",
                "{n} missed chats of theirs are not contacted yet; they may need somebody else.",
                person.open,
            )
        )
    with st.container(horizontal=True, horizontal_alignment="right"):
        _REMOVING.cancel_button("cancel_removal", is_usual=True)
        if st.button(_("Remove from the team"), key="confirm_removal", icon=":material/person_remove:"):
            _remove(person.name)
            st.rerun()


@stores
def _remove(name: str) -> None:
    store, actor = session.store(), session.actor()
    outcome = remove_colleague(store, name, actor)
    _REMOVING.close()
    tell(lambda: _telling(outcome))


@stores
def _add() -> None:
    store, actor, name = session.store(), session.actor(), str(st.session_state.get(_NAME) or "")
    outcome = add_colleague(store, name, actor)
    if isinstance(outcome, NameRefused):
        st.session_state[_REFUSED] = outcome
        return
    st.session_state.pop(_REFUSED, None)
    tell(lambda: _telling(outcome))
    st.session_state[_NAME] = ""


def _telling(outcome: Done) -> Telling:
    match outcome:
        case Added(again=True):
            told = _("is in the team again.")
        case Added():
            told = _("is in the team now.")
        case AlreadyThere():
            told = _("is in the team already.")
        case NotThere():
            told = _("is not in the team any more; somebody else was faster.")
        case Removed(open_chats=0):
            told = _("is not in the team any more.")
        case _:
            told = plural(
                "is not in the team any more, and still has {n} missed chat that nobody has contacted.",
                "is not in the team any more, and still has {n} missed chats that nobody has contacted.",
                outcome.open_chats,
            )
    return Telling(f"{outcome.name} {told}")
