"""The open mail of the Outbox page: what it says, what became of it, and what can be done with it."""

from uuid import UUID

import streamlit as st

from lib.language import _, joined, mark, moment, plural
from lib.mail import Happening, history, is_blocked, mail
from lib.screen.chat.mails import mail_actions, mail_head, mail_text, problem_lines
from lib.screen.chats.view import ChatView, to_address
from lib.screen.frame import session
from lib.screen.frame.page import CHATS, go
from lib.screen.outbox.do_not_contact import block_button
from lib.screen.outbox.view import show_mail

TEXT_HEIGHT = 260

HAPPENINGS = {
    "mail_queued": mark("Queued"),
    "mail_sent": mark("Sent"),
    "mail_failed": mark("Sending failed"),
    "mail_deferred": mark("Refused for now"),
    "mail_unknown": mark("May have been sent"),
    "mail_retried": mark("Queued again"),
    "mail_resolved_sent": mark("Marked as sent"),
    "mail_resolved_queued": mark("To be sent again"),
    "mail_cancelled": mark("Cancelled"),
    "mail_restored": mark("Waits again, as the chat is back"),
}


def outbox_mail(mail_id: UUID) -> None:
    """Draws the mail, or says that there is none."""
    with st.container(border=True, gap="small", key="outbox_mail"):
        try:
            found = mail(session.store(), mail_id)
        except LookupError:
            st.info(_("There is no e-mail with this link."), icon=":material/search_off:")
            st.button(_("Close"), key="close_mail", on_click=show_mail, args=(None,))
            return
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            if st.button(_("Open the chat"), key="mail_chat", icon=":material/forum:", type="tertiary"):
                go(CHATS, to_address(ChatView(chat=found.chat_id)))
            st.caption(plural("{n} attempt", "{n} attempts", found.attempts), width="content")
            st.space("stretch")
            st.button(
                "",
                key="close_mail",
                icon=":material/close:",
                type="tertiary",
                help=_("Close"),
                on_click=show_mail,
                args=(None,),
            )
        mail_head(found)
        mail_actions(found)
        addresses = (found.recipient, *found.copies)
        blocked = is_blocked(session.store(), addresses)
        if blocked:
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
                st.badge(_("Do not contact"), icon=":material/unsubscribe:", color="red")
                st.text(joined(blocked), width="content")
        if len(blocked) < len(addresses):
            block_button([each for each in addresses if each not in blocked], str(found.id))
        with st.container(border=True, height=TEXT_HEIGHT, gap="xsmall", key=f"mail_text_{found.id}"):
            mail_text(found)
        st.markdown(_("**History**"))
        for happening in history(session.store(), found.id, found.chat_id):
            st.text(_line(happening))


def _line(happening: Happening) -> str:
    zone = session.settings().zone
    what = _(HAPPENINGS.get(happening.action, mark("Changed")))
    lines = [f"{moment(happening.happened_at, zone)} · {session.shown_actor(happening.actor)} · {what}"]
    if happening.problem:
        lines.append(problem_lines(happening.problem))
    if happening.next_attempt_at:
        lines.append(_("Next attempt: {time}", time=moment(happening.next_attempt_at, zone)))
    return "\n".join(lines)
