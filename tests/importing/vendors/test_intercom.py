"""What is read of Intercom's answers, and that no answer whatsoever breaks the reader."""

import copy
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.importing.problems import FieldError
from lib.importing.records.reader import RecordReader
from lib.importing.records.times import TimeReader
from lib.importing.vendors.intercom import VENDOR
from tests.importing.vendors.intercom_answers import (
    AOI,
    BEN,
    BOB,
    FILES,
    LISTED,
    RIN,
    SOLVER,
    WORKFLOW,
    conversation,
    figures,
    part,
    person,
    single,
    source,
    upload,
)

HELLO = source("<p>Hello</p>")


def read(answer, left_out=None):
    return list(VENDOR.read(answer, Counter() if left_out is None else left_out))


def only(answer):
    (found,) = read(answer)
    return found.record


def said(author, body="<p>text</p>", kind="comment", **more):
    """The last message of a conversation that has this part."""
    return only(single(1, "open", HELLO, part(5, 1, author, body, kind, **more)))["messages"][-1]


SHAPES = [
    (FILES["conversations.json"], "conversations[].source", ["chat"] * 6),
    (FILES["search.json"], "conversations[].source", ["chat"]),
    ({"conversations": [LISTED[0]]}, "conversations[].source", ["chat"]),
    ({"conversations": [single(1, "open", HELLO)]}, "conversations[].conversation_parts", ["chat"]),
    (FILES["conversation_101.json"], "conversation_parts", ["chat"]),
    (LISTED[0], "source", ["chat"]),
    (FILES["contacts.json"], "data[].workspace_id", ["visitor"] * 2),
    (FILES["contact.json"], "role", ["visitor"]),
    ({"type": "conversation.list", "conversations": []}, "type", []),
    ({"conversations": [None, LISTED[0], "x", {}]}, "conversations[].source", ["chat"] * 4),
]


@pytest.mark.parametrize(("answer", "evidence", "kinds"), SHAPES)
def test_each_shape_is_recognised_and_read(answer, evidence, kinds):
    assert VENDOR.recognise(answer) == evidence
    assert [found.kind for found in read(answer)] == kinds


@pytest.mark.parametrize(
    "answer",
    [
        {}, {"id": "7", "started_at": 0, "status": "open", "messages": [{"sender_type": "visitor", "text": "x"}]},
        {"chat_id": "7", "sender_type": "visitor", "text": "x"}, {"data": []}, {"type": "list", "data": []},
        {"type": "contact", "id": "1", "external_id": "2"}, {"type": "conversation", "id": "1"}, {"conversations": {}},
        {"data": [{"id": "1", "type": "chat", "chat_status": {}, "attender": {}, "visitor": {}}], "object": "list"},
        {"chats": [{"id": "1", "type": "chat", "history": [], "visitor": {}}]},
        {"chats": [{"id": "1", "thread": {"events": []}}]}, {"rooms": [{"_id": "1", "t": "l", "source": {}}]},
        {"data": {"payload": [{"id": 1, "inbox_id": 3, "meta": {"sender": {}}, "status": "open"}]}},
    ],
)  # fmt: skip
def test_other_answers_are_not_recognised(answer):
    assert VENDOR.recognise(answer) is None


@pytest.mark.parametrize(
    "answer",
    [
        {}, {"conversations": None}, {"type": "conversation.list", "pages": {"page": 1}, "total_count": 3},
        {"type": "list", "data": []}, {"pages": {}},
    ],
)  # fmt: skip
def test_nothing_is_found_in_an_empty_list_or_beside_a_list(answer):
    assert read(answer) == []


WRITERS = [
    ((RIN,), ("visitor", None)), ((BOB,), ("visitor", None)), ((person("contact", "Mei"),), ("visitor", None)),
    ((AOI,), ("operator", None)), ((AOI, None), ("operator", None)), ((AOI, None, "quick_reply"), ("operator", None)),
    ((AOI, "<p>x</p>", "close"), ("operator", None)), ((RIN, "<p>x</p>", "open"), ("visitor", None)),
    ((AOI, "<p>x</p>", "note"), ("note", None)), ((AOI, "<p>x</p>", "note_and_reopen"), ("note", None)),
    ((SOLVER,), ("bot", None)), ((person("admin", "Fin", from_ai_agent=True),), ("bot", None)),
    ((WORKFLOW,), ("bot", True)),
    ((person("bot", "Old"),), ("bot", True)), ((person("team", "Shop"),), ("bot", True)),
    ((AOI, None, "assignment"), ("system", None)), ((AOI, "", "close"), ("system", None)),
    ((WORKFLOW, "<p>x</p>", "conversation_attribute_updated_by_workflow"), ("system", None)),
    ((AOI, "<p>x</p>", "custom_action_started"), ("system", None)), (({}, "<p>x</p>"), ("system", None)),
]  # fmt: skip


@pytest.mark.parametrize(("given", "wanted"), WRITERS)
def test_who_wrote_a_part(given, wanted):
    record = said(*given)
    assert (record["sender_type"], record.get("automatic")) == wanted


