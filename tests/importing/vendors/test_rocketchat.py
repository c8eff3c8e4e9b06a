"""What is read of Rocket.Chat's answers, and that no answer whatsoever breaks the reader."""

import copy
from collections import Counter
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.importing.problems import FieldError
from lib.importing.records.reader import RecordReader
from lib.importing.records.times import TimeReader
from lib.importing.vendors.rocketchat import PLACES, VENDOR
from tests.importing.vendors.rocketchat_answers import (
    AYA,
    CONTACT,
    DUMP,
    FILE,
    FILES,
    HISTORY,
    MESSAGE,
    PAGES,
    PICTURE,
    QUOTE,
    RIN,
    RIN_VISITOR,
    ROOMS,
    SERVED,
    SINGLE,
    VISITORS,
    at,
    room,
    said,
)


def read(answer, left_out=None):
    return list(VENDOR.read(answer, Counter() if left_out is None else left_out))


def only(answer):
    (found,) = read(answer)
    return found.record


SHAPES = [
    (ROOMS, "rooms[].v", ["chat"] * 11),
    ({"rooms": ROOMS["rooms"][:1]}, "rooms[].v", ["chat"]),
    (HISTORY, "history[].v", ["chat"]),
    (SINGLE, "room.v", ["chat"]),
    (ROOMS["rooms"][0], "v", ["chat"]),
    (SERVED, "messages[].rid", ["message"] * 11),
    (MESSAGE, "message.rid", ["message"]),
    (PAGES, "pages[].rid", ["message"]),
    (MESSAGE["message"], "rid", ["message"]),
    (RIN_VISITOR, "visitor.visitorEmails", ["visitor"]),
    (VISITORS, "visitors[].visitorEmails", ["visitor"] * 2),
    (CONTACT, "contact.token", ["visitor"]),
    (VISITORS["visitors"][1], "visitorEmails", ["visitor"]),
    (DUMP[0], "v", ["chat"]),
    (DUMP[1], "rid", ["message"]),
    ({"rooms": [], "count": 0, "offset": 0, "total": 0, "success": True}, "rooms[], total", []),
    ({"rooms": ["no object", None, {}, ROOMS["rooms"][0]]}, "rooms[].v", ["chat"] * 4),
]


@pytest.mark.parametrize(("answer", "evidence", "kinds"), SHAPES)
def test_each_shape_is_recognised_and_read(answer, evidence, kinds):
    assert VENDOR.recognise(answer) == evidence
    assert [found.kind for found in read(answer)] == kinds


STRANGERS = [
    {}, {"id": "7", "started_at": 0, "status": "open", "messages": [{"sender_type": "visitor", "text": "x"}]},
    {"chat_id": "7", "sender_type": "visitor", "text": "x"}, {"chats": [{"id": "1", "history": [], "visitor": {}}]},
    {"id": "1", "type": "chat", "history": [{"type": "chat.msg", "nick": "visitor", "msg": "x"}]},
    {"data": [{"id": "1", "chat_status": {}, "attender": {}, "visitor": {}}]}, {"messages": [], "success": True},
    {"data": {"payload": [{"id": 1, "inbox_id": 2, "meta": {"sender": {}}, "messages": []}]}},
    {"type": "conversation.list", "conversations": [{"type": "conversation", "id": "1", "source": {}}]},
    {"chats": [{"id": "1", "users": [], "thread": {"id": "2", "user_ids": [], "events": []}}]}, {"rooms": {}},
    {"rooms": [{"_id": "GENERAL", "t": "c", "name": "general"}]}, {"_id": "1"}, {"visitor": {"id": "1"}},
]  # fmt: skip


@pytest.mark.parametrize("answer", STRANGERS)
def test_other_answers_are_not_recognised(answer):
    assert VENDOR.recognise(answer) is None


def checked(found):
    """A record as the importer takes it; raises FieldError."""
    if isinstance(found.record, FieldError):
        raise found.record
    reader = RecordReader(TimeReader("UTC"))
    return {"chat": reader.chat, "message": reader.row, "visitor": reader.visitor}[found.kind](found.record)


def test_every_record_is_one_of_the_contract():
    answers = [*(answer for answer in FILES.values() if answer is not DUMP), *DUMP]
    assert sum(bool(checked(found)) for answer in answers for found in read(answer)) == 50


