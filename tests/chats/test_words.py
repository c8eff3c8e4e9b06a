import pytest

from lib.chats.chat_filter import ChatFilter
from lib.chats.matching import matching
from lib.chats.removal import delete_chat, restore_chats
from lib.store import Store
from tests.worlds import HOSTILE_TEXTS, ROUTINE, TOKYO, chat, id_of, insert, make_chat


def found(store, words, **others):
    chosen = matching(store, ChatFilter(words=words, **others), TOKYO)
    return {row["vendor_id"] for row in store.read(chosen.select("vendor_id"), chosen.params, chosen.tables)}


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
        ("spy", set()),
        ("zebra spy", set()),
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


def test_thousands_of_words(sample_like):
    assert found(sample_like, "lamp " + " ".join(f"word{n}" for n in range(3000))) == set()
    assert found(sample_like, "lamp " * 3000) == {"two speakers"}


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
    monkeypatch.setattr("lib.chats.word_search.id", lambda _: 1, raising=False)
    other = Store(str(tmp_path / "other.duckdb"))
    monkeypatch.setattr(other, "_generation", store.generation)
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