TEXTS = [
    ({"body": "<p>1 &lt; 2</p><p><a href='https://x.example'>there</a></p>"}, "1 < 2\nthere (https://x.example)"),
    ({"body": None, "kind": "snoozed"}, "snoozed"), ({"body": None, "kind": "assign_and_reopen"}, "assign and reopen"),
    ({"body": None, "redacted": True}, None), ({"body": "plain"}, "plain"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "text"), TEXTS)
def test_the_text_of_a_part(given, text):
    assert said(AOI, **given)["text"] == text


OPENINGS = [
    (HELLO, ("visitor", None, "Hello")), (source("<p>x</p>", {}), ("visitor", None, "x")),
    (source("<p>x</p>", AOI, delivered_as="admin_initiated"), ("operator", None, "x")),
    (source("<p>x</p>", AOI, delivered_as="automated"), ("bot", True, "x")),
    (source("<p>x</p>", AOI, delivered_as="operator_initiated"), ("bot", True, "x")),
    (source("<p>x</p>", SOLVER, delivered_as="operator_initiated"), ("bot", None, "x")),
    (source("<p>How much?</p>", subject="<p>A bill</p>", type="email"), ("visitor", None, "A bill\nHow much?")),
    (source("", subject="A bill"), ("visitor", None, "A bill")),
]  # fmt: skip


@pytest.mark.parametrize(("opening", "wanted"), OPENINGS)
def test_the_source_is_the_first_message(opening, wanted):
    (record,) = only(conversation(1, "open", opening))["messages"]
    assert (record["id"], record["at"]) == ("0", 1_740_992_400)
    assert (record["sender_type"], record.get("automatic"), record["text"]) == wanted


def test_without_a_source_and_parts_there_is_no_transcript():
    assert only(conversation(1, "open", source(None)))["messages"] is None


COURSES = [
    (("open",), {}, ("ongoing", None)), (("snoozed",), {}, ("ongoing", None)), (("closed",), {}, ("completed", None)),
    (("merged",), {}, ("merged", None)), ((None,), {"open": True}, ("ongoing", None)),
    ((None,), {"open": False}, ("completed", None)), ((None,), {"open": None}, (None, None)),
    (("closed",), {"statistics": figures(last_close_at=5)}, ("completed", 5)),
    (("closed", part(1, 7, AOI, None, "close")), {}, ("completed", None)),
    (("open", part(1, 7, AOI, None, "close")), {}, ("ongoing", None)),
    (("open",), {"statistics": figures(count_reopens=2)}, ("reopened", None)),
    (("closed",), {"statistics": figures(count_reopens=2, last_close_at=5)}, ("completed", 5)),
    (("open",), {"statistics": figures(count_reopens="many")}, ("ongoing", None)),
]  # fmt: skip


@pytest.mark.parametrize(("given", "more", "wanted"), COURSES)
def test_the_course_of_a_conversation(given, more, wanted):
    state, *parts = given
    record = only(single(1, state, HELLO, *parts, **more))
    assert (record["status"], record.get("ended_at")) == wanted
    assert [entry["tells"] for entry in record["messages"][1:]] == [{"event": "closed"}] * len(parts)


JUDGED = [
    (conversation(1, "closed", HELLO), None), (conversation(1, "closed", HELLO, statistics=figures()), True),
    (single(1, "closed", HELLO), True), (single(1, "closed", source("x", AOI, delivered_as="admin_initiated")), None),
    (single(1, "closed", source("x", AOI, delivered_as="automated")), None),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "judged"), JUDGED)
def test_a_conversation_is_judged_where_a_visitor_began_it_and_a_reply_would_show(answer, judged):
    assert only(answer)["judged"] is judged


FACTS = [
    ({"statistics": figures(first_admin_reply_at=1_740_992_430)}, {"answered": True, "wait_s": 30.0}),
    ({"statistics": figures()}, {"answered": None, "wait_s": None}),
    ({"ai_agent": {"resolution_state": "assumed_resolution"}}, {"answered": True}),
    ({"ai_agent": {"resolution_state": "confirmed_resolution"}}, {"answered": True}),
    ({"ai_agent": {"resolution_state": "negative_feedback"}}, {"answered": None}),
    ({"sla_applied": {"sla_status": "missed"}}, {"status": "ongoing"}),
    ({"ai_agent": {"rating": 2, "rating_remark": "no"}}, {"rating": 2, "comment": "no"}),
    ({"ai_agent": {"rating": 2}, "conversation_rating": {"rating": 5, "remark": ""}}, {"rating": 5, "comment": None}),
    ({"channel": {"initial": "sms"}}, {"channel": "sms"}),
    ({}, {"channel": "conversation", "tags": [], "website": None}),
    ({"tags": {"tags": [{"name": "a"}, {"id": "2"}]}}, {"tags": ["a", None]}),
    ({"contacts": None}, {"visitor": {"id": None, "name": "Rin", "email": "rin@example.com"}}),
    ({"title": "T", "notes": "n"}, {"title": "T", "vendor_notes": "n"}),
]  # fmt: skip


