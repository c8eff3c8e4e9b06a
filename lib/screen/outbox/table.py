"""The list of the outbox: ticks choose mails, a click anywhere else on a row opens its mail."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pandas as pd
import streamlit as st

from lib.language import _, mark, moment_pattern
from lib.mail import Listed, State, mail_sentence
from lib.screen.frame import labels, session
from lib.screen.outbox.view import show_mail
from lib.screen.parts.table import Ticks, bold, height_of, rounds, row_table, with_open_row

SHORT: dict[State, str] = {
    "queued": mark("Queued"),
    "sending": mark("Sending"),
    "sent": mark("Sent"),
    "failed": mark("Failed"),
    "unknown": mark("Unclear if sent"),
    "cancelled": mark("Cancelled"),
}
HEIGHT = 500

SHOWN = ("created_at", "state", "recipient", "subject", "created_by", "attempts", "next_attempt_at", "why")
# What comes first while a mail is open: on a small screen these three are all that there is room for.
NARROW = ("recipient", "state", "created_at", "why", "subject", "created_by", "attempts", "next_attempt_at")


def outbox_table(mails: Sequence[Listed], open_mail: UUID | None, name: str) -> Ticks[UUID]:
    """Draws mails, of which the ids are ticked."""
    ids = [each.id for each in mails]
    key = f"{name}_{hash(tuple(ids))}_{rounds()}"
    shown = pd.DataFrame(
        {
            "created_at": pd.Series([each.created_at for each in mails], dtype="datetime64[us]"),
            "state": [_(SHORT[each.state]) for each in mails],
            "recipient": [", ".join([each.recipient, *each.copies]) for each in mails],
            "subject": [each.subject for each in mails],
            "created_by": [session.shown_actor(each.created_by) for each in mails],
            "attempts": [each.attempts for each in mails],
            "next_attempt_at": pd.Series([each.next_attempt_at for each in mails], dtype="datetime64[us]"),
            "why": [_why(each) for each in mails],
        }
    )
    trouble = bold(labels.CATEGORIES["missed"].colour)
    looks = [trouble if found.state in ("failed", "unknown") else "" for found in mails]
    row_table(
        with_open_row(shown, [found.id == open_mail for found in mails], "state", looks),
        ids,
        show_mail,
        key=key,
        height=height_of(len(ids), HEIGHT),
        columns=_columns(narrow=open_mail is not None),
        order=NARROW if open_mail else SHOWN,
        with_ticks=True,
        alt=_("List of e-mails"),
    )
    return Ticks(key, ids)


def _why(found: Listed) -> str:
    if found.problem is None:
        return ""
    replies = [each.reply for each in found.problem.refusals] or [found.problem.reply]
    return " ".join(filter(None, [mail_sentence(found.problem), *replies]))


def _columns(*, narrow: bool) -> dict[str, Any]:
    column, zone = st.column_config, session.settings().zone
    time = column.DatetimeColumn
    return {
        "created_at": time(_("Time"), format=moment_pattern(), timezone=zone, width=130),
        "state": column.TextColumn(_("State"), width=90),
        "recipient": column.TextColumn(_("Recipient"), width=160 if narrow else 180),
        "subject": column.TextColumn(_("Subject"), width=150),
        "created_by": column.TextColumn(_("Written by"), width=85),
        "attempts": column.NumberColumn(_("Attempts"), width=65),
        "next_attempt_at": time(_("Next attempt"), format=moment_pattern(), timezone=zone, width=130),
        "why": column.TextColumn(_("Why"), width=420),
    }
