"""What is read of Zendesk Chat's answers, and that no answer whatsoever breaks the reader."""

import copy
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.importing.problems import FieldError
from lib.importing.records.reader import RecordReader
from lib.importing.records.set_aside import OddValues
from lib.importing.records.times import TimeReader
from lib.importing.vendors.zendesk import LISTS, VENDOR
from tests.importing.vendors.zendesk_answers import (
    FILES,
    FULL,
    GREETING,
    LABEL,
    MISSED,
    OFFLINE,
    SPOKEN,
    at,
    chat,
    event,
    item,
    page,
    session,
    visitor,
    without,
)


def read(answer, left_out=None):
    return list(VENDOR.read(answer, Counter() if left_out is None else left_out))


def only(answer):
    (found,) = read(answer)
    return found.record


def said(given):
    """The first entry of a chat with one item in its history."""
    return only(chat(1, given))["messages"][0]


SHAPES = [
    (FILES["export.json"], "chats[].history", 4), (FILES["chats_by_id.json"], "docs[].history", 2),
    (FILES["search.json"], "results[].history", 1), ({"chats": [SPOKEN]}, "chats[].history", 1),
    ({"count": 9, "chats": [OFFLINE]}, "chats[].type", 1), (SPOKEN, "history", 1), (OFFLINE, "type", 1),
    ({"chats": [None, SPOKEN, 5]}, "chats[].history", 3), ({"docs": {"1": None, "2": SPOKEN}}, "docs[].history", 2),
    ({"chats": [], "count": 0, "end_time": 1}, "end_time", 0), ({"chats": None, "end_time": 1}, "end_time", 0),
    ({"results": [{"id": "1", "type": "chat", "timestamp": at(0), "url": "https://x.example"}]}, "results[].type", 1),
    ({"chats": [{"id": "1", "history": [], "visitor": {}}]}, "chats[].history", 1),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "evidence", "count"), SHAPES)
def test_each_shape_is_recognised_and_read(answer, evidence, count):
    assert VENDOR.recognise(answer) == evidence
    assert [found.kind for found in read(answer)] == ["chat"] * count


@pytest.mark.parametrize(
    "answer",
    [
        {}, {"chats": []}, {"chats": 5}, {"docs": {}}, {"docs": [5]}, {"results": [{"id": 1}]}, {"count": 0},
        {"id": "7", "started_at": at(0), "status": "open", "messages": [{"sender_type": "visitor", "text": "x"}]},
        {"chat_id": "7", "sender_type": "visitor", "text": "x"},
        {"data": [{"id": "1", "type": "chat", "chat_status": {}, "attender": {}, "visitor": {}, "start_time": "1"}]},
        {"chats": [{"id": "1", "users": [], "thread": {"id": "2", "events": []}}], "found_chats": 1},
        {"chats": [{"id": "1", "type": "chat", "visitor": {}, "messages": [], "started_timestamp": 1}], "total": 1},
        {"data": {"meta": {}, "payload": [{"id": 1, "inbox_id": 2, "meta": {"sender": {}}, "timestamp": 1}]}},
        {"type": "conversation.list", "conversations": [{"type": "conversation", "id": "1", "source": {}}]},
        {"rooms": [{"_id": "1", "t": "l", "v": {}}]}, {"history": [{"_id": "1", "t": "l", "v": {}}], "count": 1},
    ],
)  # fmt: skip
def test_other_answers_are_not_recognised(answer):
    assert VENDOR.recognise(answer) is None


WRITERS = [
    (item(0, "visitor", "Rin", "x"), "visitor", None), (item(0, "agent:7", "Aoi", "x"), "operator", None),
    (GREETING, "bot", True), (without(GREETING, "sender_type"), "bot", True),
    (item(0, "agent:trigger", "Aoi", "x", sender_type="Agent"), "bot", True),
    (item(0, "agent:9", "Helper", "x", sender_type="Bot"), "bot", None),
    (item(0, "visitor", "Rin", "x", sender_type=None), "visitor", None),
    (item(0, "visitor:12", "Rin", "x", sender_type="Visitor"), "visitor", None),
    (item(0, "agent:7", "Aoi", "x", sender_type=""), "operator", None),
    (item(0, "agent:7", "Aoi", "x", sender_type="Unheard"), "operator", None),
    (item(0, "stranger", "Aoi", "x", sender_type=None), "system", None),
    (without(item(0, "x", "Aoi", "x"), "sender_type", "nick"), "operator", None),
    (without(item(0, "x", "Visitor 1001", "x"), "sender_type", "nick"), "visitor", None),
    ({**item(0, "visitor", "Rin"), "type": "chat.file"}, "visitor", None),
    (item(0, "visitor", "Rin"), "system", None), (item(0, "agent:trigger", "Rin"), "system", None),
]  # fmt: skip


@pytest.mark.parametrize(("given", "kind", "automatic"), WRITERS)
def test_who_wrote_a_message(given, kind, automatic):
    entry = said(given)
    assert (entry["sender_type"], entry.get("automatic")) == (kind, automatic)


