"""What is read of Chatwoot's answers, and that no answer whatsoever breaks the reader."""

import copy
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.importing.problems import FieldError
from lib.importing.records.reader import RecordReader
from lib.importing.records.times import TimeReader
from lib.importing.vendors.chatwoot import VENDOR
from lib.importing.vendors.chatwoot.messages import read_message
from tests.importing.vendors.chatwoot_answers import (
    AOI_SENDS,
    BOB,
    BOT,
    CONVERSATIONS,
    CSAT,
    FILES,
    PICTURES,
    RIN,
    contact,
    conversation,
    message,
    page,
    user,
)

FIRST = CONVERSATIONS[0]


def read(answer, left_out=None):
    return list(VENDOR.read(answer, Counter() if left_out is None else left_out))


def only(answer):
    (found,) = read(answer)
    return found.record


def chat(status="open", **more):
    return only(conversation(1, status, BOB, **more))


def said(kind, content="text", **more):
    return only(message(5, 0, kind, content, **more))


SHAPES = [
    (FILES["conversations.json"], "data.payload[].inbox_id", ["chat"] * 14),
    ({"data": {"payload": [FIRST]}}, "data.payload[].inbox_id", ["chat"]),
    ({"meta": {"all_count": 1}, "payload": [FIRST]}, "payload[].inbox_id", ["chat"]),
    (FIRST, "inbox_id", ["chat"]),
    (FILES["messages_110.json"], "payload[].message_type", ["message"] * 2),
    ({"payload": FILES["messages_110.json"]["payload"][:1]}, "payload[].message_type", ["message"]),
    (FILES["webhook_messages.json"][0], "message_type", ["message"]),
    (FILES["contacts.json"], "payload[].phone_number", ["visitor"] * 2),
    (FILES["contact.json"], "payload[].phone_number", ["visitor"]),
    (RIN, "phone_number", ["visitor"]),
    ({"meta": {}, "payload": ["no object", FIRST, None, {}]}, "payload[].inbox_id", ["chat"] * 4),
]


@pytest.mark.parametrize(("answer", "evidence", "kinds"), SHAPES)
def test_each_shape_is_recognised_and_read(answer, evidence, kinds):
    assert VENDOR.recognise(answer) == evidence
    assert [found.kind for found in read(answer)] == kinds


@pytest.mark.parametrize(
    "answer",
    [
        {}, {"id": "7", "started_at": 0, "status": "open", "messages": [{"sender_type": "visitor", "text": "x"}]},
        {"chat_id": "7", "sender_type": "visitor", "text": "x"}, {"data": []}, {"data": {}}, {"payload": {}},
        {"payload": "x"}, {"data": [{"id": "1", "chat_status": {}, "attender": {}, "visitor": {}}]},
        {"chats": [{"id": "1", "history": [], "visitor": {}}]}, {"chats": [{"id": "1", "thread": {"events": []}}]},
        {"type": "conversation.list", "conversations": [{"type": "conversation", "id": "1", "source": {}}]},
        {"rooms": [{"_id": "1", "t": "l", "v": {}, "status": "taken"}]},
        {"messages": [{"_id": "1", "rid": "2", "msg": ""}]},
    ],
)  # fmt: skip
def test_other_answers_are_not_recognised(answer):
    assert VENDOR.recognise(answer) is None


@pytest.mark.parametrize(
    "answer",
    [
        {}, {"payload": []}, {"meta": {"all_count": 0}, "payload": None}, {"data": {"meta": {}, "payload": []}},
        {"data": {"meta": {"all_count": 3}}}, {"meta": {"count": 3}},
    ],
)  # fmt: skip
def test_nothing_is_found_in_an_empty_list_or_beside_a_list(answer):
    assert read(answer) == []


