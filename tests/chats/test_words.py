"""Words: what they mean, which chats they find, and that a search in slices finds the same."""

import threading
import time
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.chats.counts import category_counts
from lib.chats.filter.filter import ChatFilter
from lib.chats.filter.matching import matching
from lib.chats.filter.sentence import sentence
from lib.chats.listing import so_far
from lib.chats.notes import add_note
from lib.chats.removal import delete_chat, restore_chats
from lib.chats.search import search as word_search
from lib.chats.search import slices as word_slices
from lib.chats.search.query import Straight, parse, straight
from lib.store import Store
from lib.store.spellings import search_form
from tests import worlds
from tests.worlds import HOSTILE_TEXTS, NOW, ROUTINE, TOKYO, chat, empty, id_of, insert, make_chat


@pytest.fixture(autouse=True)
def no_kept_searches():
    word_search._searches.clear()


def found(store, words, **others):
    chosen = matching(store, ChatFilter(words=words, **others), TOKYO)
    return {row["vendor_id"] for row in store.read(chosen.select("vendor_id"), chosen.params, chosen.tables)}


def terms(words):
    signs = {"any": "", "visitor": "v:", "operator": "o:"}
    return [f"{signs[t.scope]}{'-' if t.is_excluded else ''}{t.text}" for t in parse(words).terms]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", []),
        ("  　\n", []),
        ("Two WORDS", ["two", "words"]),
        ("same SAME ｓａｍｅ", ["same"]),
        ('"an Exact  phrase" more', ["an exact phrase", "more"]),
        ("“curly quotes” ”both alike”", ["curly quotes", "both alike"]),
        ("「返金 お願い」配送", ["返金お願い", "配送"]),
        ("返金「お願い」", ["返金", "お願い"]),
        ('"with 「other」 quotes"', ["with 「other」 quotes"]),
        ("it's", ["it's"]),
        ('"never closed', ["never closed"]),
        ('"" " "', []),
        ('"', []),
        ("」x「", ["x"]),
        ("-out -“a phrase”", ["-out", "-a phrase"]),
        ("－全角 −sign –dash", ["-全角", "-sign", "-dash"]),
        ("- -- －", []),
        ("- x", ["x"]),
        ("a-b 3–5", ["a-b", "3-5"]),
        ("from:visitor a -b", ["v:a", "v:-b"]),
        ("x FROM：訪問者　返金 from:担当者 「a b」", ["x", "v:返金", "o:a b"]),
        ("from:visitor", []),
        ('from:operator"a b"', ["o:a b"]),
        ("from:nobody -from:visitor", ["from:nobody", "-from:visitor"]),
        ("a from:visitor a", ["a", "v:a"]),
        ("100% a_b c:\\d", ["100%", "a_b", "c:\\d"]),
        ("\u202eabc 👩\u200d👧", ["\u202eabc", "👩\u200d👧"]),
        ("a\0b", ["a\0b"]),
        ("half \ud800", ["half"]),
    ],
)
def test_what_words_ask_for(words, expected):
    assert terms(words) == expected


@given(st.text() | st.text(st.sampled_from('ab "“」「-－:from訪問者 　\0\ud800')))
def test_any_words_ask_for_terms_in_the_form_for_search(words):
    for term in parse(words).terms:
        assert term.text == search_form(term.typed) != ""
    told = sentence(ChatFilter(words=words), TOKYO)
    assert told == "All chats" or parse(words).terms


@given(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1), min_size=1, max_size=4), st.booleans())
def test_terms_that_are_written_out_are_read_again(words, is_excluded):
    phrase = " ".join(words)
    assert terms(f'{"-" if is_excluded else ""}"{phrase}"') == [f"{'-' if is_excluded else ''}{search_form(phrase)}"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("lamp", "with the words “lamp”"),
        ('lamp "a b"', 'with the words “lamp "a b"”'),
        ("lamp -refund", "with the words “lamp”, without “refund”"),
        ('-"a b"', "without “a b”"),
        ("from:visitor Lamp", "where the visitor wrote “Lamp”"),
        ('a from:operator b "c d" -e', 'with the words “a”, where the operator wrote “b "c d"”, '
         "where the operator did not write “e”"),
    ],
)  # fmt: skip
def test_words_in_the_sentence(words, expected):
    assert sentence(ChatFilter(words=words), TOKYO) == f"All chats {expected}"


