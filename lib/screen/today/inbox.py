"""What arrived in the inbox folder."""

import os
from collections.abc import Sequence
from datetime import timedelta

import pandas as pd
import streamlit as st

from lib.importing import UNMAPPED, InboxFile, inbox_files, try_again
from lib.importing.wording import refusal_sentence
from lib.language import _, moment_pattern, number
from lib.screen.frame import session
from lib.screen.frame.storing import stores
from lib.store import now

NEWS_H = 24
MOST_SHOWN = 50


def inbox_news() -> None:
    """Draws, on Today, the files of the last day; nothing where there is no inbox folder."""
    if session.settings().inbox is None:
        return
    files = inbox_files(session.store(), now() - timedelta(hours=NEWS_H), MOST_SHOWN)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_("**Inbox**"), width="content")
        refused = sum(file.problem is not None for file in files)
        st.badge(number(len(files)), color="red" if refused else "green" if files else "gray")
        st.caption(_("Files of the last {n} hours, imported automatically", n=number(NEWS_H)), width="content")
    if files:
        _table(files)


def inbox_history() -> None:
    """Draws, on the Import page, the folder and all that arrived there."""
    folder = session.settings().inbox
    if folder is None:
        return
    st.markdown(_("**Inbox folder**"))
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.caption(_("Files that arrive here are imported automatically, each once:"), width="content")
        st.text(str(folder))
    if not folder.is_dir():
        st.warning(_("This folder is not there, or it cannot be read."), icon=":material/folder_off:")
    files = inbox_files(session.store(), limit=MOST_SHOWN)
    if files:
        _table(files)
        # The button that has refused files taken again; nothing where none of them lies in the folder.
        names = {file.name for file in files if file.problem is not None and os.path.lexists(folder / file.name)}
        if names:
            st.button(
                _("Try refused files again"),
                key="inbox_again",
                icon=":material/refresh:",
                help=_("Files that still lie in the folder are read again within seconds."),
                on_click=_take_again,
                args=(sorted(names),),
            )
    else:
        st.caption(_("Nothing has arrived yet."))


@stores
def _take_again(names: list[str]) -> None:
    try_again(session.store(), names, session.actor())


def _table(files: Sequence[InboxFile]) -> None:
    st.dataframe(
        pd.DataFrame(
            {
                "done_at": [file.done_at for file in files],
                "name": [file.name for file in files],
                "result": [_result(file) for file in files],
            }
        ),
        hide_index=True,
        row_height=30,
        height="content" if len(files) <= 5 else 190,
        column_config={
            "done_at": st.column_config.DatetimeColumn(
                _("Time"), format=moment_pattern(), timezone=session.settings().zone, width=140
            ),
            "name": st.column_config.TextColumn(_("File"), width=220),
            "result": st.column_config.TextColumn(_("Result")),
        },
        alt=_("Inbox"),
    )


def _result(file: InboxFile) -> str:
    if file.problem is not None:
        why = refusal_sentence(file.problem)
        if file.problem in UNMAPPED:
            return _("Refused: {why} Once that is saved, the file is tried again by itself.", why=why)
        return _("Refused: {why}", why=why)
    report = file.report
    if report is None:
        return _("Imported")
    if file.together > 1:
        rows, rejected = file.rows
        return _(
            "{n} rows, {rejected} rejected; one import of {files} files",
            n=number(rows),
            rejected=number(rejected),
            files=number(file.together),
        )
    return _(
        "{new} new, {updated} updated, {unchanged} unchanged, {rejected} rejected",
        new=number(report.new),
        updated=number(report.updated),
        unchanged=number(report.unchanged),
        rejected=number(report.rows_rejected),
    )
