"""Where the words stand in the original texts."""

from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lib.chats.notes import add_note
from lib.chats.search.hits import CLOSING, INSTEAD, OPENING, hit_spans, marked, snippet_of, snippets
from lib.chats.search.query import parse, phone_digits
from lib.store.spellings import search_form
from tests.chats.test_words import found
from tests.worlds import chat, empty, id_of, insert

# Signs that the form for search puts together, takes apart, reorders or lengthens.
TRICKY = "ｶﾞﾊﾟßẞİıﬁ①½ⅷ ͅΐ̣́̈ἄǆＡ　e\u0301\u0334각ᄀ\u1161\u11a8\u09c7\u09be가 \t\n\x1c%_\\🎉👩\u200d👧\u202e\x00Åﷺ𝐀"
TEXTS = st.text(max_size=40) | st.text(st.sampled_from(TRICKY), max_size=30)


@given(TEXTS, st.data())
@settings(max_examples=500)
def test_every_part_of_the_form_for_search_is_found_in_the_text(text, data):
    form = search_form(text)
    parts = st.integers(0, max(0, len(form) - 1)).flatmap(
        lambda start: st.integers(start + 1, len(form)).map(lambda end: form[start:end])
    )
    terms = data.draw(st.lists(parts, min_size=1, max_size=3)) if form else ["x"]
    spans = hit_spans(text, terms)
    assert bool(spans) == bool(form)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


@given(TEXTS, st.lists(st.text(min_size=1, max_size=3), max_size=3))
def test_what_the_form_for_search_does_not_have_is_not_found(text, terms):
    assert bool(hit_spans(text, terms)) == any(term in search_form(text) for term in terms)


@pytest.mark.parametrize(
    ("text", "terms", "expected"),
    [
        ("Refund, refund!", ["refund"], ["Refund", "refund"]),
        ("ＲＥＦＵＮＤ please", ["refund"], ["ＲＥＦＵＮＤ"]),
        ("ｶﾞﾗｽのｺｯﾌﾟ", ["ガラ", "プ"], ["ｶﾞﾗ", "ﾌﾟ"]),
        ("返金をお願いします", ["返金", "願"], ["返金", "願"]),
        ("Große Straße", ["gross", "ss"], ["Groß", "ß"]),
        ("a  b\n\tc", ["b c"], ["b\n\tc"]),
        ("abcde", ["abc", "cd"], ["abcd"]),
        ("aaa", ["a"], ["a", "a", "a"]),
        ("cafe\u0301s", ["e"], ["e\u0301"]),
        ("ﬁne", ["i"], ["ﬁ"]),
        ("abc", ["", "x"], []),
        ("", ["x"], []),
    ],
)
def test_spans(text, terms, expected):
    assert [text[start:end] for start, end in hit_spans(text, terms)] == expected


@given(TEXTS, st.lists(st.text(min_size=1, max_size=3), max_size=3))
def test_marks_leave_the_text_recognisable(text, terms):
    assert marked(text, terms).replace(OPENING, "").replace(CLOSING, "") == text.translate(INSTEAD)


def test_marks_are_told_from_the_signs_of_the_text_itself():
    assert marked("a refund", ["refund"]) == "a ⟦refund⟧"
    assert marked("【重要】返金", ["返金"]) == "【重要】⟦返金⟧"
    assert marked("⟦no hit⟧ 〚nor this〛 but lamp", ["lamp"]) == "[[no hit]] [[nor this]] but ⟦lamp⟧"


@given(st.text(st.sampled_from("【】⟦⟧〚〛[]ab "), max_size=30))
def test_a_text_full_of_brackets_cannot_pretend_a_hit(text):
    shown = marked(text, ["a"])
    assert shown.count(OPENING) == shown.count(CLOSING) == len(hit_spans(text, ["a"]))
    assert all(part.partition(CLOSING)[0].strip("a") == "" for part in shown.split(OPENING)[1:])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("short lamp", "short ⟦lamp⟧"),
        ("two\nlines with a lamp", "two lines with a ⟦lamp⟧"),
        ("x" * 100 + " lamp " + "y" * 100, "…" + "x" * 11 + " ⟦lamp⟧ " + "y" * 43 + "…"),
        ("lamp " + "y" * 100, "⟦lamp⟧ " + "y" * 55 + "…"),
        ("nothing", "nothing"),
    ],
)
def test_snippets_are_short_and_show_the_hit(text, expected):
    assert snippet_of(text, ["lamp"]) == expected