EVENTS = [
    (item(0, "agent:7", "Aoi"), "chat.memberjoin"),
    (event(0, "chat.memberleave", reason="agent_leave"), "chat.memberleave · agent_leave"),
    (event(0, "chat.rating", rating="bad", new_rating="good"), "chat.rating · good"),
    (event(0, "chat.comment", new_comment="とても親切"), "chat.comment · とても親切"),
    (event(0, "chat.tags", tags=["a"], new_tags=["a", "b"]), "chat.tags · a · b"),
    (event(0, "chat.systemmsg", msg="The queue is full", new_tags=[]), "chat.systemmsg · The queue is full"),
    (event(0, None), ""),
]  # fmt: skip


@pytest.mark.parametrize(("given", "words"), EVENTS)
def test_an_event_is_told_in_its_own_words(given, words):
    assert (said(given)["sender_type"], said(given)["text"]) == ("system", words)


def test_a_usual_message_has_the_keys_that_have_values():
    assert said(item(3, "agent:7", "Aoi", "<b> & co.")) == {
        "at": at(3), "sender_type": "operator", "sender_name": "Aoi", "text": "<b> & co.",
    }  # fmt: skip


@pytest.mark.parametrize("given", [("visitor", "Rin", "Hello"), ("agent:7", "Aoi", "Visitor 12?")])
def test_an_unusual_message_says_what_a_usual_one_does(given):
    usual, unusual = said(item(0, *given)), said(item(0, *given, mood="calm"))
    assert {**usual, "mood": "calm"} == {field: value for field, value in unusual.items() if value is not None}


def test_a_placeholder_is_no_name():
    record = only(MISSED)
    assert (record["visitor"]["name"], record["messages"][0]["sender_name"]) == (None, None)
    assert said(item(0, "visitor", "Visitor Centre", "Hi"))["sender_name"] == "Visitor Centre"


FILES_SENT = [
    (LABEL, {"name": "label.pdf", "type": "application/pdf", "size": 48213, "url": "https://files.example.com/l.pdf"}),
    ({"name": "a.txt", "type": "text/plain", "pages": 2}, {"name": "a.txt", "type": "text/plain", "pages": 2}),
    (None, None), ("a.txt", "a.txt"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "wanted"), FILES_SENT)
def test_a_file_is_an_attachment(given, wanted):
    assert said({**item(0, "visitor", "Rin"), "type": "chat.file", "attachment": given})["attachment"] == wanted


STATUSES = [
    ({}, "completed", None), ({"missed": True}, "missed", "vendor_flag"), ({"missed": None}, None, None),
    ({"missed": ""}, None, None), ({"type": "offline_msg", "missed": None}, "missed", "offline_form"),
    ({"missed": True, "agent_names": ["Aoi"]}, "missed", "vendor_flag"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "status", "reason"), STATUSES)
def test_the_vendor_says_which_chats_are_missed(given, status, reason):
    record = only(chat(1, **given))
    assert (record["status"], record["missed_reason"]) == (status, reason)


ENDS = [
    ({}, at(20)), ({"end_timestamp": None}, "2025-03-03T09:20:00+00:00"),
    ({"end_timestamp": "", "duration": 1.5}, "2025-03-03T09:00:01.500000+00:00"),
    ({"end_timestamp": None, "duration": None}, None), ({"end_timestamp": None, "timestamp": None}, None),
    ({"end_timestamp": None, "duration": "90"}, None), ({"end_timestamp": None, "duration": 1e30}, None),
    ({"end_timestamp": None, "duration": float("nan")}, None), ({"end_timestamp": 1740992400}, 1740992400),
]  # fmt: skip


@pytest.mark.parametrize(("given", "wanted"), ENDS)
def test_an_end_is_given_or_follows_from_the_duration(given, wanted):
    assert (only(chat(1, **given))["ended_at"] or None) == wanted


FIELDS = [
    ({"rating": "good"}, {"rating": 5}), ({"rating": "bad"}, {"rating": 1}), ({"rating": None}, {"rating": None}),
    ({"rating": "unrated"}, {"rating": None}),
    ({"agent_names": [], "agent_ids": ["7"]}, {"operators": ["7"]}),
    ({"agent_names": ["Aoi"], "agent_ids": ["7"]}, {"operators": ["Aoi"]}),
    ({"webpath": [page("/", "A"), page("/b", "B")]}, {"page_url": "https://shop.example.com/b", "page_title": "B",
                                                      "website": "shop.example.com", "channel": "web"}),
    ({"webpath": [page("/", "A"), ["https://x.example"], None]}, {"page_title": "A"}),
    ({"webpath": None}, {"page_url": None, "page_title": None, "website": None, "channel": None}),
    ({"webpath": [{"to": "about:blank", "title": ""}]}, {"page_url": "about:blank", "website": None, "channel": None}),
    ({"session": session(country_code="")},
     {"visitor": {"id": "1.1", "name": "Bob Stone", "country": "Japan", "ip": "203.0.113.7"}}),
    ({"session": None, "visitor": None}, {"visitor": {"name": None, "country": None, "ip": None}}),
    ({"history": None}, {"messages": None}), ({"history": []}, {"messages": []}),
    ({"history": None, "visitor": visitor(1, "Rin", notes="VIP")},
     {"messages": None, "visitor": {"id": "1.1", "name": "Rin", "notes": "VIP", "country": "JP", "ip": "203.0.113.7"}}),
    ({"update_timestamp": at(9)}, {"updated_at": at(9)}),
    ({"zendesk_ticket_id": 83, "language": "ja"}, {"zendesk_ticket_id": 83, "vendor_language": "ja"}),
]  # fmt: skip


