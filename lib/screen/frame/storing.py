"""Acts that store something: where that fails, the reason is told, and everything stands as it was.

An act stores first, and only then changes what the screen shows: closes its question, empties its field, goes
elsewhere. So what was typed stands until it is stored.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from shlex import quote
from typing import ParamSpec

import streamlit as st

from lib.commands import RIGHT_NAMES, NotAllowed, NotSeen
from lib.language import _, mark
from lib.screen.frame import session
from lib.screen.parts.outcome import draw_failure, forget_failure, tell_failure
from lib.store import Reason, StoreError
from lib.store.nightly import backup_state

# In place of what should be shown.
STORE_ERRORS: Mapping[Reason, str] = {
    "locked": mark("The database is in use by another program. Close that program, then reload this page."),
    "newer": mark("The database was written by a newer version. Update Chat History, or choose another database."),
    "damaged": mark("The file is no chat history, or it is damaged. Restore a backup, or choose another database."),
    "unwritable": mark("The database cannot be opened for writing. Check the folder and its permissions."),
    "cut": mark("The file is shorter than it should be: a copy of it was interrupted. Copy it again."),
    "log_alone": mark("The database is gone, but its log is still there. Put the file back beside it."),
    "log_damaged": mark(
        "The log beside the database is damaged, so what was done last cannot be read; nothing was changed. Restore "
        "both from a backup, or move the log away to go on without it."
    ),
    "foreign": mark("The file belongs to another program. Nothing was changed in it; choose another database."),
    "no_folder": mark("The folder of the database is not there. Is its drive connected, and its name right?"),
    "no_file": mark("This is no file. Choose another database."),
    "full": mark("The disk is full. Free some space, then try again."),
    "busy": mark("Others are writing to the database all the time. Try again in a moment."),
    "memory": mark("There is not enough memory to show this. Choose fewer chats, or try again later."),
    "drive": mark("The drive of the database reports an error. Have it checked, then try again."),
    "stopped": mark("The database has stopped after a fault. Try again; if it stays so, start the program again."),
    "unclear": mark("The database has stopped after a fault. Try again; if it stays so, start the program again."),
    "closed": mark("The database is closed. Try again; if it stays so, start the program again."),
}

# Below what was asked for; each says whether anything was stored. A store that cannot be opened is told above.
NOT_STORED: Mapping[Reason, str] = {
    "full": mark(
        "The disk is full: nothing was stored. Free some space, then do it again; what you typed is still there."
    ),
    "unwritable": mark(
        "The database cannot be written to: nothing was stored. Have its folder and permissions checked, then do it "
        "again; what you typed is still there."
    ),
    "busy": mark("Others were writing all the time: nothing was stored. Do it again; what you typed is still there."),
    "memory": mark(
        "There was not enough memory: nothing was stored. Do it again with fewer chats, or later; what you typed is "
        "still there."
    ),
    "drive": mark(
        "The drive of the database reports an error: nothing was stored. Have it checked, then do it again; what you "
        "typed is still there."
    ),
    "damaged": mark("The database is damaged: nothing was stored. Keep what you typed, and restore a backup."),
    "stopped": mark(
        "The database has stopped after a fault: nothing was stored. Do it again; if it stays so, start the program "
        "again. What you typed is still there."
    ),
    "unclear": mark("The database stopped at this moment, so it may be stored or not. Look before you do it again."),
    "closed": mark("The database is closed: nothing was stored. Do it again; what you typed is still there."),
}
# What a backup is for.
DAMAGES: frozenset[Reason] = frozenset({"damaged", "log_damaged", "cut"})
P = ParamSpec("P")


def not_allowed(error: NotAllowed) -> str:
    """That nothing was done, and which right it needs."""
    if isinstance(error, NotSeen):
        return _("A chat that is meant is not there any more. Reload the page; nothing was done.")
    right = _(RIGHT_NAMES[error.right])
    return _("You may not do this any more: it needs the right “{right}”. Nothing was done.", right=right)


def not_stored(reason: Reason) -> str:
    """Why nothing was stored, and what to do next."""
    return _(NOT_STORED.get(reason) or STORE_ERRORS[reason])


def store_error(error: StoreError, place: str = "page") -> None:
    """Draws why the store cannot be used, in place of what should be here; `place` tells this from other places."""
    st.error(_(STORE_ERRORS[error.reason]), icon=":material/database_off:")
    st.code("\n".join(filter(None, [error.path, error.holder])), language=None)
    folder = session.settings().backup_folder
    if error.reason in DAMAGES and folder and (newest := backup_state(folder).newest):
        st.text(_("To go back to the newest backup, close this program and run:"))
        st.code(f"python -m lib.store restore {quote(str(newest))}", language=None)
    st.button(_("Try again"), icon=":material/refresh:", key=f"open_again_{place}")


def stores(act: Callable[P, None]) -> Callable[P, None]:
    """The same act; where the store cannot do it, the reason is told where otherwise stands what came of it."""

    @wraps(act)
    def attempt(*args: P.args, **kwargs: P.kwargs) -> None:
        forget_failure()
        try:
            act(*args, **kwargs)
        except StoreError as error:
            tell_failure(not_stored(error.reason))
        except NotAllowed as error:
            tell_failure(not_allowed(error))

    return attempt


def with_failure(body: Callable[P, None]) -> Callable[P, None]:
    """The same body of a dialog, which covers the page; below it stands why what was asked for there was not stored."""

    @wraps(body)
    def told(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            body(*args, **kwargs)
        except StoreError as error:
            store_error(error, "dialog")
        except NotAllowed as error:
            st.error(not_allowed(error), icon=":material/lock:")
        draw_failure()

    return told