ROOM_CASES = [
    (room("R"), {"status": "completed", "operator": "mina", "judged": True, "ended_at": at(9)}),
    (room("R", closed=None), {"status": "ongoing", "ended_at": None}),
    (room("R", closed=None, open=None), {"status": None}),
    (room("R", lm="2026-03-02T01:09:30.000Z"), {"status": "completed"}),
    (room("R", lm=at(11)), {"status": "reopened"}),
    (room("R", open=True), {"status": "reopened"}),
    (room("R", served="rocket.cat"), {"operator": None}),
    (room("R", t="v"), {"judged": False}),
    (room("R", _updatedAt=None), {"updated_at": at(8)}),
    (room("R", source={"type": "sms"}), {"channel": "sms"}),
    (room("R", source={"type": "app", "alias": "LINE", "label": "x"}), {"channel": "app: LINE"}),
    (room("R", source={"type": "widget", "alias": "Shop"}), {"channel": "widget", "source_alias": "Shop"}),
    (room("R", departmentId="d1", department="Orders"), {"department": "Orders"}),
    (room("R", surveyFeedback={"satisfaction": "5"}), {"rating": 5, "comment": None}),
    (room("R", surveyFeedback={"satisfaction": "good"}), {"rating": 5}),
    (room("R", metrics={"response": {"total": 3}}), {"metrics": {"response": {"total": 3}}, "answered": None}),
    (room("R", lastMessage=said("R", 1, "mina", "Hi")), {"messages": None, "lastMessage": None}),
    (room("R", status="queued", language="ja"), {"vendor_language": "ja", "language": None}),
]


@pytest.mark.parametrize(("answer", "expected"), ROOM_CASES)
def test_a_room_is_a_chat(answer, expected):
    record = only(answer)
    assert {name: record.get(name) for name in expected} == expected


NAMES = [
    ({"fname": "Rin"}, "Rin"),
    ({"fname": "Visitor 1700000000000", "v": {"_id": "v", "name": "Rin", "username": "guest-1"}}, "Rin"),
    ({"fname": "guest-1", "v": {"_id": "v", "username": "rin.kato"}}, "rin.kato"),
    ({"fname": None, "v": {"_id": "v", "username": "guest-1"}}, None),
]


@pytest.mark.parametrize(("more", "name"), NAMES)
def test_names_that_the_server_made_up_are_none(more, name):
    assert only(room("R", **more))["visitor"]["name"] == name


def test_a_visitor_goes_with_the_rooms():
    record = only(RIN_VISITOR)
    assert record == {
        "id": RIN, "name": "凛", "email": "rin@example.com", "phone": "+81 3 1234 5678", "ip": "198.51.100.7",
        "visitorEmails": ["rin2@example.com"], "vendor_phone": ["110"], "userAgent": "Browser/1.0",
        "livechatData": {"plan": "gold"},
    }  # fmt: skip
    assert only(ROOMS["rooms"][0])["visitor"]["id"] == RIN
    assert read(VISITORS)[1].record["id"] == AYA


MESSAGES = [
    (said("R", 1, "visitor", "Hi"), {"sender_type": "visitor", "sender_name": None, "text": "Hi"}),
    (said("R", 1, "visitor", "Hi", alias="Rin"), {"sender_type": "visitor", "sender_name": "Rin"}),
    (said("R", 1, "visitor", "Hi", token=None), {"sender_type": "visitor"}),
    (said("R", 1, "mina", "Hi"), {"sender_type": "operator", "sender_name": "mina", "automatic": None}),
    (said("R", 1, "mina", "Hi", private=True), {"sender_type": "note", "text": "Hi"}),
    (said("R", 1, "mina", "Hi", bot={"i": "x"}), {"sender_type": "bot", "automatic": None}),
    (said("R", 1, "bot", "Hi"), {"sender_type": "bot", "sender_name": "helper.bot", "automatic": None}),
    (said("R", 1, "server", "Hi"), {"sender_type": "bot", "automatic": True}),
    (said("R", 1, "mina", "Hi", u=None), {"sender_type": "system"}),
    (said("R", 1, "visitor", "Bye", t="livechat-close"), {"sender_type": "system", "text": "livechat-close: Bye"}),
    (said("R", 1, "mina", "", t="omnichannel_placed_chat_on_hold", comment="later"),
     {"sender_type": "system", "text": "omnichannel_placed_chat_on_hold", "comment": "later"}),
    (said("R", 1, "mina", "secret", t="rm", files=[{"name": "a.png"}]), {"sender_type": "system", "text": None}),
    (said("R", 1, "mina", "", attachments=[QUOTE]), {"text": None, "attachment": None}),
    (said("R", 1, "mina", "Look", attachments=[PICTURE]),
     {"text": "Look\n割れています", "attachment": {"name": "a.png", "type": "image/png", "size": 2048,
                                               "url": "/file-upload/f1/a.png"}}),
    (said("R", 1, "mina", "", file={"_id": "f", "name": "c.txt", "type": "text/plain"}),
     {"attachment": {"name": "c.txt", "type": "text/plain", "size": None, "url": None}}),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "expected"), MESSAGES)
