"""What was said in a chat. All text of people goes through `st.text`, which takes no Markdown."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import streamlit as st

from lib.chats.chat import Chat, Kind, Message, messages
from lib.chats.search.hits import marked
from lib.erasure.running import rule_behind
from lib.language import _, clock, day, duration, file_size, mark, moment, number, plural, zone_label
from lib.screen.chat.hits import Hits, above_key, hit_bar, hits_in
from lib.screen.frame import session
from lib.screen.frame.answers import answer

# More entries than this make a click slow to paint, so the middle is folded.
MOST_AT_ONCE = 80
HEAD, TAIL, STEP = 20, 40, 100
# Lines of one author this close to the first of them stand under one head.
TOGETHER_S = 120

# Messages with their place in the transcript.
Numbered = list[tuple[int, Message]]

BadgeColour = Literal["blue", "green", "violet", "gray"]
Side = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Speaker:
    """How a kind of author is told from the others: by word, icon, tint and side."""

    label: str
    icon: str
    colour: BadgeColour
    side: Side


SPEAKERS: dict[Kind, Speaker] = {
    "visitor": Speaker(mark("Visitor"), "person", "blue", "left"),
    "operator": Speaker(mark("Operator"), "support_agent", "green", "right"),
    "bot": Speaker(mark("Bot"), "smart_toy", "violet", "right"),
    "system": Speaker(mark("System"), "info", "gray", "center"),
    "note": Speaker(mark("Note"), "sticky_note_2", "gray", "center"),
}


def transcript(chat: Chat) -> None:
    """Draws the transcript; of a long one first the two ends. While words are searched for it begins at their hit."""
    if chat.anonymised_at:
        _anonymised(chat.anonymised_at)
        return
    said = messages(session.store(), chat)
    hits = hits_in(chat, said)
    hit_bar(chat, hits)
    if chat.deleted_there:
        st.caption(_("This chat is deleted in the chat system."))
    if chat.messages_missing and chat.messages_there:
        there = number(chat.messages_there - chat.messages_missing)
        st.caption(
            _("{n} of {all} messages are here; the others did not come.", n=there, all=number(chat.messages_there))
        )
    if not said:
        st.info(_("This chat has no messages."), icon=":material/speaker_notes_off:")
        return
    start = max(0, hits.first_shown - int(st.session_state.get(above_key(chat), 0)))
    if start:
        with st.container(horizontal=True, vertical_alignment="center", border=True, gap="small"):
            st.caption(plural("{n} message above is folded.", "{n} messages above are folded.", start), width="content")
            st.button(
                _("Show the {n} before", n=number(min(STEP, start))),
                key="unfold_above",
                icon=":material/unfold_more:",
                on_click=_unfold,
                args=(above_key(chat), (hits.first_shown - start) + STEP),
            )
    _folded(chat, list(enumerate(said))[start:], hits)


def _anonymised(since: datetime) -> None:
    """Draws when and by which rule the chat was anonymised."""
    st.info(
        _("This chat is anonymised: what was said in it is gone, and who it was with."), icon=":material/no_accounts:"
    )
    when = _("Anonymised on {moment}", moment=moment(since, session.settings().zone))
    st.text(" · ".join(filter(None, [when, answer(rule_behind, since)])))


def _folded(chat: Chat, said: Numbered, hits: Hits) -> None:
    if len(said) <= MOST_AT_ONCE:
        _entries(chat, said, hits)
        return
    unfolded = int(st.session_state.get(_unfolded_key(chat), HEAD))
    _entries(chat, said[:unfolded], hits)
    hidden = said[unfolded:-TAIL]
    if hidden:
        with st.container(horizontal=True, vertical_alignment="center", border=True, gap="small"):
            st.caption(_("{n} messages are folded here.", n=number(len(hidden))), width="content")
            st.button(
                _("Show the next {n}", n=number(min(STEP, len(hidden)))),
                key="unfold",
                icon=":material/unfold_more:",
                on_click=_unfold,
                args=(_unfolded_key(chat), unfolded + STEP),
            )
            if len(hidden) > STEP:
                st.button(
                    _("Show all"),
                    key="unfold_all",
                    icon=":material/expand:",
                    type="tertiary",
                    on_click=_unfold,
                    args=(_unfolded_key(chat), unfolded + len(hidden)),
                )
    _entries(chat, said[max(unfolded, len(said) - TAIL) :], hits)


def _unfold(key: str, count: int) -> None:
    st.session_state[key] = count


def _unfolded_key(chat: Chat) -> str:
    return f"unfolded_{chat.id}"


def _entries(chat: Chat, said: Numbered, hits: Hits) -> None:
    zone, shown_at = session.settings().zone, chat.started_at
    before, names = None, dict[Kind, str | None]()
    for turn in _turns(said, zone):
        first = turn[0][1]
        today = day(first.sent_at, zone) if first.sent_at else None
        if today and today != before:
            st.caption(f"**{today}**", text_alignment="center")
        before = today or before
        is_new = bool(first.name) and first.kind != "system" and names.get(first.kind) != first.name
        when = "" if first.offset_s is None else f"+{duration(first.offset_s)}"
        if first.sent_at:
            when = clock(first.sent_at, zone, before=shown_at)
        _turn(turn, when, hits, is_new=is_new)
        shown_at = first.sent_at or shown_at
        names[first.kind] = first.name


def _turns(said: Numbered, zone: str) -> Iterator[Numbered]:
    """What one author said in one go, each with the head's message first."""
    turn: Numbered = []
    for each in said:
        if turn and not _goes_on(turn[0][1], each[1], zone):
            yield turn
            turn = []
        turn.append(each)
    if turn:
        yield turn


