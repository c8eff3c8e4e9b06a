"""Words find what people mean: the same name or number, however it is written there and here."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.chats.search.hits import hit_spans, marked
from lib.chats.search.query import parse
from lib.store.spellings import search_form
from tests.chats.test_words import found, terms
from tests.importing.files import json_lines, load
from tests.worlds import make_chat

VISITORS = {
    "N1": ("Jérôme Peña", "+81 90-1234-5678", "Où est ma commande? déjà vu"),
    "N2": ("田中　太郎", "０９０−２２２２−３３３３", "配送は10時～12時でお願いします"),
    "N3": ("ﾀﾅｶ ﾊﾅｺ", "090-1111-2222", "ｷｬﾝｾﾙしたい"),
    "N4": ("İstanbul Yılmaz", "+90 532 111 22 33", "SİPARİŞ nerede"),
    "N5": ("Straße Groß", "(03) 5555-6666", "Größe falsch"),
    "N6": ("がんばる", "0312345678", "NFDのテキスト: プログラム"),
    "N7": ("Søren Łuczak", "+972-50-123-4567", "❤️ emoji"),
    "N8": ("O’Brien &amp; Söns", "+44 (0)20 7946 0958", "it´s 5–10 days, “really” `soon`"),
    "N9": ("髙橋 斎藤", "0044 20 7946 0999", "サーバー エラー\nです"),
    "N10": ("高橋 齋藤", "080-1234-5678", "渡邉様 葛󠄀城"),
}


@pytest.fixture
def known(store):
    load(
        store,
        json_lines(
            *(
                {
                    "id": id_,
                    "started_at": "2026-03-01T09:00:00Z",
                    "visitor": {"name": name, "phone": phone},
                    "messages": [{"at": "2026-03-01T09:00:00Z", "sender_type": "visitor", "text": text}],
                }
                for id_, (name, phone, text) in VISITORS.items()
            )
        ),
    )
    return store


MEANT = [
    ("田中太郎", {"N2"}),
    ("田中　太郎", {"N2"}),
    ("「田中 太郎」", {"N2"}),
    ("タナカハナコ", {"N3"}),
    ("jerome", {"N1"}),
    ("Jérôme", {"N1"}),
    ("JE\u0301RO\u0302ME", {"N1"}),
    ("Pena", {"N1"}),
    ('"ou est ma commande"', {"N1"}),
    ('"est où ma commande"', set()),
    ("istanbul", {"N4"}),
    ("ISTANBUL yilmaz", {"N4"}),
    ("İstanbul Yılmaz", {"N4"}),
    ("siparis", {"N4"}),
    ("STRASSE gross", {"N5"}),
    ("grosse falsch", {"N5"}),
    ("soren luczak", {"N7"}),
    ("Søren", {"N7"}),
    ("❤ emoji", {"N7"}),
    ("O'Brien", {"N8"}),
    ("O’Brien", {"N8"}),
    ("O´Brien", {"N8"}),
    ("O`Brien", {"N8"}),
    ("o＇brien & sons", {"N8"}),
    ("amp;", set()),
    ("it's 5-10", {"N8"}),
    ("'soon'", {"N8"}),
    ("10時〜12時", {"N2"}),
    ("10時～12時", {"N2"}),
    ("髙橋", {"N9", "N10"}),
    ("高橋", {"N9", "N10"}),
    ("斉藤", {"N9", "N10"}),
    ("渡辺 葛城", {"N10"}),
    ("サーバーエラーです", {"N9"}),
    ("がんばる", {"N6"}),
    ("かんはる", set()),
    ("フロクラム", set()),
    ("090-1234-5678", {"N1"}),
    ("０９０ー１２３４ー５６７８", {"N1"}),
    ("+81 90 1234 5678", {"N1"}),
    ("0081 90-1234-5678", {"N1"}),
    ("+81 (0)90 1234 5678", {"N1"}),
    ("080-1234-5678", {"N10"}),
    ("+81 90-2222-3333", {"N2"}),
    ("+81 3-5555-6666", {"N5"}),
    ("０３５５５５６６６６", {"N5"}),
    ("050-123-4567", {"N7"}),
    ("020 7946 0958", {"N8"}),
    ("+44 20 7946 0958", {"N8"}),
    ("+442079460999", {"N9"}),
]


def test_words_find_what_is_meant(known):
    told = {words: found(known, words) for words, _chats in MEANT}
    assert told == dict(MEANT)


def test_each_text_finds_itself(known):
    for id_, (name, phone, text) in VISITORS.items():
        for words in (name.replace("&amp;", "&"), phone, text):
            assert id_ in found(known, words)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("O&#39;Brien &amp; S&ouml;ns", "O'Brien & Söns"),
        ("Tom &amp;amp; Rin", "Tom & Rin"),
        ("AT&T; R&D & Co", "AT&T; R&D & Co"),
        ("&copy", "&copy"),
    ],
)
def test_entities_in_the_name_of_a_visitor_are_signs(store, name, kept):
    message = {"sender_type": "visitor", "sender_name": name, "text": "&amp;"}
    chat = {"id": "1", "visitor": {"id": "v", "name": name}, "messages": [message]}
    load(store, json_lines(chat))
    assert store.read("SELECT visitor_name, m.name, text FROM chats, messages AS m") == [
        {"visitor_name": kept, "name": kept, "text": "&amp;"}
    ]


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("Bonjour Jérôme!", "jerome", "Bonjour ⟦Jérôme⟧!"),
        ("Bonjour Je\u0301ro\u0302me!", "jerome", "Bonjour ⟦Je\u0301ro\u0302me⟧!"),
        ("Bonjour Jerome!", "Jérôme", "Bonjour ⟦Jerome⟧!"),
        ("x 田中　\n太郎様", "田中太郎", "x ⟦田中　\n太郎⟧様"),
        ("İSTANBUL’da", "istanbul'da", "⟦İSTANBUL’da⟧"),
        ("O´Brien", "o'brien", "⟦O´Brien⟧"),
        ("it `is`", "'is'", "it ⟦`is`⟧"),
        ("10時～12時", "時〜12", "10⟦時～12⟧時"),
        ("髙橋と高橋", "高橋", "⟦髙橋⟧と⟦高橋⟧"),
        ("葛󠄀城", "葛", "⟦葛󠄀⟧城"),
        ("Œuvre", "euv", "⟦Œuv⟧re"),
    ],
)
def test_hits_are_marked_in_the_text_as_it_was_written(text, words, shown):
    assert marked(text, [term.text for term in parse(words).terms]) == shown


@pytest.mark.parametrize(
    ("phone", "words", "shown"),
    [
        ("+81 90-1234-5678", "090-1234-5678", "+81 ⟦90-1234-5678⟧"),
        ("０９０−１２３４−５６７８", "+81 90-1234-5678", "⟦０９０−１２３４−５６７８⟧"),
        ("(090) 1234.5678", "０９０ー１２３４ー５６７８", "(⟦090) 1234.5678⟧"),
        ("+44 (0)20 7946 0958", "020 7946 0958", "+44 (⟦0)20 7946 0958⟧"),
    ],
)
def test_numbers_are_marked_in_the_form_in_which_they_are_written(phone, words, shown):
    query = parse(words)
    assert marked(phone, query.texts_for("data"), query.numbers) == shown


# Each gives one sign of the form, or none: what is marked is then exactly the word.
SIGNS = "aAéÉjñıİøÇ'’`´\"“-–−~〜～高髙斎齋田ｶがﾀー　 \n12１\u0301\u0302\ufe0f\U000e0100ф"


@given(st.text(SIGNS, max_size=30), st.data())
def test_what_is_marked_is_the_word(text, data):
    form = search_form(text)
    start = data.draw(st.integers(0, max(0, len(form) - 1)))
    word = form[start : data.draw(st.integers(start + 1, max(start + 1, len(form))))].strip()
    spans = hit_spans(text, [word])
    assert bool(spans) == bool(word)
    assert [search_form(text[first:end]) for first, end in spans] == [word] * len(spans)


@given(st.text() | st.text(SIGNS))
def test_what_is_marked_has_the_word(text):
    for word in search_form(text).split():
        assert all(word in search_form(text[first:end]) for first, end in hit_spans(text, [word]))


def test_an_exact_phrase_is_exact_in_words(store):
    make_chat(store, "it", messages=["Où est ma commande?"])
    assert terms('"Où EST"') == ["ou est"]
    assert found(store, '"ou est ma"') == {"it"}
    assert found(store, '"ou ma"') == found(store, '"est ou"') == set()