@pytest.mark.parametrize(
    ("words", "digits"),
    [
        ("090-1234-5678", "9012345678"),
        ("+81 (0)90-1234-5678", "9012345678"),
        ("0081 90 1234 5678", "9012345678"),
        ("+1 555 010 9999", "5550109999"),
        ("+358 9 123 4567", "91234567"),
        ("0900 000", "0900000"),
        ("＋８１（９０）１２３４", "81901234"),
        ("03 1234 567", "31234567"),
        ("123-456", ""),
        ("call 090-1234-5678", ""),
        ("-1234567", ""),
        ("12.34.56.78", "12345678"),
    ],
)
def test_phone_numbers(words, digits):
    assert parse(words).digits == digits


EVERYTHING = frozenset(each["vendor_id"] for each in worlds.sample_like() if not each["deleted_at"])


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("lamp", {"two speakers"}),
        ("refunded lamp", {"two speakers"}),
        ("LAMP  refunded\n", {"two speakers"}),
        ("lamp parcel", set()),
        ("umbrella", {"question only"}),
        ("sell do umbrellas?", {"question only"}),
        ("way parcel", ROUTINE),
        ("返金", {"from Japan"}),
        ("返金 お願い", {"from Japan"}),
        ("返金　お願い", {"from Japan"}),
        ("返 金", {"from Japan"}),
        ("金返", set()),
        ("abc123", {"wide"}),
        ("ａｂｃ", {"wide"}),
        ("ガラス", {"wide"}),
        ("ｶﾞﾗｽ", {"wide"}),
        ("カラス", set()),
        ("コップ ＡＢＣ", {"wide"}),
        ("needle", {"long"}),
        ("beep joined", {"bot and system"}),
        ("spy", {"noted"}),
        ("zebra spy", {"noted"}),
        ("zebra", {"noted"}),
        ("umbrellas.pdf", set()),
        ("(50%)", {"special characters"}),
        ("%", {"special characters"}),
        ("under_score", {"special characters"}),
        ("underXscore", set()),
        ("[a-z]*", {"special characters"}),
        (r"c:\temp", {"special characters"}),
        (r"c:\\temp", set()),
        ("^.+$", {"special characters"}),
        (".*", set()),
        ("it's", {"special characters"}),
        ("'; DROP TABLE chats; --", set()),
        ("$word_0", set()),
        ('"on its way"', ROUTINE),
        ('"way on its"', set()),
        ("「お願いします」", {"from Japan"}),
        ("”返金を” お願い", {"from Japan"}),
        ("lamp -refunded", set()),
        ("parcel －way", set()),
        ('-"parcel?" umbrellas', {"question only"}),
        ("-", EVERYTHING),
        ('"', EVERYTHING),
        ("from:visitor lamp", {"two speakers"}),
        ("from:operator lamp", set()),
        ("from:operator refunded from:visitor lamp", {"two speakers"}),
        ("from：担当者　refunded", {"two speakers"}),
        ("from:visitor shuri", set()),
        ("shuri@EXAMPLE.com", {"from Wakanda"}),
        ("from:visitor -parcel haystack", {"long"}),
        ("\0", set()),
        ("🎉", set()),
        ("\ud800", EVERYTHING),
    ],
)
def test_words_find(sample_like, words, expected):
    assert found(sample_like, words) == expected


@pytest.mark.parametrize(("number", "text"), list(enumerate(HOSTILE_TEXTS)))
def test_a_hostile_text_finds_its_own_chat(hostile, number, text):
    assert f"hostile {number}" in found(hostile, text)


def test_sharp_s_and_ss_are_alike_in_any_case(store):
    make_chat(store, "street", messages=["Große Straße"])
    assert found(store, "GROSSE") == found(store, "straße") == {"street"}


def test_words_and_other_conditions_together(sample_like):
    assert found(sample_like, "parcel", operator=("Aoi",)) == set()
    assert found(sample_like, "lamp", category="completed") == {"two speakers"}
    assert found(sample_like, "lamp", category="missed") == set()


def test_the_same_words_under_another_filter_are_searched_anew(sample_like):
    assert found(sample_like, "parcel", country=("JP",)) == set()
    assert found(sample_like, "parcel", country=("DE",)) == ROUTINE


def test_hundreds_of_words(sample_like):
    assert found(sample_like, "lamp " + " ".join(f"word{n}" for n in range(300))) == set()
    assert found(sample_like, "lamp " * 300) == {"two speakers"}


def test_a_new_chat_is_found_by_the_same_search(store):
    make_chat(store, "first", messages=["apple"])
    assert found(store, "apple") == {"first"}
    make_chat(store, "second", question="apple?")
    assert found(store, "apple") == {"first", "second"}


