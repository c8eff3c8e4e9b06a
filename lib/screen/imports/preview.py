"""What an import would bring, to look at before anything is written."""

from typing import Any

import pandas as pd
import streamlit as st

from lib.importing import ImportRefused, Source, expanded
from lib.importing.wording import refusal_detail, refusal_sentence
from lib.language import _, moment_pattern, plural
from lib.screen.chat.transcript import SPEAKERS
from lib.screen.frame import labels, session
from lib.screen.frame.storing import store_error, stores
from lib.screen.imports.check import Checked, Chosen, check, forget_check, kept, store, was_shown
from lib.screen.imports.columns import column_form, forget_mapping, mapping_chosen
from lib.screen.imports.form import AS_RECOGNISED, OUTSIDE, TABLE, server_file
from lib.screen.imports.report import REPORT_KEY, figures, file_table, rejected_table, sentences
from lib.screen.parts.outcome import draw_failure
from lib.screen.parts.table import toolbar_room
from lib.store import StoreError

ROUND = "import_round"
# Formats that say themselves how their texts are written.
NO_TEXTS = ("workbook", "parquet")


def import_preview(chosen: Chosen | None) -> None:
    """Draws what the chosen files would bring, with the button that imports them; or what is wrong with them."""
    if chosen is None:
        forget_check()
        return
    try:
        sources = [*chosen.sources, *([server_file(chosen.path)] if chosen.path else [])]
        _check_or_ask(chosen, sources)
    except ImportRefused as refusal:
        outside = _("Only files in the import folder can be named.")
        st.error(outside if refusal.reason == OUTSIDE else refusal_sentence(refusal.reason), icon=":material/block:")
        st.text("\n".join(filter(None, [refusal.file, refusal_detail(refusal)])))
        st.caption(_("Nothing was imported, of the other files either."))
    except StoreError as error:
        store_error(error, "import")


def _check_or_ask(chosen: Chosen, sources: list[Source]) -> None:
    # Another zone leaves the columns as they are.
    asked = (*chosen.files, chosen.form, chosen.encoding)
    mapping = mapping_chosen(asked)
    if chosen.form == TABLE and mapping is None:
        # The one file, or that of several, such as the sheets of a workbook, whose columns are to be told.
        files, place = _files(sources), 0
        if len(files) != 1:
            place = st.selectbox(
                _("Table"),
                range(len(files)),
                format_func=lambda number: files[number].name,
                key=f"table_{abs(hash(asked))}",
                width=430,
            )
        column_form(asked, files[place], chosen.encoding)
        return
    choice = None if chosen.form in (AS_RECOGNISED, TABLE) else chosen.form
    signs = (*chosen.signs, mapping, *map(_state, sources))
    try:
        # What was typed into the field of the account and not left before the button was pressed counts as seen.
        is_seen = was_shown(chosen, signs)
        checked = kept(signs) or check(chosen, signs, sources, choice, mapping if chosen.form == TABLE else None)
    except ImportRefused as refusal:
        if refusal.reason != "unknown_columns":
            raise
        st.info(refusal_sentence(refusal.reason), icon=":material/table:")
        st.text(refusal.file)
        column_form(asked, next(file for file in _files(sources) if file.name == refusal.file), chosen.encoding)
    else:
        _preview(checked, seen=is_seen)


def _files(sources: list[Source]) -> list[Source]:
    return [member for source in sources for member in expanded(source)]


def _state(source: Source) -> tuple[int, int]:
    try:
        stat = source.path.stat() if source.path else None
    except OSError:
        return (0, 0)
    return (stat.st_size, stat.st_mtime_ns) if stat else (0, 0)