def test_a_message(answer, expected):
    record = only(answer)
    assert {name: record.get(name) for name in expected} == expected
    assert (record["id"], record["chat_id"], record["at"]) == ("R-01", "R", at(1))


def test_each_further_file_is_a_message_of_its_own():
    first, second = (found.record for found in read(said("R", 1, "visitor", "", attachments=[PICTURE, FILE])))
    assert (second["id"], second["chat_id"], second["at"]) == ("R-01#2", "R", at(1))
    assert (second["sender_type"], second["attachment"]["name"]) == ("visitor", "b.pdf")
    assert first["attachment"]["name"] == "a.png"


def test_values_of_a_database_dump_are_unwrapped():
    chat, first, second = (only(record) for record in DUMP)
    assert chat["id"] == first["chat_id"] == second["chat_id"] == "65f0c0ffee0000000000000b"
    assert (chat["started_at"], chat["ended_at"]) == (at(0), 1772413740000)
    assert chat["visitor"]["id"] == only(CONTACT)["id"]
    assert second["attachment"]["size"] == 12


def test_what_is_left_out_is_counted():
    left_out = Counter()
    read({"rooms": ROOMS["rooms"][:1], "total": 1, "offset": 0}, left_out)
    read({"messages": SERVED["messages"][2:7]}, left_out)
    assert left_out == {
        "total": 1, "offset": 1, "rooms[].v.token": 1, "rooms[].v.status": 1,
        "rooms[].usersCount": 1, "rooms[].lastMessage": 1, "rooms[].source.id": 1,
        "rooms[].servedBy._id": 1, "messages[].md": 5, "messages[]._updatedAt": 5,
        "messages[].editedAt": 1, "messages[].editedBy": 1, "messages[].u._id": 5, "messages[].u.name": 4,
        "messages[].msg": 1, "messages[].attachments": 1, "messages[].attachments[].text": 1,
        "messages[].attachments[].author_name": 1, "messages[].attachments[].message_link": 1,
        "messages[].attachments[].type": 2, "messages[].attachments[].title_link_download": 1,
    }  # fmt: skip


BAD = [
    ({"_id": "R"}, "t", "missing"), (room("R", t="c"), "t", "bad_choice"), (room("R", t=[]), "t", "wrong_type"),
    (room("R", v=5), "v", "wrong_type"), (room("R", servedBy="mina"), "servedBy", "wrong_type"),
    (room("R", open="yes"), "open", "wrong_type"), (room("R", lm="soon"), "lm", "bad_time"),
    (room("R", source={"type": 5}), "source.type", "wrong_type"), ({"visitor": "Rin"}, None, "not_object"),
    ({"visitor": {"_id": "v", "phone": "110"}}, "phone", "wrong_type"), ({"rooms": [5]}, None, "not_object"),
    (said("R", 1, "mina", {}), "msg", "wrong_type"), (said("R", 1, "mina", "", t=5), "t", "wrong_type"),
    (said("R", 1, "mina", "", files={}), "files", "wrong_type"),
    (said("R", 1, "mina", "", u={"username": 5}), "u.username", "wrong_type"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "path", "reason"), BAD)
def test_a_wrong_type_rejects_its_record(answer, path, reason):
    error = only(answer)
    assert isinstance(error, FieldError)
    assert (error.field, error.reason) == (path, reason)


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
FIELDS = st.sampled_from(["_id", "t", "v", "u", "rid", "ts", "msg", "file", "attachments", "$date", "$oid", "x"])
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS, inner, max_size=3), max_leaves=6
)


@st.composite
def spoilt(draw):
    """An answer of which something was replaced by anything."""
    answer = copy.deepcopy(draw(st.sampled_from([answer for answer in FILES.values() if answer is not DUMP] + DUMP)))
    for _ in range(draw(st.integers(1, 3))):
        place = answer
        for _ in range(draw(st.integers(0, 5))):
            values = place.values() if isinstance(place, dict) else place
            inner = [item for item in values if item and isinstance(item, dict | list)]
            if not inner:
                break
            place = draw(st.sampled_from(inner))
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if keys:
            place[draw(st.sampled_from(keys))] = draw(ANYTHING)
    return answer


@settings(max_examples=150, deadline=None)
@given(spoilt() | st.dictionaries(FIELDS | st.sampled_from(sorted(PLACES)), ANYTHING, max_size=4))
def test_nothing_breaks_the_reader(answer):
    assert VENDOR.recognise(answer) is None or isinstance(VENDOR.recognise(answer), str)
    found = read(answer)
    for item in found:
        with suppress(FieldError):
            checked(item)
    if "_id" not in answer:
        lists = [answer[name] for name in PLACES if isinstance(answer.get(name), list)]
        assert len(found) >= sum(map(len, lists))
    else:
        assert found
