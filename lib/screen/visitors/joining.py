"""Joining persons and parting them, and what came of it, with Undo."""

from collections.abc import Callable
from uuid import UUID

import streamlit as st

from lib.language import _, mark, plural
from lib.screen.frame import session
from lib.screen.frame.storing import stores
from lib.screen.parts.outcome import Telling, tell, undo_way
from lib.screen.parts.table import Ticks, forget_ticks
from lib.screen.visitors.view import show_person
from lib.visitors.joining import Joined, Refusal, SignName, join, part, put_together, unjoin

REFUSALS: dict[Refusal, str] = {
    "same": mark("These are one person already."),
    "unknown": mark("One of these chats is not there any more."),
    "nothing": mark("Somebody was quicker: there is nothing left to do."),
    "shared": mark("Too many names share this. It stays nobody's."),
}


def join_bar(ticks: Ticks[UUID]) -> None:
    """Draws what can be done with the ticked persons."""
    if not session.may("note"):
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="join_bar"):
        st.button(
            _("Join as one person"),
            key="join_persons",
            icon=":material/merge:",
            disabled=len(ticks.chosen) < 2,
            on_click=_join,
            args=(ticks,),
        )
        st.caption(
            _("Tick two visitors who are one person; click one to see all that is known."),
            width="content",
        )


@stores
def _join(ticks: Ticks[UUID]) -> None:
    store, actor, chosen = session.store(), session.actor(), ticks.chosen
    if len(chosen) != 2:
        tell(lambda: Telling(_("Tick exactly two visitors, and join further ones after.")))
        return
    done = join(store, (chosen[0], chosen[1]), actor)
    _tell_joined(done, chosen[0])
    forget_ticks()
    show_person(chosen[0])


def _tell_joined(done: Joined | Refusal, chat_id: UUID) -> None:
    if not isinstance(done, Joined):
        tell(lambda: Telling(_(REFUSALS[done])))
        return
    told, ways = done, [undo_way(lambda: take_back(chat_id, told.id))]
    tell(
        lambda: Telling(
            plural("{n} chat is one person's now.", "{n} chats are one person's now.", told.chats),
            ways if session.may("note") else (),
        )
    )


@stores
def take_back(chat_id: UUID, joined: UUID) -> None:
    """Takes a joining back."""
    done = unjoin(session.store(), chat_id, joined, session.actor())
    tell(lambda: Telling(_("They are not joined any more.") if done else _(REFUSALS["nothing"])))


@stores
def part_by(chat_id: UUID, sign: SignName) -> None:
    """From now on the chat's address, number or id joins nobody."""
    done = part(session.store(), chat_id, sign, session.actor())
    _tell_sign(done, mark("It joins nobody any more, whatever is imported."), lambda: together_by(chat_id, sign))


@stores
def together_by(chat_id: UUID, sign: SignName) -> None:
    """The chat's address, number or id makes its chats one person's again."""
    done = put_together(session.store(), chat_id, sign, session.actor())
    _tell_sign(done, mark("It makes its chats one person's again."), lambda: part_by(chat_id, sign))


def _tell_sign(done: int | Refusal, words: str, back: Callable[[], None]) -> None:
    if isinstance(done, int):
        tell(lambda: Telling(_(words), [undo_way(back)]))
    else:
        tell(lambda: Telling(_(REFUSALS[done])))
