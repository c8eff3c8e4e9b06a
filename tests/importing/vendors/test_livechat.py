"""What is read of LiveChat's answers, and that no answer whatsoever breaks the reader."""

import copy
from collections import Counter
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.importing.problems import FieldError
from lib.importing.records.reader import RecordReader
from lib.importing.records.times import TimeReader
from lib.importing.vendors.livechat import LISTS, VENDOR
from tests.importing.vendors.livechat_answers import (
    AGENTS,
    ARCHIVES,
    AYA_CUSTOMER,
    BOT,
    CUSTOMERS,
    FILES,
    FLAGGED,
    KENTO,
    LEGACY,
    MINA,
    RIN_USER,
    SAMPLE,
    SINGLE,
    SUMMARIES,
    THREADS,
    at,
    chat,
    event,
    field,
    form,
    legacy,
    said,
    thread,
    welcome,
)

SERVED = ARCHIVES["chats"][0]


def read(answer, left_out=None):
    return list(VENDOR.read(answer, Counter() if left_out is None else left_out))


def only(answer):
    (found,) = read(answer)
    return found.record


def chat_with(*events, users=(KENTO, MINA), **more):
    return only(chat("C", thread("T", list(users), list(events), **more)))


def entry(event_given):
    return chat_with(event_given)["messages"][0]


SHAPES = [
    (ARCHIVES, "chats[].thread", ["chat"] * 11),
    ({"chats": [SERVED]}, "chats[].thread", ["chat"]),
    (SERVED, "thread", ["chat"]),
    (SINGLE, "thread", ["chat"]),
    (SAMPLE, "chats[].threads", ["chat"] * 2),
    (SAMPLE["chats"][0], "threads[].user_ids", ["chat"] * 2),
    ({"id": "C_SAMPLE", "threads": SAMPLE["chats"][0]["threads"][:1]}, "threads[].user_ids", ["chat"]),
    (THREADS, "threads[].user_ids", ["chat"]),
    (THREADS["threads"][0], "user_ids", ["chat"]),
    (SUMMARIES, "chats_summary[].last_thread_summary", ["chat"] * 3),
    ({"chats_info": [SUMMARIES["chats_summary"][2]]}, "chats_info[].last_thread_info", ["chat"]),
    (SUMMARIES["chats_summary"][0], "last_thread_summary", ["chat"]),
    (AYA_CUSTOMER, "type = customer", ["visitor"]),
    (CUSTOMERS, "customers[].type = customer", ["visitor"]),
    (LEGACY, "chats[].started_timestamp", ["chat"] * 3),
    (LEGACY["chats"][0], "started_timestamp", ["chat"]),
    ({"chats": [], "found_chats": 0}, "found_chats", []),
    ({"threads": [], "found_threads": 0}, "found_threads", []),
    ({"chats": ["no object", None, {}, SERVED]}, "chats[].thread", ["chat"] * 4),
]


@pytest.mark.parametrize(("answer", "evidence", "kinds"), SHAPES)
def test_each_shape_is_recognised_and_read(answer, evidence, kinds):
    assert VENDOR.recognise(answer) == evidence
    assert [found.kind for found in read(answer)] == kinds


STRANGERS = [
    {}, {"id": "7", "started_at": 0, "status": "open", "messages": [{"sender_type": "visitor", "text": "x"}]},
    {"id": "7", "visitor": {"id": "1"}, "messages": [], "tags": [], "rating": 5}, {"chats": {}}, {"chats": []},
    {"chat_id": "7", "sender_type": "visitor", "text": "x"}, {"chats": [{"id": "1", "history": [], "visitor": {}}]},
    {"docs": {"1": {"id": "1", "history": []}}}, {"id": "1", "type": "chat", "timestamp": "2026", "history": []},
    {"data": [{"id": "1", "chat_status": {}, "attender": {}, "visitor": {}}]}, {"threads": [{"id": "1"}]},
    {"data": {"payload": [{"id": 1, "inbox_id": 2, "meta": {"sender": {}}, "messages": []}]}},
    {"type": "conversation.list", "conversations": [{"type": "conversation", "id": "1", "source": {}}]},
    {"rooms": [{"_id": "1", "t": "l", "v": {}}]}, {"customers": [{"id": 1, "email": "a@example.com"}]},
    {"id": "1", "type": "customer", "name": "A"}, {"thread": {"id": "1"}}, {"user_ids": ["a"]},
]  # fmt: skip


