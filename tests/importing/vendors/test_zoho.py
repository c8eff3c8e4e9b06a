"""What is read of Zoho SalesIQ's answers, and that no answer whatsoever breaks the reader."""

import copy
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.importing.problems import FieldError
from lib.importing.records.reader import RecordReader
from lib.importing.records.set_aside import OddValues
from lib.importing.records.times import TimeReader
from lib.importing.vendors.zoho import VENDOR
from tests.importing.vendors.zoho_answers import (
    AOI,
    BEN,
    BOT,
    CEM,
    CONVERSATIONS,
    FILES,
    HELPER,
    LABEL,
    OPERATOR,
    UNATTENDED,
    V1,
    VISITOR,
    at,
    conversation,
    message,
    page,
    without,
)

FIRST, SAID = CONVERSATIONS[0], message(1, 0, VISITOR, "Hello")


def read(answer, left_out=None):
    return list(VENDOR.read(answer, Counter() if left_out is None else left_out))


def only(answer):
    (found,) = read(answer)
    return found.record


def chat(key="closed", status="closed", **more):
    return only(conversation(1, key, status, **more))


def said(sender=VISITOR, text="Hello", **more):
    return only(page(1, message(2, 0, sender, text, **more)))


SHAPES = [
    (FILES["conversations.json"], "data[].chat_status", ["chat"] * 12),
    (FILES["conversation.json"], "data.chat_status", ["chat"]), (FIRST, "chat_status", ["chat"]),
    ({"data": [FIRST]}, "data[].chat_status", ["chat"]),
    ({"data": [None, FIRST, 5]}, "data[].chat_status", ["chat"] * 3),
    ({"data": [{"attender": AOI, "question": "Hi"}]}, "data[].attender", ["chat"]),
    (FILES["chats.json"], "data[].chatinitiated_time", ["chat"] * 4), (V1, "chatinitiated_time", ["chat"]),
    ({"data": V1}, "data.chatinitiated_time", ["chat"]),
    (FILES["messages_4.json"], "data[].sequence_id", ["message"] * 2), (SAID, "sequence_id", ["message"]),
    (page(1, SAID, 5, {}), "data[].sequence_id", ["message"] * 3), (page(1, {"x": 1}), "url", ["message"]),
    (page(1), "url", []), ({"url": "/api/v2/acme/conversations", "object": "list", "data": []}, "url", []),
    ({"url": "https://salesiq.example.com/api/v1/acme/chats?limit=9", "data": None}, "url", []),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "evidence", "kinds"), SHAPES)
def test_each_shape_is_recognised_and_read(answer, evidence, kinds):
    assert VENDOR.recognise(answer) == evidence
    assert [found.kind for found in read(answer)] == kinds


@pytest.mark.parametrize(
    "answer",
    [
        {}, {"data": []}, {"data": {}}, {"data": 5}, {"data": [5]}, {"url": "/api/v2/acme/conversations"},
        {"url": "/api/v2/acme/visitors", "object": "list", "data": [{"id": "1", "name": "Aoi"}]},
        {"data": [{"chatinitiated_time": at(0), "visitor_name": "Tom", "question": "Hi"}, {"sender": "1", "msg": "x"}]},
        {"id": "7", "started_at": at(0), "status": "open", "messages": [{"sender_type": "visitor", "text": "x"}]},
        {"chat_id": "7", "sender_type": "visitor", "text": "x"},
        {"chats": [{"id": "1", "type": "chat", "timestamp": "2025-03-03T09:00:00Z", "history": [], "visitor": {}}]},
        {"chats": [{"id": "1", "users": [], "thread": {"id": "2", "events": []}}], "found_chats": 1},
        {"data": {"meta": {}, "payload": [{"id": 1, "inbox_id": 2, "meta": {"sender": {}}, "timestamp": 1}]}},
        {"type": "conversation.list", "conversations": [{"type": "conversation", "id": "1", "source": {}}]},
        {"rooms": [{"_id": "1", "t": "l", "v": {}}]}, {"messages": [{"_id": "1", "rid": "2", "msg": ""}]},
    ],
)  # fmt: skip
def test_other_answers_are_not_recognised(answer):
    assert VENDOR.recognise(answer) is None


