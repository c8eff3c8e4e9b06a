"""Files of a vendor that come one by one, in any order, and newer and older ones of the same chats."""

from copy import deepcopy

import pytest

from tests import worlds
from tests.importing.files import content, json_file, json_lines, load, messages, only_chat
from tests.importing.vendors import chatwoot_answers, intercom_answers, livechat_answers, zendesk_answers
from tests.importing.vendors.every_vendor import ANSWERS, check_expected, sources
from tests.thorough import rarely

# Vendors whose lists come without the messages.
APART = {"chatwoot", "intercom", "rocketchat", "zoho"}


@pytest.mark.parametrize("code", ["chatwoot", "intercom", "zoho", *rarely(["livechat", "rocketchat", "zendesk"])])
def test_files_one_by_one_in_any_order_give_the_same_store(in_file, code, thorough):
    names, wanted = list(ANSWERS[code].FILES), None
    for order in (names[::-1], names) if thorough and code in APART else (names[::-1],):
        worlds.empty(in_file)
        reports = [load(in_file, source) for source in sources(code, order)]
        check_expected(in_file, code)
        assert in_file.read("FROM waiting_messages") == []
        assert sum(report.messages_waiting for report in reports) == sum(report.messages_joined for report in reports)
        wanted = wanted or content(in_file, "ordinal")
        assert content(in_file, "ordinal") == wanted


CHATS, MESSAGES, VISITORS = (
    "conversations.json", ["messages_101.json", "messages_101_of_another_account.json"],
    ["contacts.json", "contact.json"],
)  # fmt: skip
ORDERS = [["chats", "messages", "visitors"], ["messages", "visitors", "chats"]]


def test_messages_wait_for_their_chat_and_visitors_fill_it_in(store):
    lists, pages, people = (sources("chatwoot", names) for names in ([CHATS], MESSAGES, VISITORS))
    load(store, *lists, *pages, *people)
    wanted = content(store, "ordinal")
    files = {"chats": lists, "messages": pages, "visitors": people}
    for kinds in ORDERS:
        worlds.empty(store)
        reports = {kind: load(store, *files[kind]) for kind in kinds}
        waits = kinds.index("messages") < kinds.index("chats")
        assert (reports["messages"].messages_waiting, reports["chats"].messages_joined) == (
            (10, 10) if waits else (0, 0)
        )
        assert (reports["messages"].read, reports["messages"].messages_read) == (0, 10)
        assert (reports["visitors"].read, reports["visitors"].visitors_read) == (0, 3)
        assert reports["visitors"].updated == (0 if kinds.index("visitors") < kinds.index("chats") else 13)
        assert content(store, "ordinal") == wanted, kinds
        assert store.read("FROM waiting_messages") == []


def test_a_page_that_comes_again_waits_once(in_file):
    pages = sources("chatwoot", ["messages_101.json"])
    assert load(in_file, *pages).messages_waiting == 8
    again = load(in_file, *pages, *pages)
    assert (again.messages_waiting, again.changed_nothing) == (8, False)
    assert in_file.read("SELECT count(*) AS n FROM waiting_messages") == [{"n": 8}]
    assert load(in_file, *pages, *sources("chatwoot", [CHATS])).messages_joined == 8
    assert len(messages(in_file)) == 8 + 5


def test_pages_of_one_transcript_are_united(in_file):
    page = chatwoot_answers.FILES["messages_101.json"]
    parts = [json_file({**page, "payload": page["payload"][start:stop]}) for start, stop in ((3, 7), (0, 4))]
    load(in_file, *sources("chatwoot", [CHATS, "messages_101.json"]))
    wanted = content(in_file)
    worlds.empty(in_file)
    load(in_file, *sources("chatwoot", [CHATS]))
    assert [load(in_file, part).updated for part in (*parts, *parts)] == [1, 1, 0, 0]
    assert content(in_file) == wanted


def running_and_closed(code):
    """The export of a chat of a vendor while it runs, the one after it was closed and rated, and the chat's id."""
    if code == "chatwoot":
        (conversation,) = [chat for chat in chatwoot_answers.CONVERSATIONS if chat["id"] == 103]
        rated = {**chatwoot_answers.SURVEY, "conversation_id": 103}
        return conversation, {**conversation, "status": "resolved", "updated_at": 2e9, "messages": [rated]}
    if code == "intercom":
        closed = intercom_answers.FILES["conversation_101.json"]
        running = {**closed, "state": "open", "open": True, "updated_at": closed["updated_at"] - 9}
        return {**running, "statistics": None, "conversation_rating": None, "conversation_parts": None}, closed
    if code == "livechat":
        chat = deepcopy(livechat_answers.ARCHIVES["chats"][0])
        thread = {**chat["thread"], "active": True, "events": chat["thread"]["events"][:5], "properties": {}}
        return {**chat, "thread": thread}, chat
    closed = zendesk_answers.FULL
    running = {**closed, "missed": None, "history": closed["history"][:3], "agent_names": ["Aoi"], "rating": None}
    return {**running, "update_timestamp": zendesk_answers.at(2), "end_timestamp": None, "duration": None}, closed


