"""Files that are made as somebody downloads them, which is outside of the session: only for whoever may have them then.

A window that stays open after its person has signed out, or has lost the right, gives nothing more away.
"""

from collections.abc import Callable

import streamlit as st

from lib.commands import NotAllowed, Right, require
from lib.language import _
from lib.screen.frame import session


def file_for(right: Right, make: Callable[[], bytes]) -> Callable[[], bytes]:
    """The same file, for whoever is here now, while they have the right; then one that says why there is none."""
    store, person, user = session.store(), session.actor(), st.user.to_dict()
    # In the language of the window, since it is made outside of it.
    refused = _("You may not have this file any more. Sign in again, or ask an administrator for the right.")

    def made() -> bytes:
        try:
            if not session.has_ended(user) and require(store, person, right, right) == store.confinement:
                with session.seeing(store):
                    return make()
        except NotAllowed:
            pass
        return refused.encode()

    return made