def _preview(checked: Checked, *, seen: bool) -> None:
    report = checked.preview.report
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_("**Preview**: nothing is stored yet"), width="content")
        st.space("stretch")
        st.button(_("Cancel"), key="cancel_import", on_click=_start_anew)
        go = st.button(_("Import"), key="import", type="primary", icon=":material/upload_file:")
    if report.rows_read and report.rows_read == report.rows_rejected:
        st.warning(_("All rows would be rejected. The reasons stand below."), icon=":material/rule:")
    if any(file.system and not file.evidence for file in report.files):
        st.warning(
            _("Nothing in a file looks like the chosen format. Choose “As recognised”, or check the preview closely."),
            icon=":material/rule:",
        )
    if report.others.count or report.emptied.count:
        st.warning(
            _("Some known chats would change in a way that is seldom meant; they are named below the figures."),
            icon=":material/warning:",
        )
    if checked.encoding and any(file.format in NO_TEXTS for file in report.files):
        st.caption(_("The chosen encoding has no effect on workbooks and Parquet."))
    toolbar_room()
    file_table(report, f"preview_{report.import_id}")
    if any(file.mapping for file in report.files):
        st.button(_("Change the columns"), key="change_columns", icon=":material/table:", on_click=_change_columns)
    figures(report, before=True)
    st.text("\n".join(sentences(report, before=True)))
    if len(checked.preview.rejected):
        st.markdown(_("**Rejected rows**"))
        rejected_table(checked.preview.rejected, f"preview_{report.import_id}")
    _first_chats(checked)
    # A file of the server may have changed since the preview that was looked at.
    if go and seen:
        _import(checked)
        if kept(checked.signs) is None:  # It went with the database that stopped, and is read again.
            st.rerun()
        draw_failure()


@stores
def _import(checked: Checked) -> None:
    st.session_state[REPORT_KEY] = store(checked)
    _start_anew()
    st.rerun()


def _change_columns() -> None:
    forget_mapping()
    st.session_state["import_format"] = TABLE


def _start_anew() -> None:
    forget_check()
    forget_mapping()
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1


def _first_chats(checked: Checked) -> None:
    chats = checked.preview.chats
    if chats.empty:
        return
    st.caption(
        plural(
            "The chat as it would look; tick it to read it.",
            "The first {n} chats as they would look; tick one to read it.",
            len(chats),
        )
    )
    status = [labels.status_name(code) for code in chats["status"]]
    why = [labels.missed_reason(code) if isinstance(code, str) else "" for code in chats["missed_reason"]]
    state = [_(labels.IMPORT_STATES[code]) for code in chats["state"]]
    event = st.dataframe(
        chats.drop(columns=["id", "state", "missed_reason"]).assign(status=status, why=why, state=state),
        key=f"preview_{checked.prepared.id}",
        on_select="rerun",
        selection_mode="single-row",
        hide_index=True,
        row_height=30,
        height="content" if len(chats) <= 10 else 340,
        placeholder="",
        column_order=list(_columns()),
        column_config=_columns(),
        alt=_("The first chats of the import"),
    )
    rows = event["selection"]["rows"]
    if rows and rows[0] < len(chats):
        _messages(checked.preview.messages_of(chats["id"].iloc[rows[0]]))


def _columns() -> dict[str, Any]:
    zone = session.settings().zone
    return {
        "status": st.column_config.TextColumn(_("Status"), width=85),
        "why": st.column_config.TextColumn(_("Why missed"), width=165),
        "visitor_name": st.column_config.TextColumn(_("Visitor"), width=100),
        "started_at": st.column_config.DatetimeColumn(_("Start"), format=moment_pattern(), timezone=zone, width=130),
        "question": st.column_config.TextColumn(_("Question"), width=200),
        "operator": st.column_config.TextColumn(_("Operator"), width=80),
        "message_count": st.column_config.NumberColumn(_("Messages"), width=85),
        "visitor_email": st.column_config.TextColumn(_("E-mail"), width=150),
        "state": st.column_config.TextColumn(_("Import"), width=75),
    }


def _messages(messages: pd.DataFrame) -> None:
    if messages.empty:
        st.caption(_("This chat has no messages."))
        return
    frame = pd.DataFrame(
        {
            "sent_at": messages["sent_at"],
            "kind": [_(SPEAKERS[kind].label) for kind in messages["kind"]],
            "name": messages["name"],
            "text": messages["text"],
        }
    )
    st.dataframe(
        frame,
        key=f"messages_{messages['id'].iloc[0]}",
        hide_index=True,
        row_height=30,
        height="content" if len(frame) <= 10 else 340,
        placeholder="",
        column_config={
            "sent_at": st.column_config.DatetimeColumn(
                _("Time"), format=moment_pattern(), timezone=session.settings().zone, width=130
            ),
            "kind": st.column_config.TextColumn(_("Sender"), width=85),
            "name": st.column_config.TextColumn(_("Name"), width=100),
            "text": st.column_config.TextColumn(_("Text"), width="large"),
        },
        alt=_("The first messages of the chat"),
    )
