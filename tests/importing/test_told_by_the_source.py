"""What a chat system says of its own copy is a fact: a deletion there, and how many messages there are."""

import json

import pytest

from lib.importing import undo_import
from lib.importing.sources import Source
from lib.importing.wording import source_sentences, warning_sentences
from tests.importing.files import CHAT, json_file, json_lines, load, only_chat
from tests.importing.test_merging import changed
from tests.importing.test_other_forms import INPUTS
from tests.importing.vendors.intercom_answers import conversation
from tests.importing.vendors.test_intercom import HELLO


def answer(name):
    return Source(name, data=(INPUTS / name).read_bytes())


def test_a_chat_that_was_deleted_there_is_marked_and_counted(in_file):
    load(in_file, answer("30-zendesk-chat.json"))
    before = only_chat(in_file)
    assert before["deleted_there"] is None
    report = load(in_file, answer("30-then-deleted-at-zendesk.json"))
    assert (report.updated, report.deleted_there) == (1, 1)
    assert source_sentences(report) == ["One chat is deleted in the chat system."]
    chat = only_chat(in_file)
    assert (chat["deleted_there"], chat["deleted_at"]) == (True, None)
    assert {name for name in chat if chat[name] != before[name]} <= {
        "deleted_there", "facts_given", "facts_digest", "import_id", "fact_times",
    }  # fmt: skip


def test_the_answer_to_a_deletion_deletes_nothing_here_and_makes_no_missed_chat(in_file):
    load(in_file, json_file(conversation(1, "closed", HELLO)))
    deletion = json_file({"id": "1", "object": "conversation", "deleted": True})
    assert (load(in_file, deletion).updated, only_chat(in_file)["deleted_there"]) == (1, True)
    load(in_file, json_file({"id": "2", "object": "conversation", "deleted": True}))
    assert in_file.read("SELECT status FROM chats WHERE vendor_id = '2'") == [{"status": "completed"}]


def test_messages_that_did_not_come_are_told_of_the_chat_and_in_the_report(in_file):
    report = load(in_file, answer("15-intercom-parts-missing.json"))
    chat = only_chat(in_file)
    # The opening message is no part.
    assert (chat["messages_there"], chat["messages_missing"]) == (240, 230)
    assert source_sentences(report) == ["Of one chat not all messages are there (of how many): 78 (10/240)"]


def test_once_they_have_come_none_is_missing(in_file):
    given = {"id": "1", "system": "x", "message_total": 2, "messages": [{"id": "a", "sender_type": "visitor"}]}
    load(in_file, json_lines(given))
    assert only_chat(in_file)["messages_missing"] == 1
    load(in_file, json_lines(given | {"messages": [*given["messages"], {"id": "b", "sender_type": "operator"}]}))
    assert only_chat(in_file)["messages_missing"] is None


@pytest.mark.parametrize(("total", "missing"), [(2, None), (0, None), (5, 3)])
def test_zendesk_counts_what_people_wrote(in_file, total, missing):
    told = json.loads((INPUTS / "30-zendesk-chat.json").read_bytes())
    told["chats"][0]["count"]["total"] = total
    load(in_file, json_file(told))
    assert only_chat(in_file)["messages_missing"] == missing


def test_an_update_that_makes_another_chat_of_one_is_told_before_and_can_be_undone(in_file):
    load(in_file, json_lines(CHAT))
    other = changed(started_at="2020-01-01T00:00:00Z", visitor={"name": "Ken", "email": "ken@example.com"})
    report = load(in_file, json_lines(other))
    assert (report.others.count, report.others.examples) == (1, [str(CHAT["id"])])
    assert "gets another visitor and another start" in warning_sentences(report)[0]
    undo_import(in_file, report.import_id, "akiko")
    later = load(in_file, json_lines(changed(comment="thanks")))
    assert (later.others.count, later.emptied.count, warning_sentences(later)) == (0, 0, [])


def test_an_update_that_takes_more_than_it_brings_is_told(in_file):
    load(in_file, json_lines(CHAT))
    report = load(in_file, json_lines(changed(tags=[], page_url=None, page_title=None)))
    assert (report.updated, report.emptied.count) == (1, 1)
