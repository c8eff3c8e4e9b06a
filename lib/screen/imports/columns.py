"""Says which column of an unknown table is which field: guessed, corrected by hand, remembered by name."""

import json
from collections.abc import Hashable
from itertools import chain, count
from pathlib import PurePath

import pandas as pd
import streamlit as st

from lib.importing import ImportRefused, Source, Table, table_of
from lib.importing.columns import (
    DATE_ORDERS,
    FIELDS,
    PATTERNS,
    TABLE_KINDS,
    ColumnMapping,
    Pattern,
    follows,
    guess,
    matching,
    pattern_of,
    remember,
    remembered,
)
from lib.language import _, current, mark, number
from lib.screen.chat.transcript import SPEAKERS
from lib.screen.frame import session
from lib.screen.frame.storing import stores
from lib.screen.parts.outcome import draw_failure

MAPPING = "import_mapping"
SAMPLES = 3
NOTHING = "–"

KINDS = {"chats": mark("One chat"), "messages": mark("One message")}
ORDERS = {
    "ymd": mark("Year, month, day"),
    "dmy": mark("Day, month, year"),
    "mdy": mark("Month, day, year"),
}

MESSAGE_BEGINNINGS: dict[Pattern, str] = {
    "": mark("Not at all: each conversation stays one message"),
    "when_name": mark("[10:03:00] Name: text – or 2026-03-01 10:03 Name: text"),
    "name_when": mark("Name (10:03): text"),
    "name": mark("Name: text"),
}


def mapping_chosen(signs: Hashable) -> str | None:
    """Name of the column mapping that was made for the files with these signs, if one was."""
    found, name = st.session_state.get(MAPPING, (None, None))
    return str(name) if name and found == signs else None


def forget_mapping() -> None:
    """Forgets which column mapping was made; it stays remembered by its name."""
    st.session_state.pop(MAPPING, None)


def column_form(signs: Hashable, source: Source, encoding: str | None) -> None:
    """Draws the columns of a table beside sample values, with the field that each is; raises ImportRefused."""
    table = table_of(source, encoding)
    if len(table.lists) > 1:
        rows = st.selectbox(_("List"), table.lists, key=f"list_{abs(hash((signs, source.name)))}", width=430)
        table = table_of(source, encoding, rows)
    if not table.columns:
        raise ImportRefused("not_text", source.name)
    # What was chosen in it is worded in the language.
    key = f"columns_{abs(hash((signs, table.columns, current())))}"
    found = matching(session.store(), table.columns)
    name, guessed = found or (_free_name(source), guess(table.columns, table.samples))
    with st.container(horizontal=True, gap="small"):
        kind = st.segmented_control(
            _("Each row is"),
            list(TABLE_KINDS),
            default=guessed.kind,
            format_func=lambda code: _(KINDS[code]),
            key=f"{key}_kind",
            required=True,
        )
        order = st.selectbox(
            _("Order in dates such as 03/04/2026"),
            list(DATE_ORDERS),
            index=DATE_ORDERS.index(guessed.date_order),
            format_func=lambda code: _(ORDERS[code]),
            key=f"{key}_order",
            width=220,
        )
    fields = _fields(table, guessed, key)
    senders = _senders(table, fields, guessed, key)
    pattern = _pattern(table, fields, guessed, key) if kind == "chats" else ""
    _save(signs, name, table, ColumnMapping(kind, fields, order, senders, pattern, encoding or ""), key)


def _free_name(source: Source) -> str:
    """A name that no other table's mapping has, which would be replaced."""
    taken = {found.name for found in remembered(session.store())}
    name = PurePath(source.name).stem[:70]
    return next(free for free in chain([name], (f"{name} {n}" for n in count(2))) if free not in taken)


def _fields(table: Table, guessed: ColumnMapping, key: str) -> tuple[tuple[str, str], ...]:
    labels = {field.name: _(field.label) for field in FIELDS}
    names = {label: name for name, label in labels.items()}
    chosen = dict(guessed.fields)
    samples = []
    for column in table.columns:
        different = list(dict.fromkeys(map(_sample, _values(table, column))))
        samples.append(" · ".join(different[:SAMPLES])[:200])
    edited = st.data_editor(
        pd.DataFrame(
            {
                "column": list(table.columns),
                "samples": samples,
                "field": [labels.get(chosen.get(column, ""), NOTHING) for column in table.columns],
            }
        ),
        key=f"{key}_fields",
        hide_index=True,
        disabled=["column", "samples"],
        row_height=30,
        height="content" if len(table.columns) <= 15 else 480,
        column_config={
            "column": st.column_config.TextColumn(_("Column of the file"), width=200),
            "samples": st.column_config.TextColumn(_("Examples")),
            "field": st.column_config.SelectboxColumn(
                _("Field"),
                options=[NOTHING, *names],
                required=True,
                width=220,
                help=_("Choose “–” where no field fits; the column is kept with the chat."),
            ),
        },
    )
    pairs = zip(edited["column"].astype(str), edited["field"].astype(str), strict=True)
    return tuple((column, names[label]) for column, label in pairs if label in names)


