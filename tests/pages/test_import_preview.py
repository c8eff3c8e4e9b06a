"""The preview: what files would bring is shown before anything is written."""

import json
from unittest.mock import Mock

import pytest
from streamlit.testing.v1 import AppTest

from lib.importing.wording import REFUSALS
from lib.store import Store
from tests.importing.files import (
    BOTH,
    CHAT,
    chats_csv,
    csv_file,
    json_file,
    json_lines,
    message_rows,
    messages_csv,
    parquet,
    raw,
    zipped,
)
from tests.importing.vendors import zendesk_answers
from tests.pages.driving import IMPORT, captions, click, has, run, visit
from tests.pages.import_page import (
    ANSWERS,
    FIRST_TICKED,
    choose,
    count,
    drop,
    figures,
    files,
    first_chats,
    frame_with,
    said,
)
from tests.thorough import rarely

PREVIEW = "**Preview**: nothing is stored yet"


@pytest.fixture
def store(world) -> Store:
    return world("empty")


def previews(at: AppTest) -> bool:
    """Whether there is a preview with its buttons."""
    found = [PREVIEW in [text.value for text in at.markdown], has(at, "import"), has(at, "cancel_import")]
    assert found in ([True] * 3, [False] * 3)
    return found[0]


def test_the_form_alone_is_no_preview(store: Store):
    assert not previews(visit(IMPORT))


# Of the others, hostile answers are shown and imported in each run.
@pytest.mark.parametrize("system", ["Zoho SalesIQ", *rarely(each for each in ANSWERS if each != "Zoho SalesIQ")])
def test_an_export_is_recognised_and_shown_before_it_is_stored(store: Store, system: str):
    answers = ANSWERS[system]
    at = drop(*(json_file(answer, name) for name, answer in answers.FILES.items()))
    assert previews(at)
    shown = files(at)
    assert list(shown["name"]) == list(answers.FILES)
    assert all(text.startswith(f"{system}, JSON") for text in shown["read_as"])
    assert all(shown["evidence"])
    assert figures(at)["New"] == str(len(answers.EXPECTED))
    statuses = [expected["status"].capitalize() for expected in answers.EXPECTED.values() if "status" in expected]
    assert set(first_chats(at)["status"]) <= set(statuses)
    assert count(store) == count(store, "messages") == 0
    assert count(store, "imports") == 1
    at = click(at, "import")
    assert figures(at)["New"] == str(len(answers.EXPECTED)) == str(count(store))
    assert not previews(at)


def test_times_that_cannot_be_read_are_told_before_and_after(store: Store):
    sentence = "5 times could not be read: soon · 11/5/26 · later · …"
    ends = ["soon", "11/5/26", "later", "?", "soon", "2026/3/1 18:30", "Nov 5, 2026 9:03 AM"]
    at = drop(csv_file([{"id": n, "ended_at": end} for n, end in enumerate(ends)]))
    assert said(at, sentence)
    at = click(at, "import")
    assert said(at, sentence)
    assert count(store) == len(ends)


def test_the_figures_of_the_preview_are_those_of_the_report(store: Store):
    at = drop(json_lines(*BOTH, {"id": "x", "messages": 7}))
    before = figures(at)
    assert before == {
        "Chats read": "3",
        "New": "2",
        "Updated": "0",
        "Unchanged": "0",
        "Rejected": "1",
        "Messages read": "4",
    }
    after = figures(click(at, "import"))
    assert after == before | {"Messages stored": "4"}


def test_the_first_chats_tell_status_reason_and_what_becomes_of_them(store: Store):
    at = click(drop(json_lines(CHAT)), "import")
    at = drop(json_lines(CHAT, {"id": "gone", "visitor": {"name": "Mia"}, "question": "Anyone?"}), at=at)
    shown = first_chats(at)
    assert list(shown["status"]) == ["Completed", "Missed"]
    assert list(shown["why"]) == ["", "No human reply"]
    assert list(shown["state"]) == ["Unchanged", "New"]
    assert list(shown["visitor_name"]) == ["加藤 凛", "Mia"]
    assert list(shown["message_count"]) == [3, 0]
    assert "The first 2 chats as they would look; tick one to read it." in captions(at)


