"""E-mails to several visitors at once: the dialog with a preview of each.

It tells how old the chats are, and which of them a colleague looks after.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import streamlit as st

from lib.chats.chat import find_chat, messages
from lib.language import _, day, joined, number, plural
from lib.mail import (
    MOST_AT_ONCE,
    PURPOSES,
    Batch,
    Draft,
    Purpose,
    QueuedBatch,
    drafts_for,
    preview,
    queue_many,
    transcript_of,
    wake,
)
from lib.mail.batch import AgeAndCare, age_and_care
from lib.screen.chat.reply import sender_address
from lib.screen.frame import labels, session
from lib.screen.frame.person import ask_name
from lib.screen.frame.storing import stores, with_failure
from lib.screen.missed.mailed_several import left_out_table, tell
from lib.screen.parts.dialog import Dialog
from lib.screen.parts.table import forget_ticks

MOST_NAMED = 6
PURPOSE_KEY, AGAIN_KEY = "many_purpose", "many_again"
OWN = "own"


def age_and_care_line(known: AgeAndCare) -> None:
    """Draws it in one line; holds names of people, so it is no Markdown."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="age_and_care"):
        if known.old or known.held_by:
            st.badge(_("Look first"), icon=":material/warning:", color="orange")
        told = []
        if known.oldest:
            told.append(_("The oldest chat is of {day}.", day=day(known.oldest, session.settings().zone)))
        if old := len(known.old):
            told.append(
                plural("{n} chat is older than {limit} days.", "{n} chats are older than {limit} days.", old,
                       limit=number(known.limit_d))
            )  # fmt: skip
        if held := len(known.held_by):
            counts = Counter(known.held_by.values()).most_common()
            shares = [_("{name}: {n}", name=name, n=number(count)) for name, count in counts[:MOST_NAMED]]
            told.append(
                plural("{n} chat is with a colleague ({shares}).", "{n} chats are with colleagues ({shares}).", held,
                       shares=joined([*shares, "…"] if counts[MOST_NAMED:] else shares))
            )  # fmt: skip
        st.text(" ".join(told), width="content")


@dataclass(frozen=True)
class Made:
    """Mails, with the person and the choices that they were made for, and the state of the store."""

    batch: Batch
    choices: tuple[str, Purpose | None, bool]
    moment: int


@dataclass
class Mailing:
    """The open dialog: its chats, the place of the preview from 0, and what came of it once it is sent.

    It is changed in place: what is done here is known to a second click, even if that came before the run's end.
    """

    chat_ids: tuple[UUID, ...]
    place: int = 0
    result: QueuedBatch | None = None
    made: Made | None = None


MAILING = Dialog("mailing_many", Mailing)


def ask_to_mail(chat_ids: Sequence[UUID]) -> None:
    """Opens the dialog with the next run; for a button's callback."""
    MAILING.open(Mailing(tuple(dict.fromkeys(chat_ids))))


def mail_many() -> None:
    """Draws the dialog, if it is asked for."""
    if _settle():
        st.rerun()
    if MAILING.is_open:
        MAILING.draw(_("Write to several visitors"), _body, width="large", icon=":material/mail:")


def _settle() -> bool:
    """Closes the dialog once its mails are queued; whether it did."""
    mailing = MAILING.about
    if mailing is None or not mailing.result:
        return False
    tell(mailing.result)
    MAILING.close()
    return True


@with_failure
def _body() -> None:
    mailing = MAILING.about
    if mailing is None or mailing.result:
        _settle()
        st.rerun()
    if not ask_name("mails"):
        return
    if len(mailing.chat_ids) > MOST_AT_ONCE:
        st.warning(
            plural("{n} chat is chosen.", "{n} chats are chosen.", len(mailing.chat_ids))
            + " "
            + _("At most {most} can be written to at once. Choose fewer.", most=number(MOST_AT_ONCE))
        )
        return
    if not session.settings().smtp:
        st.info(_("No mail server is set up, so nothing can be sent from here."), icon=":material/unsubscribe:")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            _("Template"),
            [OWN, *(purpose for purpose in PURPOSES if purpose != "blank")],
            format_func=_option,
            key=PURPOSE_KEY,
            width=320,
        )
        st.checkbox(_("Also those who were contacted before"), key=AGAIN_KEY)
    batch = _made(mailing)
    if batch.drafts:
        chat_ids = [draft.chat_id for draft in batch.drafts]
        known = age_and_care(session.store(), chat_ids, session.actor(), session.clock().now)
        age_and_care_line(known)
        _letter(mailing, batch.drafts, known)
    else:
        st.info(_("None of these visitors can be written to. The reasons are below."), icon=":material/mail_off:")
    left_out_table(batch.left_out)
    _buttons(batch)


