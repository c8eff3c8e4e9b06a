"""The page Outbox: whether mail is set up, the parts with their counts, the list, and the open mail."""

from dataclasses import replace
from uuid import UUID

import streamlit as st

from lib.language import _, mark, number, plural, zone_label
from lib.mail import BOXES, Box, Outbox, fingerprint, outbox_page
from lib.screen.chat.mails import STATES
from lib.screen.frame import session
from lib.screen.outbox.bar import outbox_bar
from lib.screen.outbox.mail import outbox_mail
from lib.screen.outbox.pause import outbox_pause
from lib.screen.outbox.table import SHORT, outbox_table
from lib.screen.outbox.view import OutboxView, read_outbox_view, settle, show_outbox, watch
from lib.screen.parts.table import Ticks, pages

# Two columns of this width fit at 1024 pixels; below the list a mail would open out of sight.
LEAST_WIDTH = 400

EMPTY: dict[Box, str] = {
    "queued": mark("No e-mail is waiting."),
    "sending": mark("No e-mail is being sent at this moment."),
    "sent": mark("No e-mail was sent yet."),
    "failed": mark("No e-mail has failed."),
    "unknown": mark("It is known of every e-mail whether it was sent."),
    "cancelled": mark("No e-mail was cancelled."),
}


def outbox() -> None:
    """Draws the outbox, and draws it anew by itself while something is on its way."""
    view, store = read_outbox_view(), session.store()
    settle()
    seen, found = fingerprint(store), outbox_page(store, view.box, view.page)
    _status(found)
    outbox_pause()
    st.session_state["w_box"] = view.box
    st.segmented_control(
        _("State"),
        BOXES,
        format_func=lambda box: _tab(box, found.counts[box]),
        key="w_box",
        required=True,
        wrap=True,
        label_visibility="collapsed",
        on_change=_box_changed,
    )
    if not found.counts["all"]:
        st.info(
            _("No e-mail was written yet. E-mails sent from a chat are listed here, with what became of them."),
            icon=":material/mail:",
        )
        return
    bar = st.container()
    with st.grid(2 if view.mail else 1, min_column_width=LEAST_WIDTH, gap="small", key="outbox_review") as grid:
        with grid.cell():
            ticks = _list(view, found)
        if view.mail:
            with grid.cell():
                outbox_mail(view.mail)
    with bar:
        if found.mails and not view.is_unreadable:
            outbox_bar(ticks)
    ticked = ticks.chosen
    # A list that changes would lose the ticks.
    watch(seen, is_waiting=found.waiting > 0 and not ticked)


def _status(found: Outbox) -> None:
    smtp, zone = session.settings().smtp, zone_label(session.settings().zone)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if smtp:
            st.badge(_("Mail is set up"), icon=":material/check:", color="green")
            st.text(
                plural("At most {n} e-mail a minute", "At most {n} e-mails a minute", smtp.per_minute)
                + " · "
                + (plural("{n} waits", "{n} wait", found.waiting) if found.waiting else _("none waits")),
                width="content",
            )
        else:
            st.badge(_("No mail server"), icon=":material/unsubscribe:", color="orange")
            st.text(
                _("Nothing is sent until CHAT_HISTORY_SMTP_HOST and CHAT_HISTORY_SMTP_SENDER are set (see README)."),
                width="content",
            )
        st.caption(_("Times in {zone}", zone=zone), width="content")


def _tab(box: Box, count: int) -> str:
    icon, name = ("mail", mark("All e-mails")) if box == "all" else (STATES[box].icon, SHORT[box])
    return f":material/{icon}: {_(name)} **{number(count)}**"


def _box_changed() -> None:
    show_outbox(replace(read_outbox_view(), box=st.session_state["w_box"], page=1))


def _list(view: OutboxView, found: Outbox) -> Ticks[UUID]:
    if view.is_unreadable:
        st.warning(
            _("This link asks for a part of the outbox that is not known here. Nothing is shown."),
            icon=":material/link_off:",
        )
        st.button(_("Show all e-mails"), key="show_every_box", on_click=_show_all)
        return Ticks("nothing_ticked", ())
    if not found.mails:
        st.info(_(EMPTY[view.box]), icon=":material/inbox:")
        return Ticks("nothing_ticked", ())
    ticks = outbox_table(found.mails, view.mail, f"outbox_{view.box}")
    if found.pages > 1:
        st.session_state["w_box_page"] = found.page
        pages(found.pages, "w_box_page", _page_changed)
    return ticks


def _show_all() -> None:
    show_outbox(OutboxView())


def _page_changed() -> None:
    show_outbox(replace(read_outbox_view(), page=st.session_state["w_box_page"]))