def test_a_single_chat_is_no_plural(store: Store):
    assert "The chat as it would look; tick it to read it." in captions(drop(json_lines(CHAT)))


def test_of_many_chats_the_first_are_shown(store: Store):
    at = drop(json_lines(*({"id": n, "visitor": {"name": f"Visitor {n}"}} for n in range(50))))
    assert list(first_chats(at)["visitor_name"]) == [f"Visitor {n}" for n in range(20)]
    assert figures(at)["New"] == "50"


def test_a_ticked_chat_shows_its_messages(store: Store):
    at = drop(json_lines(*BOTH))
    key = next(found.key for found in at.dataframe if (found.key or "").startswith("preview_"))
    at.session_state[key] = FIRST_TICKED
    messages = frame_with(run(at), "kind", "text")
    assert list(messages["kind"]) == ["Visitor", "Operator", "Operator"]
    assert list(messages["text"]) == ["荷物はどこですか", "確認します", "Here it is"]


def test_a_ticked_chat_without_messages_says_so(store: Store):
    at = drop(json_lines({"id": "1"}))
    key = next(found.key for found in at.dataframe if (found.key or "").startswith("preview_"))
    at.session_state[key] = FIRST_TICKED
    assert "This chat has no messages." in captions(run(at))


@pytest.mark.parametrize("step", ["compare", "write"])
def test_what_the_machine_cannot_do_is_a_sentence(store: Store, monkeypatch: pytest.MonkeyPatch, step: str):
    with monkeypatch.context() as patch:
        patch.setattr(f"lib.importing.loading.{step}", Mock(side_effect=MemoryError))
        at = drop(json_lines(CHAT))
        if step == "write":
            at = click(at, "import")
        assert [error.value for error in at.error] == [REFUSALS["memory"]]
    assert store.read("FROM chats") == []


def test_cancel_takes_the_files_and_their_preview_away(store: Store):
    at = click(drop(json_lines(CHAT)), "cancel_import")
    assert not previews(at)
    assert not at.metric
    assert at.file_uploader[0].value in (None, [])
    assert count(store) == 0


def test_other_files_have_another_preview(store: Store):
    at = drop(json_lines(*BOTH), at=drop(json_lines(CHAT)))
    assert figures(at)["New"] == "2"
    at = run(at.file_uploader[0].set_value(None))
    assert not previews(at)


def test_a_run_for_another_reason_reads_nothing_again(store: Store, monkeypatch: pytest.MonkeyPatch):
    at = drop(json_lines(CHAT))
    monkeypatch.setattr("lib.screen.imports.check.prepare", None)
    assert previews(run(at))


def test_the_report_goes_when_the_next_file_is_chosen(store: Store):
    at = click(drop(json_lines(CHAT)), "import")
    assert at.success
    at = drop(json_lines(*BOTH), at=at)
    assert not at.success
    assert len(at.metric) == 6


def test_another_format_can_be_chosen(store: Store):
    answer = {"id": "7", "visitor": {"name": "Rin"}, "timestamp": "2025-03-03T09:00:00Z", "missed": True}
    at = drop(json_file(answer))
    assert list(files(at)["read_as"]) == ["JSON Lines"]
    at = choose(at, "import_format", "zendesk")
    assert list(files(at)["read_as"]) == ["Zendesk Chat, JSON"]
    assert "Nothing in a file looks like the chosen format" in at.warning[0].value
    assert list(first_chats(at)["why"]) == ["Marked by the chat system"]
    click(at, "import")
    assert store.read("SELECT system FROM chats") == [{"system": "Zendesk Chat"}]


def test_a_format_that_is_not_the_files_brings_no_chat(store: Store):
    at = choose(drop(json_file(zendesk_answers.FILES["export.json"])), "import_format", "rocketchat")
    assert figures(at).get("New", "0") == "0"


