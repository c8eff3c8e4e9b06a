"""Everything that is known of a chat and its visitor, whose other chats are one click away."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from lib.access.activity import who_read
from lib.chats.accounts import account_name, accounts
from lib.chats.channels import channel_name
from lib.chats.chat import Chat
from lib.chats.holds import holds_of
from lib.chats.same_visitor import MOST, chats_of_visitor
from lib.chats.search.hits import marked
from lib.chats.search.query import parse
from lib.language import (
    _,
    calendar_day,
    country,
    duration,
    joined,
    language_name,
    listing,
    moment,
    moment_pattern,
    number,
    plural,
)
from lib.missed.evidence import evidence
from lib.missed.settings import rules_of
from lib.screen.chats.view import read_view, show_chat
from lib.screen.frame import labels, session
from lib.screen.frame.answers import answer
from lib.screen.frame.page import ACTIVITY, VISITORS
from lib.screen.parts.held import hold_words
from lib.screen.parts.table import row_table, with_open_row

Facts = list[tuple[str, str | None]]


def chat_info(chat: Chat) -> None:
    """Draws the visitor's details, the page they were on, the chat's facts and all other fields of the export."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_("**Visitor**"))
        st.space("stretch")
        if not chat.anonymised_at and not session.sees():
            person = session.language_query() | {"chat": str(chat.id)}
            st.page_link(VISITORS.path, label=_("All about this person"), icon=":material/group:", query_params=person)
        if session.may("mail") and not chat.anonymised_at:
            st.button(
                _("Send e-mail"), key="send_email", icon=":material/mail:", on_click=show_chat, args=(chat.id, "reply")
            )
    query = parse(read_view().chosen.words)
    known = [chat.visitor_name or "", chat.visitor_email or "", chat.visitor_phone or ""]
    if query.sought:
        sought = query.texts_for("data")
        known = [*(marked(text, sought) for text in known[:2]), marked(known[2], sought, query.numbers)]
    visitor = [
        *zip((_("Name"), _("E-mail"), _("Phone")), known, strict=True),
        (_("Country"), country(chat.visitor_country)),
        (_("IP address"), chat.visitor_ip),
        (_("Visitor's id"), chat.visitor_id),
        (_("Page"), chat.page_title),
        (_("Address of the page"), chat.page_url),
    ]
    _table(visitor, _("**Visitor**"))
    st.markdown(_("**Chat**"))
    _table(_chat(chat), _("**Chat**"))
    if session.may("activity"):
        _read_by(chat)
    if chat.unknown_fields:
        st.markdown(_("**Other fields of the export**"))
        _table(list(flattened(chat.unknown_fields)), _("**Other fields of the export**"))


def other_chats(chat: Chat) -> None:
    """Draws all chats of the visitor in the order of time, this one marked; a click opens one, with a way back."""
    found = chats_of_visitor(session.store(), chat)
    ids = list(found["id"])
    if len(ids) < 2:
        st.caption(_("No other chats of this visitor are known (same id, e-mail address or phone number)."))
        return
    counted = plural("{n} other chat", "{n} other chats", len(ids) - 1)
    st.caption(counted if len(ids) < MOST else _("The {n} other chats nearest in time", n=number(MOST - 1)))
    shown = found.assign(
        this=[_("this chat") if chat_id == chat.id else "" for chat_id in found["id"]],
        status=[labels.status_name(status) for status in found["status"]],
    )[["this", "started_at", "status", "operator", "question"]]
    row_table(
        with_open_row(shown, [chat_id == chat.id for chat_id in found["id"]]),
        ids,
        lambda clicked: show_chat(clicked, came_from=chat.id) if clicked != chat.id else None,
        key="other_chats",
        height="content" if len(ids) < 15 else 460,
        columns={
            "this": st.column_config.TextColumn(_("Shown"), width=70),
            "started_at": st.column_config.DatetimeColumn(
                _("Start"), format=moment_pattern(), timezone=session.settings().zone, width=135
            ),
            "status": st.column_config.TextColumn(_("Status"), width=90),
            "operator": st.column_config.TextColumn(_("Operator"), width=90),
            "question": st.column_config.TextColumn(_("Question")),
        },
        alt=_("Other chats"),
    )


