"""The open chat, beside the list."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import streamlit as st

from lib.chats.channels import channel_name
from lib.chats.chat import Chat, find_chat
from lib.chats.listing import PAGE_SIZE, Neighbours, neighbours
from lib.chats.removal import deletion_of, restore_chats
from lib.language import _, clock, day, duration, joined, listing, mark, moment, zone_label
from lib.missed.history import FollowUp, follow_up_of
from lib.screen.chat.deleting import DELETING, deletion_dialog
from lib.screen.chat.follow_up import follow_up_actions, follow_up_facts, follow_up_reasons, follow_up_state
from lib.screen.chat.holding import HOLDING, held_badge, holding_dialog
from lib.screen.chat.info import chat_info, other_chats
from lib.screen.chat.menu import chat_menu
from lib.screen.chat.transcript import transcript
from lib.screen.chats.searching import is_searching
from lib.screen.chats.table import HEIGHT
from lib.screen.chats.view import TABS, ChatView, Tab, in_queue, read_view, show, show_chat
from lib.screen.frame import labels, session
from lib.screen.frame.accesses import note_access
from lib.screen.frame.keys import shortcut
from lib.screen.frame.storing import stores
from lib.screen.missed.questions import FOLLOWING_UP

TAB_NAMES: dict[Tab, str] = {
    "transcript": mark("Transcript"),
    "info": mark("Info"),
    "notes": mark("Notes"),
    "earlier": mark("Other chats"),
    "reply": mark("Reply by e-mail"),
}
# What is not here is written beside the transcript.
TAB_BODIES: dict[Tab, Callable[[Chat], None]] = {"transcript": transcript, "info": chat_info, "earlier": other_chats}
# What is above and below the body: head, facts in two lines and tabs; actions and reasons of a missed chat.
HEAD_HEIGHT, FOLLOW_UP_HEIGHT = 153, 60


def chat_pane(view: ChatView) -> None:
    """Draws the open chat with its menu and tabs, or says why it cannot be shown."""
    if view.chat is None:
        return
    with st.container(border=True, gap="xxsmall", key="chat_pane"):
        chat = find_chat(session.store(), view.chat)
        if chat is None:
            st.info(
                _("There is no chat with this link. It may have been erased, or removed with the sample."),
                icon=":material/search_off:",
            )
            st.button(_("Close"), key="close_chat", on_click=show_chat, args=(None,))
        elif chat.deleted_at:
            zone = session.settings().zone
            st.info(_("This chat is deleted."), icon=":material/delete:")
            deletion = deletion_of(session.store(), chat.id)
            if deletion:
                head = f"{session.shown_actor(deletion.actor)} · {moment(deletion.deleted_at, zone)}"
                st.text("\n".join(filter(None, [head, deletion.reason])))
            with st.container(horizontal=True):
                if session.may("delete"):
                    st.button(
                        _("Restore"), key="restore_chat", icon=":material/undo:", on_click=_restore, args=(chat.id,)
                    )
                st.button(_("Close"), key="close_chat", on_click=show_chat, args=(None,))
        else:
            _open(view, chat)


def _open(view: ChatView, chat: Chat) -> None:
    note_access("chat_read", chat.id)
    found = follow_up_of(session.store(), chat.id)
    _head(view, chat, found)
    _facts(chat, found)
    if found:
        with st.container(horizontal=True, vertical_alignment="center", gap="xxsmall", key="follow_up"):
            if session.may("follow_up"):
                follow_up_actions(found, with_shortcuts=view.tab != "reply" and DELETING.about != chat.id)
            _reply_button(view, chat)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.session_state["w_tab"] = view.tab if view.tab != "reply" else None
        st.segmented_control(
            _("Part of the chat"),
            [tab for tab in TABS if tab != "reply"],
            format_func=lambda tab: _(TAB_NAMES[tab]),
            key="w_tab",
            wrap=True,
            label_visibility="collapsed",
            on_change=_tab_changed,
        )
        if not found:
            st.space("stretch")
            _reply_button(view, chat)
    height = HEIGHT - HEAD_HEIGHT - (FOLLOW_UP_HEIGHT if found else 0)
    with st.container(height=height, border=False, gap="xsmall", autoscroll=False, key=f"body_{chat.id}"):
        TAB_BODIES.get(view.tab, transcript)(chat)
    if found:
        follow_up_reasons(chat)
    deletion_dialog(chat)
    holding_dialog(chat)


def _head(view: ChatView, chat: Chat, found: FollowUp | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        if view.came_from:
            st.button(
                _("Back"),
                key="back",
                icon=":material/arrow_back:",
                on_click=show_chat,
                args=(view.came_from, "earlier"),
                help=_("Back to the chat that you came from"),
            )
        if found:
            follow_up_state(found)
        else:
            labels.status_badge(chat.status, monitored=chat.monitored)
        held_badge(chat)
        st.space("stretch")
        place = None
        if not is_searching(view.chosen):
            # What was done about a chat may take it out of the queue; then one goes on from where it was.
            place = neighbours(
                session.store(), view.chosen, session.clock(), view.sort, chat.id, may_have_left=in_queue()
            )
        _step(place, -1, _key(view, chat, "previous"))
        _step(place, +1, _key(view, chat, "next"))
        chat_menu(view, chat)
        st.button(
            "",
            key="close_chat",
            icon=":material/close:",
            type="tertiary",
            shortcut=_key(view, chat, "close"),
            help=_("Close"),
            on_click=show_chat,
            args=(None,),
        )


def _key(view: ChatView, chat: Chat, name: str) -> str | None:
    # A shortcut would act behind an open question, and throw a half-written mail away.
    is_busy = view.tab == "reply" or DELETING.about == chat.id or HOLDING.is_open or FOLLOWING_UP.is_open
    return None if is_busy else shortcut(name)


def _step(place: Neighbours | None, direction: int, key: str | None) -> None:
    target = None if place is None else place.previous if direction < 0 else place.following
    st.button(
        "",
        key="previous_chat" if direction < 0 else "next_chat",
        icon=":material/keyboard_arrow_up:" if direction < 0 else ":material/keyboard_arrow_down:",
        type="tertiary",
        disabled=target is None,
        shortcut=key,
        help=_("Previous chat of the list") if direction < 0 else _("Next chat of the list"),
        on_click=_go_to,
        args=(target, (place.position if place else 0) + direction),
    )


def _go_to(chat: UUID, position: int) -> None:
    view = read_view()
    show(replace(view, chat=chat, page=position // PAGE_SIZE + 1, tab="transcript", came_from=None))


def _facts(chat: Chat, found: FollowUp | None) -> None:
    """Draws two lines, each of which ends where the room does; “Info” has everything."""
    zone = session.settings().zone
    nobody = _("Anonymised") if chat.anonymised_at else _("Unnamed visitor")
    who = [chat.visitor_name or nobody, chat.visitor_email]
    who.append(listing(chat.operators) if chat.operators else _("no operator"))
    if chat.rating:
        who += [_("Rating {n} of 5", n=chat.rating), chat.comment]
    what: list[str | None] = [*follow_up_facts(found)] if found else []
    start, end = chat.started_at, chat.ended_at
    times = moment(start, zone)
    if end:
        same_day = start is not None and day(start, zone) == day(end, zone)
        times = f"{times} – {clock(end, zone, before=start) if same_day else moment(end, zone)}"
    elif chat.status == "ongoing":
        times = _("since {start}", start=times)
    what.append(f"{times} {zone_label(zone, start)}")
    if chat.wait_s is not None:
        what.append(_("wait {duration}", duration=duration(chat.wait_s)))
    if chat.duration_s is not None:
        what.append(_("duration {duration}", duration=duration(chat.duration_s)))
    what += [chat.department, chat.website, channel_name(chat.channel)]
    if chat.tags:
        what.append(_("Tags: {tags}", tags=joined(chat.tags)))
    with st.container(gap=None):
        for facts in (who, what):
            # A name of two lines would take the place of what follows.
            st.text(" · ".join(" ".join(fact.split()) for fact in facts if fact), wrap=False)


def _reply_button(view: ChatView, chat: Chat) -> None:
    if (
        not session.may("mail")
        or chat.anonymised_at
        or (chat.status not in ("missed", "completed") and view.tab != "reply")
    ):
        return
    st.button(
        _(TAB_NAMES["reply"]),
        key="reply_by_email",
        icon=":material/mail:",
        type="primary" if view.tab == "reply" or chat.status == "missed" else "secondary",
        shortcut=_key(view, chat, "reply"),
        on_click=_show_tab,
        args=("reply",),
    )


def _tab_changed() -> None:
    _show_tab(st.session_state["w_tab"] or "transcript")


def _show_tab(tab: Tab) -> None:
    show(replace(read_view(), tab=tab))


@stores
def _restore(chat_id: UUID) -> None:
    restore_chats(session.store(), [chat_id], session.actor())