CONNECTED = {"attender": AOI, "attended_time": at(1)}
STATUSES = [
    (chat("missed", missed_time=at(5)), "missed", "vendor_flag"), (chat("missed"), "missed", "vendor_status"),
    (chat("closed", missed_time=at(5)), "missed", "vendor_flag"),
    (chat("connected", "missed"), "missed", "vendor_status"),
    (chat("missed", missed_time="0"), "missed", "vendor_status"), (chat("closed"), "completed", None),
    (chat("x", "end"), "completed", None), (chat("waiting", "open"), "ongoing", None),
    (chat("connected", "open", **CONNECTED), "ongoing", None), (chat("proactive", "x"), "ongoing", None),
    (chat("connected", "open", attended_time=at(9), end_time=at(5)), "reopened", None),
    (chat("connected", "open", attended_time=at(9), missed_time=at(5)), "reopened", None),
    (chat("connected", "open", attended_time=at(9), end_time="-1"), "ongoing", None),
    (chat("closed", "closed", attended_time=at(9), end_time=at(5)), "completed", None),
    (chat("closed", "closed", attended_time=at(9), missed_time=at(5)), "completed", None),
    (chat("limbo", "limbo"), "limbo", None), (chat("limbo", "limbo", end_time=at(5)), "completed", None),
    (chat(chat_status="Missed"), "missed", "vendor_status"),
    (only({**FIRST, "chat_status": None, "status": "Connected", "end_time": None}), "ongoing", None),
    (chat(chat_status=None), None, None), (chat(chat_status=None, end_time=at(5)), "completed", None),
    (only(V1), "completed", None), (only({**UNATTENDED, "missed_time": at(3)}), "missed", "vendor_flag"),
    (only(without(V1, "end_time")), "ongoing", None), (only({**V1, "pickup_time": at(11)}), "reopened", None),
]  # fmt: skip


@pytest.mark.parametrize(("record", "status", "reason"), STATUSES)
def test_the_status_follows_from_states_and_times(record, status, reason):
    assert (record["status"], record.get("missed_reason")) == (status, reason)


FIELDS = [
    ({"end_time": at(5), "missed_time": at(3)}, {"ended_at": at(5)}), ({"missed_time": at(3)}, {"ended_at": at(3)}),
    ({"end_time": "-1", "missed_time": at(3)}, {"ended_at": at(3)}), ({"end_time": 0}, {"ended_at": None}),
    ({"attender": BEN, "participants": [AOI, BEN], "owner": AOI}, {"operators": ["Ben", "Aoi", "Ben", "Aoi"]}),
    ({"attender": HELPER, "participants": [HELPER], "owner": HELPER}, {"operators": []}),
    ({"attender": {"email": "a@example.com"}, "owner": {"id": "9"}}, {"operators": ["a@example.com"]}),
    ({"supervisors": [CEM, HELPER]}, {"supervisors": ["Cem"]}), ({"supervisors": None}, {"supervisors": []}),
    ({"department": "Sales"}, {"department": "Sales"}), ({"department": {"id": "801"}}, {"department": "801"}),
    ({"department": None, "department_name": "Sales"}, {"department": "Sales"}),
    ({"app_name": ""}, {"website": None}), ({"rating": "4"}, {"rating": 4}), ({"rating": 4}, {"rating": 4}),
    ({"rating": "-1"}, {"rating": None}), ({"rating": 0}, {"rating": None}),
    ({"feedback": "Kind"}, {"comment": "Kind"}),
    ({"last_modified_time": at(7)}, {"updated_at": at(7)}), ({"tags": ["vip"]}, {"tags": ["vip"]}),
    ({"mood": "calm", "language": "ja"}, {"mood": "calm", "vendor_language": "ja"}), ({}, {"reference_id": "1"}),
    ({"visitor": None}, {"visitor": {"id": "uv-1", "name": None, "phone": None, "email": None, "country": None,
                                     "ip": None}}),
]  # fmt: skip