def _goes_on(head: Message, message: Message, zone: str) -> bool:
    if (head.kind, head.name) != (message.kind, message.name):
        return False
    if head.sent_at and message.sent_at:
        seconds = (message.sent_at - head.sent_at).total_seconds()
        heads = {(day(at, zone), zone_label(zone, at)) for at in (head.sent_at, message.sent_at)}
        return abs(seconds) <= TOGETHER_S and len(heads) == 1
    if head.sent_at or message.sent_at:
        return False
    if head.offset_s is None or message.offset_s is None:
        return head.offset_s == message.offset_s
    return abs(message.offset_s - head.offset_s) <= TOGETHER_S


def _turn(turn: Numbered, when: str, hits: Hits, *, is_new: bool) -> None:
    """Draws the head, and what was said beside it where it is short, or else below; a name is told when it changes."""
    first = turn[0][1]
    speaker = SPEAKERS[first.kind]
    with st.container(gap=None):
        head = st.container(
            horizontal=True, horizontal_alignment=speaker.side, vertical_alignment="center", gap="xsmall"
        )
        said = st.container(horizontal=True, horizontal_alignment=speaker.side) if is_new else head
        with head:
            label = f"{_(speaker.label)} {when}"
            st.badge(label, icon=f":material/{speaker.icon}:", color=speaker.colour)
            if is_new:
                st.text(first.name or "", wrap=False)
        with said:
            if len(turn) == 1:
                _line(*turn[0], hits)
                return
            with st.container(gap=None, width="content"):
                for n, message in turn:
                    _line(n, message, hits)


def _line(n: int, message: Message, hits: Hits) -> None:
    rank = hits.rank(n)
    if rank:
        told = _("hit {n} of {total}", n=number(rank), total=number(len(hits.entries)))
        st.badge(told, icon=":material/search:", color="orange")
    if message.text or not message.attachment:
        sought = hits.query.texts_for(message.kind) if rank else []
        text = message.text or (_("(deleted in the chat system)") if message.is_deleted else _("(empty message)"))
        st.text(marked(text, sought) if hits.query.sought else text)
    if message.attachment:
        st.badge(_("Attachment"), icon=":material/attach_file:", color="gray")
        facts = [message.attachment.name or _("unnamed file"), message.attachment.type]
        if message.attachment.size is not None:
            facts.append(file_size(message.attachment.size))
        lines = [" · ".join(fact for fact in facts if fact), message.attachment.url]
        st.text("\n".join(line for line in lines if line))
