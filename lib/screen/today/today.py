"""The start page: what needs me now. Every number opens exactly its rows."""

from dataclasses import replace
from uuid import UUID

import streamlit as st

from lib.chats.counts import category_counts, freshness
from lib.chats.filter.filter import ChatFilter, Condition
from lib.chats.filter.sentence import sentence
from lib.chats.states import QueuePart
from lib.importing import has_sample
from lib.language import _, mark, moment, number, plural, zone_label
from lib.missed.news import news, rows_of_news
from lib.missed.queue import QUEUE_SORT, chosen_by, queue_counts, queue_page, usual_sort
from lib.screen.chats.empty import no_chats_yet
from lib.screen.chats.view import ChatView, to_address
from lib.screen.frame import session
from lib.screen.frame.answers import answer
from lib.screen.frame.page import MISSED, go
from lib.screen.missed.figures import figure_line
from lib.screen.missed.news import mail_trouble
from lib.screen.missed.table import COMPACT, compact_queue, compact_queue_columns
from lib.screen.parts.table import row_table
from lib.screen.today.daily_chart import daily_chart
from lib.store.nightly import backup_state

WAITING = ChatFilter(category="missed", queue="open")
ARROW = ":material/arrow_forward:"
OPEN_KEY = "open_on_chats"
CARDS = {
    "overdue": mark("Missed chats that wait for a reply, and whose due time is over."),
    "due_today": mark("Missed chats that wait for a reply and are due today, or were due earlier today."),
    "mine": mark("Missed chats that wait for a reply, and that you have taken."),
    "new": mark("Chats that were missed {since}; the page Missed chats says what else is new."),
}


def freshness_line() -> None:
    """Draws when the last import ended, when the newest chat began, and whether e-mails and backups failed."""
    zone, fresh = session.settings().zone, freshness(session.store())
    sample_only = fresh.last_import is None and answer(has_sample)
    last = _("only the sample") if sample_only else moment(fresh.last_import, zone)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(
            _(
                "Last import: {last} · newest chat: {newest} · times in {zone}",
                last=last,
                newest=moment(fresh.newest_chat, zone),
                zone=zone_label(zone),
            ),
            width="content",
        )
        mail_trouble()
    _backup_line(zone)


def needs_me() -> None:
    """Draws a card for each number of chats that somebody should look at now; its button opens exactly those."""
    person, clock = session.actor(), session.clock()
    queue, new = answer(queue_counts, ChatFilter(), person), answer(news, person)
    due_today = WAITING.also(Condition("due", "is", (clock.today.isoformat(),)))
    since = (
        _("in the last 24 hours")
        if new.first_time
        else _("since {moment}", moment=moment(new.since.moment, clock.zone))
    )
    cards = [
        ("overdue", _("Overdue"), queue["overdue"], replace(WAITING, queue="overdue")),
        ("due_today", _("Due today"), answer(category_counts, due_today)["missed"], due_today),
        ("mine", _("Mine"), queue["mine"], chosen_by("mine", ChatFilter(), person)),
        ("new", _("New"), new.counts["missed"], rows_of_news("missed", new.since)),
    ]
    with st.grid(len(cards), min_column_width=125, gap="small") as grid:
        for code, name, count, chosen in cards:
            with grid.cell(), st.container(border=True, gap="xxsmall"):
                shown = f":red[{number(count)}]" if code == "overdue" and count else number(count)
                st.metric(name, shown, help=_(CARDS[code], since=since))
                if st.button(_("Open"), key=f"card_{code}", icon=ARROW, type="tertiary"):
                    go(MISSED, to_address(ChatView(chosen, usual_sort(chosen))))


def missed_last_days() -> None:
    """Draws the figures on missed chats of the last seven days, against the seven before, in one line."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="missed_line"):
        st.markdown(_("**Missed chats, last 7 days**"), width="content", help=_("Against the 7 days before."))
        figure_line(ChatFilter(category="missed", period="last_7"))


def _backup_line(zone: str) -> None:
    folder = session.settings().backup_folder
    if folder is None:
        return
    state = backup_state(folder)
    last = _("Last backup: {moment}", moment=moment(state.made_at, zone))
    if state.problem:
        st.warning(_("The last backup failed; it is tried again every hour."), icon=":material/backup:")
        st.code(state.problem, language=None)
        st.caption(last)
    elif state.made_at is None:
        st.caption(_("The first backup is being made."))
    elif state.is_old(session.clock().now):
        st.warning(_("The last backup is older than two days."), icon=":material/backup:")
        st.caption(last)
    else:
        st.caption(last)


def waiting_chats() -> None:
    """Draws the missed chats that nobody has contacted, due first; a click opens one, or those that are overdue."""
    if no_chats_yet():
        return
    counts = answer(queue_counts, ChatFilter(), session.actor())
    with st.container(horizontal=True, vertical_alignment="center", key="waiting"):
        st.markdown(_("**Waiting for a reply**"), width="content")
        st.badge(number(counts["open"]), color="orange" if counts["open"] else "gray")
        if counts["overdue"]:
            overdue = plural("{n} overdue", "{n} overdue", counts["overdue"])
            _list_button("overdue", f":red[{overdue}]", ":material/alarm:")
        st.caption(sentence(WAITING, session.clock()), width="content")
        # Not at the end of the line, where the table's toolbar would lie on it.
        if counts["open"]:
            _list_button("open", _("Open the list"), ARROW)
    if not counts["open"]:
        _nobody_waits(counts["past"])
        return
    chats = answer(queue_page, WAITING, QUEUE_SORT, 1)
    ids = list(chats["id"])
    row_table(
        compact_queue(chats),
        ids,
        _want,
        key="waiting_chats",
        height="content" if len(ids) <= 6 else 220,
        columns=compact_queue_columns(),
        order=COMPACT,
        alt=_("Missed chats that nobody has contacted, due first"),
    )
    if chat := st.session_state.pop(OPEN_KEY, None):
        go(MISSED, to_address(ChatView(WAITING, QUEUE_SORT, chat=chat)))


def _list_button(part: QueuePart, label: str, icon: str) -> None:
    if st.button(label, key=f"open_{part}", icon=icon, type="tertiary"):
        chosen = replace(WAITING, queue=part)
        go(MISSED, to_address(ChatView(chosen, usual_sort(chosen))))


def _nobody_waits(past: int) -> None:
    if not past:
        st.success(_("Every missed chat with contact data was followed up."), icon=":material/task_alt:")
        return
    # Nobody has followed these up, so it is not told as done.
    st.info(
        plural("Nobody waits. {n} missed chat is past.", "Nobody waits. {n} missed chats are past.", past),
        icon=":material/history:",
    )
    _list_button("past", _("Open the list"), ARROW)


def _want(chat_id: UUID) -> None:
    st.session_state[OPEN_KEY] = chat_id


def last_days() -> None:
    """Draws the chats of the last 14 days by status."""
    daily_chart(14)