def _values(table: Table, column: str) -> list[object]:
    return [row[column] for row in table.samples if row.get(column) not in (None, "")]


def _sample(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _senders(
    table: Table, fields: tuple[tuple[str, str], ...], guessed: ColumnMapping, key: str
) -> tuple[tuple[str, str], ...]:
    column = next((column for column, field in fields if field == "sender_type"), None)
    if column is None:
        return ()
    words = sorted(set(map(str, _values(table, column))))
    roles: dict[str, str] = {code: _(speaker.label) for code, speaker in SPEAKERS.items()}
    codes = {role: code for code, role in roles.items()}
    chosen = dict(guessed.senders)
    edited = st.data_editor(
        pd.DataFrame({"word": words, "sender": [roles.get(chosen.get(word, ""), NOTHING) for word in words]}),
        key=f"{key}_senders_{column}",
        hide_index=True,
        disabled=["word"],
        row_height=30,
        width=430,
        column_config={
            "word": st.column_config.TextColumn(_("Word in the file"), width=200),
            "sender": st.column_config.SelectboxColumn(
                _("Sender"), options=[NOTHING, *codes], required=True, width=200
            ),
        },
    )
    pairs = zip(edited["word"].astype(str), edited["sender"].astype(str), strict=True)
    return tuple((word, codes[sender]) for word, sender in pairs if sender in codes)


def _pattern(table: Table, fields: tuple[tuple[str, str], ...], guessed: ColumnMapping, key: str) -> Pattern:
    column = next((column for column, field in fields if field == "transcript"), None)
    if column is None:
        return ""
    values = [_sample(value) for value in _values(table, column)]
    found = guessed.pattern if (column, "transcript") in guessed.fields else pattern_of(values)
    chosen = st.selectbox(
        _("How the messages of a conversation begin"),
        list(PATTERNS),
        index=PATTERNS.index(found),
        format_func=lambda code: _(MESSAGE_BEGINNINGS[code]),
        key=f"{key}_pattern_{column}",
        width=430,
        help=_("The sender is the visitor where the name is the visitor's, or says so; else an operator."),
    )
    if chosen:
        st.caption(
            _(
                "{n} of the first {all} conversations begin like this; all others stay one message each.",
                n=number(sum(follows(value, chosen) for value in values)),
                all=number(len(values)),
            )
        )
    return chosen


def _save(signs: Hashable, suggested: str, table: Table, mapping: ColumnMapping, key: str) -> None:
    fields = [field for _column, field in mapping.fields]
    if mapping.makes_ids and not {"started_at", "at"} & set(fields):
        problem = _("Say which column is the chat's id, or at least which is its time.")
    elif len(set(fields)) < len(fields):
        problem = _("A field was chosen for two columns. Choose it for one.")
    elif mapping.kind == "messages" and not {"text", "attachment_name", "attachment_url"} & set(fields):
        problem = _("Say which column is the text of the message.")
    else:
        problem = None
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        name = st.text_input(
            _("Remember these columns as"),
            value=suggested,
            max_chars=80,
            key=f"{key}_name",
            width=300,
            help=_("The next file with the same columns is read the same way."),
        )
        pressed = st.button(_("Use these columns"), key="use_columns", type="primary")
    if mapping.makes_ids and not problem:
        st.caption(
            _("No column is the chat's id. Each row is given one that is made of it; the same row gives the same id.")
            if mapping.kind == "chats"
            else _(
                "No column is the chat's id. All rows of a visitor are one chat; without a visitor, all rows of the"
                " file."
            )
        )
    if problem:
        st.warning(problem, icon=":material/rule:")
    elif pressed and not (name or "").strip():
        st.warning(_("Give these columns a name first."), icon=":material/rule:")
    elif pressed:
        _remember(signs, name.strip(), table, mapping)
        draw_failure()


@stores
def _remember(signs: Hashable, name: str, table: Table, mapping: ColumnMapping) -> None:
    remember(session.store(), name, table.columns, mapping, session.actor())
    st.session_state[MAPPING] = (signs, name)
    st.rerun()
