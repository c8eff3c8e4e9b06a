"""Undoing an import: the question before it, and what came of it."""

from uuid import UUID

import streamlit as st

from lib.importing import CannotUndo, PastImport, Undone, obstacle, undo_import
from lib.language import _, moment, number, plural
from lib.screen.frame import session
from lib.screen.frame.storing import stores, with_failure
from lib.screen.parts.dialog import Dialog
from lib.screen.parts.outcome import Telling, tell

UNDOING = Dialog("asking_to_undo_import", UUID)


def undo_line(past: PastImport) -> None:
    """Draws by whom an import was undone, or the way to do so, or why that cannot be done."""
    if past.undone_at:
        told = {"when": moment(past.undone_at, session.settings().zone), "actor": session.shown_actor(past.undone_by)}
        st.text(_("This import was undone on {when} by {actor}. The same files can be imported again.", **told))
        return
    against = obstacle(session.store(), past.id)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            _("Undo this import"),
            key="undo_import",
            icon=":material/undo:",
            disabled=against is not None,
            on_click=UNDOING.open,
            args=(past.id,),
        )
        if against:
            st.caption(_why_not(against), width="content")
    if UNDOING.about == past.id:
        UNDOING.draw(_("Undo this import?"), _question, past, icon=":material/undo:")


def _why_not(against: CannotUndo) -> str:
    if against.reason == "newer":
        return plural(
            "It cannot be undone: a later import has built on it. Undo that one first.",
            "It cannot be undone: later imports have changed {n} things in it. Undo those first.",
            against.chats,
        )
    if against.reason == "worked":
        return plural(
            "It cannot be undone: people have worked on one of the chats that it brought.",
            "It cannot be undone: people have worked on {n} of the chats that it brought.",
            against.chats,
        )
    return _("It cannot be undone: what it replaced is kept for 30 days, for up to 200,000 chats.")


@with_failure
def _question(past: PastImport) -> None:
    report = past.report
    st.text(
        "\n".join(
            (
                _("Chats that it brought, which go: {n}", n=number(report.new)),
                _("Chats that it changed, which are as they were before: {n}", n=number(report.updated)),
                _("Notes, e-mails and decisions of people stay. The same files can be imported again."),
            )
        )
    )
    with st.container(horizontal=True, horizontal_alignment="right"):
        UNDOING.cancel_button("cancel_undo_import", is_usual=True)
        if st.button(_("Undo the import"), key="confirm_undo_import", icon=":material/undo:"):
            with st.spinner(_("The import is being undone …")):
                _undo(past.id)
            st.rerun()


@stores
def _undo(import_id: UUID) -> None:
    found = undo_import(session.store(), import_id, session.actor())
    UNDOING.close()
    tell(lambda: Telling(_told(found)))


def _told(found: Undone | CannotUndo) -> str:
    if isinstance(found, Undone):
        gone, back = number(found.removed), number(found.restored)
        return _("The import is undone: {gone} chats are gone, {back} are as they were before.", gone=gone, back=back)
    return _("Somebody else has undone it.") if found.reason == "undone" else _why_not(found)