WRITERS = [
    ((0, {}), ("visitor", None)), (("incoming", {}), ("visitor", None)), (("0", {}), ("visitor", None)),
    ((1, AOI_SENDS), ("operator", None)), (("outgoing", {"sender_type": "User"}), ("operator", None)),
    ((1, {"sender": {"name": "Old Shape"}}), ("operator", None)), ((1, {"sender": BOT}), ("bot", None)),
    ((1, {"sender_type": "AgentBot"}), ("bot", None)), ((1, {"sender_type": "Captain::Assistant"}), ("bot", None)),
    ((1, {}), ("bot", None)), ((1, {"content_attributes": {"external_echo": True}}), ("operator", None)),
    ((1, {"content_attributes": {"automation_rule_id": 1}, **AOI_SENDS}), ("bot", True)),
    ((1, {"additional_attributes": {"campaign_id": 1}, **AOI_SENDS}), ("bot", True)),
    ((2, {}), ("system", None)), (("activity", {}), ("system", None)), ((3, {}), ("bot", True)),
    (("template", {}), ("bot", True)), ((1, {"private": True, **AOI_SENDS}), ("note", None)),
    ((1, {"private": True}), ("note", None)),
]  # fmt: skip


@pytest.mark.parametrize(("given", "wanted"), WRITERS)
def test_who_wrote_a_message(given, wanted):
    kind, more = given
    record = said(kind, **more)
    assert (record["sender_type"], record.get("automatic")) == wanted


STATUSES = [
    ("open", "ongoing", None), ("pending", "ongoing", None), ("snoozed", "ongoing", None),
    ("resolved", "completed", 1_740_994_200), ("archived", "archived", None), (None, None, None),
]  # fmt: skip


@pytest.mark.parametrize(("status", "wanted", "ended_at"), STATUSES)
def test_the_state_of_a_conversation(status, wanted, ended_at):
    record = chat(status)
    assert (record["status"], record["ended_at"]) == (wanted, ended_at)


TOLD = [
    ((2, "Conversation was marked resolved by Aoi"), {"event": "closed"}),
    ((2, "Conversation was resolved by Rin"), {"event": "closed"}),
    ((2, "システムにより解決済みにされました"), {"event": "closed"}),
    ((2, "Rin によって会話が解決されました"), {"event": "closed"}),
    ((2, "Aoi added resolved"), None), ((2, "Assigned to Aoi by Ben"), None),
    ((0, "Conversation was marked resolved by Aoi"), None),
    ((2, "System reopened the conversation due to a new incoming message."), {"event": "reopened"}),
    ((2, "Aoi によって会話が再開されました"), {"event": "reopened"}),
]  # fmt: skip


@pytest.mark.parametrize(("given", "wanted"), TOLD)
def test_what_a_message_tells_of_its_chat(given, wanted):
    kind, words = given
    assert said(kind, content=words)["tells"] == wanted


def test_a_campaign_and_an_answered_survey_tell_of_their_chat():
    assert said(1, additional_attributes={"campaign_id": 1})["tells"] == {"event": "campaign"}
    assert said(3, content_attributes=CSAT)["tells"] == {"rating": 4, "comment": "とても親切でした"}
    assert said(3, content_attributes={"submitted_values": [{"title": "Yes"}]})["tells"] is None


FACTS = [
    ({"first_reply_created_at": 0}, {"answered": None, "wait_s": None, "judged": True}),
    ({"first_reply_created_at": 1_740_992_490}, {"answered": True, "wait_s": 90.0}),
    ({"first_reply_created_at": "2025-03-03T09:00:01.5Z"}, {"answered": True, "wait_s": 1.5}),
    ({"meta": {"assignee": user("Aoi")}}, {"operator": "Aoi"}),
    ({"meta": {"assignee": {"available_name": "Aoi"}, "assignee_type": "User"}}, {"operator": "Aoi"}),
    ({"meta": {"assignee": BOT, "assignee_type": "AgentBot"}}, {"operator": None}),
    ({"meta": {"channel": "Channel::FacebookPage"}}, {"channel": "FacebookPage"}),
    ({"meta": {"channel": None}, "channel": "Channel::Email"}, {"channel": "Email"}),
    ({"inbox_id": None}, {"id": "1"}), ({"id": "8", "inbox_id": "4"}, {"id": "4-8"}),
    ({"updated_at": None}, {"updated_at": 1_740_994_200}),
    ({"updated_at": None, "last_activity_at": None, "timestamp": 1_740_994_000}, {"updated_at": 1_740_994_000}),
    ({"additional_attributes": {"referer": "no address", "conversation_language": "ja"}},
     {"website": None, "page_url": "no address", "additional_attributes": {"conversation_language": "ja"}}),
    ({"messages": [], "last_non_activity_message": None}, {"messages": None}),
    ({"vendor": 1, "judged": 2}, {"vendor": 1, "vendor_judged": 2, "judged": True}),
]  # fmt: skip


