"""The Import page in Japanese is Japanese throughout, whatever is on it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lib.importing.inbox.inbox import Inbox
from lib.importing.wording import REFUSALS, refusal_sentence
from lib.language import in_language
from lib.screen.frame import session
from lib.screen.frame.labels import MISSED_REASONS
from lib.screen.imports.about import FORMAT_DESCRIPTIONS
from lib.store import Store
from tests.importing.files import Source, csv_file, json_lines, raw
from tests.pages.driving import CHATS, IMPORT, TODAY, click, run, visit
from tests.pages.import_page import FIRST_TICKED, columns, drop, edit, files, said, switch
from tests.pages.test_language import JAPANESE, english_words
from tests.worlds import chat, insert

MESSAGES = [
    {"sender_type": kind, "sender_name": "凛", "text": "荷物"}
    for kind in ("visitor", "operator", "bot", "system", "note")
]
SERVED = {"id": "1", "started_at": "2026-11-20T10:00:00", "visitor": {"name": "凛"}, "項目": "金", "messages": MESSAGES}
RUNNING = {"id": "2", "status": "ongoing", "operator": "青井", "visitor": {"name": "蘭"}}
TABLE = [
    {"番号": "1", "時刻": "2026-03-01 10:00", "発言者": "顧客", "本文": "荷物はどこですか。もう一週間も待っています。"},
    {"番号": "1", "時刻": "2026-03-01 10:01", "発言者": "係", "本文": "お調べいたしますので、少々お待ちください。"},
]


@pytest.fixture(autouse=True)
def store(world, set_up) -> Iterator[Store]:
    set_up(PERSON="係", IMPORT_FOLDER="/", ZONE="UTC")
    # AppTest formats the options of widgets in this thread.
    with in_language("ja"):
        yield world("empty")


def page(**session: object) -> AppTest:
    return visit(IMPORT, context=JAPANESE, session=session)


def chats(*records: object) -> Source:
    return json_lines(*records, name="履歴")


def ticked(at: AppTest) -> AppTest:
    key = next(found.key for found in at.dataframe if (found.key or "").startswith("preview_"))
    at.session_state[key] = FIRST_TICKED
    return run(at)


def test_a_preview_and_its_report_have_no_english_words():
    at = ticked(drop(chats(SERVED, RUNNING, "荷物"), at=page()))
    assert english_words(at) == set()
    at = click(at, "import")
    assert [warning.value for warning in at.warning] == ["インポートが完了しました。取り込めなかった行があります。"]
    assert english_words(at) == set()
    assert english_words(page(import_history=FIRST_TICKED)) == set()


def test_changes_and_joined_messages_have_no_english_words():
    at = drop(chats(RUNNING), chats({"chat_id": "9", "sender_type": "bot", "text": "荷物"}), at=page())
    assert said(at, "1件のメッセージが、チャットのインポートを待っています。")
    at = click(at, "import")
    assert said(at, "1件のメッセージが、チャットのインポートを待っています：")
    assert english_words(at) == set()
    at = drop(chats(RUNNING | {"status": "completed"}, {"id": "9"}), at=at)
    assert said(at, "ステータスが変わるチャット：1件（進行中→完了：1件）")
    assert said(at, "待機していた1件のメッセージが、チャットに結び付きました。")
    assert english_words(at) == set()
    assert english_words(click(at, "import")) == set()


def test_the_same_again_has_no_english_words():
    at = click(drop(chats(SERVED), at=page()), "import")
    assert english_words(click(drop(chats(SERVED), at=at), "import")) == set()


def test_the_form_of_columns_has_no_english_words():
    at = drop(csv_file(TABLE, "表"), at=page())
    assert english_words(at) == set()
    assert columns(at)["本文"] == "メッセージ本文"
    at = click(edit(at, 0, r0="チャットID"), "use_columns")
    assert list(files(at)["read_as"]) == ["CSV、列の対応「表」"]
    # The field of a rejected row.
    assert english_words(at) == {"sender", "type"}


PROBLEMS = {
    "チャットIDの列を選んでください。なければ、少なくとも日時の列を選んでください。": {"r0": "–", "r1": "–"},
    "同じ項目が2つの列に選ばれています。1つの列だけに選んでください。": {
        "r0": "チャットID",
        "r1": "質問",
        "r2": "質問",
    },
    "メッセージ本文の列を選んでください。": {"r0": "チャットID", "r3": "–"},
}


@pytest.mark.parametrize("problem", PROBLEMS)
def test_what_is_wrong_with_columns_is_told_in_japanese(problem: str):
    at = edit(drop(csv_file(TABLE, "表"), at=page()), 0, **PROBLEMS[problem])
    assert [warning.value for warning in at.warning] == [problem]
    assert english_words(at) == set()


def test_what_can_be_imported_and_our_own_format_are_told_in_japanese():
    at = page(format=True)
    document = FORMAT_DESCRIPTIONS["ja"].read_text(encoding="utf-8").partition("\n")[2].strip()
    (markdown,) = [text for text in at.markdown if text.value == document]
    markdown.proto.body = ""
    assert english_words(at) == set()


def test_the_rules_of_missed_chats_have_no_english_words():
    assert english_words(page(missed_rules=True)) == set()
    at = switch(page(missed_rules=True), "rule_chatwoot")
    assert [toast.value for toast in at.toast] == ["0件のチャットのステータスが変わりました。"]


def test_a_refusal_has_no_english_words():
    at = drop(raw("荷物", "履歴"), at=page())
    assert [error.value for error in at.error] == [refusal_sentence("not_chats")]
    assert english_words(at) == set()


@pytest.mark.parametrize("reason", REFUSALS)
def test_each_reason_of_a_refusal_is_a_japanese_sentence(reason: str):
    assert refusal_sentence(reason) != REFUSALS[reason]
    assert refusal_sentence(reason).endswith("。")


@pytest.mark.parametrize("page_file", [TODAY, IMPORT])
def test_the_inbox_has_no_english_words(installation: Path, set_up, page_file: str):
    folder = installation / "受信"
    folder.mkdir()
    set_up(INBOX=str(folder))
    assert english_words(visit(page_file, context=JAPANESE)) == set()
    for name, content in {"履歴": chats(SERVED).data, "他": "荷物".encode()}.items():
        (folder / name).write_bytes(content)
        os.utime(folder / name, (0, 0))
    Inbox(session.store(), folder, "UTC").look()
    # Who imported them is the name of the folder, in the history as in the events.
    assert english_words(visit(page_file, context=JAPANESE)) <= {"Inbox"}


@pytest.mark.parametrize("reason", MISSED_REASONS)
def test_each_reason_is_japanese_on_the_info_tab(store: Store, reason: str):
    shared = {"system": "一", "visitor_name": "凛", "language": "ja", "vendor_id": "1"}
    made = chat(reason, status="missed", missed_reason=reason, status_derived=True) | shared
    insert(store, [made])
    at = visit(CHATS, {"chat": str(made["id"]), "tab": "info"}, context=JAPANESE)
    assert english_words(at) == set()