@pytest.mark.parametrize("code", ["chatwoot", "livechat", *rarely(["intercom", "zendesk"])])
def test_a_newer_export_counts_and_an_older_one_after_it_does_not(in_file, code):
    older, newer = (json_file(answer) for answer in running_and_closed(code))
    load(in_file, newer)
    wanted = content(in_file)
    assert only_chat(in_file)["rating"] is not None
    for files in ([older], [older, newer], [newer, older]):
        assert load(in_file, *files).changed_nothing
    assert content(in_file) == wanted
    worlds.empty(in_file)
    assert load(in_file, older, newer).new == 1
    assert content(in_file) == wanted


@pytest.mark.parametrize("code", ["chatwoot", "zendesk"])
def test_a_chat_that_was_running_is_completed(store, code):
    older, newer = (json_file(answer) for answer in running_and_closed(code))
    load(store, newer)
    wanted = content(store)
    worlds.empty(store)
    assert load(store, older).new == 1
    before = only_chat(store)
    assert (before["status"] == "ongoing", before["rating"]) == (code == "chatwoot", None)
    report = load(store, newer)
    assert (report.new, report.updated, report.status_changed) == (0, 1, int(code == "chatwoot"))
    assert report.status_changes == ({"ongoing>completed": 1} if code == "chatwoot" else {})
    assert content(store) == wanted
    assert load(store, older).changed_nothing


def test_a_summary_that_is_newer_takes_the_older_transcript(in_file):
    older, newer = running_and_closed("livechat")
    summary = {"id": "C_RIN", "users": newer["users"], "last_thread_summary": {**newer["thread"], "events": None}}
    summary["last_thread_summary"]["created_at"] = livechat_answers.at(30)
    load(in_file, json_file({"chats_summary": [summary]}))
    assert load(in_file, json_file(older)).messages_stored == 5
    assert [row["text"] for row in messages(in_file)][3] == "靴はいつ届きますか?"
    assert (only_chat(in_file)["status"], only_chat(in_file)["rating"]) == ("completed", 5)


def test_rows_without_ids_that_wait_are_replaced_by_the_same_file(in_file):
    rows = [{"chat_id": "C-1", "sender_type": "visitor", "text": text} for text in ("one", "two")]
    page = json_lines(*rows, name="messages.jsonl")
    for files in ([page], [page], [json_lines({"id": "C-1"}), page]):
        report = load(in_file, *files)
    assert (report.messages_joined, report.messages_waiting, report.messages_stored) == (0, 0, 2)
    assert [row["text"] for row in messages(in_file)] == ["one", "two"]
    assert in_file.read("FROM waiting_messages") == []


def test_rows_without_ids_among_others_are_united_by_what_they_say(in_file):
    said = {"chat_id": "C-1", "sender_type": "visitor", "at": "2026-03-01T00:00:00Z"}
    rows = [{**said, "text": "Hm"}, {**said, "text": "Ah"}, {**said, "id": 5, "text": "Hm"}, {**said, "text": "Oh"}]
    load(in_file, json_lines({"id": "C-1"}), json_lines(*rows, name="1"))
    wanted = content(in_file)
    assert sorted(row["text"] for row in wanted[1]) == ["Ah", "Hm", "Hm", "Oh"]
    for part in (rows, rows[2:], rows):
        load(in_file, json_lines(*part, name="1"))
    assert [row["text"] for row in messages(in_file)] == [row["text"] for row in wanted[1]]


def test_an_older_record_of_another_visitor_leaves_what_was_filled_in(in_file):
    closed = {**intercom_answers.FILES["conversation_202.json"], "id": "102"}
    older = {**closed, "updated_at": closed["updated_at"] - 9, "contacts": None}
    load(in_file, *sources("intercom", ["conversations.json", "contacts.json"]))
    (before,) = in_file.read("SELECT * FROM chats WHERE vendor_id = '102'")
    assert load(in_file, json_file(older)).messages_stored == 4
    (after,) = in_file.read("SELECT * FROM chats WHERE vendor_id = '102'")
    told = ("visitor_id", "visitor_phone", "visitor_email", "visitor_country", "filled")
    assert [after[name] for name in told] == [before[name] for name in told]
    assert before["filled"] is not None


def test_an_answer_without_a_time_makes_no_older_one_newer(in_file):
    older, newer = running_and_closed("intercom")
    older = {**newer, "updated_at": older["updated_at"], "conversation_parts": {"conversation_parts": []}}
    load(in_file, json_file(newer))
    said = messages(in_file)
    load(in_file, json_file({"id": newer["id"], "object": "conversation", "deleted": True}))
    load(in_file, json_file(older))
    assert only_chat(in_file)["deleted_there"] is True
    assert messages(in_file) == said
    assert only_chat(in_file)["vendor_updated_at"] is not None
