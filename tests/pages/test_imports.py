"""The Import page: files are checked, stored and reported; what was refused, and the imports before."""

import json
from pathlib import Path

import pytest

from lib.importing.wording import REASONS, REFUSALS
from lib.screen.imports.report import _rejected_csv
from tests.importing.files import json_lines, raw
from tests.pages.driving import IMPORT, body, captions, click, has, places, run, table, visit
from tests.pages.import_page import FIRST_TICKED, bring_in, choose, drop, figures, files, frame_with, name_file, said

GOOD = [{"id": str(n), "started_at": "2026-11-20T10:00:00", "messages": []} for n in range(3)]


def write(folder: Path, *records: object, name: str = "chats.jsonl") -> str:
    (folder / name).write_text("\n".join(json.dumps(record) for record in records), encoding="utf-8")
    return name


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
    assert files(at).to_dict("records") == [
        {"name": "chats.jsonl", "read_as": "JSON Lines", "evidence": "", "records": 3, "rejected": 0}
    ]
    assert said(at, "Times without an offset were read in UTC.")


def test_an_uploaded_file_is_imported_and_the_form_is_empty_again(folder: Path):
    at = click(drop(json_lines(GOOD[0])), "import")
    assert figures(at)["New"] == "1"
    assert at.file_uploader[0].value in (None, [])
    assert not has(at, "import")


def test_what_is_too_large_for_an_upload_is_said_beforehand_and_what_to_do_with_it(folder: Path):
    told = captions(visit(IMPORT))
    assert "A file may have up to 1 GB" in told and "2.1 GB together" in told


def test_a_file_that_is_one_list_is_imported(folder: Path):
    at = click(drop(raw(json.dumps(GOOD), "list.json")), "import")
    assert figures(at)["New"] == "3"
    assert list(files(at)["read_as"]) == ["JSON"]


def test_the_same_file_again_changes_nothing(folder: Path):
    name = write(folder, *GOOD)
    at = bring_in(name, bring_in(name))
    assert [s.value for s in at.success] == ["The history had all of it already; nothing was changed."]
    assert figures(at)["Unchanged"] == "3"


def test_the_chosen_zone_is_used_and_named(folder: Path):
    at = choose(visit(IMPORT), "import_zone", "Asia/Tokyo")
    at = bring_in(write(folder, GOOD[0]), at)
    assert said(at, "Times without an offset were read in Asia/Tokyo.")


def test_rejected_rows_are_listed_with_field_value_and_reason(folder: Path):
    at = bring_in(write(folder, *GOOD, {"id": "x", "messages": 7}, {"started_at": "2026-01-01"}, "nothing"))
    assert [warning.value for warning in at.warning] == ["The import is done; some rows were rejected."]
    assert figures(at)["New"] == "3"
    assert figures(at)["Rejected"] == "3"
    rows = frame_with(at, "record")
    assert list(rows["row_number"]) == [4, 5, 6]
    assert list(rows["field"])[:2] == ["messages", "id"]
    assert rows["value"][0] == "7"
    assert list(rows["reason"]) == [REASONS[code] for code in ("wrong_type", "missing", "not_object")]
    assert "Download rejected rows" in [button.label for button in at.download_button]


def test_the_download_of_rejected_rows_runs_in_no_spreadsheet(folder: Path):
    at = bring_in(write(folder, *GOOD, {"id": "x", "messages": "=1+1"}))
    report = at.session_state["import_report"]
    text = _rejected_csv(report.import_id).decode("utf-8-sig")
    assert text.splitlines()[0] == "file,row_number,field,value,reason,record"
    assert ",'=1+1," in text
    assert ",=1+1" not in text


def test_fields_that_no_reader_knows_are_named(folder: Path):
    at = bring_in(write(folder, GOOD[0] | {"plan": "gold"}, GOOD[1] | {"plan": "free", "visitor": {"shoe": 42}}))
    assert "2 other fields in the files" in [expander.label for expander in at.expander]
    assert frame_with(at, "fate").to_dict("records") == [
        {"name": "plan", "count": 2, "fate": "kept with the chat"},
        {"name": "visitor.shoe", "count": 1, "fate": "kept with the chat"},
    ]


def test_messages_wait_for_their_chat_and_find_it(folder: Path):
    message = {"chat_id": "7", "sender_type": "visitor", "text": "Hello"}
    at = click(drop(json_lines(message, message | {"chat_id": "8"})), "import")
    assert said(at, "2 messages wait for their chats.")
    assert said(at, "2 messages wait until their chats are imported:")
    assert said(at, "7, 8")
    at = click(drop(json_lines({"id": "7"}), at=at), "import")
    assert said(at, "One message had waited for its chat.")
    assert said(at, "One message waits until its chat is imported:")
    at = click(drop(json_lines({"id": "8"}), at=at), "import")
    assert not any("until" in line for line in body(at).splitlines())


def test_of_many_waiting_messages_some_chats_are_named(folder: Path):
    at = click(
        drop(json_lines(*({"chat_id": f"c{n}", "sender_type": "bot", "text": "Beep"} for n in range(9)))), "import"
    )
    assert said(at, "c0, c1, c2, c3, c4 …")