@pytest.mark.parametrize("answer", STRANGERS)
def test_other_answers_are_not_recognised(answer):
    assert VENDOR.recognise(answer) is None


def checked(found):
    """A record as the importer takes it; raises FieldError."""
    if isinstance(found.record, FieldError):
        raise found.record
    reader = RecordReader(TimeReader("UTC"))
    return {"chat": reader.chat, "visitor": reader.visitor}[found.kind](found.record)


def test_every_record_is_one_of_the_contract():
    assert sum(bool(checked(found)) for answer in FILES.values() for found in read(answer)) == 23


def test_a_thread_is_a_chat_and_remembers_its_vendors_chat():
    first, again = (found.record for found in read(ARCHIVES)[:2])
    assert [(record["id"], record["chat.id"]) for record in (first, again)] == [
        ("T_SERVED", "C_RIN"), ("T_AGAIN", "C_RIN"),
    ]  # fmt: skip
    assert again["thread.previous_thread_id"] == "T_SERVED"
    assert first["thread.properties"] == {
        "routing.idle": False, "routing.referrer": "https://search.example.com/", "source.client_id": "widget-1",
    }  # fmt: skip
    assert first["updated_at"] == first["ended_at"] == at(9)
    assert only(SINGLE)["chat.mood"] == "good"


HUMAN, VISITOR, MACHINE = event(2, MINA, "Hello"), event(1, KENTO, "Hi"), event(2, BOT, "Hello")
VERDICTS = [
    ({}, [VISITOR, HUMAN], ("completed", None)),
    ({"previous_thread_id": "T0"}, [VISITOR, HUMAN], ("reopened", None)),
    ({"active": True, "previous_thread_id": "T0", "properties": FLAGGED}, [VISITOR], ("ongoing", None)),
    ({"active": None}, [VISITOR], ("missed", "no_human_reply")),
    ({}, [], ("missed", "no_human_reply")),
    ({}, [VISITOR, welcome(2)], ("missed", "no_human_reply")),
    ({}, [VISITOR, MACHINE], ("completed", None)),
    ({}, [VISITOR, event(2, MINA, "only for us", visibility="agents")], ("missed", "no_human_reply")),
    ({}, [VISITOR, event(2, MINA, type="file", name="a.png")], ("completed", None)),
    ({"properties": FLAGGED}, [VISITOR, MACHINE, HUMAN], ("missed", "vendor_flag")),
    ({"properties": {"routing": {"offline_message": True, "unreplied": True}}}, [], ("missed", "offline_form")),
    ({"properties": {"routing": {"unreplied": False}}}, [VISITOR, HUMAN], ("completed", None)),
    ({"restricted_access": "plan_limit"}, [VISITOR], ("inactive", None)),
    ({"restricted_access": "plan_limit", "properties": FLAGGED}, [], ("missed", "vendor_flag")),
]


@pytest.mark.parametrize(("more", "events", "verdict"), VERDICTS)
def test_the_status_and_why_a_chat_counts_as_missed(more, events, verdict):
    record = chat_with(*events, **more)
    assert (record.get("status"), record.get("missed_reason")) == verdict
    assert (record["messages"] is None) == ("restricted_access" in more)


def test_a_summary_has_no_transcript():
    record = read(SUMMARIES)[1].record
    assert (record["messages"], record["status"], record["ended_at"]) == (None, "inactive", None)


