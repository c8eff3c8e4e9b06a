"""Drives the Import page: files dropped or named, columns chosen, and what stands there then."""

from typing import Any

import pandas as pd
from streamlit.testing.v1 import AppTest

from lib.store import Store
from tests.importing.files import Source
from tests.importing.vendors import (
    chatwoot_answers,
    intercom_answers,
    livechat_answers,
    rocketchat_answers,
    zendesk_answers,
    zoho_answers,
)
from tests.pages.driving import IMPORT, body, click, run, table, visit

# Modules with FILES, answers of a system, and EXPECTED, the chats that they hold.
ANSWERS: dict[str, Any] = {
    "Zoho SalesIQ": zoho_answers,
    "Zendesk Chat": zendesk_answers,
    "Chatwoot": chatwoot_answers,
    "Intercom": intercom_answers,
    "LiveChat": livechat_answers,
    "Rocket.Chat": rocketchat_answers,
}
# What AppTest needs to be told in place of a click.
FIRST_TICKED = {"selection": {"rows": [0], "columns": [], "cells": []}}


def drop(*sources: Source, at: AppTest | None = None) -> AppTest:
    """The page after files were dropped on it."""
    at = at or visit(IMPORT)
    return run(at.file_uploader[0].set_value([(source.name, source.data, "") for source in sources]))


def name_file(name: str, at: AppTest | None = None) -> AppTest:
    """The page after a file of the import folder was named."""
    at = at or visit(IMPORT)
    (path,) = [field for field in at.text_input if field.key.startswith("import_path_")]
    return run(path.input(name))


def bring_in(name: str, at: AppTest | None = None) -> AppTest:
    """The page after the import of a file in the import folder."""
    return click(name_file(name, at), "import")


def choose(at: AppTest, key: str, value: str) -> AppTest:
    """The page after another entry was chosen in a list."""
    return run(at.selectbox(key=key).set_value(value))


def switch(at: AppTest, key: str) -> AppTest:
    """The page after a switch was turned."""
    toggle = at.toggle(key=key)
    return run(toggle.set_value(not toggle.value))


def figures(at: AppTest) -> dict[str, str]:
    """The figures of a preview or a report."""
    return {metric.label: metric.value for metric in at.metric}


def frame_with(at: AppTest, *columns: str) -> pd.DataFrame:
    """The first table on the page with these columns."""
    return next(found.value for found in at.dataframe if {*columns} <= {*found.value.columns})


def files(at: AppTest) -> pd.DataFrame:
    """The files of a preview or a report, and how each was read."""
    return frame_with(at, "read_as", "evidence")


def first_chats(at: AppTest) -> pd.DataFrame:
    """The chats of a preview."""
    found = table(at, "preview_")
    assert found is not None
    return found


def said(at: AppTest, sentence: str) -> bool:
    """Whether a sentence stands on a line of its own."""
    return sentence in body(at).splitlines()


def count(store: Store, name: str = "chats") -> int:
    """How many rows a table of the store has."""
    return int(store.read(f"SELECT count(*) AS n FROM {name}")[0]["n"])


def columns(at: AppTest) -> dict[str, str]:
    """The columns of an unknown table, each with the field that the form shows for it, without edits."""
    frame = at.data_editor[0].value
    return dict(zip(frame["column"], frame["field"], strict=True))


def column_key(at: AppTest, part: str) -> str:
    """The key of a part of the form of columns."""
    return f"{at.data_editor[0].key.removesuffix('_fields')}_{part}"


def edit(at: AppTest, index: int, **fields: Any) -> AppTest:
    """The page after cells were changed: `fields` holds for each row its new word, as `r0="Chat id"`."""
    editor = at.data_editor[index]
    chosen = list(editor.value.columns)[-1]
    rows = {int(row[1:]): {chosen: word} for row, word in fields.items()}
    at.session_state[editor.key] = {"edited_rows": rows, "added_rows": [], "deleted_rows": []}
    return run(at)
