"""The hits of a search in the open chat: which entries have them, and the bar that steps through them."""

from dataclasses import dataclass

import streamlit as st

from lib.chats.chat import Chat, Message
from lib.chats.search.hits import HitKind, messages_with_hits, other_hits
from lib.chats.search.query import WordQuery, parse
from lib.language import _, mark, number
from lib.screen.chats.view import read_view
from lib.screen.frame import session

# So many entries before a hit are drawn with it.
BEFORE = 2

ELSEWHERE: dict[HitKind, str] = {
    "visitor": mark("The words are in the question of the chat, not in its transcript."),
    "data": mark("The words are in what is known of the visitor: see “Info”."),
    "note": mark("The words are in a note: see “Notes”."),
}


@dataclass(frozen=True)
class Hits:
    """Positions of the entries with a hit, and which of them is being looked at, counted from 0."""

    query: WordQuery
    entries: tuple[int, ...]
    current: int

    @property
    def first_shown(self) -> int:
        """The entry to begin with, so that the hit that is looked at is in sight."""
        start = self.entries[self.current] - BEFORE if self.entries else 0
        return start if start > BEFORE else 0

    def rank(self, entry: int) -> int:
        """Which of the entries with a hit this one is, counted from 1; 0 for others."""
        return self.entries.index(entry) + 1 if entry in self.entries else 0


def hits_in(chat: Chat, said: list[Message]) -> Hits:
    """The hits of the words that are searched for; none where there are no words."""
    query = parse(read_view().chosen.words)
    entries = tuple(messages_with_hits(query, said)) if query.sought else ()
    current = int(st.session_state.get(_key(chat), 0))
    return Hits(query, entries, min(current, max(0, len(entries) - 1)))


def hit_bar(chat: Chat, hits: Hits) -> None:
    """Draws the steps between hits, or says where the words are instead."""
    if not hits.query.sought:
        return
    if not hits.entries:
        found = other_hits(session.store(), hits.query, chat)
        where = [_(ELSEWHERE[kind]) for kind in found if kind in ELSEWHERE] or [_("None of the words is in this chat.")]
        st.info("  \n".join(where), icon=":material/search:")
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="hit_bar"):
        _step(chat, hits, -1)
        told = _("Hit {n} of {total}", n=number(hits.current + 1), total=number(len(hits.entries)))
        st.caption(
            told,
            width="content",
            help=_("Hits stand in ⟦ ⟧. Where a text has these signs itself, they are shown as [[ ]]."),
        )
        _step(chat, hits, +1)


def _step(chat: Chat, hits: Hits, direction: int) -> None:
    target = hits.current + direction
    st.button(
        "",
        key="previous_hit" if direction < 0 else "next_hit",
        icon=":material/north:" if direction < 0 else ":material/south:",
        type="tertiary",
        disabled=not 0 <= target < len(hits.entries),
        help=_("Previous hit") if direction < 0 else _("Next hit"),
        on_click=_go,
        args=(chat, direction),
    )


def _go(chat: Chat, direction: int) -> None:
    st.session_state[_key(chat)] = max(0, int(st.session_state.get(_key(chat), 0)) + direction)
    st.session_state.pop(above_key(chat), None)


def above_key(chat: Chat) -> str:
    """Where the session keeps how many entries above the hit are unfolded."""
    return f"above_{chat.id}"


def _key(chat: Chat) -> str:
    return f"hit_{chat.id}_{read_view().chosen.words}"
