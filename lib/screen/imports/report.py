"""What an import did."""

import csv
import io
from functools import partial
from uuid import UUID

import pandas as pd
import streamlit as st

from lib.chats.accounts import account_names, accounts
from lib.chats.categories import STATUSES
from lib.chats.own_files import for_spreadsheets
from lib.importing import Report, rejected_rows
from lib.importing.wording import (
    account_sentences,
    cut_sentence,
    no_record_sentence,
    reason_words,
    skipped_sentence,
    source_sentences,
    table_sentences,
    time_sentences,
    warning_sentences,
)
from lib.language import _, duration, joined, mark, number, plural
from lib.screen.frame import labels, session
from lib.screen.frame.answers import answer
from lib.screen.frame.files import file_for
from lib.screen.parts.password import asked_lock

REPORT_KEY = "import_report"
MOST_SHOWN = 200

FORMATS = {
    "json_lines": mark("JSON Lines"),
    "json": mark("JSON"),
    "csv": mark("CSV"),
    "parquet": mark("Parquet"),
    "workbook": mark("Workbook"),
}


def last_report() -> None:
    """Draws the report of the import that this browser tab ran last."""
    # It is there in any case: what stands below, and what is being typed there, would begin anew as it comes and goes.
    with st.container():
        report = st.session_state.get(REPORT_KEY)
        if isinstance(report, Report):
            if not report.rows_read:
                st.warning(_("The file holds no chats, so nothing was imported."), icon=":material/inbox:")
            elif report.changed_nothing and not report.rows_rejected:
                st.success(_("The history had all of it already; nothing was changed."), icon=":material/task_alt:")
            elif report.rows_read == report.rows_rejected:
                st.warning(_("All rows were rejected, so nothing was imported."), icon=":material/rule:")
            elif report.rows_rejected:
                st.warning(_("The import is done; some rows were rejected."), icon=":material/rule:")
            else:
                st.success(_("The import is done."), icon=":material/task_alt:")
            import_report(report, "last")


def forget_report() -> None:
    """Takes the report of the last import off the screen."""
    st.session_state.pop(REPORT_KEY, None)


def import_report(report: Report, place: str) -> None:
    """Draws the figures of an import, what was rejected, and other fields; `place` is its own on the page."""
    key = f"{place}_{report.import_id}"
    figures(report)
    file_table(report, key)
    st.text("\n".join(sentences(report)))
    if report.unknown_fields or report.left_out:
        _other_fields(report, key)
    if report.rows_rejected:
        _rejected(report, key)


def figures(report: Report, *, before: bool = False) -> None:
    """Draws the figures of an import, or of one that is still to come (`before`)."""
    shown = [
        (_("Chats read"), report.read),
        (_("New"), report.new),
        (_("Updated"), report.updated),
        (_("Unchanged"), report.unchanged),
        (_("Rejected"), report.rows_rejected),
        (_("Messages read"), report.messages_read),
    ]
    if not before:
        shown.append((_("Messages stored"), report.messages_stored))
    with st.grid(len(shown), min_column_width=120, gap="small") as grid:
        for name, figure in shown:
            grid.metric(name, number(figure), border=True)


def file_table(report: Report, key: str) -> None:
    """Draws the files of an import: what each was read as, what showed that, and its records."""
    read_as = []
    for file in report.files:
        mapping = _("columns as in “{name}”", name=file.mapping) if file.mapping else None
        read_as.append(joined(filter(None, [file.system, _(FORMATS[file.format]), file.encoding, mapping])))
    frame = pd.DataFrame(
        {
            "name": [file.name for file in report.files],
            "read_as": read_as,
            "evidence": [file.evidence or "" for file in report.files],
            "records": [file.records for file in report.files],
            "rejected": [file.rejected for file in report.files],
        }
    )
    st.dataframe(
        frame,
        key=f"files_of_{key}",
        hide_index=True,
        row_height=30,
        height="content" if len(frame) <= 5 else 190,
        column_config={
            "name": st.column_config.TextColumn(_("File"), width=280),
            "read_as": st.column_config.TextColumn(_("Read as"), width=190),
            "evidence": st.column_config.TextColumn(_("Recognised by")),
            "records": st.column_config.NumberColumn(_("Records"), width=90),
            "rejected": st.column_config.NumberColumn(_("Rejected"), width=90),
        },
        alt=_("Files"),
    )


def sentences(report: Report, *, before: bool = False) -> list[str]:
    """What is to be said of an import beside its figures."""
    zone = []
    if report.zone_used:
        zone = [_("Times without an offset were read in {zone}.", zone=report.zone)]
    elif not any(file.zone for file in report.files):
        zone = [_("Every time had an offset.")]
    took = _("It took {duration}.", duration=duration(report.seconds))
    if report.seconds < 1:
        took = _("It took less than a second.")
    return [*([] if before else [took]), *zone, *_counted(report)]


