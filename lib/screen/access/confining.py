"""Who sees only some chats, on the page of roles."""

from collections.abc import Mapping, Sequence
from typing import Literal

import pandas as pd
import streamlit as st

from lib.access.confinements import FIELDS, Changed, Confined, Field, Sees, confine, confinements
from lib.access.roles import LONGEST_PERSON, Policy, Unchangeable
from lib.chats.facets import facets
from lib.chats.filter.filter import EMPTY, as_stored
from lib.language import _, mark, moment
from lib.screen.chats.value_lists import value_labels
from lib.screen.frame import labels, session
from lib.screen.frame.answers import answer
from lib.screen.frame.storing import stores
from lib.screen.parts.outcome import Telling, tell, undo_way
from lib.screen.parts.table import Ticks, choice_table

Refused = Unchangeable | Literal["nothing"]
REFUSED: Mapping[Refused, str] = {
    "no_address": mark("Type the e-mail address under which the person signs in."),
    "administrator": mark("The settings of this program make this person an administrator; they see all chats."),
    "own": mark("Nobody changes what they see themselves. Ask another administrator."),
    "nothing": mark("Choose at least one department, website or account."),
}
_PERSON, _REFUSED = "confined_person", "confining_refused"


def confining(policy: Policy) -> None:
    """Draws the form, and who is confined."""
    st.text(
        _(
            "To them all other chats look as if they did not exist: in lists, numbers, searches, reports, exports, "
            "e-mails and links. What is about all chats they do not do: import, erase for good, give roles."
        )
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.text_input(_("E-mail address"), key=_PERSON, max_chars=LONGEST_PERSON, width=220, persist_state="session")
        found = answer(facets, EMPTY, FIELDS)
        for field in FIELDS:
            known = value_labels(field, dict.fromkeys(found[field].names))
            st.multiselect(
                _(labels.FIELDS[field]),
                found[field].names,
                format_func=known.__getitem__,
                key=_key(field),
                placeholder=_("Any"),
                width=140,
                persist_state="session",
            )
        st.button(_("Show only these"), key="confine", icon=":material/filter_alt:", on_click=_confine, args=(policy,))
    refused: Refused | None = st.session_state.get(_REFUSED)
    if refused:
        st.badge(_(REFUSED[refused]), icon=":material/error:", color="red")
    people = answer(confinements)
    if people:
        _people(policy, people)
    else:
        st.caption(_("Nobody yet: whoever may come in sees all chats."))


def _people(policy: Policy, people: Sequence[Confined]) -> None:
    column, zone = st.column_config, session.settings().zone
    ticks = choice_table(
        pd.DataFrame(
            {
                "person": [each.person for each in people],
                "sees": [labels.seen_words(each.sees.items()) for each in people],
                "whence": [f"{each.given_by} · {moment(each.given_at, zone)}" for each in people],
            }
        ),
        people,
        key=f"confined_{hash(tuple(each.person for each in people))}",
        columns={
            "person": column.TextColumn(_("Person"), width=260),
            "sees": column.TextColumn(_("Sees")),
            "whence": column.TextColumn(_("Given by"), width=330),
        },
        alt=_("Who sees only some chats"),
    )
    st.button(
        _("Show all chats again") if ticks.chosen else _("Choose a row to show all chats again"),
        key="not_confine",
        icon=":material/filter_alt_off:",
        disabled=not ticks.chosen,
        on_click=_no_longer,
        args=(policy, ticks),
    )


def _key(field: Field) -> str:
    return f"confined_to_{field}"


def _confine(policy: Policy) -> None:
    sees: Sees = {field: [as_stored(value) for value in st.session_state.get(_key(field)) or ()] for field in FIELDS}
    if any(sees.values()):
        _change(policy, str(st.session_state.get(_PERSON) or ""), sees)
    else:
        st.session_state[_REFUSED] = "nothing"


def _no_longer(policy: Policy, ticks: Ticks[Confined]) -> None:
    for each in ticks.chosen:
        _change(policy, each.person, {})


@stores
def _change(policy: Policy, person: str, sees: Sees) -> None:
    outcome = confine(session.store(), policy, person, sees, session.actor())
    if not isinstance(outcome, Changed):
        st.session_state[_REFUSED] = outcome
        return
    st.session_state.pop(_REFUSED, None)
    if sees:
        st.session_state[_PERSON] = ""
        for field in FIELDS:
            st.session_state[_key(field)] = []
    ways = [undo_way(lambda: _change(policy, person, outcome.before))] if outcome.sees != outcome.before else []
    tell(lambda: Telling(_telling(outcome), ways))


def _telling(done: Changed) -> str:
    if done.sees:
        return _("{person} sees only chats {which}.", person=done.person, which=labels.seen_words(done.sees.items()))
    return _("{person} sees all chats.", person=done.person)
