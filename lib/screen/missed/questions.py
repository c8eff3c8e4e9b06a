"""The questions before a change of missed chats: to whom, until when, why not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from lib.chats.facets import facets
from lib.chats.filter.filter import EMPTY, NO_VALUE
from lib.chats.states import REASON_NAMES
from lib.language import _, date_pattern, mark, number, plural, zone_label
from lib.missed import changes
from lib.missed.apply import CHUNK, Seen, apply
from lib.missed.changes import Change
from lib.missed.team import LONGEST_NAME, colleagues, who_acted, who_left
from lib.screen.chats.view import read_view
from lib.screen.frame import session
from lib.screen.frame.answers import answer
from lib.screen.frame.storing import stores, with_failure
from lib.screen.missed.outcome import tell
from lib.screen.parts import outcome
from lib.screen.parts.dialog import Dialog
from lib.screen.parts.outcome import Telling
from lib.screen.parts.table import forget_ticks, height_of, row_table
from lib.store import now

ASSIGN_KEY, NAMES_KEY = "assign_to", "assign_names"
Question = Literal["assign", "due", "not_needed"]


@dataclass(frozen=True)
class Asking:
    """An open question, and the chats that it is about with the versions that were seen."""

    question: Question
    seen: Seen


FOLLOWING_UP = Dialog("asking_to_follow_up", Asking)


def ask(question: Question, seen: Seen) -> None:
    """Opens the question with the next run."""
    if _is_nobody():
        return
    FOLLOWING_UP.open(Asking(question, dict(seen)))


def _is_nobody() -> bool:
    """Whether nobody is known who could have the chat; says so."""
    nobody = session.person() is None
    if nobody:
        outcome.tell(lambda: Telling(_("Nothing was changed: say first who you are, at the top of the page.")))
    return nobody


@stores
def act(change: Change, seen: Seen) -> None:
    """Does what needs no question; for a button's callback."""
    if _is_nobody():
        return
    store, actor = session.store(), session.actor()
    tell(change.code, apply(store, change, seen, actor))


def take(seen: Seen) -> None:
    """The person who acts looks after the chats from now on; for a button's callback."""
    act(changes.take(session.actor()), seen)


def take_in(seen: Seen) -> None:
    """The chats are past no longer; for a button's callback."""
    act(changes.take_in(), seen)


def contacted(seen: Seen) -> None:
    """The person who acts has written or called just now; for a button's callback."""
    act(changes.contacted(session.actor(), now()), seen)


def follow_up_dialog() -> None:
    """Draws the question, if one is open."""
    asking = FOLLOWING_UP.about
    if asking:
        title, body = DIALOGS[asking.question]
        # At the left an open chat can be read meanwhile.
        FOLLOWING_UP.draw(_(title), body, asking.seen, position="left" if read_view().chat else "center")


@with_failure
def _assigning(seen: Seen) -> None:
    _how_many(seen)
    # No list to choose from: what is typed into one is not sent with a click on the button.
    typed = st.text_input(
        _("Assign to"),
        key=ASSIGN_KEY,
        max_chars=LONGEST_NAME,
        help=_("Choose below, or type a name. The team is kept under Manage, Team and hours."),
    )
    person = " ".join(str(typed or "").split())
    # Who can have a chat: the team, who did something here before, and the operators of the chats.
    store = session.store()
    operators = [name for name in answer(facets, EMPTY, ("operator",))["operator"].names if name != NO_VALUE]
    everybody = dict.fromkeys([*colleagues(store), *who_acted(store), *operators])
    left = set(who_left(store))
    names = [name for name in everybody if name.lower() not in left and name != session.UNNAMED]
    row_table(
        pd.DataFrame({"name": names}),
        names,
        _choose_name,
        key=NAMES_KEY,
        height=height_of(len(names), 220),
        columns={"name": st.column_config.TextColumn(_("Team and operators"))},
        alt=_("Team and operators"),
    )
    _buttons(
        _("Assign"),
        "assign",
        "person_add",
        seen,
        lambda: (changes.assign(person), person),
        missing="" if person else _("Choose a name, or type one."),
    )
    _other(_("Unassign"), "release", seen, changes.release())


def _choose_name(name: str) -> None:
    st.session_state[ASSIGN_KEY] = name


@with_failure
def _due(seen: Seen) -> None:
    _how_many(seen)
    zone = session.settings().zone
    tomorrow = session.clock().local(session.clock().now) + timedelta(days=1)
    with st.container(horizontal=True):
        day = st.date_input(_("Day"), tomorrow.date(), format=date_pattern(), key="due_day")
        hour = st.time_input(_("Time of day"), time(9), step=900, key="due_time")
    st.caption(_("Times in {zone}.", zone=zone_label(zone)))
    local = datetime.combine(day or tomorrow.date(), hour or time(9), tzinfo=ZoneInfo(zone))
    moment = local.astimezone(UTC).replace(tzinfo=None)
    _buttons(_("Set due time"), "set_due", "alarm", seen, lambda: (changes.set_due(moment), ""))
    _other(_("By the working hours"), "reset_due", seen, changes.set_due(None))


@with_failure
def _not_needed(seen: Seen) -> None:
    _how_many(seen)
    reason = st.radio(
        _("Why does nobody need to write back?"),
        list(REASON_NAMES),
        format_func=lambda code: _(REASON_NAMES[code]),
        key="not_needed_reason",
        horizontal=True,
    )
    text = st.text_input(
        _("In words") if reason == "other" else _("In words (optional)"),
        max_chars=changes.LONGEST_REASON,
        key="not_needed_text",
    )
    words = str(text or "").strip()
    _buttons(
        _("Not needed"),
        "not_needed",
        "block",
        seen,
        lambda: (changes.not_needed(reason or "other", words), ""),
        missing=_("Say in a few words why.") if reason == "other" and not words else "",
    )


def _how_many(seen: Seen) -> None:
    st.caption(plural("{n} missed chat", "{n} missed chats", len(seen)))


def _buttons(
    label: str, key: str, icon: str, seen: Seen, made: Callable[[], tuple[Change, str]], *, missing: str = ""
) -> None:
    """Draws Cancel and the button of the answer; `missing` is what must be said first."""
    with st.container(horizontal=True, horizontal_alignment="right"):
        FOLLOWING_UP.cancel_button("cancel_follow_up")
        wanted = st.button(label, key=f"confirm_{key}", type="primary", icon=f":material/{icon}:")
    if wanted and missing:
        st.badge(missing, icon=":material/error:", color="red")
    elif wanted:
        change, name = made()
        _do(change, seen, name)


def _other(label: str, key: str, seen: Seen, change: Change) -> None:
    if st.button(label, key=f"confirm_{key}"):
        _do(change, seen, "")


@stores
def _do(change: Change, seen: Seen, name: str) -> None:
    store, actor = session.store(), session.actor()
    # How far a change of many chats is.
    bar = st.progress(0.0) if len(seen) > CHUNK else None

    def show_progress(done: int, every: int) -> None:
        if bar is not None:
            bar.progress(done / max(every, 1), text=_("{n} of {total} chats", n=number(done), total=number(every)))

    applied = apply(store, change, seen, actor, show_progress)
    tell(change.code, applied, name)
    FOLLOWING_UP.close()
    forget_ticks()
    st.rerun()


DIALOGS: Mapping[Question, tuple[str, Callable[[Seen], None]]] = {
    "assign": (mark("Who looks after it?"), _assigning),
    "due": (mark("Until when?"), _due),
    "not_needed": (mark("Not needed?"), _not_needed),
}