def flattened(value: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """Each field of a nested record with its path and its value as text."""
    for name, item in value.items():
        own = f"{path}.{name}" if path else str(name)
        if isinstance(item, Mapping) and item:
            yield from flattened(item, own)
        else:
            yield own, item if isinstance(item, str) else json.dumps(item, ensure_ascii=False)


def _chat(chat: Chat) -> Facts:
    zone = session.settings().zone
    account = account_name(answer(accounts), chat.system, chat.account)
    return [
        (_("Status"), labels.status_name(chat.status)),
        (_("Why it counts as missed"), labels.missed_reason(chat.missed_reason) if chat.missed_reason else None),
        (
            _("Why it was missed"),
            evidence(chat, rules_of(session.store()), session.settings().zone) if chat.status == "missed" else None,
        ),
        (_("Where the status is from"), _status_source(chat)),
        (_("Deleted in the chat system"), _("yes") if chat.deleted_there else None),
        (_("Missing messages"), number(chat.messages_missing) if chat.messages_missing else None),
        (_("Watched by"), listing(chat.supervisors) if chat.supervisors else None),
        (_("Start"), moment(chat.started_at, zone)),
        (_("End"), moment(chat.ended_at, zone)),
        (_("Wait"), _wait(chat)),
        (_("Duration"), duration(chat.duration_s)),
        (_("Operators"), listing(chat.operators) if chat.operators else None),
        (_("Department"), chat.department),
        (_("Website"), chat.website),
        (_("Channel"), channel_name(chat.channel)),
        (_("Language"), language_name(chat.language)),
        (_("Rating"), str(chat.rating) if chat.rating else None),
        (_("Comment"), chat.comment),
        (_("Tags"), joined(chat.tags)),
        (_("System"), chat.system),
        *([(_("Account"), account)] if account else []),
        (_("Id in the system"), chat.vendor_id),
        *((_("Legal hold"), hold_words(hold)) for hold in answer(holds_of, chat.id) if session.may("delete")),
        *([(_("Time of anonymising"), moment(chat.anonymised_at, zone))] if chat.anonymised_at else []),
    ]


def _read_by(chat: Chat) -> None:
    """Draws who read the chat, and on which day last: a reading is kept once a day."""
    clock, readers = session.clock(), who_read(session.store(), chat.id)
    days = [calendar_day(clock.local(each.last_at).date()) for each in readers]
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="read_by"):
        st.markdown(_("**Read by**"), width="content")
        query = session.language_query() | {"chat": str(chat.id)}
        st.page_link(
            ACTIVITY.path, label=_("Everything about this chat"), icon=":material/history:", query_params=query
        )
    told = [f"{session.shown_actor(each.person)} ({day})" for each, day in zip(readers, days, strict=True)]
    st.text(joined(told) or _("Nobody yet, as far as readings are kept."))


def _wait(chat: Chat) -> str:
    if chat.given_wait_s in (None, chat.wait_s):
        return duration(chat.wait_s)
    return _(
        "{duration} ({system} says {given})",
        duration=duration(chat.wait_s),
        system=chat.system,
        given=duration(chat.given_wait_s),
    )


def _status_source(chat: Chat) -> str:
    if not chat.status_derived:
        return _("the export: “{word}”", word=chat.given_status)
    if chat.status == "missed":
        reason = _("derived: no operator replied")
    else:
        reason = _("derived: an operator is named or wrote, or a bot had the last word")
    return " · ".join([reason, _("the export: “{word}”", word=chat.given_status)]) if chat.given_status else reason


def _table(facts: Facts, heading: str) -> None:
    frame = pd.DataFrame([(name, value or "–") for name, value in facts], columns=["field", "value"])
    st.dataframe(
        frame,
        hide_index=True,
        height="content",
        row_height=30,
        column_config={
            "field": st.column_config.TextColumn(_("Field"), width=130),
            "value": st.column_config.TextColumn(_("Value")),
        },
        alt=heading.strip("*"),
    )
