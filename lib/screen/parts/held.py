"""What is said of legal holds wherever something was not done because of them."""

import streamlit as st

from lib.chats.holds import Held, Hold
from lib.language import _, moment, plural
from lib.screen.frame import session


def held_sentence(held: Held) -> None:
    """Draws that nothing of it may go, and because of which holds."""
    st.info(held_words(held), icon=":material/gavel:")
    st.text("\n".join(f"• {hold_words(hold)}" for hold in held.holds))


def held_words(held: Held) -> str:
    """That nothing of it may go, in words that name nobody."""
    if not held.chats:
        return _("This person is under legal hold. Nothing was done.")
    return plural(
        "{n} chat of it is under legal hold. Nothing was done; lift the hold first.",
        "{n} chats of it are under legal hold. Nothing was done; lift the hold first.",
        held.chats,
    )


def hold_words(hold: Hold) -> str:
    """Why, by whom and since when something is held; holds what people wrote, so it is no Markdown."""
    since = moment(hold.held_at, session.settings().zone)
    return " · ".join([hold.reason, session.shown_actor(hold.held_by), since])
