"""What can be imported, when a chat counts as missed, and what waits for its chat."""

import streamlit as st

from lib.importing import VENDORS, MissedRule, missed_rules, switch_rule, waiting_messages
from lib.importing.merge.verdict import LONGEST_WAIT_H
from lib.language import _, current, joined, mark, number, plural
from lib.screen.frame import labels, session
from lib.screen.frame.storing import stores
from lib.settings import ROOT
from lib.store import now

FORMAT_DESCRIPTIONS = {
    "en": ROOT / "docs" / "import-format.md",
    "ja": ROOT / "docs" / "import-format.ja.md",
}

REASONS = {
    "vendor_flag": mark("The chat system marked the chat as missed."),
    "vendor_status": mark("The status in the chat system, or in the file, is “missed”."),
    "offline_form": mark("The visitor left a message while nobody was signed in."),
    "no_human_reply": mark("No operator wrote, and no bot had the last word. Automatic texts are no reply."),
    "bot_handoff_failed": mark("A bot wrote and did not solve it; no operator wrote. Automatic texts are no reply."),
}


def waiting_line() -> None:
    """Draws how many messages wait for their chats, where any do."""
    waiting = waiting_messages(session.store())
    if waiting.messages:
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.badge(_("Waiting"), icon=":material/hourglass_empty:", color="orange")
            st.text(
                plural(
                    "One message waits until its chat is imported:",
                    "{n} messages wait until their chats are imported:",
                    waiting.messages,
                )
            )
            st.text(joined(waiting.examples) + (" …" if waiting.chats > len(waiting.examples) else ""))


def import_about() -> None:
    """Draws, once they are asked for, the formats that are read and the rules of missed chats."""
    with st.expander(
        _("What can be imported?"), icon=":material/description:", on_change="rerun", key="format"
    ) as formats:
        if formats.open:
            for vendor in VENDORS.values():
                with st.container(gap=None):
                    st.text(vendor.name)
                    st.caption(_(vendor.reads))
                    st.caption(_("Left out: {what}", what=_(vendor.leaves_out)))
            st.markdown(_("**Other tables**"))
            st.text(
                _(
                    "Any CSV, sheet of a workbook, JSON or Parquet: you say once which column is which field; the next"
                    " file is read the same way."
                )
            )
            st.markdown(_("**Chat History's own format**"))
            st.markdown(FORMAT_DESCRIPTIONS[current()].read_text(encoding="utf-8").partition("\n")[2])
    with st.expander(
        _("When does a chat count as missed?"), icon=":material/phone_missed:", on_change="rerun", key="missed_rules"
    ) as rules:
        if rules.open:
            _rules()


def _rules() -> None:
    st.text(_("Each missed chat keeps its reason; the Info tab shows it."))
    st.dataframe(
        {
            "reason": [labels.missed_reason(code) for code in REASONS],
            "meaning": [_(meaning) for meaning in REASONS.values()],
        },
        hide_index=True,
        row_height=30,
        height="content",
        column_config={
            "reason": st.column_config.TextColumn(_("Reason"), width=190),
            "meaning": st.column_config.TextColumn(_("When")),
        },
        alt=_("Reasons"),
    )
    switchable = {rule.system: rule for rule in missed_rules(session.store())}
    for vendor in VENDORS.values():
        with st.container(gap=None):
            st.text(vendor.name)
            for sentence in vendor.missed:
                st.caption(_(sentence))
            if vendor.name in switchable:
                _switch(vendor.code, switchable[vendor.name])


def _switch(code: str, rule: MissedRule) -> None:
    key = f"rule_{code}"
    st.session_state[key] = rule.enabled
    st.toggle(
        _("This system knows no missed chats: find them by the rule “no human reply”"),
        key=key,
        on_change=_switched,
        args=(rule.system, key),
        help=_(
            "It applies to closed chats, and to open ones that have waited longer than {n} hours.",
            n=number(LONGEST_WAIT_H),
        ),
    )
    st.caption(plural("The rule decides on one chat.", "The rule decides on {n} chats.", rule.chats))


@stores
def _switched(system: str, key: str) -> None:
    count = switch_rule(session.store(), system, bool(st.session_state[key]), session.actor(), now())
    st.toast(plural("One chat changed its status.", "{n} chats changed their status.", count))
