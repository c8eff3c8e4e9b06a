"""How old the chats are whose visitors are about to be written to, and which of them a colleague looks after."""

from collections import Counter

import streamlit as st

from lib.language import _, day, joined, number, plural
from lib.mail.recipients import AgeAndCare
from lib.screen.frame import session

MOST_NAMED = 6


def age_and_care_line(known: AgeAndCare) -> None:
    """Draws it in one line; holds names of people, so it is no Markdown."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="age_and_care"):
        if known.old or known.held_by:
            st.badge(_("Look first"), icon=":material/warning:", color="orange")
        st.text(" ".join(_sentences(known)), width="content")


def _sentences(known: AgeAndCare) -> list[str]:
    told = []
    if known.oldest:
        told.append(_("The oldest chat is of {day}.", day=day(known.oldest, session.settings().zone)))
    if old := len(known.old):
        told.append(
            plural("{n} chat is older than {limit} days.", "{n} chats are older than {limit} days.", old,
                   limit=number(known.limit_d))
        )  # fmt: skip
    if held := len(known.held_by):
        told.append(
            plural("{n} chat is with a colleague ({shares}).", "{n} chats are with colleagues ({shares}).", held,
                   shares=_shares(known))
        )  # fmt: skip
    return told


def _shares(known: AgeAndCare) -> str:
    counts = Counter(known.held_by.values()).most_common()
    shares = [_("{name}: {n}", name=name, n=number(count)) for name, count in counts[:MOST_NAMED]]
    return joined([*shares, "…"] if counts[MOST_NAMED:] else shares)
