"""The page of roles: who has which, how to give one, and what each may do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from lib.access.guard import Guard
from lib.access.roles import (
    ADMINISTRATOR,
    LONGEST_PERSON,
    NONE,
    ROLE_NAMES,
    Changed,
    Policy,
    Refusal,
    give_role,
    given_roles,
    policy_of,
)
from lib.commands import RIGHT_NAMES
from lib.language import _, mark, moment
from lib.screen.access.confining import confining
from lib.screen.frame import session
from lib.screen.frame.storing import stores
from lib.screen.parts.outcome import Telling, tell, undo_way
from lib.screen.parts.table import ROW_HEIGHT, Ticks, choice_table
from lib.settings import ADMINISTRATORS

_PERSON, _ROLE, _REFUSED = "role_person", "role_given", "role_refused"
REFUSALS: Mapping[Refusal, str] = {
    "no_address": mark("Type the e-mail address under which the person signs in."),
    "unknown_role": mark("This role is not there any more. Choose another one."),
    "administrator": mark("The settings of this program make this person an administrator; only they can change it."),
    "own": mark("Nobody changes their own role. Ask another administrator."),
}


@dataclass(frozen=True)
class _Person:
    """A row of the table; `is_given` says that the role was given here, and can be taken back."""

    person: str
    role: str
    whence: str
    is_given: bool


def access_page() -> None:
    """Draws the page."""
    guard = session.guard()
    policy = policy_of(session.settings().roles)
    if guard and policy.is_in_force:
        with st.container(border=True):
            st.markdown(_("**People**"))
            _form(policy)
            _people(_known(guard))
        with st.container(border=True):
            st.markdown(_("**Who sees only some chats**"))
            confining(policy)
    else:
        st.info(
            _(
                "Roles are not in use: whoever opens this program may do everything. Have people sign in, and name the "
                "first administrators in this setting; then they give roles here."
            ),
            icon=":material/lock_open:",
        )
        st.code(ADMINISTRATORS, language=None)
    with st.container(border=True):
        st.markdown(_("**What each role may do**"))
        _rights(policy)


def role_name(role: str) -> str:
    """A role in words; a role of the installation's own is called as its setting does. May hold any sign."""
    return _(ROLE_NAMES[role]) if role in ROLE_NAMES else role


def _known(guard: Guard) -> list[_Person]:
    zone = session.settings().zone
    people = [
        _Person(person, ADMINISTRATOR, _("by the settings"), is_given=False)
        for person in sorted(guard.policy.administrators)
    ]
    for each in given_roles(session.store()):
        if each.person not in guard.policy.administrators:
            whence = f"{each.given_by} · {moment(each.given_at, zone)}"
            people.append(_Person(each.person, each.role, whence, is_given=True))
    return people


def _people(people: Sequence[_Person]) -> None:
    column = st.column_config
    ticks = choice_table(
        pd.DataFrame(
            {
                "person": [each.person for each in people],
                "role": [role_name(each.role) for each in people],
                "whence": [each.whence for each in people],
            }
        ),
        people,
        key=f"people_{hash(tuple(people))}",
        columns={
            "person": column.TextColumn(_("Person")),
            "role": column.TextColumn(_("Role"), width=160),
            "whence": column.TextColumn(_("Given by"), width=330),
        },
        alt=_("People"),
    )
    chosen = bool(ticks.chosen and ticks.chosen[0].is_given)
    st.button(
        _("Take the role back") if chosen or ticks.chosen else _("Choose a row to take a role back"),
        key="take_role",
        icon=":material/person_remove:",
        disabled=not chosen,
        help=_(REFUSALS["administrator"]) if ticks.chosen and not chosen else None,
        on_click=_take,
        args=(ticks,),
    )


def _form(policy: Policy) -> None:
    usual = role_name(policy.usual)
    # The one that locks somebody out is never taken by mistake.
    roles = sorted(policy.rights, key=lambda role: role == NONE)
    if policy.claim:
        st.text(_("Who is not in the list has the role that is told at their sign-in, or else: {role}", role=usual))
    else:
        st.text(_("Whoever may sign in and is not in the list is: {role}", role=usual))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.text_input(_("E-mail address"), key=_PERSON, max_chars=LONGEST_PERSON, width=260, persist_state="session")
        st.selectbox(_("Role"), roles, format_func=role_name, key=_ROLE, width=150, persist_state="session")
        st.button(_("Give the role"), key="give_role", icon=":material/person_add:", on_click=_give)
    refused: Refusal | None = st.session_state.get(_REFUSED)
    if refused:
        st.badge(_(REFUSALS[refused]), icon=":material/error:", color="red")
    st.caption(_("It holds from the person's next click, also where they are at work now."))


def _rights(policy: Policy) -> None:
    """Draws a row a right, a column a role."""
    roles = {role: rights for role, rights in policy.rights.items() if rights}
    shown = {"right": [_(name) for name in RIGHT_NAMES.values()]}
    for place, rights in enumerate(roles.values()):
        shown[f"role_{place}"] = ["✓" if right in rights else "–" for right in RIGHT_NAMES]
    columns = {
        f"role_{place}": st.column_config.TextColumn(role_name(role), alignment="center", width=120)
        for place, role in enumerate(roles)
    }
    st.dataframe(
        pd.DataFrame(shown),
        hide_index=True,
        row_height=ROW_HEIGHT,
        height="content",
        column_config={"right": st.column_config.TextColumn(_("Right"), width=240)} | columns,
        alt=_("What each role may do"),
    )


def _give() -> None:
    _change(str(st.session_state.get(_PERSON) or ""), st.session_state.get(_ROLE))


def _take(ticks: Ticks[_Person]) -> None:
    for each in ticks.chosen:
        _change(each.person, None)


@stores
def _change(person: str, role: str | None) -> None:
    guard, store, actor = session.guard(), session.store(), session.actor()
    if guard is None:
        return
    outcome = give_role(store, guard.policy, person, role, actor)
    if not isinstance(outcome, Changed):
        st.session_state[_REFUSED] = outcome
        return
    st.session_state.pop(_REFUSED, None)
    if role is not None:
        st.session_state[_PERSON] = ""
    ways = [undo_way(lambda: _back(outcome))] if outcome.role != outcome.before else []
    tell(lambda: Telling(_telling(outcome), ways))


def _back(done: Changed) -> None:
    _change(done.person, done.before)


def _telling(done: Changed) -> str:
    if done.role is None:
        return _("{person} has no role of their own any more.", person=done.person)
    return _("{person} is now: {role}", person=done.person, role=role_name(done.role))