def test_another_zone_reads_the_times_anew(store: Store):
    at = drop(json_lines({"id": "1", "started_at": "2026-11-20T10:00:00"}))
    assert str(first_chats(at)["started_at"][0]) == "2026-11-20 10:00:00"
    assert said(at, "Times without an offset were read in UTC.")
    at = choose(at, "import_zone", "Asia/Tokyo")
    assert str(first_chats(at)["started_at"][0]) == "2026-11-20 01:00:00"
    assert said(at, "Times without an offset were read in Asia/Tokyo.")


def test_files_of_a_zip_are_named_and_those_without_chats_left_out(store: Store):
    at = drop(zipped(chats_csv(), messages_csv(), raw("Read me", "readme.txt")))
    assert list(files(at)["name"]) == ["all.zip/0/chats.csv", "all.zip/1/messages.csv"]
    assert said(at, "Not read, as no chats are recognised in them: all.zip/2/readme.txt")
    assert figures(click(at, "import"))["Messages stored"] == "4"


def test_a_file_in_another_encoding_says_so(store: Store):
    at = drop(raw("id,operator\n1,あおい\n".encode("cp932"), "chats.csv"))
    assert list(files(at)["read_as"]) == ["CSV, Shift_JIS"]
    assert list(first_chats(at)["operator"]) == ["あおい"]


def test_messages_of_unknown_chats_are_said_to_wait(store: Store):
    at = drop(json_lines(*message_rows()))
    assert said(at, "4 messages wait for their chats.")
    assert count(store, "waiting_messages") == 0


def test_changes_of_status_are_told(store: Store):
    at = click(drop(json_lines({"id": "1", "status": "ongoing"}, {"id": "2", "status": "ongoing"})), "import")
    at = drop(json_lines({"id": "1", "status": "completed"}, {"id": "2", "status": "missed"}), at=at)
    assert list(first_chats(at)["state"]) == ["Updated", "Updated"]
    sentence = "Chats whose status changes: 2 (Ongoing → Completed: 1, Ongoing → Missed: 1)"
    assert said(at, sentence)
    assert said(click(at, "import"), sentence)


def test_what_changed_meanwhile_is_seen_when_it_is_stored(store: Store):
    first, second = drop(json_lines(CHAT)), drop(json_lines(*BOTH))
    assert figures(click(first, "import"))["New"] == "1"
    assert figures(second)["New"] == "2"
    after = figures(click(second, "import"))
    assert (after["New"], after["Unchanged"]) == ("1", "1")


def test_a_large_file_is_read_in_a_process_of_its_own(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("lib.importing.reader_process.APART_FROM_BYTES", 1)
    at = drop(raw(json.dumps(BOTH), "chats.json"))
    assert figures(at)["New"] == "2"
    assert figures(click(at, "import"))["Messages stored"] == "4"


def test_another_encoding_is_chosen_where_the_preview_cannot_be_read(store: Store):
    russian = raw("id,comment,question\n1,Где посылка,Где\n".encode("cp1251"), "russian.csv")
    at = choose(drop(russian), "import_encoding_0", "UTF-8")
    assert [error.value for error in at.error] == [REFUSALS["not_encoding"]]
    assert said(at, "The first line that cannot be read as UTF-8: 2")
    at = choose(at, "import_encoding_0", "Windows-1251")
    assert list(first_chats(at)["question"]) == ["Где"]
    assert list(files(at)["read_as"]) == ["CSV, Windows-1251"]
    at = click(at, "import")
    assert store.read("SELECT comment FROM chats") == [{"comment": "Где посылка"}]
    # The next files have an encoding of their own.
    assert [each.value for each in at.selectbox if each.key.startswith("import_encoding")] == [""]


def test_the_choice_of_an_encoding_that_has_no_effect_is_said(store: Store):
    at = choose(drop(parquet([{"id": "1", "comment": "x"}])), "import_encoding_0", "EUC-JP")
    assert "The chosen encoding has no effect on workbooks and Parquet." in captions(at)