@pytest.mark.parametrize(("given", "wanted"), FIELDS)
def test_a_field_of_a_chat(given, wanted):
    record = chat(**given)
    found = {field: record[field] for field in wanted}
    if "operators" in found:
        found["operators"] = [name for name in found["operators"] if name]
    assert found == wanted


WRITERS = [
    (VISITOR, {}, "visitor", None), (OPERATOR, {}, "operator", None), (BOT, {}, "bot", None),
    (BOT, {"sequence_id": "1"}, "bot", True), (VISITOR, {"sequence_id": "1"}, "visitor", None),
    (OPERATOR, {"type": None}, "operator", None), (OPERATOR, {"type": "info"}, "system", None),
    (None, {}, "system", None),
    ({"id": "x", "name": "Who"}, {}, "system", None), ({"name": "Who"}, {}, "system", None),
    (OPERATOR, {"type": "file", "message": {"file": LABEL}}, "operator", None),
]  # fmt: skip


@pytest.mark.parametrize(("sender", "more", "kind", "automatic"), WRITERS)
def test_who_wrote_a_message(sender, more, kind, automatic):
    record = said(sender, **more)
    assert (record["sender_type"], record["automatic"]) == (kind, automatic)


SENT = [
    ({"file": LABEL, "comment": "The label"}, "The label", ("label.pdf", "application/pdf", 48213, LABEL["url"])),
    ({"file": "https://f.example.com/a"}, None, (None, None, None, "https://f.example.com/a")),
    ({"url": "https://f.example.com/a", "name": "a", "size": 5, "type": "x/y"}, None,
     ("a", "x/y", 5, "https://f.example.com/a")),
]  # fmt: skip


@pytest.mark.parametrize(("given", "text", "wanted"), SENT)
def test_a_file_is_an_attachment(given, text, wanted):
    record = said(type="attachment", message=given)
    file = record["attachment"]
    assert (record["text"], (file["name"], file["type"], file["size"], file["url"])) == (text, wanted)


def test_what_else_a_message_holds_is_kept():
    assert said(message={"cards": [1]}, mood="calm")["message"] == {"cards": [1]}
    assert said(mood="calm")["mood"] == "calm"
    assert said(message={"file": LABEL})["message"] == {"pages": 2}
    assert said(message="Hello")["text"] == "Hello"


CHAT_IDS = [
    (page(7, SAID), "19007"),
    ({"url": "https://x.example/api/v2/a/conversations/7/messages?limit=9", "data": [SAID]}, "7"),
    ({"data": [{**SAID, "conversation_id": "8"}]}, "8"), ({"data": [{**SAID, "chat_id": "9"}]}, "9"),
    ({**SAID, "conversation_id": "8", "chat_id": "9"}, "8"), (page(7, {**SAID, "chat_id": "9"}), "19007"),
    (SAID, None), ({"url": "/api/v2/a/conversations", "data": [SAID]}, None),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "wanted"), CHAT_IDS)
def test_a_message_names_its_chat(answer, wanted):
    assert only(answer)["chat_id"] == wanted


def test_what_is_left_out_is_counted():
    left_out = Counter()
    read({"url": "/api/v2/acme/conversations", "object": "list", "page": 1, "data": [FIRST, V1]}, left_out)
    read(page(1, message(1, 0, BOT, "Hi", meta={"a": 1}), SAID), left_out)
    wanted = {
        "object": 2, "page": 1, "url": 0, "data[].status_code": 1, "data[].unread_chats": 1, "data[].notes": 1,
        "data[].last_message_info": 1, "data[].chat_id": 1, "data[].chat_status.id": 1, "data[].chat_status.label": 0,
        "data[].attender.email": 1, "data[].attender.name": 0, "data[].participants[].email": 3,
        "data[].supervisors[].aboutme": 1, "data[].department.id": 1,         "data[].attender_id": 1,
        "data[].meta": 0, "data[].sequence_id": 2, "data[].last_message_time": 2,
    }  # fmt: skip
    assert {path: left_out[path] for path in wanted} == wanted


