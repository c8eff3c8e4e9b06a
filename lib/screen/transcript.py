"""What was said in a chat. All text of people goes through `st.text`, which takes no Markdown."""

from typing import Literal

import streamlit as st

from lib.chats.chat import Attachment, Chat, Kind, Message, messages
from lib.language import _, clock, day, duration, file_size, mark, number
from lib.screen import session

# More entries than this make a click slow to paint, so the middle is folded.
MOST_AT_ONCE = 80
HEAD, TAIL, STEP = 20, 40, 100

BadgeColour = Literal["blue", "green", "violet", "gray"]
SPEAKERS: dict[Kind, tuple[str, str, BadgeColour]] = {
    "visitor": (mark("Visitor"), "person", "blue"),
    "operator": (mark("Operator"), "support_agent", "green"),
    "bot": (mark("Bot"), "smart_toy", "violet"),
    "system": (mark("System"), "info", "gray"),
    "note": (mark("Note"), "sticky_note_2", "gray"),
}


def transcript(chat: Chat) -> None:
    """Draws the transcript; of a long one first the two ends."""
    said = messages(session.store(), chat)
    if not said:
        st.info(_("This chat has no messages."), icon=":material/speaker_notes_off:")
        return
    if len(said) <= MOST_AT_ONCE:
        _entries(said)
        return
    unfolded = int(st.session_state.get(_unfolded_key(chat), HEAD))
    _entries(said[:unfolded])
    hidden = said[unfolded:-TAIL]
    if hidden:
        _fold(chat, len(hidden), unfolded)
    _entries(said[max(unfolded, len(said) - TAIL) :])


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


def _entries(said: list[Message]) -> None:
    zone = session.settings().zone
    before = None
    for message in said:
        today = day(message.sent_at, zone) if message.sent_at else None
        if today and today != before:
            st.caption(f"**{today}**", text_alignment="center")
        before = today or before
        _entry(message, zone)


def _entry(message: Message, zone: str) -> None:
    name, icon, colour = SPEAKERS[message.kind]
    with st.container(gap=None):
        with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="xsmall"):
            st.badge(f"{_(name)} {_when(message, zone)}", icon=f":material/{icon}:", color=colour)
            if message.name and message.kind != "system":
                st.text(message.name, wrap=False)
        st.text(_body(message))


def _when(message: Message, zone: str) -> str:
    if message.sent_at:
        return clock(message.sent_at, zone)
    return f"+{duration(message.offset_s)}" if message.offset_s is not None else ""


def _body(message: Message) -> str:
    parts = [message.text, _attachment(message.attachment) if message.attachment else None]
    return "\n".join(part for part in parts if part) or _("(empty message)")


def _attachment(attachment: Attachment) -> str:
    facts = [attachment.name or _("unnamed file"), attachment.type]
    if attachment.size is not None:
        facts.append(file_size(attachment.size))
    named = _("Attachment: {facts}", facts=" · ".join(fact for fact in facts if fact))
    lines = [named, attachment.url]
    return "\n".join(line for line in lines if line)