@pytest.mark.parametrize(("given", "wanted"), FACTS)
def test_facts_of_a_conversation(given, wanted):
    record = chat(**given)
    assert {field: record.get(field) for field in wanted} == wanted


def test_the_last_message_comes_once():
    last, end = message(4, 0, 0, "Hello"), message(5, 1, 2, "Assigned")
    assert [entry["id"] for entry in chat(messages=[last], last_non_activity_message=last)["messages"]] == ["4"]
    assert [entry["id"] for entry in chat(messages=[end], last_non_activity_message=last)["messages"]] == ["4", "5"]


def test_messages_of_pages_and_lists_meet():
    listed = read(FILES["conversations.json"])[0].record
    paged = [found.record for found in read(FILES["messages_101.json"])]
    assert {record["chat_id"] for record in paged} == {listed["id"]} == {"3-101"}
    assert listed["messages"][0]["id"] == paged[-1]["id"]
    assert said(0, inbox_id=None)["chat_id"] == "101"


def test_each_further_file_is_an_entry_of_its_own():
    first, second = (found.record for found in read(message(3, 1, 1, "Look", attachments=PICTURES)))
    assert (first["id"], first["text"], second["id"], second.get("text")) == ("3", "Look", "3#2", None)
    assert first["attachment"] == {
        "name": "a b.png", "type": "image", "size": 2048, "url": "https://f.example.com/a%20b.png?x=1",
    }  # fmt: skip
    assert second["attachment"] == {
        "name": "Tokyo Station", "type": "location", "size": None, "url": None, "coordinates_lat": 35.6,
        "coordinates_long": 139.7,
    }  # fmt: skip
    assert [record["chat_id"] for record in (first, second)] == ["3-101", "3-101"]


VISITORS = [
    (contact(1, "long-flower-143"), {"name": None}), (contact(1, "Visitor 77"), {"name": None}),
    (contact(1, "Mary-Ann"), {"name": "Mary-Ann"}), (contact(1, "x", email=""), {"email": ""}),
    (contact(1, "x", phone_number="+81"), {"phone": "+81"}),
    (contact(1, "x", additional_attributes={"country": "Japan"}), {"country": "Japan"}),
    (contact(1, "x", additional_attributes={"country": "Japan", "country_code": "JP"}), {"country": "JP"}),
    (contact(1, "x", additional_attributes={"created_at_ip": "::1"}), {"ip": "::1"}),
]  # fmt: skip


@pytest.mark.parametrize(("given", "wanted"), VISITORS)
def test_a_contact_is_a_visitor_and_the_same_in_a_conversation(given, wanted):
    visitor = only(given)
    assert {field: visitor[field] for field in wanted} == wanted
    assert visitor.pop("account") is None
    assert only(conversation(1, "open", given))["visitor"] == visitor


def test_what_is_not_taken_over_is_counted():
    left_out = Counter()
    read(FILES["conversations.json"], left_out)
    assert (left_out["data.meta"], left_out["data.payload[].uuid"]) == (1, 14)
    assert left_out["data.payload[].meta.assignee_type"] == 2
    assert left_out["data.payload[].messages[].status"] == 6
    read(page(1, message(1, 0, 1, "x", attachments=PICTURES, **AOI_SENDS)), left_out := Counter())
    assert left_out["payload[].attachments[].thumb_url"] == left_out["meta"] == 1
    assert left_out["payload[].sender.id"] == 1
    assert not any("agent_last_seen_at" in path for path in left_out)  # 0 is no value