WRONG = [
    ({"id": True}, "id"), ({"id": None, "chat_id": None}, "id"),
    ({"end_time": []}, "end_time"), ({"missed_time": "soon"}, "missed_time"),
    ({"attended_time": {"a": 1}}, "attended_time"), ({"visitor": "Rin"}, "visitor"),
    ({"participants": "Aoi"}, "participants"), ({"supervisors": {"a": 1}}, "supervisors"),
    ({"attender": {"name": 5}}, "operators[0]"), ({"participants": [5]}, "operators[1]"), ({"tags": "vip"}, "tags"),
    ({"chat_status": {"state_key": 5}}, "chat_status.state_key"), ({"chat_status": 5}, "chat_status.label"),
    ({"question": ["x"]}, "question"),
    ({"visitor": {"name": 5}}, "visitor.name"), ({"app_name": 5}, "website"), ({"department": [5]}, "department"),
]  # fmt: skip
WRONG_MESSAGES = [
    ({"sender": "Rin"}, "sender"), ({"sender": {"id": 5}}, "sender.id"),
    ({"message": 5}, "message"), ({"message": {"text": 5}}, "text"), ({"message": {"file": 5}}, "attachment.url"),
    ({"sender": {"id": "$1", "name": 5}}, "sender_name"), ({"id": []}, "id"),
    ({"message": {"url": "x", "size": "big"}}, "attachment.size"),
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


@pytest.mark.parametrize(("wrong", "field"), WRONG)
def test_a_wrong_type_costs_its_value_or_its_chat_and_no_other(wrong, field):
    found, other = read({"data": [{**conversation(1, "closed"), **wrong}, FIRST]})
    assert (checked(found), checked(other)) == (field.removeprefix("messages[0].").removeprefix("messages[1]."), None)


@pytest.mark.parametrize(("wrong", "field"), WRONG_MESSAGES)
def test_a_wrong_type_costs_its_value_or_its_message_and_no_other(wrong, field):
    found, other = read(page(1, {**message(2, 0, VISITOR, "x"), **wrong}, SAID))
    assert (checked(found), checked(other)) == (field.removeprefix("messages[0].").removeprefix("messages[1]."), None)


@pytest.mark.parametrize("name", FILES)
def test_every_record_passes_the_contract(name):
    answers = FILES[name] if isinstance(FILES[name], list) else [FILES[name]]
    found = [one for answer in answers for one in read(answer)]
    assert [checked(one) for one in found] == [None] * len(found)


SCALARS = st.none() | st.booleans() | st.integers(-2, 9**14) | st.floats() | st.text(max_size=6) | st.just(at(0))
NAMES = st.sampled_from(
    ["id", "data", "url", "visitor", "type", "chat_status", "attender", "sequence_id", "time", "sender", "message"]
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


ANSWERS = [answer for answer in FILES.values() if isinstance(answer, dict)] + [SAID, FIRST, V1]
PLACES = [(number, path) for number, answer in enumerate(ANSWERS) for path in places(answer)]


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(PLACES), JSON, st.dictionaries(NAMES, JSON, max_size=4))
def test_no_answer_breaks_the_reader(place, value, stranger):
    for tried in (changed(ANSWERS[place[0]], place[1], value), stranger):
        VENDOR.recognise(tried)
        found = read(tried)
        for one in found:
            checked(one)
        if isinstance(tried.get("data", [None]), list):
            assert len(found) == len(tried.get("data", [None]))