def test_a_deleted_chat_is_not_found_until_it_is_restored(store):
    chat_id = make_chat(store, "first", messages=["apple"])
    assert found(store, "apple") == {"first"}
    delete_chat(store, chat_id, "Ann")
    assert found(store, "apple") == set()
    restore_chats(store, [chat_id], "Ann")
    assert found(store, "apple") == {"first"}


def test_a_failed_write_changes_no_hits(store):
    def work(cursor):
        cursor.execute("DELETE FROM chats")
        raise ValueError

    make_chat(store, "first", messages=["apple"])
    with pytest.raises(ValueError):
        store.write(work)
    assert found(store, "apple") == {"first"}


def test_hits_of_one_store_are_never_those_of_another(store, tmp_path, monkeypatch):
    # Python gives a new object the id of one that is gone, but not in every run.
    monkeypatch.setattr("lib.chats.search.search.id", lambda _: 1, raising=False)
    other = Store(str(tmp_path / "other.duckdb"))
    monkeypatch.setattr(other, "_commits", store._commits)
    make_chat(store, "here", messages=["apple"])
    make_chat(other, "there", messages=["apple"])
    assert found(store, "apple") == {"here"}
    assert found(other, "apple") == {"there"}
    other.close()


def test_the_messages_of_another_chat_with_the_same_ordinal_are_not_searched(store):
    insert(store, [chat("a", ordinal=1, messages=["apple"]), chat("b", ordinal=1, messages=["pear"])])
    assert found(store, "apple") == {"a"}
    assert found(store, "apple pear") == set()
    assert id_of("a") != id_of("b")


def test_visitors_and_our_notes_are_searched(store):
    make_chat(store, "known", visitor_name="Rin Kato", visitor_email="Rin@Example.com", visitor_phone="+81 3-0000-0001")
    make_chat(store, "noted", messages=["Hello"])
    add_note(store, id_of("noted"), "Wants a LAMP", "Ann")
    assert found(store, "kato rin@example") == {"known"}
    assert found(store, "81(3)0000.0001") == found(store, "81300000001") == {"known"}
    make_chat(store, "wide", visitor_phone="０９０−１２３４−５６７８")
    assert found(store, "09012345678") == found(store, "090-1234-5678") == {"wide"}
    assert found(store, "lamp hello") == {"noted"}
    assert found(store, "from:visitor lamp") == found(store, "from:visitor kato") == set()
    assert found(store, "-lamp") == {"known", "wide"}


