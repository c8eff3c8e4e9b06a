"""Visitors who get no e-mail, and why."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lib.language import _, mark, plural
from lib.mail import LeftOut
from lib.mail.batch import Reason

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
