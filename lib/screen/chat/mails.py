"""Mails: what became of each, and what a person can do about it."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Literal
from uuid import UUID

import streamlit as st

from lib.language import _, mark, moment
from lib.mail import (
    Mail,
    Problem,
    State,
    cancel,
    eml,
    fingerprint,
    mail_sentence,
    mails_of,
    pause_of,
    resolve_unknown,
    retry,
    send,
)
from lib.screen.frame import session
from lib.screen.frame.files import file_for
from lib.screen.frame.storing import stores
from lib.screen.outbox.view import watch
from lib.screen.parts.password import asked_lock
from lib.store import Store, StoreError


@dataclass(frozen=True)
class MailLook:
    """A state's name, icon and colour."""

    name: str
    icon: str
    colour: Literal["gray", "blue", "green", "red", "orange"]


STATES: dict[State, MailLook] = {
    "queued": MailLook(mark("Queued, not sent yet"), "schedule_send", "gray"),
    "sending": MailLook(mark("Being sent"), "send", "blue"),
    "sent": MailLook(mark("Sent"), "mark_email_read", "green"),
    "failed": MailLook(mark("Sending failed"), "error", "red"),
    "unknown": MailLook(mark("May have been sent"), "help", "orange"),
    "cancelled": MailLook(mark("Cancelled"), "cancel", "gray"),
}


def sent_mails(chat_id: UUID) -> None:
    """Draws all mails of a chat, newest first."""
    store = session.store()
    seen, found = fingerprint(store, chat_id), mails_of(store, chat_id)
    for each in found:
        with st.container(border=True, gap="xsmall", key=f"mail_{each.id}"):
            mail_head(each)
            mail_actions(each)
            with st.expander(_("Text of the e-mail"), key=f"text_{each.id}", on_change="rerun") as text:
                if text.open:
                    mail_text(each)
    watch(seen, is_waiting=any(each.state in ("queued", "sending") for each in found), chat_id=chat_id)


def mail_head(found: Mail) -> None:
    """Draws a mail's state, since when, to whom, about what, and what is wrong with it."""
    look, zone = STATES[found.state], session.settings().zone
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.badge(_(look.name), icon=f":material/{look.icon}:", color=look.colour)
        st.text(f"{session.shown_actor(found.created_by)} · {moment(found.state_since, zone)}")
    st.text("\n".join(filter(None, [", ".join([found.recipient, *found.copies]), found.subject])))
    if found.state == "queued":
        st.text(waiting_sentence(found))
    if found.problem:
        st.text(problem_lines(found.problem))
    if found.state == "unknown":
        st.caption(_("Look into the mailbox of the sender, or ask the visitor, before you decide."))


def problem_lines(problem: Problem) -> str:
    """What is wrong, and under it the server's words: one line for each address that they are about."""
    lines = [f"{each.address}: {each.reply}" if each.reply else each.address for each in problem.refusals]
    return "\n".join(filter(None, [mail_sentence(problem), *(lines or [problem.reply])]))


def waiting_sentence(found: Mail) -> str:
    """What a queued mail waits for."""
    smtp = session.settings().smtp
    if smtp is None:
        return _("No mail server is set up, so it waits.")
    if pause := pause_of(session.store()):
        zone = session.settings().zone
        told = _("Sending is paused since {time} (see Outbox), so it waits.", time=moment(pause.since, zone))
        return f"{told} {mail_sentence(pause.problem)}"
    if found.next_attempt_at and found.next_attempt_at > session.clock().now:
        return _("Will be tried again at {time}.", time=moment(found.next_attempt_at, session.settings().zone))
    return _("It is sent as soon as its turn comes: at most {n} a minute.", n=smtp.per_minute)


def mail_text(found: Mail) -> None:
    """Draws a mail's text, and offers the mail as a file to whoever may export."""
    st.text(found.body)
    if not session.may("export"):
        return
    lock, name = asked_lock(f"eml_password_{found.id}"), f"mail-{found.id}.eml"
    st.download_button(
        _("Download as .eml"),
        data=file_for("export", lock.around(partial(eml, session.store(), found.id), name)),
        icon=":material/download:",
        on_click="ignore",
        key=f"eml_{found.id}",
        **lock.named(name, "message/rfc822"),
    )


def mail_actions(found: Mail) -> None:
    """Draws a button for each thing that can be done with a mail in its state."""
    if not session.may("mail"):
        return
    with st.container(horizontal=True, gap="xsmall"):
        if found.state == "queued":
            _action("send", found.id, _("Send now"), "send", _send_now)
        if found.state == "failed":
            _action("retry", found.id, _("Try again"), "refresh", _retry)
        if found.state in ("queued", "failed"):
            _action("cancel", found.id, _("Cancel this e-mail"), "cancel", _cancel)
        if found.state == "unknown":
            _action("was_sent", found.id, _("It was sent"), "mark_email_read", _was_sent)
            _action("again", found.id, _("Send it again"), "send", _send_again)


def _action(name: str, mail_id: UUID, label: str, icon: str, work: Callable[[UUID], None]) -> None:
    st.button(label, key=f"{name}_{mail_id}", icon=f":material/{icon}:", on_click=work, args=(mail_id,))


@stores
def _send_now(mail_id: UUID) -> None:
    smtp, store, actor = session.settings().smtp, session.store(), session.actor()
    if smtp:
        send(store, mail_id, smtp, actor, in_spite_of_pause=True)


@stores
def _retry(mail_id: UUID) -> None:
    _send_if(lambda store, actor: retry(store, mail_id, actor), mail_id)


def _send_if(is_queued: Callable[[Store, str], bool], mail_id: UUID) -> None:
    # Asked for before anything is written: a second click stops the run wherever it asks the session for something.
    smtp, store, actor = session.settings().smtp, session.store(), session.actor()
    if is_queued(store, actor) and smtp:
        # It is in the outbox again, which says what becomes of it.
        with suppress(StoreError):
            send(store, mail_id, smtp, actor)


@stores
def _cancel(mail_id: UUID) -> None:
    cancel(session.store(), mail_id, session.actor())


@stores
def _was_sent(mail_id: UUID) -> None:
    resolve_unknown(session.store(), mail_id, True, session.actor())


@stores
def _send_again(mail_id: UUID) -> None:
    _send_if(lambda store, actor: resolve_unknown(store, mail_id, False, actor), mail_id)