def _made(mailing: Mailing, *, as_seen: bool = False) -> Batch:
    """The mails that the choices mean; made anew where something was chosen since, or written and not `as_seen`."""
    store, person, zone = session.store(), session.actor(), session.settings().zone
    purpose: Purpose | None = next((each for each in PURPOSES if each == st.session_state.get(PURPOSE_KEY)), None)
    again = bool(st.session_state.get(AGAIN_KEY))
    made = mailing.made
    if made is None or made.choices != (person, purpose, again) or not (as_seen or made.moment == store.moment):
        batch = drafts_for(store, mailing.chat_ids, person, zone, purpose, again=again)
        made = mailing.made = Made(batch, (person, purpose, again), store.moment)
    return made.batch


def _option(option: str) -> str:
    purpose: Purpose | None = next((each for each in PURPOSES if each == option), None)
    return _(labels.PURPOSES[purpose]) if purpose else _("What suits each chat")


def _step(direction: int, key: str, icon: str, label: str, *, possible: bool) -> None:
    st.button(
        "",
        key=key,
        icon=f":material/{icon}:",
        help=label,
        disabled=not possible,
        on_click=_go,
        args=(direction,),
    )


def _go(direction: int) -> None:
    mailing = MAILING.about
    if mailing:
        last = len(_made(mailing, as_seen=True).drafts) - 1
        mailing.place = max(0, min(mailing.place + direction, last))


def _letter(mailing: Mailing, drafts: Sequence[Draft], known: AgeAndCare) -> None:
    """Draws the e-mail that is looked at, with the steps to the others."""
    count = len(drafts)
    place = min(mailing.place, count - 1)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _step(-1, "previous_mail", "chevron_left", _("Previous e-mail"), possible=place > 0)
        st.text(_("{place} of {all}", place=number(place + 1), all=number(count)))
        _step(+1, "next_mail", "chevron_right", _("Next e-mail"), possible=place + 1 < count)
    draft = drafts[place]
    store, settings = session.store(), session.settings()
    chat = find_chat(store, draft.chat_id)
    said = messages(store, chat) if chat else []
    transcript = transcript_of(said, draft.language, settings.zone, with_system=draft.with_system)
    shown = preview(draft, transcript, sender_address(settings.smtp))
    heads = [_("To: {value}", value=shown.recipient), _("Subject: {value}", value=shown.subject)]
    if name := known.held_by.get(draft.chat_id):
        heads.append(_("This chat is with {name}.", name=name))
    with st.container(border=True, height=340, gap=None, key=f"letter_{draft.chat_id}", autoscroll=False):
        st.text("\n".join(heads))
        st.divider()
        st.text(shown.text)


def _buttons(batch: Batch) -> None:
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button(_("Cancel"), key="cancel_many", on_click=MAILING.close)
        if session.settings().smtp and batch.drafts:
            st.button(
                plural("Send {n} e-mail", "Send {n} e-mails", len(batch.drafts)),
                key="send_many",
                type="primary",
                icon=":material/send:",
                on_click=_send,
            )


@stores
def _send() -> None:
    mailing = MAILING.about
    if mailing is None:
        return
    # Asked for before anything is written: a second click stops the run wherever it asks the session for something.
    settings, store, actor = session.settings(), session.store(), session.actor()
    sender = sender_address(settings.smtp)
    batch = _made(mailing, as_seen=True)
    if sender and batch.drafts and not mailing.result:
        mailing.result = queue_many(store, batch, sender, settings.zone, actor)
        wake()
        forget_ticks()