def _counted(report: Report) -> list[str]:
    said = warning_sentences(report) + source_sentences(report) + table_sentences(report) + time_sentences(report)
    if report.account or report.unnamed:
        said += account_sentences(report, account_names(answer(accounts)))
    if n := report.status_changed:
        said.append(_("Chats whose status changes: {n} ({changes})", n=number(n), changes=_changes(report)))
    if n := report.messages_waiting:
        said.append(plural("One message waits for its chat.", "{n} messages wait for their chats.", n))
    if n := report.messages_joined:
        said.append(plural("One message had waited for its chat.", "{n} messages had waited for their chats.", n))
    if n := report.twice:
        said.append(
            plural(
                "One record repeated a chat, and was united with it.",
                "{n} records repeated chats, and were united with them.",
                n,
            )
        )
    if n := report.visitors_read:
        said.append(plural("One visitor's record was read.", "{n} visitors' records were read.", n))
    if n := report.names_read:
        said.append(
            plural(
                "The name of one department or agent was read; it stands in chats instead of the id.",
                "The names of {n} departments and agents were read; they stand in chats instead of their ids.",
                n,
            )
        )
    if n := report.deleted_kept:
        said.append(_("{n} chats are deleted here and stay so.", n=number(n)))
    if n := report.held_back:
        said.append(
            plural(
                "{n} chat was erased for good here, and does not come back.",
                "{n} chats were erased for good here, and do not come back.",
                n,
            )
        )
    if report.no_records.count:
        said.append(no_record_sentence(report))
    if report.cut:
        said.append(cut_sentence(report))
    if report.skipped:
        said.append(skipped_sentence(report))
    return said


def _changes(report: Report) -> str:
    return joined(
        _("{before} → {after}: {n}", before=_status(before), after=_status(after), n=number(n))
        for (before, after), n in ((change.split(">"), n) for change, n in report.status_changes.items())
    )


def _status(code: str) -> str:
    return _(labels.CATEGORIES[code].name) if code in STATUSES else code


def _other_fields(report: Report, key: str) -> None:
    kept, left_out = _("kept with the chat"), _("left out")
    rows = [(name, count, kept) for name, count in report.unknown_fields.items()]
    rows += [(name, count, left_out) for name, count in report.left_out.items()]
    with st.expander(
        plural("One other field in the files", "{n} other fields in the files", len(rows)),
        icon=":material/data_object:",
    ):
        st.caption(_("A field that no reader knows is kept and shown on the chat's Info tab."))
        st.dataframe(
            pd.DataFrame(rows, columns=["name", "count", "fate"]),
            key=f"fields_of_{key}",
            hide_index=True,
            row_height=30,
            height="content" if len(rows) <= 8 else 280,
            column_config={
                "name": st.column_config.TextColumn(_("Field")),
                "count": st.column_config.NumberColumn(_("Records"), width=90),
                "fate": st.column_config.TextColumn(_("What became of it"), width=180),
            },
            alt=_("Other fields in the files"),
        )


def _rejected(report: Report, key: str) -> None:
    import_id, count = report.import_id, report.rows_rejected
    shown = rejected_rows(session.store(), import_id, MOST_SHOWN)
    lock = asked_lock(f"rejected_password_{key}")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_("**Rejected rows**"), width="content")
        if report.not_kept:
            kept = number(count - report.not_kept)
            st.caption(
                _("{n} were rejected; only the first {kept} are kept.", n=number(count), kept=kept), width="content"
            )
        elif count > MOST_SHOWN:
            st.caption(_("The first {n}; the download has all.", n=number(MOST_SHOWN)), width="content")
        st.space("stretch")
        st.download_button(
            _("Download rejected rows"),
            data=file_for("import", lock.around(partial(_rejected_csv, import_id), "rejected-rows.csv")),
            icon=":material/download:",
            on_click="ignore",
            key=f"rejected_{key}",
            **lock.named("rejected-rows.csv", "text/csv"),
        )
    rejected_table(shown, key)


def rejected_table(rows: pd.DataFrame, key: str) -> None:
    """Draws rejected rows with what was wrong with each."""
    st.dataframe(
        rows.assign(reason=[reason_words(reason) for reason in rows["reason"]]),
        key=f"rows_of_{key}",
        hide_index=True,
        row_height=30,
        height="content" if len(rows) <= 10 else 340,
        placeholder="",
        column_config={
            "file": st.column_config.TextColumn(_("File"), width=190),
            "row_number": st.column_config.NumberColumn(_("Row"), width=60),
            "field": st.column_config.TextColumn(_("Field"), width=130),
            "value": st.column_config.TextColumn(_("Value"), width=130),
            "reason": st.column_config.TextColumn(_("Reason"), width=270),
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
