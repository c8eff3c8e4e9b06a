"""What came of e-mails to several visitors, and the way to stop those that wait."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import streamlit as st

from lib.followup import QueuedBatch, cancel_all
from lib.language import _, plural
from lib.screen import deleting, follow_up_outcome, session
from lib.screen.left_out import left_out_table
from lib.store import now

KEY = "mailed_many"
# After it, what became of the mails stands in the outbox.
TOLD_FOR = timedelta(minutes=10)


@dataclass(frozen=True)
class Stopped:
    """How many of the mails were stopped, and how many could not be any more."""

    cancelled: int
    gone: int


@dataclass(frozen=True)
class Told:
    """What came of the last e-mails to several, and when (naive UTC)."""

    what: QueuedBatch | Stopped
    told_at: datetime = field(default_factory=now)


def tell(what: QueuedBatch | Stopped) -> None:
    """Keeps an outcome to be drawn with the next run."""
    # What was told before is drawn at the same place, and would hide this.
    for older in (follow_up_outcome.KEY, deleting.OUTCOME_KEY):
        st.session_state.pop(older, None)
    st.session_state[KEY] = Told(what)


def outcome() -> bool:
    """Draws what came of the last e-mails to several; returns False where there is nothing to tell."""
    told = st.session_state.get(KEY)
    if not isinstance(told, Told) or now() - told.told_at > TOLD_FOR:
        return False
    if isinstance(told.what, QueuedBatch):
        _queued(told.what)
    else:
        _stopped(told.what)
    st.button("", key="dismiss_many", icon=":material/close:", type="tertiary", help=_("Close"), on_click=_dismiss)
    return True


def _queued(batch: QueuedBatch) -> None:
    count = len(batch.mail_ids)
    st.text(plural("{n} e-mail is in the outbox.", "{n} e-mails are in the outbox.", count), width="content")
    if batch.left_out:
        label = plural("{n} left out", "{n} left out", len(batch.left_out))
        with st.popover(label, icon=":material/info:"):
            left_out_table(batch.left_out)
    if count:
        st.button(
            _("Stop those not sent yet"), key="stop_many", icon=":material/undo:", on_click=_cancel, args=(batch,)
        )


def _stopped(stopped: Stopped) -> None:
    st.text(plural("{n} e-mail is cancelled.", "{n} e-mails are cancelled.", stopped.cancelled), width="content")
    if stopped.gone:
        st.text(plural("{n} could not be stopped any more.", "{n} could not be stopped any more.", stopped.gone))


def _cancel(batch: QueuedBatch) -> None:
    store, actor = session.store(), session.actor()
    cancelled = len(cancel_all(store, batch.mail_ids, actor))
    tell(Stopped(cancelled, len(batch.mail_ids) - cancelled))


def _dismiss() -> None:
    st.session_state.pop(KEY, None)
