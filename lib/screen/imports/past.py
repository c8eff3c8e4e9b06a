"""The imports so far, each with its report, and the way to undo it: the question before, and what came of it."""

from uuid import UUID

import pandas as pd
import streamlit as st

from lib.importing import CannotUndo, PastImport, Undone, obstacle, past_imports, undo_import
from lib.language import _, moment, moment_pattern, number, plural
from lib.screen.frame import session
from lib.screen.frame.storing import stores, with_failure
from lib.screen.imports.report import import_report
from lib.screen.parts.dialog import Dialog
from lib.screen.parts.outcome import Telling, tell

UNDOING = Dialog("asking_to_undo_import", UUID)


def import_history() -> None:
    """Draws the imports so far; a tick shows the report of one."""
    past = past_imports(session.store())
    if not past:
        return
    st.markdown(_("**Imports so far**"))
    event = st.dataframe(
        pd.DataFrame([_line(found) for found in past]),
        key="import_history",
        on_select="rerun",
        selection_mode="single-row",
        hide_index=True,
        row_height=30,
        height="content" if len(past) <= 10 else 340,
        placeholder="",
        column_config={
            "started_at": st.column_config.DatetimeColumn(
                _("Time"), format=moment_pattern(), timezone=session.settings().zone, width=140
            ),
            "actor": st.column_config.TextColumn(_("By"), width=110),
            "files": st.column_config.TextColumn(_("Files")),
            "read": st.column_config.NumberColumn(_("Chats read"), width=90),
            "new": st.column_config.NumberColumn(_("New"), width=70),
            "updated": st.column_config.NumberColumn(_("Updated"), width=80),
            "unchanged": st.column_config.NumberColumn(_("Unchanged"), width=90),
            "rejected": st.column_config.NumberColumn(_("Rejected"), width=80),
            "undone": st.column_config.TextColumn(_("Undone"), width=80),
        },
        alt=_("Imports so far"),
    )
    rows = event["selection"]["rows"]
    if rows and rows[0] < len(past):
        import_report(past[rows[0]].report, "past")
        _undo_line(past[rows[0]])
    else:
        st.caption(_("Tick an import to see its report."))


def _line(found: PastImport) -> dict[str, object]:
    report = found.report
    return {
        "started_at": found.started_at,
        "actor": session.shown_actor(found.actor),
        "read": report.read,
        "new": report.new,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "rejected": report.rows_rejected,
        "undone": _("undone") if found.undone_at else "",
        # Last, since long names of files would push the others off a small screen.
        "files": ", ".join(dict.fromkeys(file.name.partition("/")[0] for file in report.files)),
    }


def _undo_line(past: PastImport) -> None:
    # By whom it was undone, or the way to do so, or why that cannot be done.
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
    if against.reason == "held":
        return plural(
            "It cannot be undone: {n} of the chats that it brought is under legal hold.",
            "It cannot be undone: {n} of the chats that it brought are under legal hold.",
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

    def told() -> Telling:
        if not isinstance(found, Undone):
            return Telling(_("Somebody else has undone it.") if found.reason == "undone" else _why_not(found))
        gone, back = number(found.removed), number(found.restored)
        return Telling(
            _("The import is undone: {gone} chats are gone, {back} are as they were before.", gone=gone, back=back)
        )

    tell(told)