@pytest.mark.parametrize(("given", "wanted"), FACTS)
def test_facts_of_a_conversation(given, wanted):
    record = only(conversation(1, "open", HELLO, **given))
    assert {field: record.get(field) for field in wanted} == wanted


def test_the_visitor_is_who_wrote_as_one_where_the_company_began():
    offer = source("<p>New!</p>", BEN, delivered_as="automated")
    assert only(single(1, "open", offer, part(1, 1, AOI, "x"), part(2, 2, BOB, "y")))["visitor"] == {
        "id": "c-1", "name": "Bob", "email": "bob@example.com",
    }  # fmt: skip


def test_each_further_file_is_an_entry_of_its_own():
    record = only(
        single(1, "open", HELLO, part(7, 1, RIN, "<p>Look</p>", attachments=[upload("a.png"), upload("b.png")]))
    )
    assert [(entry["id"], entry.get("text")) for entry in record["messages"]] == [
        ("0", "Hello"),
        ("7", "Look"),
        ("7#2", None),
    ]
    assert [entry["sender_type"] for entry in record["messages"]] == ["visitor"] * 3
    assert record["messages"][2]["attachment"] == {
        "name": "b.png", "type": "image/png", "size": 512, "url": "https://f.example.com/b.png",
    }  # fmt: skip


def test_a_contact_is_a_visitor():
    first, second = (found.record for found in read(FILES["contacts.json"]))
    assert first == {
        "id": "c-102", "name": "Bob", "email": "other@example.com", "phone": "+815550101", "country": "JPN",
    }  # fmt: skip
    assert second["country"] == "FR"


def test_what_is_not_taken_over_is_counted():
    left_out = Counter()
    read(FILES["conversations.json"], left_out)
    assert (left_out["pages"], left_out["total_count"], left_out["conversations[].priority"]) == (1, 1, 0)
    assert "conversations[].team_assignee_id" not in left_out  # 0 is nobody
    read(single(1, "open", HELLO, part(1, 1, AOI, "x")), left_out := Counter())
    assert left_out["conversation_parts.conversation_parts[].author.email"] == 1
    assert (left_out["source.author.id"], left_out["source.author.email"]) == (1, 0)
    two = {"contacts": [{"id": "1"}, {"id": "2"}, {"id": "3"}]}
    read(conversation(1, "open", HELLO, contacts=two), left_out := Counter())
    assert left_out["contacts.contacts[]"] == 2


WRONG = [
    ({**LISTED[0], "source": "x"}, "source", "wrong_type"),
    ({**LISTED[0], "statistics": []}, "statistics", "wrong_type"),
    ({**LISTED[0], "tags": {"tags": ["x"]}}, "tags[0]", "wrong_type"),
    ({**LISTED[0], "statistics": figures(first_admin_reply_at="soon")}, "first_admin_reply_at", "bad_time"),
    (single(1, "open", HELLO, "x"), "conversation_parts[0]", "wrong_type"),
    (single(1, "open", HELLO, part(1, 1, AOI, "x"), {**part(2, 1, AOI, "x"), "id": None}),
     "conversation_parts.conversation_parts[1].id", "missing"),
    ({"conversations": [LISTED[0], 5]}, None, "not_object"), ({"conversations": "x"}, None, "not_object"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "field", "reason"), WRONG)
def test_what_cannot_be_read_is_told(answer, field, reason):
    error = read(answer)[-1].record
    assert isinstance(error, FieldError)
    assert (error.field, error.reason) == (field, reason)


def taken(found):
    """Whether our own format takes the record; whatever is wrong with it must be a FieldError."""
    reader = RecordReader(TimeReader("UTC"))
    try:
        if found.kind == "visitor":
            reader.visitor(found.record)
        else:
            reader.rows_of(found.record)
            reader.chat(found.record)
    except FieldError:
        return False
    return True


def test_our_own_format_takes_every_record():
    assert all(taken(found) for answer in FILES.values() for found in read(answer))


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
    answer = copy.deepcopy(FILES[data.draw(st.sampled_from(sorted(FILES)))])
    *path, last = data.draw(st.sampled_from(list(places(answer))))
    place = answer
    for key in path:
        place = place[key]
    place[last] = data.draw(JSON)
    VENDOR.recognise(answer)
    found = read(answer)
    assert all(isinstance(item.record, FieldError) or isinstance(taken(item), bool) for item in found)
    elements = answer.get("conversations", answer.get("data"))
    if isinstance(elements, list):
        assert [id(element) for element in elements] == [id(item.raw) for item in found]


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(["conversations", "data", "type", "id", "source", "conversation_parts"]), JSON))
def test_no_object_breaks_the_reader(answer):
    VENDOR.recognise(answer)
    assert all(item.kind in ("chat", "visitor") for item in read(answer))
