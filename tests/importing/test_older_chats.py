"""Chats that an older version stored are as those that are imported now, and their files change nothing again."""

import logging
import shutil
from contextlib import closing

import duckdb
import pytest

from lib.chats import stale
from lib.importing.merge import merging
from lib.importing.merge import renewing as renewing_chats
from lib.importing.merge.undoing import undo_import
from lib.importing.records.staging import FACT_BITS
from lib.importing.vendors import VENDORS
from lib.store import Store, opening, renewing
from tests.importing.files import BOTH, CHAT, content, json_file, json_lines, load
from tests.importing.test_merging import changed
from tests.importing.test_waits import HELLO, QUESTION, REPLY
from tests.importing.vendors.chatwoot_answers import BOB, conversation, page, second
from tests.importing.vendors.every_vendor import sources
from tests.thorough import rarely

BEFORE = [file for file in opening.MIGRATIONS if file.stem < "0021"]
# As it was spelled, and as all facts were that are known to be given.
AGED = """
UPDATE chats SET
    channel = if(channel = 'web', 'Web Widget', channel),
    visitor_country = CASE visitor_country WHEN 'JP' THEN '日本' WHEN 'US' THEN 'USA' ELSE visitor_country END,
    wait_s = CASE WHEN message_count > 0 THEN coalesce(wait_s, 0) + 1 ELSE wait_s END,
    facts_digest = CASE WHEN channel = 'web' OR visitor_country IN ('JP', 'US') THEN 'older' ELSE facts_digest END
"""
# Of which it is not known what was given.
OLDEST = "UPDATE chats SET facts_given = NULL, fact_times = NULL"
AGED_VISITORS = "UPDATE visitors SET country = 'Japan' WHERE country = 'JP'"


@pytest.fixture
def aged(tmp_path, monkeypatch):
    """What makes a store of an older version, each of whose chats is a piece: of files, with what then is done to it;
    returns what it held, and where it is."""
    monkeypatch.setattr(renewing, "PIECE", 1)

    def make(*files, sql=(AGED, AGED_VISITORS), path=str(tmp_path / "history.duckdb")):
        with monkeypatch.context() as patch:
            patch.setattr(opening, "MIGRATIONS", BEFORE)
            # The tables of what was erased, and of persons, came later.
            patch.setattr(merging, "hold_back", lambda _cursor: 0)
            patch.setattr(stale, "mark_persons", lambda *_: None)
            patch.setattr(opening, "NEWEST", len(BEFORE))
            with closing(Store(path)) as store:
                for file in files:
                    load(store, file)
                before = content(store)
                store.write(lambda cursor: [cursor.execute(statement) for statement in sql] and None)
                assert content(store) != before
        return before, path

    return make


@pytest.mark.parametrize("code", ["own", "chatwoot", *rarely(code for code in VENDORS if code != "chatwoot")])
def test_older_chats_are_as_those_imported_now_and_their_files_change_nothing(aged, code):
    files = [json_lines(*BOTH, {**CHAT, "id": "C-3", "wait_s": 12})] if code == "own" else sources(code)
    before, path = aged(*files)
    oldest_path = shutil.copy(path, f"{path}.oldest")
    with duckdb.connect(oldest_path) as connection:
        connection.execute(OLDEST)
    for oldest, place in ((False, path), (True, oldest_path)):
        with closing(Store(place)) as store:
            assert told(content(store), oldest) == told(before, oldest)
            report = load(store, *files)
            assert (report.new, report.updated, report.messages_joined) == (0, 0, 0)
            assert told(content(store), oldest) == told(before, oldest)


def told(found, oldest):
    """What a store holds, without what was given where that is not known."""
    given = {"facts_given", "fact_times"} if oldest else set()
    return [[{name: row[name] for name in row if name not in given} for row in table] for table in found]


# By the chat's number.
WAITS = {101: ([HELLO], None), 102: ([HELLO, QUESTION], None), 103: ([HELLO, QUESTION, REPLY], 120)}


