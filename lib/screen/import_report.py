"""What an import did, and the imports before it."""

import csv
import io
from functools import partial
from uuid import UUID

import pandas as pd
import streamlit as st

from lib.chats.spreadsheet import for_spreadsheets
from lib.importing import PastImport, Report, past_imports, rejected_rows
from lib.importing.wording import reason_words
from lib.language import _, duration, joined, moment_pattern, number
from lib.screen import session
from lib.screen.import_form import REPORT_KEY

MOST_SHOWN = 200

FORMATS = {"json_lines": "JSON Lines", "csv": "CSV", "parquet": "Parquet"}


def last_report() -> None:
    """Draws the report of the import that this browser tab ran last."""
    report = st.session_state.get(REPORT_KEY)
    if isinstance(report, Report):
        if not report.read and not report.messages_read:
            st.warning(_("The file holds no chats, so nothing was imported."), icon=":material/inbox:")
        elif report.changed_nothing and not report.rows_rejected:
            st.success(_("The history had all of it already; nothing was changed."), icon=":material/task_alt:")
        elif report.rows_rejected:
            st.warning(_("The import is done; some rows were rejected."), icon=":material/rule:")
        else:
            st.success(_("The import is done."), icon=":material/task_alt:")
        import_report(report)


def import_report(report: Report) -> None:
    """Draws the figures of an import, what was rejected, and what was not understood."""
    figures = [
        (_("Chats read"), report.read),
        (_("New"), report.new),
        (_("Updated"), report.updated),
        (_("Unchanged"), report.unchanged),
        (_("Rejected"), report.rows_rejected),
        (_("Messages read"), report.messages_read),
        (_("Messages stored"), report.messages_stored),
    ]
    with st.grid(len(figures), min_column_width=120, gap="small") as grid:
        for name, figure in figures:
            grid.metric(name, number(figure), border=True)
    st.text("\n".join(_sentences(report)))
    if report.unknown_fields:
        _unknown_fields(report)
    if report.rows_rejected:
        _rejected(report.import_id, report.rows_rejected)


def _sentences(report: Report) -> list[str]:
    zone = (
        _("Times without an offset were read in {zone}.", zone=report.zone)
        if report.zone_used
        else _("No time was without an offset.")
    )
    kept = [_("{n} chats are deleted here and stay so.", n=number(report.deleted_kept))] if report.deleted_kept else []
    files = joined(f"{file.name} ({FORMATS[file.format]})" for file in report.files)
    took = _("It took {duration}.", duration=duration(report.seconds))
    if report.seconds < 1:
        took = _("It took less than a second.")
    return [_("Files: {files}", files=files), took, zone, *kept]


def _unknown_fields(report: Report) -> None:
    st.caption(_("Fields that the import format does not name; they are kept with each chat:"))
    st.text(joined(f"{name} ({number(count)})" for name, count in report.unknown_fields.items()))


def _rejected(import_id: UUID, count: int) -> None:
    shown = rejected_rows(session.store(), import_id, MOST_SHOWN)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_("**Rejected rows**"), width="content")
        if count > MOST_SHOWN:
            st.caption(_("The first {n}; the download has all.", n=number(MOST_SHOWN)), width="content")
        st.space("stretch")
        st.download_button(
            _("Download rejected rows"),
            data=partial(_rejected_csv, import_id),
            file_name="rejected-rows.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            key=f"rejected_{import_id}",
        )
    st.dataframe(
        shown.assign(reason=[reason_words(reason) for reason in shown["reason"]]),
        hide_index=True,
        row_height=30,
        height="content" if len(shown) <= 10 else 340,
        placeholder="",
        column_config={
            "file": st.column_config.TextColumn(_("File"), width=150),
            "row_number": st.column_config.NumberColumn(_("Row"), width=60),
            "field": st.column_config.TextColumn(_("Field"), width=150),
            "value": st.column_config.TextColumn(_("Value"), width=150),
            "reason": st.column_config.TextColumn(_("Reason"), width=190),
            "record": st.column_config.TextColumn(_("Record")),
        },
        alt=_("Rejected rows"),
    )


def _rejected_csv(import_id: UUID) -> bytes:
    """All rejected rows as CSV for spreadsheets; runs outside the session."""
    rows = rejected_rows(session.store(), import_id).astype(object).fillna("")
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(rows.columns)
    writer.writerows([for_spreadsheets(cell) for cell in row] for row in rows.itertuples(index=False))
    return text.getvalue().encode("utf-8-sig")


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
        },
        alt=_("Imports so far"),
    )
    rows = event["selection"]["rows"]
    if rows and rows[0] < len(past):
        import_report(past[rows[0]].report)
    else:
        st.caption(_("Tick an import to see its report."))


def _line(found: PastImport) -> dict[str, object]:
    report = found.report
    return {
        "started_at": found.started_at,
        "actor": found.actor,
        "files": ", ".join(file.name for file in report.files),
        "read": report.read,
        "new": report.new,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "rejected": report.rows_rejected,
    }