MESSAGES = [
    (event(1, KENTO, "Hi"), {"sender_type": "visitor", "sender_name": None, "text": "Hi", "automatic": None}),
    (event(1, MINA, "Hi"), {"sender_type": "operator", "sender_name": "Mina Abe", "automatic": None}),
    (event(1, "new@example.com", "Hi"), {"sender_type": "operator", "sender_name": "new@example.com"}),
    (event(1, BOT, "Hi"), {"sender_type": "bot", "sender_name": "Helper", "automatic": None}),
    (welcome(1), {"sender_type": "bot", "sender_name": "Mina Abe", "automatic": True}),
    (event(1, MINA, "Hi", properties={"lc2": {"greeting_id": 7}}), {"sender_type": "bot", "automatic": True}),
    (event(1, MINA, "Hi", visibility="agents"), {"sender_type": "note", "text": "Hi"}),
    (event(1, None, None, type="system_message", system_message_type="archived"),
     {"sender_type": "system", "sender_name": None, "text": "archived"}),
    (event(1, None, type="system", subtype="chat_closed"), {"sender_type": "system", "text": "chat_closed"}),
    (event(1, MINA, "secret", deleted=True), {"sender_type": "system"}),
    (event(1, MINA, type="custom", content={"a": 1}), {"sender_type": "system", "content": {"a": 1}}),
    (event(1, MINA, type="form", fields=[{"label": "Name:"}]), {"sender_type": "system", "text": "Name"}),
    (form(1, KENTO, field("name", "Name:", "Rin"), field("radio", "Plan", {"id": "1", "label": "Gold"}),
          field("checkbox", "", ["a", {"label": "b"}, None])),
     {"sender_type": "visitor", "text": "Name: Rin\nPlan: Gold\na, b"}),
    (event(1, MINA, type="file", name="a.png", url="u", content_type="image/png", size=3, alternative_text="A shoe"),
     {"text": "A shoe", "attachment": {"name": "a.png", "type": "image/png", "size": 3, "url": "u"}}),
    (event(1, KENTO, "Gold", postback={"id": "p"}, properties={"ns": {"a": 1}}),
     {"postback": {"id": "p"}, "event_properties": {"ns.a": 1}}),
]  # fmt: skip


@pytest.mark.parametrize(("given_event", "expected"), MESSAGES)
def test_an_event_is_a_message(given_event, expected):
    found = entry(given_event)
    assert {name: found.get(name) for name in expected} == expected
    assert found["at"] == at(1)
    assert "id" not in found
    assert found.get("text") != "secret"


def test_each_further_picture_is_an_entry_of_its_own():
    rich = ARCHIVES["chats"][6]["thread"]["events"][2]
    first, second = chat_with(rich)["messages"]
    assert first["text"] == "Shoes\nSize 24\n- Buy\nBoots"
    assert [said["attachment"]["url"] for said in (first, second)] == [
        "https://files.example.com/a.png", "https://files.example.com/b.png",
    ]  # fmt: skip
    assert (second["at"], second["sender_type"]) == (first["at"], "bot")


FORMS = [
    (field("email", "E-mail:", "a@example.com"), "email", "a@example.com"),
    (field("question", "メールアドレス", "a@example.com"), "email", "a@example.com"),
    (field("question", "Do you want our e-mails?", "yes"), "email", None),
    (field("question", "電話番号", "03-1234-5678"), "phone", "03-1234-5678"),
    (field("question", "Phone or mail?", "Phone"), "phone", None),
    (field("name", "Wie heißt du?", "Rin"), "name", "Rin"),
    (field("question", "Company name", "Acme"), "name", None),
]


@pytest.mark.parametrize(("filled_in", "detail", "expected"), FORMS)
def test_forms_tell_of_the_visitor(filled_in, detail, expected):
    assert chat_with(form(1, KENTO, filled_in))["visitor"][detail] == expected


def test_a_form_does_not_outweigh_the_record_of_the_visitor():
    record = only(chat("C", thread("T", [], [form(1, RIN_USER["id"], field("name", "", "X"))]), RIN_USER))
    assert record["visitor"]["name"] == "加藤 凛"
    assert record["visitor"]["session_fields"] == [{"plan": "gold"}]


def test_the_title_is_of_the_page_that_the_chat_began_on():
    pages = {"routing": {"start_url": "https://shop.example.com/boots"}}
    record = only(chat("C", thread("T", [], [], properties=pages), RIN_USER))
    assert (record["website"], record["page_title"]) == ("shop.example.com", None)


def test_what_is_left_out_is_counted():
    left_out = Counter()
    read({**ARCHIVES, "chats": ARCHIVES["chats"][:2]}, left_out)
    assert {path: n for path, n in left_out.items() if "users[]" not in path and "geolocation" not in path} == {
        "found_chats": 1, "next_page_id": 1, "chats[].is_followed": 2, "chats[].thread.next_thread_id": 1,
        "chats[].thread.events[].id": 13, "chats[].thread.events[].custom_id": 1, "chats[].thread.events[].deleted": 1,
        "chats[].thread.events[].author_id": 1, "chats[].thread.events[].type": 1,
        "chats[].thread.events[].visibility": 1, "chats[].thread.events[].form_id": 1,
        "chats[].thread.events[].form_type": 1, "chats[].thread.events[].fields[].id": 4,
        "chats[].thread.events[].system_message_type": 3, "chats[].thread.events[].text_vars": 3,
    }  # fmt: skip
    assert left_out["chats[].users[].statistics"] == left_out["chats[].users[].last_visit.user_agent"] == 0


