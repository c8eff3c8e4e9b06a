from uuid import uuid4

from lib.chats.chat import Attachment, find_chat, messages, vendor_notes
from lib.chats.notes import LONGEST, add_note, notes
from tests.worlds import HOSTILE_TEXTS, NOW, chat, id_of, insert, make_chat


def texts(entries):
    return [entry.text for entry in entries]


def test_a_chat_has_what_is_known_of_it(sample_like):
    found = find_chat(sample_like, id_of("reopened"))
    assert (found.id, found.vendor_id, found.status) == (id_of("reopened"), "reopened", "reopened")
    assert (found.operator, found.operators, found.tags) == ("Ben", ("Ben", "Aoi"), ("vip", "urgent"))
    assert (found.rating, found.visitor_name, found.deleted_at) == (1, None, None)


def test_a_deleted_chat_is_found(sample_like):
    assert find_chat(sample_like, id_of("deleted")).deleted_at == NOW


def test_a_chat_that_is_not_there(sample_like):
    assert find_chat(sample_like, uuid4()) is None


def test_only_running_chats_are_monitored(sample_like):
    names = ["monitored", "ongoing", "missed, watched"]
    assert [find_chat(sample_like, id_of(name)).monitored for name in names] == [True, False, False]


def test_unknown_fields_keep_their_shape(sample_like):
    found = find_chat(sample_like, id_of("odd unknown fields"))
    assert found.unknown_fields == {"plan": "gold", "nested": {"a": [1, None]}}
    assert find_chat(sample_like, id_of("missed")).unknown_fields == {}


def test_the_transcript_is_in_order_and_whole(sample_like):
    entries = messages(sample_like, find_chat(sample_like, id_of("long")))
    assert [entry.position for entry in entries] == list(range(400))
    assert entries[200].text == "line 200 haystack-needle"


def test_the_transcript_is_in_order_of_position_not_of_time(store):
    times = [NOW, None, NOW.replace(hour=1)]
    chat_id = make_chat(store, messages=[{"text": str(n), "sent_at": time} for n, time in enumerate(times)])
    assert texts(messages(store, find_chat(store, chat_id))) == ["0", "1", "2"]


def test_notes_of_the_vendor_are_not_in_the_transcript(sample_like):
    noted = find_chat(sample_like, id_of("noted"))
    assert texts(messages(sample_like, noted)) == ["A zebra crossing"]
    assert texts(vendor_notes(sample_like, noted)) == ["The visitor is a spy"]


def test_an_attachment_is_named(sample_like):
    (entry,) = messages(sample_like, find_chat(sample_like, id_of("file only")))
    assert entry.attachment == Attachment("umbrellas.pdf", None, 7, None)
    assert texts(messages(sample_like, find_chat(sample_like, id_of("question only")))) == []


def test_a_message_without_a_file_has_no_attachment(sample_like):
    entries = messages(sample_like, find_chat(sample_like, id_of("two speakers")))
    assert [(entry.kind, entry.name, entry.attachment) for entry in entries] == [
        ("visitor", None, None),
        ("operator", "Ben", None),
    ]


def test_the_messages_of_others_are_left_out(store):
    insert(store, [chat("a", ordinal=1, messages=["from a"]), chat("b", ordinal=1, messages=["from b"])])
    assert texts(messages(store, find_chat(store, id_of("a")))) == ["from a"]


def test_hostile_text_comes_back_as_it_went_in(hostile):
    for n, text in enumerate(HOSTILE_TEXTS):
        found = find_chat(hostile, id_of(f"hostile {n}"))
        assert {found.visitor_name, found.operator, found.question, *found.tags} == {text}
        assert texts(messages(hostile, found)) == [text]


def test_a_note_has_author_and_time(store):
    chat_id = make_chat(store)
    assert add_note(store, chat_id, "  Call back \n tomorrow ", "Ann")
    (note,) = notes(store, chat_id)
    assert (note.author, note.text) == ("Ann", "Call back \n tomorrow")
    assert notes(store, make_chat(store)) == []


def test_notes_are_in_the_order_in_which_they_were_written(store):
    chat_id = make_chat(store)
    for n in range(5):
        add_note(store, chat_id, f"note {n}", "Ann")
    assert [note.text for note in notes(store, chat_id)] == [f"note {n}" for n in range(5)]


def test_a_blank_note_is_not_kept(store):
    chat_id = make_chat(store)
    assert not add_note(store, chat_id, " \n\t　", "Ann")
    assert notes(store, chat_id) == []
    assert store.read("SELECT * FROM events") == []


def test_a_long_note_is_cut(store):
    chat_id = make_chat(store)
    add_note(store, chat_id, "返" * (LONGEST + 1), "Ann")
    assert notes(store, chat_id)[0].text == "返" * LONGEST


def test_hostile_notes_come_back_as_they_went_in(store):
    chat_id = make_chat(store)
    for text in HOSTILE_TEXTS:
        add_note(store, chat_id, text, text)
    assert [note.text for note in notes(store, chat_id)] == [text.strip() for text in HOSTILE_TEXTS]
    assert [note.author for note in notes(store, chat_id)] == list(HOSTILE_TEXTS)
