"""What was said in a chat. All text of people goes through `st.text`, which takes no Markdown."""

from typing import Literal

import streamlit as st

from lib.chats.chat import Attachment, Chat, Kind, Message, messages
from lib.chats.hits import marked
from lib.language import _, clock, day, duration, file_size, mark, number, plural
from lib.screen import session
from lib.screen.hit_steps import Hits, above_key, hit_bar, hits_in

# More entries than this make a click slow to paint, so the middle is folded.
MOST_AT_ONCE = 80
HEAD, TAIL, STEP = 20, 40, 100

# Messages with their place in the transcript.
Numbered = list[tuple[int, Message]]

BadgeColour = Literal["blue", "green", "violet", "gray"]
SPEAKERS: dict[Kind, tuple[str, str, BadgeColour]] = {
    "visitor": (mark("Visitor"), "person", "blue"),
    "operator": (mark("Operator"), "support_agent", "green"),
    "bot": (mark("Bot"), "smart_toy", "violet"),
    "system": (mark("System"), "info", "gray"),
    "note": (mark("Note"), "sticky_note_2", "gray"),
}


def transcript(chat: Chat) -> None:
    """Draws the transcript; of a long one first the two ends. While words are searched for it begins at their hit."""
    said = messages(session.store(), chat)
    hits = hits_in(chat, said)
    hit_bar(chat, hits)
    if not said:
        st.info(_("This chat has no messages."), icon=":material/speaker_notes_off:")
        return
    start = max(0, hits.first_shown - int(st.session_state.get(above_key(chat), 0)))
    if start:
        _fold_above(chat, start, hits.first_shown - start)
    _folded(chat, list(enumerate(said))[start:], hits)


def _folded(chat: Chat, said: Numbered, hits: Hits) -> None:
    if len(said) <= MOST_AT_ONCE:
        _entries(said, hits)
        return
    unfolded = int(st.session_state.get(_unfolded_key(chat), HEAD))
    _entries(said[:unfolded], hits)
    hidden = said[unfolded:-TAIL]
    if hidden:
        _fold(chat, len(hidden), unfolded)
    _entries(said[max(unfolded, len(said) - TAIL) :], hits)


def _fold_above(chat: Chat, hidden: int, shown: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", border=True, gap="small"):
        st.caption(plural("{n} message above is folded.", "{n} messages above are folded.", hidden), width="content")
        st.button(
            _("Show the {n} before", n=number(min(STEP, hidden))),
            key="unfold_above",
            icon=":material/unfold_more:",
            on_click=_unfold,
            args=(above_key(chat), shown + STEP),
        )


def _fold(chat: Chat, hidden: int, unfolded: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", border=True, gap="small"):
        st.caption(_("{n} messages are folded here.", n=number(hidden)), width="content")
        st.button(
            _("Show the next {n}", n=number(min(STEP, hidden))),
            key="unfold",
            icon=":material/unfold_more:",
            on_click=_unfold,
            args=(_unfolded_key(chat), unfolded + STEP),
        )


def _unfold(key: str, count: int) -> None:
    st.session_state[key] = count


def _unfolded_key(chat: Chat) -> str:
    return f"unfolded_{chat.id}"


def _entries(said: Numbered, hits: Hits) -> None:
    zone = session.settings().zone
    before = None
    for n, message in said:
        today = day(message.sent_at, zone) if message.sent_at else None
        if today and today != before:
            st.caption(f"**{today}**", text_alignment="center")
        before = today or before
        _entry(message, zone, hits, hits.rank(n))


def _entry(message: Message, zone: str, hits: Hits, rank: int) -> None:
    name, icon, colour = SPEAKERS[message.kind]
    with st.container(gap=None):
        with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="xsmall"):
            st.badge(f"{_(name)} {_when(message, zone)}", icon=f":material/{icon}:", color=colour)
            if rank:
                told = _("hit {n} of {total}", n=number(rank), total=number(len(hits.entries)))
                st.badge(told, icon=":material/search:", color="orange")
            if message.name and message.kind != "system":
                st.text(message.name, wrap=False)
        st.text(_body(message, hits.query.texts_for(message.kind) if rank else []))


def _when(message: Message, zone: str) -> str:
    if message.sent_at:
        return clock(message.sent_at, zone)
    return f"+{duration(message.offset_s)}" if message.offset_s is not None else ""


def _body(message: Message, sought: list[str]) -> str:
    parts = [marked(message.text or "", sought), _attachment(message.attachment) if message.attachment else None]
    return "\n".join(part for part in parts if part) or _("(empty message)")


def _attachment(attachment: Attachment) -> str:
    facts = [attachment.name or _("unnamed file"), attachment.type]
    if attachment.size is not None:
        facts.append(file_size(attachment.size))
    named = _("Attachment: {facts}", facts=" · ".join(fact for fact in facts if fact))
    lines = [named, attachment.url]
    return "\n".join(line for line in lines if line)