@given(data=st.data(), text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
@settings(max_examples=15)
def test_any_part_of_a_text_is_found(workbench, data, text):
    form = search_form(text)
    start = data.draw(st.integers(0, max(0, len(form) - 1)))
    part = form[start : data.draw(st.integers(start + 1, max(start + 1, len(form))))]
    empty(workbench)
    make_chat(workbench, "it", messages=[text])
    words = f'"{part}"'
    if terms(words) == [part]:
        assert found(workbench, words) == {"it"}


starts = (
    st.none()
    | st.sampled_from([datetime(1700, 1, 1), datetime(2400, 1, 1)])
    | st.integers(0, 3000).map(lambda hours: NOW - timedelta(hours=hours))
)
small_worlds = st.lists(
    st.builds(
        lambda start, ordinal, text: chat(started_at=start, ordinal=ordinal, messages=[text]),
        starts,
        st.integers(0, 5) | st.integers(0, 10**6),
        st.sampled_from(["apple", "pear", "apple pear"]),
    ),
    max_size=10,
)


def everything_found(store, chosen):
    return sorted(word_search.word_hits(store, chosen, TOKYO)["id"].to_pylist())


def test_slices_of_any_size_find_the_same_and_a_stop_means_exactly_the_days_that_were_searched(
    workbench, kind, share, monkeypatch
):
    monkeypatch.setattr("lib.chats.search.sql.LEAST_GAP", 0)
    monkeypatch.setattr("lib.chats.search.sql.BLOCK", 2)

    @settings(max_examples=share(4 if kind == "lake" else 30), database=None)
    @given(
        world=small_worlds,
        first=st.sampled_from([1, 3, 10**6]),
        # Less would make a slice of each day of centuries.
        growth=st.sampled_from([2.0, 8.0]),
        words=st.sampled_from(["apple", "-apple", "apple pear"]),
        period=st.sampled_from(["any", "last_30", "custom", "unknown"]),
        stop_after=st.integers(1, 4),
    )
    def check(world, first, growth, words, period, stop_after):
        empty(workbench)
        insert(workbench, world)
        chosen = ChatFilter(words=words, period=period, last_day=date(2026, 11, 1) if period == "custom" else None)
        monkeypatch.setattr(word_slices, "FIRST_DAYS", first)
        monkeypatch.setattr(word_slices, "MOST_GROWTH", growth)
        monkeypatch.setattr(word_slices, "LEAST_GROWTH", growth)
        by_id = {str(each["id"]): each for each in world}
        hits = everything_found(workbench, chosen)
        assert len(set(hits)) == len(hits)
        assert found(workbench, words, period=period, last_day=chosen.last_day) == {
            by_id[each]["vendor_id"] for each in hits
        }
        texts = {each: by_id[each]["messages"][0]["text"] for each in hits}
        assert all(("apple" in text) != words.startswith("-") for text in texts.values())
        word_search._searches.clear()
        with monkeypatch.context() as patch:
            go_on = slowly(patch)
            go_on.release(stop_after)
            search = word_search.word_search(workbench, chosen, TOKYO)
            while not search.wait(0.001) and go_on.asked <= stop_after:
                pass
            stopped = word_search.stop_searching(workbench, chosen, TOKYO)
            go_on.release(1000)
        assert stopped == chosen or (stopped.period, stopped.words) == ("custom", words)
        kept = everything_found(workbench, stopped)
        word_search._searches.clear()
        assert kept == everything_found(workbench, stopped)

    check()


def test_the_newest_hits_stand_while_the_rest_is_searched(store, monkeypatch):
    for days in (1, 2, 30, 300):
        make_chat(store, f"{days} days ago", started_at=NOW - timedelta(days=days), messages=["apple"])
    go_on = slowly(monkeypatch)
    chosen = ChatFilter(words="apple", country=())
    search = word_search.word_search(store, chosen, TOKYO)
    assert not search.wait(0.05)
    go_on.release()
    reached = reach(store, chosen)
    assert list(reached.chats["id"]) == [id_of("1 days ago"), id_of("2 days ago")]
    assert (reached.count, reached.searched_back_to) == (2, date(2026, 11, 16))
    go_on.release(100)
    assert category_counts(store, chosen, TOKYO)["all"] == 4


def test_a_search_that_everybody_left_ends_and_begins_again_when_it_is_asked_for(store, monkeypatch):
    for days in (1, 300):
        make_chat(store, f"{days} days ago", started_at=NOW - timedelta(days=days), messages=["apple"])
    monkeypatch.setattr(word_search, "LEFT_AFTER_S", 0)
    search = word_search.word_search(store, ChatFilter(words="apple"), TOKYO)
    search._ended.wait()
    assert search.is_left
    assert found(store, "apple") == {"1 days ago", "300 days ago"}


def test_an_error_of_the_thread_reaches_who_waits(store, monkeypatch):
    make_chat(store, "first", messages=["apple"])

    def fail(*_):
        raise RuntimeError("disk")

    monkeypatch.setattr(word_search, "hits_within", fail)
    with pytest.raises(RuntimeError, match="disk"):
        found(store, "apple")


class Slowly:
    """Lets one slice after the other be read; `asked` counts those that were begun."""

    def __init__(self):
        self.asked, self._go_on, self._whole = 0, threading.Semaphore(0), word_search.hits_within

    def read(self, *arguments):
        self.asked += 1
        self._go_on.acquire(timeout=20)
        return self._whole(*arguments)

    def release(self, slices=1):
        self._go_on.release(slices)


def slowly(monkeypatch):
    slow = Slowly()
    monkeypatch.setattr(word_search, "hits_within", slow.read)
    return slow


def reach(store, chosen):
    for _ in range(1000):
        reached = so_far(store, chosen, TOKYO)
        if reached.searched_back_to:
            return reached
        time.sleep(0.01)
    raise AssertionError("nothing was searched")


def test_what_names_one_chat_goes_straight_to_it(store):
    rin = {"visitor_email": "rin@example.com", "visitor_phone": "03-1234-5678"}
    insert(store, [chat("T-1", **rin), chat("T-2", visitor_email="Ann@example.com"), chat("T-3", **rin)])
    insert(
        store, [chat("T-4", deleted_at=NOW, visitor_email="gone@example.com"), chat("mail", visitor_phone="0900 000")]
    )
    by_id, by_contact = Straight(id_of("T-1"), by_id=True), Straight(id_of("T-2"), by_id=False)
    assert straight(store, " T-1 ") == straight(store, str(id_of("T-1"))) == by_id
    assert straight(store, "ann@EXAMPLE.com") == by_contact
    assert straight(store, "rin@example.com") is straight(store, "0312345678") is None
    assert straight(store, "(0900) 000") == Straight(id_of("mail"), by_id=False)
    for words in ("", "T-4", "gone@example.com", "T", "nobody@example.com", "'; --", "0900", "\0", str(id_of("T-9"))):
        assert straight(store, words) is None