LEGACY_CHATS = [
    (legacy("L", messages=[said(1, "agent", "Hi", welcome_message=True)]), ("missed", "no_human_reply", ["bot"])),
    (legacy("L", messages=[said(1, "supervisor", "Hi")]), ("missed", "no_human_reply", ["note"])),
    (legacy("L", messages=[said(1, "agent", "Hi")]), ("completed", None, ["operator"])),
    (legacy("L", events=[said(1, "agent", "Hi", type="event")], pending=True), ("ongoing", None, ["system"])),
    (legacy("L", messages=[]), ("missed", "no_human_reply", [])),
    (legacy("L"), (None, None, None)),
]


@pytest.mark.parametrize(("answer", "expected"), LEGACY_CHATS)
def test_chats_of_the_older_interface(answer, expected):
    record = only(answer)
    kinds = record["messages"] and [message["sender_type"] for message in record["messages"]]
    assert (record.get("status"), record.get("missed_reason"), kinds or record["messages"]) == expected


BAD = [
    ({"id": "C"}, "thread", "missing"), ({"id": "C", "thread": 5}, "thread", "wrong_type"),
    ({"id": "C", "threads": []}, "thread", "missing"), ({"id": "C", "threads": [7]}, "thread", "wrong_type"),
    (chat("C", thread("T", [], []), users=5), "users", "wrong_type"),
    (chat("C", thread("T", [], [5])), "thread.events[0]", "wrong_type"),
    (chat("C", thread("T", [], [event(1, None, type=[])])), "thread.events[0].type", "wrong_type"),
    (chat("C", thread("T", [], [event(1, None, author_id={})])), "thread.events[0].author_id", "wrong_type"),
    (chat("C", thread("T", [], [], active="yes")), "thread.active", "wrong_type"),
    (chat("C", thread("T", [], [], properties={"routing": {"unreplied": "no"}})),
     "thread.properties.routing.unreplied", "wrong_type"),
    (chat("C", thread("T", [[]], [])), "thread.user_ids[0]", "wrong_type"),
    (legacy("L", messages=[1]), "messages[0]", "wrong_type"),
    (legacy("L", agents={}), "agents", "wrong_type"), ({"chats": [5]}, None, "not_object"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "path", "reason"), BAD)
def test_a_wrong_type_rejects_its_record(answer, path, reason):
    error = only(answer)
    assert isinstance(error, FieldError)
    assert (error.field, error.reason) == (path, reason)


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
NAMES = st.sampled_from(
    ["id", "type", "thread", "events", "users", "user_ids", "properties", "fields", "messages", "x"]
)
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=6
)


@st.composite
def spoilt(draw):
    """An answer of which something was replaced by anything."""
    answer = copy.deepcopy(draw(st.sampled_from(list(FILES.values()))))
    for _ in range(draw(st.integers(1, 3))):
        place = answer
        for _ in range(draw(st.integers(0, 8))):
            inner = [item for item in (place.values() if isinstance(place, dict) else place) if item and
                     isinstance(item, dict | list)]  # fmt: skip
            if not inner:
                break
            place = draw(st.sampled_from(inner))
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if keys:
            place[draw(st.sampled_from(keys))] = draw(ANYTHING)
    return answer


@settings(max_examples=150, deadline=None)
@given(spoilt() | st.dictionaries(NAMES | st.sampled_from(sorted(LISTS)), ANYTHING, max_size=4))
def test_nothing_breaks_the_reader(answer):
    assert VENDOR.recognise(answer) is None or isinstance(VENDOR.recognise(answer), str)
    found = read(answer)
    for item in found:
        with suppress(FieldError):
            checked(item)
    if "id" not in answer:
        lists = [answer[name] for name in LISTS if isinstance(answer.get(name), list)]
        assert len(found) >= sum(map(len, lists))
    else:
        assert found


def test_an_operator_is_called_by_the_mail_address_where_the_name_is_unknown():
    assert chat_with(users=[KENTO, AGENTS[1]["id"], "new@example.com"])["operators"] == [
        "ren@shop.example.com", "new@example.com",
    ]  # fmt: skip
