"""The reply by e-mail: the form, the preview, and what was sent before."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import streamlit as st

from lib.chats.channels import channel_name
from lib.chats.chat import Chat, messages
from lib.followup import (
    AddressProblem,
    AlreadyQueued,
    ChatFacts,
    Draft,
    MailAddress,
    NotQueued,
    Transcript,
    address_sentence,
    check_address,
    check_copies,
    compose,
    facts_of,
    is_blocked,
    preview,
    queue,
    readdressed,
    send,
    settle_abandoned,
    transcript_of,
)
from lib.language import _, joined, moment
from lib.ledger.channels import is_answered_in
from lib.screen import session
from lib.screen.sent_mails import STATES, sent_mails
from lib.screen.template_choice import begun_draft, key_of, template_choice
from lib.settings import Smtp
from lib.store import now

LONGEST_BODY = 50_000


def reply(chat: Chat) -> None:
    """Draws the mails of the chat, and the form for the next one."""
    settle_abandoned(session.store(), now())
    sent_mails(chat.id)
    facts = facts_of(session.store(), chat.id)
    if facts is None:
        return
    _notice(facts.id)
    if not facts.visitor_email and is_answered_in(chat.channel):
        st.badge(_("No e-mail address"), icon=":material/forum:", color="gray")
        st.text(
            _(
                "No e-mail address is known, and the chat came by {channel}: the visitor can only be answered there.",
                channel=channel_name(chat.channel),
            )
        )
        return
    if facts.mails == 0 or st.session_state.get(key_of(facts, "written")):
        _form(chat, facts)
    else:
        st.button(
            _("Write another e-mail"), key="write_another", icon=":material/edit:", on_click=_start, args=(facts,)
        )


def _start(facts: ChatFacts) -> None:
    st.session_state[key_of(facts, "written")] = True


def _form(chat: Chat, facts: ChatFacts) -> None:
    if not session.settings().smtp:
        st.info(
            _("No mail server is set up, so nothing can be sent from here. Write the mail and download it instead."),
            icon=":material/unsubscribe:",
        )
    writing, seeing = st.tabs([_("Write"), _("Preview")])
    with writing:
        template = begun_draft(facts)
        template_choice(facts)
        draft, problems = _fields(template)
        transcript = _transcript(chat, draft)
    with seeing:
        _preview(draft, transcript)
    for problem in problems:
        st.badge(_("Address"), icon=":material/error:", color="red")
        st.text(address_sentence(problem))
    blocked = is_blocked(session.store(), [draft.recipient, *draft.copies])
    _say_blocked(blocked)
    written = bool(draft.body.strip() and draft.subject.strip())
    _send_or_download(draft, transcript, possible=written and not problems and not blocked)


def _say_blocked(addresses: Sequence[str]) -> None:
    if addresses:
        st.badge(_("Do not contact"), icon=":material/unsubscribe:", color="red")
        st.text(_("Nothing is sent to {addresses}.", addresses=joined(addresses)))


def _fields(template: Draft) -> tuple[Draft, list[AddressProblem]]:
    with st.grid(2, min_column_width=170, gap="small"):
        recipient_text = _text(template, "to", _("To"), template.recipient)
        copies_text = _text(template, "cc", _("Cc"), "", help=_("Several addresses are separated by commas."))
    subject = _text(template, "subject", _("Subject"), template.subject)
    body = st.text_area(
        _("Text"),
        key=_seeded(template, "body", template.body),
        height=210,
        max_chars=LONGEST_BODY,
        persist_state="session",
    )
    with st.container(horizontal=True):
        with_transcript = _tick(template, "transcript", _("Transcript below the text"), ticked=True)
        with_system = _tick(template, "system", _("with system lines"), ticked=False, disabled=not with_transcript)
    recipient = check_address(recipient_text)
    copies = check_copies(copies_text, recipient.address if isinstance(recipient, MailAddress) else "")
    written = replace(
        template, subject=subject, body=body or "", with_transcript=with_transcript, with_system=with_system
    )
    if isinstance(recipient, AddressProblem):
        return written, [recipient, *copies.problems]
    return readdressed(written, recipient, copies.addresses), list(copies.problems)


def _text(template: Draft, name: str, label: str, value: str, help: str | None = None) -> str:
    key = _seeded(template, name, value)
    return str(st.text_input(label, key=key, max_chars=1000, help=help, persist_state="session") or "")


def _tick(template: Draft, name: str, label: str, *, ticked: bool, disabled: bool = False) -> bool:
    return st.checkbox(label, key=_seeded(template, name, ticked), disabled=disabled, persist_state="session")


def _seeded(template: Draft, name: str, value: str | bool) -> str:
    """Key of a field, filled from the template the first time that it is drawn."""
    key = _key(template, name)
    st.session_state.setdefault(key, value)
    return key


def _key(template: Draft, name: str) -> str:
    return f"mail_{template.chat_id}_{template.number}_{name}"


def _transcript(chat: Chat, draft: Draft) -> Transcript | None:
    if not draft.with_transcript:
        return None
    said = messages(session.store(), chat)
    return transcript_of(said, draft.language, session.settings().zone, with_system=draft.with_system)


def sender_address(smtp: Smtp | None) -> MailAddress | None:
    """The address that mails come from; None where no mail server is set up."""
    address = check_address(smtp.sender) if smtp else None
    return address if isinstance(address, MailAddress) else None


def _preview(draft: Draft, transcript: Transcript | None) -> None:
    shown = preview(draft, transcript, sender_address(session.settings().smtp))
    heads = [
        _("From: {value}", value=shown.sender) if shown.sender else "",
        _("To: {value}", value=shown.recipient),
        _("Cc: {value}", value=", ".join(shown.copies)) if shown.copies else "",
        _("Subject: {value}", value=shown.subject),
    ]
    with st.container(border=True, gap=None):
        st.text("\n".join(filter(None, heads)))
        st.divider()
        st.text(shown.text)


def _send_or_download(draft: Draft, transcript: Transcript | None, *, possible: bool) -> None:
    sender = sender_address(session.settings().smtp)
    if session.settings().smtp:
        st.button(
            _("Send"),
            key="send_mail",
            type="primary",
            icon=":material/send:",
            disabled=not possible,
            on_click=_send,
            args=(draft, transcript),
        )
    else:
        st.download_button(
            _("Download as .eml"),
            data=compose(draft, transcript, sender, now()) if possible else b"",
            file_name=f"reply-{draft.chat_id}.eml",
            mime="message/rfc822",
            icon=":material/download:",
            disabled=not possible,
            on_click="ignore",
            key="download_eml",
        )


def _send(draft: Draft, transcript: Transcript | None) -> None:
    # Asked for before the mail is queued: a second click stops the run wherever it asks the session for something.
    smtp, store, actor = session.settings().smtp, session.store(), session.actor()
    if smtp is None:
        return
    message = compose(draft, transcript, sender_address(smtp), now())
    queued = queue(store, draft, message, actor, now(), purpose=draft.purpose)
    if isinstance(queued, NotQueued | AlreadyQueued):
        st.session_state[_notice_key(draft.chat_id)] = queued
        return
    send(store, queued.mail_id, smtp, actor)


def _notice(chat_id: UUID) -> None:
    """Tells once why the last attempt queued nothing."""
    found = st.session_state.pop(_notice_key(chat_id), None)
    if isinstance(found, AlreadyQueued):
        st.warning(_("This mail was already on its way, so it was not sent a second time."))
        st.text(f"{found.by} · {moment(found.at, session.settings().zone)} · {_(STATES[found.state].name)}")
    elif isinstance(found, NotQueued) and found.reason == "do_not_contact":
        _say_blocked(found.addresses)
    elif isinstance(found, NotQueued):
        st.warning(_("The chat has changed meanwhile, so nothing was sent. Check the text and send again."))


def _notice_key(chat_id: UUID) -> str:
    return f"mail_notice_{chat_id}"
