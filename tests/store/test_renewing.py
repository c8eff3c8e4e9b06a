"""A store of an older version: what a search reads is made anew, in pieces, whatever interrupts it."""

import logging
from contextlib import closing

import pytest

from lib.chats import stale
from lib.store import Store, opening, record_event, renewing
from tests.chats.test_words import found
from tests.worlds import NOW, chat, id_of, insert

FIRST = next(n for n, file in enumerate(opening.MIGRATIONS) if file.stem.endswith("_unknown_language"))
BEFORE = opening.MIGRATIONS[:FIRST]
# As the forms were before; a later version would not have left them.
OLD_FORMS = (
    "UPDATE messages SET search_text = plain_form(text)",
    "UPDATE chats SET question_search = plain_form(question), visitor_search = plain_form(visitor_name)",
    "UPDATE note_texts SET search_text = 'où  est'",
)


def opened_before(location, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(opening, "MIGRATIONS", BEFORE)
        patch.setattr(opening, "NEWEST", len(BEFORE))
        return Store(location)


def note(cursor, chat_id, text, author):
    """A note as a version of then wrote it."""
    record_event(cursor, "note", author, chat_id, NOW, text=text)
    cursor.execute("INSERT INTO note_texts VALUES ($id, $text)", {"id": chat_id, "text": text})


@pytest.fixture
def older(location, monkeypatch):
    """The place of a store of an older version, of whose chats each is a piece."""
    monkeypatch.setattr(renewing, "PIECE", 1)
    # The tables of persons came later.
    monkeypatch.setattr(stale, "mark_persons", lambda *_: None)
    store = opened_before(location, monkeypatch)
    names = ("Jérôme", "田中　太郎", "O&#39;Brien &amp; Co", "Ann")
    said = [{"text": "Où est\nma   commande", "name": "A &amp; B"}, {"kind": "operator", "text": "x", "name": "&amp;"}]
    insert(store, [chat(name, visitor_name=name, question="10時～12時", messages=said) for name in names])
    store.write(lambda cursor: note(cursor, id_of("Ann"), "Déjà vu", "Ken"))
    store.write(lambda cursor: [cursor.execute(sql) for sql in OLD_FORMS] and None)
    store.close()
    return location


def forms(store):
    return store.read(
        "SELECT visitor_name, visitor_search, question_search, m.name, m.search_text, n.search_text AS note FROM chats "
        "JOIN messages AS m ON m.chat_id = chats.id LEFT JOIN note_texts AS n ON n.chat_id = chats.id ORDER BY ALL"
    )


def test_older_chats_are_found_by_what_is_meant(older, caplog):
    with caplog.at_level(logging.WARNING, "lib.store.renewing"):
        store = Store(older)
    try:
        assert [found(store, words) for words in ("jerome", "田中太郎", "o’brien &", "deja")] == [
            {"Jérôme"}, {"田中　太郎"}, {"O&#39;Brien &amp; Co"}, {"Ann"},
        ]  # fmt: skip
        assert len(found(store, '"ou est ma commande"')) == len(found(store, "時〜12")) == 4
        names = store.read("SELECT DISTINCT visitor_name FROM chats WHERE contains(visitor_name, 'Brien')")
        assert names == [{"visitor_name": "O'Brien & Co"}]
        assert {row["name"] for row in store.read("SELECT name FROM messages")} == {"A & B", "&amp;"}
    finally:
        store.close()
    assert [record.getMessage()[-5:] for record in caplog.records if "texts" in record.getMessage()] == [
        " 25 %",
        " 50 %",
        " 75 %",
        "100 %",
    ]


@pytest.mark.parametrize("pieces", [0, 1, 3])
def test_who_is_interrupted_begins_again(older, pieces, monkeypatch):
    class Interrupted:
        """Lets so many pieces be done, and the beginning of the next."""

        left = pieces

        def __iter__(self):
            yield renewals[0]
            if self.left == 0:
                raise KeyboardInterrupt
            self.left -= 1
            yield from renewals[1:]

    renewals = renewing.RENEWALS
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(renewing, "RENEWALS", Interrupted())
        Store(older)
    store = Store(older)
    try:
        after = forms(store)
        assert {row["search_text"] for row in after} == {"ou est ma commande", "x"}
        assert {row["visitor_search"] for row in after} == {"jerome", "田中太郎", "o'brien & co", "ann"}
    finally:
        store.close()


def test_the_language_of_older_chats_is_what_their_texts_tell(older, monkeypatch):
    said = {"Ann": ["Где мой заказ?"], "Jérôme": ["返品希望"], "田中　太郎": ["はい", "OK"]}

    def write(cursor):
        cursor.execute("INSERT INTO last_derivation VALUES ('2026-01-01', 'Asia/Tokyo')")
        for name, texts in said.items():
            cursor.execute("DELETE FROM messages WHERE chat_id = $id", {"id": id_of(name)})
            for position, text in enumerate(texts):
                cursor.execute(
                    "INSERT INTO messages (chat_id, ordinal, position, kind, text)"
                    " SELECT id, ordinal, $position, 'visitor', $text FROM chats WHERE id = $id",
                    {"id": id_of(name), "position": position, "text": text},
                )
        cursor.execute("DELETE FROM last_derivation WHERE zone IS NULL")

    store = opened_before(older, monkeypatch)
    store.write(write)
    store.close()
    store = Store(older)
    try:
        told = {row["vendor_id"]: row["language"] for row in store.read("SELECT vendor_id, language FROM chats")}
    finally:
        store.close()
    assert told == {"Ann": None, "Jérôme": "ja", "田中　太郎": "ja", "O&#39;Brien &amp; Co": "en"}


def test_a_small_store_is_made_anew_without_a_word(older, caplog, monkeypatch):
    monkeypatch.setattr(renewing, "PIECE", 1000)
    with caplog.at_level(logging.WARNING, "lib.store.renewing"):
        Store(older).close()
    assert caplog.records == []


@pytest.mark.parametrize("derived_in", ["Asia/Tokyo", None])
def test_older_phone_numbers_are_compared_in_all_spellings(tmp_path, monkeypatch, derived_in):
    # Where missed chats were never derived, it is the zone of the settings.
    monkeypatch.setenv("CHAT_HISTORY_ZONE", "UTC" if derived_in else "Asia/Tokyo")
    monkeypatch.setattr("lib.store.renewing.PIECE", 2)
    path = tmp_path / "history.duckdb"
    with monkeypatch.context() as patch:
        older = [file for file in opening.MIGRATIONS if file.stem < "0018"]
        patch.setattr(opening, "MIGRATIONS", older)
        patch.setattr(opening, "NEWEST", len(older))
        with closing(Store(str(path))) as store:
            store.write(
                lambda cursor: cursor.execute("""
                INSERT INTO chats (
                    id, ordinal, system, vendor_id, status, status_derived, supervisors, operators, tags, message_count,
                    given_operators, facts_digest, messages_digest, import_id, visitor_phone, visitor_name,
                    visitor_email
                )
                SELECT uuid(), n, 's', n::VARCHAR, 'missed', FALSE, [], [], [], 0, [], '', '', uuid(),
                    ['090-1234-5678', '+81 90 1234 5678', '-', NULL][n % 4 + 1],
                    'Name ' || n, 'Shop@example.com' FROM range(24) AS r (n)
            """)
            )
            store.write(lambda cursor: cursor.execute("DELETE FROM ledger_due"))
            store.write(lambda cursor: cursor.execute("UPDATE last_derivation SET zone = ?", [derived_in]))
    with closing(Store(str(path))) as store:
        forms = store.read("SELECT visitor_phone_e164 AS form, count(*) AS n FROM chats GROUP BY ALL ORDER BY ALL")
        assert forms == [{"form": "+819012345678", "n": 12}, {"form": None, "n": 12}]
        # The address of 24 names is nobody's by now.
        assert store.read("SELECT count(*) AS n FROM shared_signs") == [{"n": 1}]
        assert store.read("SELECT count(DISTINCT chat_id) AS n FROM ledger_due") == [{"n": 24}]