@pytest.mark.parametrize("given", ["NULL", f"facts_given | {FACT_BITS['given_wait_s']}"])
def test_what_a_system_counted_itself_is_no_wait_any_more(aged, given):
    def lists(**more):
        listed = [conversation(number, "resolved", BOB, first_reply_created_at=second(1), **more) for number in WAITS]
        return json_file({"data": {"meta": {}, "payload": listed}})

    pages = [json_file(page(number, *said)) for number, (said, _) in WAITS.items()]
    _, path = aged(
        lists(),
        *pages,
        sql=[f"UPDATE chats SET wait_s = given_wait_s, facts_given = {given}, fact_times = NULL, rating = 3"],
    )
    waits = [wait_s for _, wait_s in WAITS.values()]
    with closing(Store(path)) as store:
        found = store.read("SELECT wait_s, given_wait_s FROM chats ORDER BY ordinal")
        assert found == [{"wait_s": wait_s, "given_wait_s": 60} for wait_s in waits]
        load(store, lists(), *pages)
        # Also where something is new.
        load(store, lists(labels=["vip"]))
        found = store.read("SELECT wait_s, tags FROM chats ORDER BY ordinal")
        assert found == [{"wait_s": wait_s, "tags": ["vip"]} for wait_s in waits]


def test_chats_without_messages_keep_their_wait(aged):
    _, path = aged(json_lines({**CHAT, "messages": None}), sql=["UPDATE chats SET wait_s = 77"])
    with closing(Store(path)) as store:
        assert store.read("SELECT wait_s FROM chats") == [{"wait_s": 77}]


def test_numbers_are_known_in_the_country_that_is_meant(aged):
    visitor = {"name": "Rin", "phone": "090-1234-5678", "country": "JP"}
    _, path = aged(
        json_lines({"id": "C-1", "visitor": visitor}),
        sql=[AGED, "UPDATE chats SET visitor_phone_e164 = '09012345678'", "DELETE FROM ledger_due"],
    )
    with closing(Store(path)) as store:
        assert store.read("SELECT visitor_phone_e164 FROM chats") == [{"visitor_phone_e164": "+819012345678"}]
        assert len(store.read("FROM ledger_due")) == 1


def test_what_comes_back_of_an_import_that_is_undone_is_spelled_so_too(aged):
    replaced = "UPDATE replaced_chats SET channel = 'Web Widget', visitor_country = '日本'"
    _, path = aged(json_lines(CHAT), json_lines(changed(comment="other")), sql=[AGED, replaced])
    with closing(Store(path)) as store:
        (last, _) = store.read("SELECT id FROM imports ORDER BY finished_at DESC")
        undo_import(store, last["id"], "akiko")
        (chat,) = store.read("SELECT channel, visitor_country, comment FROM chats")
        assert chat == {"channel": "web", "visitor_country": "JP", "comment": None}


class Interrupted:
    """Lets so many pieces be done, and the beginning of the next."""

    def __init__(self, done):
        self.left = done

    def __iter__(self, steps=renewing_chats.STEPS):
        yield from steps[:3]
        if self.left == 0:
            raise KeyboardInterrupt
        self.left -= 1
        yield from steps[3:]


def test_who_is_interrupted_begins_again(aged, monkeypatch):
    before, path = aged(*sources("chatwoot"))
    for done in (0, 1, 5, 10, 14):
        copy = shutil.copy(path, f"{path}.{done}")
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(renewing_chats, "STEPS", Interrupted(done))
            Store(copy)
        with closing(Store(copy)) as store:
            assert content(store) == before, done


def test_it_is_told_how_far_it_has_come(aged, location, caplog):
    before, path = aged(json_lines(*BOTH), path=location)
    with caplog.at_level(logging.WARNING, "lib.store.renewing"), closing(Store(path)) as store:
        assert content(store) == before
    told = [record.getMessage()[-5:] for record in caplog.records if record.name == "lib.store.renewing"]
    assert told == [" 50 %", "100 %"]
