"""The Import page: a file by path, its report, what was refused, and the imports before."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lib.importing.wording import REASONS, REFUSALS
from lib.screen.import_report import _rejected_csv
from tests.pages.driving import IMPORT, body, captions, click, places, run, table, visit

GOOD = [{"id": str(n), "started_at": "2026-11-20T10:00:00", "messages": []} for n in range(3)]


@pytest.fixture
def folder(installation: Path, world) -> Path:
    world("empty")
    return installation / "imports"


def write(folder: Path, *records: object, name: str = "chats.jsonl") -> str:
    (folder / name).write_text("\n".join(json.dumps(record) for record in records), encoding="utf-8")
    return name


def bring_in(name: str, at: AppTest | None = None) -> AppTest:
    """The page after the import of a file in the import folder."""
    at = at or visit(IMPORT)
    at = run(at.text_input(key="import_path").input(name))
    return click(at, "import")


def figures(at: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in at.metric}


def test_a_file_is_imported_by_its_name(folder: Path):
    at = bring_in(write(folder, *GOOD))
    assert [success.value for success in at.success] == ["The import is done."]
    assert figures(at) == {
        "Chats read": "3",
        "New": "3",
        "Updated": "0",
        "Unchanged": "0",
        "Rejected": "0",
        "Messages read": "0",
        "Messages stored": "0",
    }
    assert "Files: chats.jsonl (JSON Lines)" in body(at)
    assert "Times without an offset were read in UTC." in body(at)


def test_an_uploaded_file_is_imported(folder: Path):
    at = visit(IMPORT)
    at = run(at.file_uploader[0].upload("export.jsonl", json.dumps(GOOD[0]).encode()))
    at = click(at, "import")
    assert figures(at)["New"] == "1"
    assert at.file_uploader[0].value in (None, [])


def test_the_same_file_again_changes_nothing(folder: Path):
    name = write(folder, *GOOD)
    at = bring_in(name, bring_in(name))
    assert [s.value for s in at.success] == ["The history had all of it already; nothing was changed."]
    assert figures(at)["Unchanged"] == "3"


def test_the_chosen_zone_is_used_and_named(folder: Path):
    at = visit(IMPORT)
    at = run(at.selectbox(key="import_zone").set_value("Asia/Tokyo"))
    at = bring_in(write(folder, GOOD[0]), at)
    assert "Times without an offset were read in Asia/Tokyo." in body(at)


def test_rejected_rows_are_listed_with_field_value_and_reason(folder: Path):
    at = bring_in(write(folder, *GOOD, {"id": "x", "rating": 7}, {"started_at": "2026-01-01"}, "nothing"))
    assert figures(at)["New"] == "3"
    assert figures(at)["Rejected"] == "3"
    rows = next(found.value for found in at.dataframe if "record" in found.value)
    assert list(rows["row_number"]) == [4, 5, 6]
    assert list(rows["field"])[:2] == ["rating", "id"]
    assert rows["value"][0] == "7"
    assert list(rows["reason"]) == [REASONS[code] for code in ("out_of_range", "missing", "not_object")]
    assert "Download rejected rows" in [button.label for button in at.download_button]


def test_the_download_of_rejected_rows_runs_in_no_spreadsheet(folder: Path, world):
    at = bring_in(write(folder, *GOOD, {"id": "x", "rating": "=1+1"}))
    report = at.session_state["import_report"]
    text = _rejected_csv(report.import_id).decode("utf-8-sig")
    assert text.splitlines()[0] == "file,row_number,field,value,reason,record"
    assert ",'=1+1," in text
    assert ",=1+1" not in text


def test_unknown_fields_are_named(folder: Path):
    at = bring_in(write(folder, GOOD[0] | {"plan": "gold"}, GOOD[1] | {"plan": "free", "visitor": {"shoe": 42}}))
    assert "plan (2), visitor.shoe (1)" in body(at)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b'{"a": 1}\n', "not_chats"),
        (b'[{"id": "1"}]', "json_list"),
        (b"\x1f\x8b broken", "broken_gzip"),
        (b"\xff\xfe\x00\x01" * 9, "not_text"),
    ],
)
def test_a_file_that_holds_no_chats_is_refused_with_a_sentence(folder: Path, content: bytes, reason: str):
    (folder / "odd").write_bytes(content)
    at = bring_in("odd")
    assert [error.value for error in at.error] == [REFUSALS[reason]]
    assert "odd" in [text.value for text in at.text]
    assert "Nothing was imported, of the other files either." in [caption.value for caption in at.caption]
    assert not at.metric


def test_a_file_with_a_header_alone_is_said_to_hold_no_chats(folder: Path):
    (folder / "header.csv").write_text("id,started_at,status\n", encoding="utf-8")
    at = bring_in("header.csv")
    assert [warning.value for warning in at.warning] == ["The file holds no chats, so nothing was imported."]
    assert not at.success


def test_a_refusal_goes_away_with_the_next_import(folder: Path):
    at = bring_in("absent.jsonl")
    assert [error.value for error in at.error] == [REFUSALS["unreadable"]]
    at = bring_in(write(folder, *GOOD), at)
    assert not at.error


@pytest.mark.parametrize("name", ["../secret.jsonl", "/etc/passwd", "a/../../secret.jsonl", "..", "link.jsonl"])
def test_only_files_of_the_import_folder_can_be_named(folder: Path, name: str):
    secret = folder.parent / "secret.jsonl"
    secret.write_text(json.dumps({"id": "secret"}), encoding="utf-8")
    (folder / "link.jsonl").symlink_to(secret)
    at = bring_in(name)
    assert [error.value for error in at.error] == ["Only files in the import folder can be named."]
    assert not at.metric


@pytest.mark.parametrize("name", [".", "sub", "loop", "nul\0", "x" * 5000, " "])
def test_odd_names_are_refused_with_a_sentence(folder: Path, name: str):
    (folder / "sub").mkdir()
    (folder / "loop").symlink_to(folder / "loop")
    assert len(bring_in(name).error) == 1


def test_the_history_lists_imports_and_shows_the_report_of_a_ticked_one(folder: Path):
    at = bring_in(write(folder, *GOOD), visit(IMPORT, session={"acting_as": "Ann"}))
    history = table(at, "import_history")
    assert list(history["actor"]) == ["Ann", "Tester"]
    assert list(history["new"]) == [3, 1]
    assert "Tick an import to see its report." in captions(at)
    ticked = {"selection": {"rows": [0], "columns": [], "cells": []}}
    again = visit(IMPORT, session={"import_history": ticked})
    assert figures(again)["New"] == "3"
    assert "Tick an import to see its report." not in captions(again)


def test_a_tick_beyond_the_history_does_no_harm(folder: Path):
    at = visit(IMPORT, session={"import_history": {"selection": {"rows": [99], "columns": [], "cells": []}}})
    assert "Tick an import to see its report." in captions(at)


def test_the_import_folder_is_shown_as_text(folder: Path):
    assert places(visit(IMPORT), str(folder)) == {"text.body"}


def test_an_import_shows_at_once_on_the_other_pages(folder: Path):
    at = bring_in(write(folder, *GOOD))
    assert run(at.switch_page("app.py")).metric[0].value == "3"