REFUSED = [
    (b"", "empty"),
    (b"hello", "not_chats"),
    (b"\x1f\x8b broken", "broken_gzip"),
    (b"PK\x03\x04 broken", "broken_zip"),
    (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not_text"),
]


@pytest.mark.parametrize(("content", "reason"), REFUSED, ids=[reason for _content, reason in REFUSED])
def test_a_file_that_holds_no_chats_is_refused_at_once_with_a_sentence(folder: Path, content: bytes, reason: str):
    (folder / "odd").write_bytes(content)
    at = name_file("odd")
    assert [error.value for error in at.error] == [REFUSALS[reason]]
    assert said(at, "odd")
    assert "Nothing was imported, of the other files either." in captions(at)
    assert not at.metric
    assert not has(at, "import")


def test_a_refused_file_keeps_the_others_out(folder: Path):
    at = drop(json_lines(*GOOD), raw("hello", "odd.txt"))
    assert [error.value for error in at.error] == [REFUSALS["not_chats"]]
    assert said(at, "odd.txt")
    assert not has(at, "import")
    assert has(drop(json_lines(*GOOD), at=at), "import")


def test_a_refusal_stays_until_another_file_is_chosen(folder: Path):
    at = run(name_file("absent.jsonl"))
    assert [error.value for error in at.error] == [REFUSALS["unreadable"]]
    at = bring_in(write(folder, *GOOD), at)
    assert not at.error


def test_a_refused_file_is_looked_at_again_when_it_has_changed(folder: Path):
    (folder / "chats.jsonl").write_bytes(b"")
    at = name_file("chats.jsonl")
    assert [error.value for error in at.error] == [REFUSALS["empty"]]
    write(folder, *GOOD)
    assert figures(run(at))["New"] == "3"


def test_a_file_that_changed_since_its_preview_is_shown_again_before_it_is_stored(folder: Path):
    at = name_file(write(folder, *GOOD))
    write(folder, GOOD[0])
    at = click(at, "import")
    assert figures(at)["New"] == "1"
    assert not at.success
    at = click(at, "import")
    assert [success.value for success in at.success] == ["The import is done."]


def test_a_file_with_a_header_alone_is_said_to_hold_no_chats(folder: Path):
    (folder / "header.csv").write_text("id,started_at,status\n", encoding="utf-8")
    at = bring_in("header.csv")
    assert [warning.value for warning in at.warning] == ["The file holds no chats, so nothing was imported."]
    assert not at.success


@pytest.mark.parametrize("name", ["../secret.jsonl", "/etc/passwd", "a/../../secret.jsonl", "..", "link.jsonl"])
def test_only_files_of_the_import_folder_can_be_named(folder: Path, name: str):
    secret = folder.parent / "secret.jsonl"
    secret.write_text(json.dumps({"id": "secret"}), encoding="utf-8")
    (folder / "link.jsonl").symlink_to(secret)
    at = name_file(name)
    assert [error.value for error in at.error] == ["Only files in the import folder can be named."]
    assert not at.metric


@pytest.mark.parametrize("name", [".", "sub", "loop", "nul\0", "x" * 5000])
def test_odd_names_are_refused_with_a_sentence(folder: Path, name: str):
    (folder / "sub").mkdir()
    (folder / "loop").symlink_to(folder / "loop")
    assert len(name_file(name).error) == 1


def test_a_blank_name_is_no_file(folder: Path):
    at = name_file("  ")
    assert not at.error
    assert not at.metric


def test_the_history_lists_imports_and_shows_the_report_of_a_ticked_one(folder: Path):
    at = bring_in(write(folder, *GOOD), visit(IMPORT, session={"acting_as": "Ann"}))
    history = table(at, "import_history")
    assert list(history["actor"]) == ["Ann", "Tester"]
    assert list(history["new"]) == [3, 1]
    assert "Tick an import to see its report." in captions(at)
    again = visit(IMPORT, session={"import_history": FIRST_TICKED})
    assert figures(again)["New"] == "3"
    assert "Tick an import to see its report." not in captions(again)


def test_the_import_just_done_can_be_ticked_too(folder: Path):
    at = bring_in(write(folder, GOOD[0] | {"plan": "gold"}, {"id": "x", "messages": 7}))
    at.session_state["import_history"] = FIRST_TICKED
    assert len(run(at).download_button) == 2


def test_a_tick_beyond_the_history_does_no_harm(folder: Path):
    at = visit(IMPORT, session={"import_history": {"selection": {"rows": [99], "columns": [], "cells": []}}})
    assert "Tick an import to see its report." in captions(at)


def test_the_import_folder_is_shown_as_text(folder: Path):
    assert places(visit(IMPORT), str(folder)) == {"text.body"}


def test_an_import_shows_at_once_on_the_other_pages(folder: Path):
    at = bring_in(write(folder, *GOOD))
    assert "3 of 3 chats" in captions(run(at.switch_page("pages/chats.py")))


def test_the_formats_are_told_by_system(folder: Path):
    at = visit(IMPORT, session={"format": True})
    for name in ("Zoho SalesIQ", "Zendesk Chat", "Chatwoot", "Intercom", "LiveChat", "Rocket.Chat"):
        assert said(at, name)
    assert "Left out: Pictures and ids" in captions(at)
    assert "## A chat" in "\n".join(text.value for text in at.markdown)
