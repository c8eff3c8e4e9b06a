"""The reply by e-mail: the form, the preview, the file that is made at the click which downloads it, and what was sent
before.
"""

from contextlib import suppress
from dataclasses import replace
from queue import Empty, SimpleQueue
from typing import Literal
from uuid import UUID

import streamlit as st

from lib.chats.channels import channel_name, is_answered_in
from lib.chats.chat import Chat, find_chat, messages
from lib.language import _, joined, moment
from lib.mail import (
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
from lib.screen.chat.mails import STATES, sent_mails
from lib.screen.chat.template_choice import begun_draft, key_of, template_choice
from lib.screen.frame import session
from lib.screen.frame.files import file_for
from lib.screen.frame.person import ask_name
from lib.screen.frame.storing import stores
from lib.settings import Smtp
from lib.store import StoreError, now

PATIENCE_S = 20
LONGEST_BODY = 50_000
Unsent = AlreadyQueued | NotQueued | Literal["address", "blank"]


class NothingMadeError(Exception):
    """There is no file: why, the screen says."""


class Handing:
    """Hands a file from the callback of a download button to its download.

    The browser asks for the file outside the session, where nothing is known of the fields; the callback of the same
    click knows them. Whichever comes first waits for the other.
    """

    def __init__(self) -> None:
        self._given: SimpleQueue[bytes | None] = SimpleQueue()

    def give(self, content: bytes | None) -> None:
        """The file of this click; None where there is none."""
        while not self._given.empty():
            self._given.get()
        self._given.put(content)

    def take(self) -> bytes:
        """The file of this click; for the data of the button. Raises NothingMadeError."""
        try:
            content = self._given.get(timeout=PATIENCE_S)
        except Empty:
            content = None
        if content is None:
            raise NothingMadeError
        return content


def handing(key: str) -> Handing:
    """The one of a button, whichever run has drawn it."""
    found: Handing = st.session_state.setdefault(key, Handing())
    return found


def reply(chat: Chat) -> None:
    """Draws the mails of the chat, and the form for the next one."""
    # What cannot be settled now is shown as it is.
    with suppress(StoreError):
        settle_abandoned(session.store(), now())
    sent_mails(chat.id)
    facts = facts_of(session.store(), chat.id)
    if facts is None:
        return
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
        _notice(facts.id)


def _start(facts: ChatFacts) -> None:
    st.session_state[key_of(facts, "written")] = True


def _form(chat: Chat, facts: ChatFacts) -> None:
    if not ask_name("reply"):
        return
    if not session.settings().smtp:
        st.info(
            _("No mail server is set up, so nothing can be sent from here. Write the mail and download it instead."),
            icon=":material/unsubscribe:",
        )
    writing, seeing = st.tabs([_("Write"), _("Preview")])
    with writing:
        template = begun_draft(facts)
        template_choice(facts)
        with st.grid(2, min_column_width=170, gap="small"):
            _text(facts, "to", _("To"), template.recipient)
            _text(facts, "cc", _("Cc"), "", help=_("Several addresses are separated by commas."))
        _text(facts, "subject", _("Subject"), template.subject)
        st.text_area(
            _("Text"),
            key=_seeded(facts, "body", template.body),
            height=210,
            max_chars=LONGEST_BODY,
            persist_state="session",
        )
        with st.container(horizontal=True):
            _tick(facts, "transcript", _("Transcript below the text"), ticked=True)
            with_transcript = bool(st.session_state[key_of(facts, "transcript")])
            _tick(facts, "system", _("with system lines"), ticked=False, disabled=not with_transcript)
        draft, problems = _written(facts)
    with seeing:
        _preview(draft, _transcript(chat, draft))
    _send_or_download(facts)
    # Below the button, which stays where it is while the last field is left.
    _notice(facts.id)
    for problem in problems:
        st.badge(_("Address"), icon=":material/error:", color="red")
        st.text(address_sentence(problem))
    addresses = is_blocked(session.store(), [draft.recipient, *draft.copies])
    if addresses:
        st.badge(_("Do not contact"), icon=":material/unsubscribe:", color="red")
        st.text(_("Nothing is sent to {addresses}.", addresses=joined(addresses)))


def _text(facts: ChatFacts, name: str, label: str, value: str, help: str | None = None) -> None:
    st.text_input(label, key=_seeded(facts, name, value), max_chars=1000, help=help, persist_state="session")


def _tick(facts: ChatFacts, name: str, label: str, *, ticked: bool, disabled: bool = False) -> None:
    st.checkbox(label, key=_seeded(facts, name, ticked), disabled=disabled, persist_state="session")


def _seeded(facts: ChatFacts, name: str, value: str | bool) -> str:
    """Key of a field, filled from the template the first time that it is drawn."""
    key = key_of(facts, name)
    st.session_state.setdefault(key, value)
    return key


def _written(facts: ChatFacts) -> tuple[Draft, list[AddressProblem]]:
    """The mail as the fields say it now, and what is wrong with its addresses."""
    to, cc, subject, body = (
        str(st.session_state.get(key_of(facts, name)) or "") for name in ("to", "cc", "subject", "body")
    )
    with_transcript, with_system = (bool(st.session_state.get(key_of(facts, n))) for n in ("transcript", "system"))
    written = replace(
        begun_draft(facts), subject=subject, body=body, with_transcript=with_transcript, with_system=with_system
    )
    recipient = check_address(to)
    copies = check_copies(cc, recipient.address if isinstance(recipient, MailAddress) else "")
    if isinstance(recipient, AddressProblem):
        return written, [recipient, *copies.problems]
    return readdressed(written, recipient, copies.addresses), list(copies.problems)


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


def _send_or_download(facts: ChatFacts) -> None:
    if session.settings().smtp:
        st.button(_("Send"), key="send_mail", type="primary", icon=":material/send:", on_click=_send, args=(facts,))
        return
    st.download_button(
        _("Download as .eml"),
        data=file_for("mail", handing(key_of(facts, "file")).take),
        file_name=f"reply-{facts.id}.eml",
        mime="message/rfc822",
        icon=":material/download:",
        on_click=_download,
        args=(facts,),
        key="download_eml",
    )


@stores
def _send(facts: ChatFacts) -> None:
    # Asked for before the mail is queued: a second click stops the run wherever it asks the session for something.
    smtp, store, actor = session.settings().smtp, session.store(), session.actor()
    made = _made(facts)
    if smtp is None or made is None:
        return
    draft, message = made
    queued = queue(store, draft, message, actor, now(), purpose=draft.purpose)
    if isinstance(queued, NotQueued | AlreadyQueued):
        st.session_state[_notice_key(facts.id)] = queued
        return
    # It is in the outbox, which says what becomes of it.
    with suppress(StoreError):
        send(store, queued.mail_id, smtp, actor)


def _download(facts: ChatFacts) -> None:
    made = _made(facts)
    handing(key_of(facts, "file")).give(made[1] if made else None)


def _made(facts: ChatFacts) -> tuple[Draft, bytes] | None:
    """The mail as the fields say it at this click; None where it cannot be sent, which is told."""
    chat = find_chat(session.store(), facts.id)
    draft, problems = _written(facts)
    blocked = is_blocked(session.store(), [draft.recipient, *draft.copies])
    unsent: Unsent | None = None
    if problems:
        unsent = "address"
    elif not (draft.subject.strip() and draft.body.strip()):
        unsent = "blank"
    elif blocked:
        unsent = NotQueued("do_not_contact", tuple(blocked))
    if unsent or chat is None:
        st.session_state[_notice_key(facts.id)] = unsent
        return None
    return draft, compose(draft, _transcript(chat, draft), sender_address(session.settings().smtp), now())


def _notice(chat_id: UUID) -> None:
    """Tells once why the last attempt queued nothing."""
    found: Unsent | None = st.session_state.pop(_notice_key(chat_id), None)
    if found == "address":
        st.warning(_("No e-mail was made: an address is wrong."))
    elif found == "blank":
        st.warning(_("No e-mail was made: write a subject and a text first."))
    if isinstance(found, AlreadyQueued):
        st.warning(_("This mail was already on its way, so it was not sent a second time."))
        st.text(f"{found.by} · {moment(found.at, session.settings().zone)} · {_(STATES[found.state].name)}")
    elif isinstance(found, NotQueued) and found.reason == "do_not_contact":
        st.warning(_("No e-mail was made: an address is on the do-not-contact list."))
    elif isinstance(found, NotQueued):
        st.warning(_("The chat has changed meanwhile, so nothing was sent. Check the text and send again."))


def _notice_key(chat_id: UUID) -> str:
    return f"mail_notice_{chat_id}"