def test_snippets_tell_who_wrote_the_hit(store):
    said = ["Hello", {"kind": "operator", "text": "A LAMP broke"}, "Which lamp?"]
    insert(
        store,
        [
            chat("asked", question="A lamp?", messages=said),
            chat("said", messages=said, question="Hi"),
            chat("noted by the vendor", notes=["likes the lamp"]),
            chat("noted by us", messages=["Hi"]),
            chat("called", visitor_name="Lamp Lighter", visitor_email="x@example.com"),
            chat("other", messages=["Hi"]),
        ],
    )
    add_note(store, id_of("noted by us"), "Wants a Lamp", "Ann")
    names = ["asked", "said", "noted by the vendor", "noted by us", "called", "other"]

    def told(words):
        by_id = snippets(store, parse(words), [id_of(name) for name in names])
        return {name: (by_id[id_of(name)].kind, by_id[id_of(name)].text) for name in names if id_of(name) in by_id}

    assert told("lamp") == {
        "asked": ("visitor", "A ⟦lamp⟧?"),
        "said": ("operator", "A ⟦LAMP⟧ broke"),
        "noted by the vendor": ("note", "likes the ⟦lamp⟧"),
        "noted by us": ("note", "Wants a ⟦Lamp⟧"),
        "called": ("data", "⟦Lamp⟧ Lighter · x@example.com"),
    }
    assert told("from:operator lamp") == dict.fromkeys(("asked", "said"), ("operator", "A ⟦LAMP⟧ broke"))
    assert told("from:visitor lamp")["said"] == ("visitor", "Which ⟦lamp⟧?")
    assert told("-lamp") == {}


PHONES = ["+81 90-1234-5678", "090−1234−5678", "(090) 1234.5678", "０９０ー１２３４ー５６７８", "tel 090 12345678"]


@pytest.mark.parametrize("shown", PHONES)
@pytest.mark.parametrize("typed", ["90 1234 5678", "9012345678", "９０１２３４５６７８", "90-1234-5678"])
def test_a_phone_number_is_marked_in_the_form_in_which_it_is_shown(shown, typed):
    query = parse(typed)
    told = marked(shown, query.texts_for("data"), query.numbers)
    assert told.replace("⟦", "").replace("⟧", "") == shown
    assert phone_digits(told[told.index("⟦") + 1 : told.index("⟧")]).endswith("9012345678")


def test_a_chat_found_by_the_digits_of_its_number_shows_where(store):
    insert(store, [chat("a", visitor_name="Rin 7", visitor_phone="+81 90-1234-5678")])
    found = snippets(store, parse("901234 5678"), [id_of("a")])
    assert "⟦90-1234-5678⟧" in found[id_of("a")].text


FIELDS = {
    "visitor_name": TEXTS,
    "visitor_email": st.sampled_from(["Rin@Example.com", "ｒｉｎ＠ｅｘａｍｐｌｅ．ｊｐ", "İ@straße.example"]),
    "visitor_phone": st.sampled_from(PHONES),
    "question": TEXTS,
    "message": TEXTS,
    "note": TEXTS,
    "own note": TEXTS.filter(str.strip),
}


@given(st.sampled_from(sorted(FIELDS)), st.data())
@settings(max_examples=100)
def test_whatever_a_chat_is_found_by_is_marked(workbench, field, data):
    value = data.draw(FIELDS[field])
    fields = {field: value} if field in ("visitor_name", "visitor_email", "visitor_phone", "question") else {}
    form = search_form(value)
    if field == "visitor_phone" and data.draw(st.booleans()):
        form = "".join(filter(str.isdecimal, form))
    assume(form)
    start = data.draw(st.integers(0, len(form) - 1))
    words = f'"{form[start : data.draw(st.integers(start + 1, len(form)))]}"'
    assume(parse(words).sought)
    empty(workbench)
    insert(workbench, [chat("a", **fields, messages=[value] * (field == "message"), notes=[value] * (field == "note"))])
    if field == "own note":
        add_note(workbench, id_of("a"), value, "Ann")
    if found(workbench, words):
        assert OPENING in snippets(workbench, parse(words), [id_of("a")])[id_of("a")].text


def test_digits_that_a_word_parts_are_no_number():
    assert hit_spans("90 1234 or 5678", [], ["9012345678"]) == []