WRONG = [
    ({**FIRST, "meta": "x"}, "meta", "wrong_type"), ({**FIRST, "id": None}, "id", "missing"),
    ({**FIRST, "id": ["x"]}, "id", "wrong_type"),
    ({**FIRST, "inbox_id": {}}, "inbox_id", "wrong_type"), ({**FIRST, "messages": {}}, "messages", "wrong_type"),
    ({**FIRST, "messages": [5]}, "messages[0]", "wrong_type"),
    ({**FIRST, "messages": [message(None, 0, 0, "x")]}, "messages[0].id", "missing"),
    ({**FIRST, "first_reply_created_at": "soon"}, "first_reply_created_at", "bad_time"),
    (message(1, 0, 0, "x", conversation_id=None), "conversation_id", "missing"),
    (message(1, 0, 0, "x", content_attributes=[]), "content_attributes", "wrong_type"),
    ({"payload": [message(1, 0, 0, "x"), "x"]}, None, "not_object"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "field", "reason"), WRONG)
def test_what_cannot_be_read_is_told(answer, field, reason):
    error = read(answer)[-1].record
    assert isinstance(error, FieldError)
    assert (error.field, error.reason) == (field, reason)


def test_an_unknown_kind_of_message_is_told():
    with pytest.raises(FieldError) as problem:
        RecordReader(TimeReader("UTC")).row(said(9))
    assert (problem.value.field, problem.value.reason) == ("sender_type", "missing")


def taken(found):
    """Whether our own format takes the record; whatever is wrong with it must be a FieldError."""
    reader = RecordReader(TimeReader("UTC"))
    checks = {"chat": lambda chat: (reader.rows_of(chat), reader.chat(chat)), "message": reader.row}
    try:
        checks.get(found.kind, reader.visitor)(found.record)
    except FieldError:
        return False
    return True


ANSWERS = [answer for file in FILES.values() for answer in (file if isinstance(file, list) else [file])]


def test_our_own_format_takes_every_record():
    assert all(taken(found) for answer in ANSWERS for found in read(answer))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def places(value, path=()):
    """The paths of all values inside a value."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        yield (*path, key)
        yield from places(member, (*path, key))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_answer_breaks_the_reader(data):
    answer = copy.deepcopy(data.draw(st.sampled_from(ANSWERS)))
    for _ in range(data.draw(st.integers(1, 3))):
        *path, last = data.draw(st.sampled_from(list(places(answer))))
        place = answer
        for key in path:
            place = place[key]
        place[last] = data.draw(JSON)
    VENDOR.recognise(answer)
    elements = answer.get("data", answer)
    elements = elements.get("payload") if isinstance(elements, dict) else None
    found = read(answer)
    assert all(isinstance(item.record, FieldError) or isinstance(taken(item), bool) for item in found)
    if isinstance(elements, list):
        # Only a message with several files is found more than once.
        assert {id(element) for element in elements} == {id(item.raw) for item in found}
        assert len(found) == len(elements) or any(item.kind == "message" for item in found)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(["data", "payload", "meta", "id", "inbox_id", "status", "message_type"]), JSON))
def test_no_object_breaks_the_reader(answer):
    VENDOR.recognise(answer)
    assert all(item.kind in ("chat", "message", "visitor") for item in read(answer))


ACTIVITIES = [
    ("Conversation was resolved by Aoi", "closed"),
    ("Conversation was marked resolved by system due to 15 minutes of inactivity", "closed"),
    ("La conversación fue marcada por Aoi como resuelta", "closed"),
    ("Das Gespräch wurde von Aoi gelöst", "closed"),
    ("Aoiによって会話は解決済みになりました", "closed"),
    ("대화를 해결했습니다", "closed"),
    ("La conversation a été ré-ouverte par Aoi", "reopened"),
    ("Aoi님이 대화를 다시 열었습니다", "reopened"),
    ("对话被 Aoi 重新打开", "reopened"),
    ("Conversation was marked open by Captain", None),
    ("Conversation was marked as pending by Aoi", None),
    ("Conversation was snoozed by Aoi", None),
]


@pytest.mark.parametrize(("words", "event"), ACTIVITIES)
def test_an_activity_tells_in_any_language_that_a_conversation_was_closed(words, event):
    (row,) = read_message(Counter(), "", {"id": 1, "content": words, "message_type": 2, "created_at": 1})
    assert (row["tells"] or {}).get("event") == event