@pytest.mark.parametrize(("given", "wanted"), FIELDS)
def test_a_field_of_a_chat(given, wanted):
    record = only(chat(1, **given))
    assert {field: record[field] for field in wanted} == wanted


def test_an_offline_message_is_what_the_visitor_asked():
    assert only(OFFLINE)["messages"] == [
        {"at": at(5), "sender_type": "visitor", "sender_name": "Mei Lin", "text": "返金をお願いします"}
    ]


def test_what_is_left_out_is_counted():
    left_out = Counter()
    read({"chats": [FULL, MISSED], "count": 2, "next_page": "", "end_time": 5}, left_out)
    wanted = {
        "count": 1, "end_time": 1, "next_page": 0, "chats[].webpath": 0, "chats[].unread": 2, "chats[].dropped": 0,
        "chats[].department_id": 0, "chats[].agent_ids": 1, "chats[].session.city": 0, "chats[].session.id": 2,
        "chats[].history[].channel": 13, "chats[].history[].msg_id": 6,
        "chats[].history[].tags": 1, "chats[].history[].rating": 0,
    }  # fmt: skip
    assert {path: left_out[path] for path in wanted} == wanted


WRONG = [
    ({"id": []}, "id"), ({"missed": "yes"}, "missed_reason"),
    ({"missed": 1}, "missed_reason"), ({"visitor": "Rin"}, "visitor"), ({"session": [5]}, "session"),
    ({"tags": "vip"}, "tags"), ({"agent_names": "Aoi"}, "operators"),
    ({"department_name": 5}, "department"), ({"history": [5]}, "history"), ({"history": "x"}, "history"),
    ({"history": [item(0, "visitor", 5, "x")]}, "messages[0].sender_name"),
    ({"history": [item(0, "visitor", "Rin", ["x"])]}, "messages[0].text"),
    ({"history": [event(0, "chat.tags", new_tags=[5])]}, "history[1]"), ({"comment": {"a": 1}}, "comment"),
    ({"visitor": visitor(1, "Rin", notes=[5])}, "messages[1].text"),
]  # fmt: skip


def checked(found) -> str | None:
    """The field for which a record is rejected, or which is kept among the other fields."""
    if isinstance(found.record, FieldError):
        return found.record.field
    odd = OddValues()
    reader = RecordReader(TimeReader("UTC"), system=VENDOR.name, odd=odd)
    try:
        (reader.chat if found.kind == "chat" else reader.row)(found.record)
    except FieldError as error:
        return error.field
    return next((example.partition(":")[0] for example in odd.counted.examples), None)


@pytest.mark.parametrize(("given", "field"), WRONG)
def test_a_wrong_type_costs_its_value_or_its_chat_and_no_other(given, field):
    history = [item(0, "visitor", "Rin", "x")]
    (found, other) = read({"chats": [chat(1, **{"history": history, **given}), SPOKEN]})
    assert (checked(found), checked(other)) == (field.removeprefix("messages[0].").removeprefix("messages[1]."), None)


def test_a_record_that_only_names_a_chat_is_rejected():
    error = only({"results": [{"id": "1", "type": "chat", "timestamp": at(0), "preview": "Hi"}]})
    assert (error.field, error.reason) == ("history", "missing")


@pytest.mark.parametrize("answer", FILES.values(), ids=FILES)
def test_every_chat_passes_the_contract(answer):
    assert [checked(found) for found in read(answer)] == [None] * len(read(answer))


SCALARS = st.none() | st.booleans() | st.integers(-2, 9**14) | st.floats() | st.text(max_size=6) | st.just("agent:7")
NAMES = st.sampled_from(
    ["id", "history", "visitor", "type", "timestamp", "chats", "docs", "results", "nick", "msg", "name"]
)
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4))


def places(value, path=()):
    """The paths of all values inside a value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in inside:
        yield (*path, key)
        yield from places(inner, (*path, key))


def changed(answer, path, value):
    answer = copy.deepcopy(answer)
    place = answer
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return answer


PLACES = [(name, path) for name, answer in FILES.items() for path in places(answer)]


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(PLACES), JSON, st.dictionaries(NAMES, JSON, max_size=4))
def test_no_answer_breaks_the_reader(place, value, stranger):
    answer = changed(FILES[place[0]], place[1], value)
    for tried in (answer, stranger):
        VENDOR.recognise(tried)
        found = read(tried)
        for one in found:
            checked(one)
        lists = [tried[field] for field in LISTS if field in tried]
        if lists and all(isinstance(items, list | dict) for items in lists):
            assert len(found) == sum(map(len, lists))
