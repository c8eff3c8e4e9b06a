"""What came of e-mails to several visitors, who gets none and why, and the way to stop those that wait."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from uuid import UUID

import pandas as pd
import streamlit as st

from lib.language import _, mark, plural
from lib.mail import LeftOut, QueuedBatch, State, cancel_all, pause_of, states_of
from lib.mail.batch import Reason
from lib.screen.frame import session
from lib.screen.frame.storing import stores
from lib.screen.parts import outcome
from lib.screen.parts.outcome import Telling, Way

REASONS: dict[Reason, str] = {
    "no_chat": mark("The chat is deleted."),
    "no_address": mark("No e-mail address is known."),
    "in_channel": mark("No e-mail address is known; the visitor can only be answered in the channel of the chat."),
    "bad_address": mark("This is not an e-mail address."),
    "do_not_contact": mark("This address is on the do-not-contact list."),
    "on_its_way": mark("An e-mail for this chat is already on its way."),
    "may_have_been_sent": mark("An earlier e-mail may have been sent; see the outbox first."),
    "contacted": mark("The visitor was contacted before."),
    "same_address": mark("A newer chat of this selection has the same address."),
    "empty": mark("The text would be empty with these values."),
    "unfit": mark("No safe e-mail can be made with these values."),
    "changed": mark("The chat has changed meanwhile."),
}
# After it, what became of the mails stands in the outbox.
TOLD_FOR = timedelta(minutes=10)


def left_out_table(left_out: Sequence[LeftOut]) -> None:
    """Draws who is left out with the reason of each; nothing where nobody is."""
    if not left_out:
        return
    st.caption(plural("{n} chat is left out:", "{n} chats are left out:", len(left_out)))
    rows = [(each.visitor_name, each.visitor_email, _(REASONS[each.reason])) for each in left_out]
    column = st.column_config
    st.dataframe(
        pd.DataFrame(rows, columns=["visitor", "email", "reason"]),
        hide_index=True,
        row_height=30,
        height="content" if len(rows) <= 4 else 160,
        placeholder="",
        column_config={
            "visitor": column.TextColumn(_("Visitor"), width=150),
            "email": column.TextColumn(_("E-mail"), width=200),
            "reason": column.TextColumn(_("Why")),
        },
        alt=_("Chats that are left out"),
    )


def tell(batch: QueuedBatch) -> None:
    """Tells from now on how far the mails are."""

    def telling() -> Telling:
        states = states_of(session.store(), batch.mail_ids)
        ways = [Way("stop", _("Stop those not sent yet"), "undo", lambda: _stop(batch))] if states["queued"] else []
        more: Callable[[], None] | None = partial(_left_out, batch.left_out) if batch.left_out else None
        return Telling(" ".join(stands(batch.mail_ids)), ways, more, is_on_the_way(states))

    outcome.tell(telling, TOLD_FOR)


def stands(mail_ids: Sequence[UUID]) -> list[str]:
    """Sentences that say how these mails stand now."""
    states, count = states_of(session.store(), mail_ids), len(mail_ids)
    waiting, sent = states["queued"] + states["sending"], states["sent"]
    told = []
    if sent and sent < count:
        told.append(plural("{sent} of {n} e-mail is sent.", "{sent} of {n} e-mails are sent.", count, sent=sent))
    elif sent:
        told.append(plural("{n} e-mail is sent.", "{n} e-mails are sent.", sent))
    elif waiting or not count:
        told.append(plural("{n} e-mail is in the outbox.", "{n} e-mails are in the outbox.", waiting))
    if waiting and pause_of(session.store()):
        told.append(_("Sending is paused, see Outbox."))
    if states["failed"]:
        told.append(plural("{n} e-mail could not be sent.", "{n} e-mails could not be sent.", states["failed"]))
    if states["unknown"]:
        told.append(plural("Of {n} e-mail it is unclear if it was sent.",
                           "Of {n} e-mails it is unclear if they were sent.", states["unknown"]))  # fmt: skip
    if states["cancelled"]:
        told.append(plural("{n} e-mail is cancelled.", "{n} e-mails are cancelled.", states["cancelled"]))
    return told


def is_on_the_way(states: Counter[State]) -> bool:
    """Whether any of the mails may still leave by itself."""
    return bool(states["queued"] or states["sending"])


def _left_out(left_out: Sequence[LeftOut]) -> None:
    label = plural("{n} left out", "{n} left out", len(left_out))
    with st.popover(label, icon=":material/info:"):
        left_out_table(left_out)


@stores
def _stop(batch: QueuedBatch) -> None:
    store, actor = session.store(), session.actor()
    cancel_all(store, batch.mail_ids, actor)
    tell(batch)
