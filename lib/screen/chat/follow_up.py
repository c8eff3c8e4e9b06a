"""What can be done about the open chat if it was missed: its state, due time and who has it, and the actions."""

from collections.abc import Callable
from uuid import UUID

import streamlit as st

from lib.chats.channels import channel_name
from lib.chats.chat import Chat
from lib.chats.states import REASON_NAMES
from lib.language import _, moment, plural
from lib.mail import mail_sentence, mails_of
from lib.missed import changes
from lib.missed.apply import Seen
from lib.missed.evidence import evidence
from lib.missed.history import FollowUp
from lib.missed.queue import of_same_visitor, versions
from lib.missed.settings import rules_of
from lib.screen.chat.mails import STATES as MAIL_STATES
from lib.screen.chats.view import show_chat
from lib.screen.frame import session
from lib.screen.frame.keys import shortcut
from lib.screen.missed.looks import state_badge
from lib.screen.missed.questions import FOLLOWING_UP, act, ask, contacted, take, take_in


def follow_up_state(found: FollowUp) -> None:
    """Draws the state of a missed chat."""
    state_badge(found.state)
    if found.is_overdue(session.clock().now):
        st.badge(_("Overdue"), icon=":material/alarm:", color="red")


def follow_up_actions(found: FollowUp, *, with_shortcuts: bool) -> None:
    """Draws what can be done about a missed chat in its state."""
    others = of_same_visitor(session.store(), found.chat_id) if found.repeats >= 2 else []
    seen_others = versions(session.store(), others) if others else {}
    if others:
        # The choice whether the visitor's other missed chats are handled together with this one.
        together = st.session_state.get(_together_key(found.chat_id))
        # No checkbox: while one has the focus, the keys of the actions do nothing.
        st.button(
            plural("Together with {n} other", "Together with {n} others", len(others)),
            key=f"together_{found.chat_id}",
            icon=":material/check_box:" if together else ":material/check_box_outline_blank:",
            type="tertiary",
            on_click=_choose,
            args=(_together_key(found.chat_id),),
            help=_("Other missed chats of this visitor within 30 days"),
        )
    _actions(found, seen_others, with_keys=with_shortcuts and not FOLLOWING_UP.is_open)
    # A button to the chat in which the visitor was served.
    served = {"recovered": found.recovered_chat, "came_back": found.came_back_chat}.get(found.state)
    if served:
        st.button(
            _("Open that chat"),
            key="open_served",
            type="tertiary",
            icon=":material/arrow_forward:",
            on_click=show_chat,
            args=(served,),
            kwargs={"came_from": found.chat_id},
        )


def follow_up_reasons(chat: Chat) -> None:
    """Draws why the chat was missed, and what became of the last e-mail as long as it has not arrived."""
    mails = mails_of(session.store(), chat.id)
    if mails and mails[0].state not in ("sent", "cancelled"):
        look, problem = MAIL_STATES[mails[0].state], mails[0].problem
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="last_mail"):
            st.badge(_(look.name), icon=f":material/{look.icon}:", color=look.colour)
            if problem:
                st.text(mail_sentence(problem), width="content")
    why = evidence(chat, rules_of(session.store()), session.settings().zone)
    if why:
        st.text(why)


def follow_up_facts(found: FollowUp) -> list[str]:
    """Until when, by whom and how a missed chat is followed up, or was."""
    zone = session.settings().zone
    facts = []
    if found.is_open and found.due_at:
        facts.append(_("due {moment}", moment=moment(found.due_at, zone)))
    if found.reply_channel and found.is_open:
        channel, until, closed_at = channel_name(found.reply_channel), found.reply_until, found.reply_closed_at
        if closed_at:
            facts.append(_("window of {channel} closed {moment}", channel=channel, moment=moment(closed_at, zone)))
        elif until:
            facts.append(_("reachable in {channel} until {moment}", channel=channel, moment=moment(until, zone)))
        else:
            facts.append(_("reachable in {channel}", channel=channel))
    if found.assignee and found.is_open:
        facts.append(_("with {name}", name=found.assignee))
    if found.contacted_at:
        facts.append(_("by {name}, {moment}", name=found.contacted_by, moment=moment(found.contacted_at, zone)))
    elif found.not_needed:
        facts += filter(None, [_(REASON_NAMES[found.not_needed]), found.not_needed_text])
    elif found.came_back_at:
        facts.append(_("served {moment}", moment=moment(found.came_back_at, zone)))
    if found.state == "recovered":
        facts.append(_("served {moment}", moment=moment(found.recovered_at, zone)))
    return facts


def _together_key(chat_id: UUID) -> str:
    return f"together_chosen_{chat_id}"


def _choose(key: str) -> None:
    st.session_state[key] = not st.session_state.get(key)


def _actions(found: FollowUp, others: Seen, *, with_keys: bool) -> None:
    def seen() -> Seen:
        together = st.session_state.get(_together_key(found.chat_id))
        return {found.chat_id: found.version, **(others if together else {})}

    if found.state == "past":
        _button("take_in", _("Take back in"), "move_to_inbox", lambda: take_in(seen()))
    if found.is_open and found.assignee != session.actor():
        _button("take", _("Take"), "person_check", lambda: take(seen()), key=shortcut("take") if with_keys else None)
    if found.is_open or found.state == "came_back":
        _button(
            "contacted",
            _("Contacted"),
            "phone_callback",
            lambda: contacted(seen()),
            key=shortcut("contacted") if with_keys else None,
        )
        _button(
            "not_needed",
            _("Not needed…"),
            "block",
            lambda: ask("not_needed", seen()),
            key=shortcut("not_needed") if with_keys else None,
        )
    if found.is_open:
        _button("assign", "", "person_add", lambda: ask("assign", seen()), help=_("Assign to somebody"))
        _button("due", "", "alarm", lambda: ask("due", seen()), help=_("Set the due time"))
    if found.state in ("contacted", "recovered", "not_needed"):
        _button("reopen", _("To do again"), "replay", lambda: act(changes.reopen(), seen()))


def _button(
    name: str, label: str, icon: str, work: Callable[[], None], *, key: str | None = None, help: str | None = None
) -> None:
    st.button(
        label,
        key=f"follow_{name}",
        icon=f":material/{icon}:",
        type="tertiary",
        shortcut=key,
        help=help,
        on_click=work,
    )
