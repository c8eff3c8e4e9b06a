"""A part of a page that a click in it draws anew alone, as long as all that stands around it is still true."""

from collections.abc import Callable, Hashable

import streamlit as st

from lib.language import current, in_language
from lib.screen.frame import labels, session
from lib.screen.frame.storing import store_error
from lib.screen.frame.watcher import note_end
from lib.screen.parts.outcome import told_id
from lib.store import StoreError


def part(draw: Callable[[], None], around: Callable[[], Hashable], key: str) -> None:
    """Draws it. A click in it runs it alone; or the page, if what the rest of that shows of `around` is no longer so.

    No button in it may be asked for its value: at a click that runs the page it would say that nobody pressed it.
    """
    drawn = _rest(around)

    def run() -> None:
        try:
            with session.store().snapshot(), in_language(current()):
                if _rest(around) != drawn:
                    st.rerun()
                session.note_use()
                draw()
                note_end()
        except StoreError as error:
            store_error(error, key)

    st.fragment(run, key=key)()


def _rest(around: Callable[[], Hashable]) -> Hashable:
    return (
        around(),
        session.store().shown,
        session.store().moment,
        session.clock().today,
        session.must_sign_in(),
        session.refused(),
        session.person(),
        current(),
        labels.is_dark(),
        told_id(),
    )
