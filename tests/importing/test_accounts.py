"""Two accounts of one system: their chats, messages and visitors have the same ids and stay apart."""

from itertools import permutations

import pytest

from lib.chats.accounts import Account, account_name, accounts, has_several, name_account
from lib.chats.chat import find_chat
from lib.chats.same_visitor import chats_of_visitor
from lib.importing import chat_id
from lib.importing.records.accounts import Accounts
from lib.importing.report import Unnamed
from lib.store import Store, opening
from tests import worlds
from tests.importing.files import csv_file, json_file, json_lines, load
from tests.importing.vendors.chatwoot_answers import contact, conversation, message, page

RIN, MEI = contact(51, "Rin Kato", email="rin@example.com"), contact(51, "Mei Lin", email="mei@example.com")
CHATS = "SELECT account, vendor_id, visitor_name FROM chats ORDER BY account NULLS FIRST, vendor_id"


def of_account(number, visitor):
    return json_file(conversation(1, "open", visitor, account_id=number), f"account_{number}.json")


def said_in(store):
    """By account, what was said in its chat."""
    found = store.read("""SELECT c.account, list(m.text ORDER BY m.position) AS said
                          FROM chats AS c JOIN messages AS m ON m.chat_id = c.id GROUP BY ALL""")
    return {row["account"]: row["said"] for row in found}


def shown(store):
    return [tuple(row.values()) for row in store.read(CHATS)]


def test_the_id_of_a_first_account_is_as_before_and_those_of_others_differ():
    assert str(chat_id("Chatwoot", None, "3-1")) == str(chat_id("Chatwoot", "", "3-1"))
    assert str(chat_id("import", None, "C-1001")) == "4fdeb907-354d-49f4-dae0-08ad45d7c68e"
    found = [chat_id(*chat) for chat in (("s", None, "a\0b"), ("s", "a", "b"), ("s", "b", "a"), ("s", None, "b"))]
    assert len(set(found)) == 4


def test_two_accounts_of_chatwoot_stay_two_chats_with_their_own_customers(store):
    load(store, of_account(1, RIN))
    report = load(store, of_account(2, MEI))
    assert (report.new, report.updated) == (1, 0)
    assert shown(store) == [(None, "3-1", "Rin Kato"), ("2", "3-1", "Mei Lin")]
    assert load(store, of_account(1, RIN), of_account(2, MEI)).changed_nothing
    assert accounts(store) == [Account("Chatwoot", "", "1"), Account("Chatwoot", "2")]


def test_two_servers_with_the_same_numbers_are_told_apart_by_what_is_said(store):
    for name, visitor, words in (("osaka", RIN, "Where is it?"), ("kobe", MEI, "Is it blue?")):
        load(store, json_file(page(1, message(7, 1, 0, words))), account=name)
        load(store, of_account(1, visitor), json_file({"meta": {}, "payload": [visitor]}), account=name)
    assert shown(store) == [("kobe", "3-1", "Mei Lin"), ("osaka", "3-1", "Rin Kato")]
    assert said_in(store) == {"osaka": ["Where is it?"], "kobe": ["Is it blue?"]}
    assert store.read("FROM waiting_messages") == []


def test_two_shops_do_not_overwrite_each_other(store):
    shops = [csv_file([{"id": "1", "visitor_name": f"{shop} A"}, {"id": "2"}]) for shop in ("Osaka", "Kobe")]
    for shop, account in zip(shops, ("osaka", "kobe"), strict=True):
        assert load(store, shop, account=account).new == 2
    assert [row[:2] for row in shown(store)] == [("kobe", "1"), ("kobe", "2"), ("osaka", "1"), ("osaka", "2")]
    assert load(store, shops[0], account="osaka").changed_nothing
    assert load(store, shops[0]).new == 2


def test_the_record_counts_before_what_is_said_and_that_before_what_a_vendors_file_tells(store):
    load(store, json_lines({"id": "1", "account": "a"}, {"id": "1"}), account="b")
    load(store, of_account(5, RIN), account="c")
    assert [row[0] for row in shown(store)] == ["a", "b", "c"]


@pytest.mark.parametrize("account", ["", "  ", None])
def test_an_account_without_a_name_is_the_first(store, account):
    load(store, json_lines({"id": "1", "account": account}))
    assert shown(store) == [(None, "1", None)]


def test_messages_of_a_file_are_of_the_account_that_they_name(store):
    rows = [{"chat_id": "1", "account": name, "sender_type": "visitor", "text": name} for name in ("a", "b")]
    load(store, json_lines({"id": "1", "account": "a"}, {"id": "1", "account": "b"}), csv_file(rows, "messages.csv"))
    assert said_in(store) == {"a": ["a"], "b": ["b"]}


def parts_of_two():
    """Parts of two accounts on one server, whose inboxes have numbers of their own; pages and contacts name none."""
    other = contact(52, "Mei Lin")
    return [
        json_file(conversation(1, "open", contact(51, "Rin Kato"), account_id=1), "a.json"),
        json_file(conversation(1, "open", other, account_id=2, inbox_id=9), "b.json"),
        json_file(page(1, message(7, 1, 0, "first")), "c.json"),
        json_file(page(1, message(8, 1, 0, "other"), inbox=9), "d.json"),
        json_file({"meta": {}, "payload": [{**other, "email": "mei@example.com"}]}, "e.json"),
    ]


# The account that is named first is the first one.
ORDERS = [order for order in permutations(range(5)) if order.index(0) < order.index(1)]


def test_parts_that_name_no_account_find_the_only_chat_and_visitor_in_any_order(in_file, thorough):
    parts = parts_of_two()
    for order in ORDERS if thorough else ORDERS[::20]:
        worlds.empty(in_file)
        for number in order:
            load(in_file, parts[number])
        assert said_in(in_file) == {None: ["first"], "2": ["other"]}, order
        found = in_file.read("SELECT visitor_email FROM chats ORDER BY account NULLS FIRST")
        assert [row["visitor_email"] for row in found] == [None, "mei@example.com"], order
        assert in_file.read("FROM waiting_messages") == []


def test_what_names_no_account_is_counted_with_the_account_that_it_was_put_to(store):
    parts = parts_of_two()
    assert load(store, *parts[:1], parts[2]).unnamed == ()
    assert load(store, parts[1]).unnamed == ()
    assert load(store, *parts[2:]).unnamed == (Unnamed("Chatwoot", "2", 2), Unnamed("Chatwoot", None, 1))
    assert load(store, csv_file([{"id": "1"}]), account="x").unnamed == ()
    assert load(store, csv_file([{"id": "1"}, {"id": "2"}])).unnamed == (Unnamed("import", None, 2),)


def test_where_both_accounts_have_the_chat_what_names_none_is_of_the_first(store):
    load(store, of_account(1, RIN), of_account(2, MEI))
    report = load(store, json_file(page(1, message(7, 1, 0, "Hello"))), json_file({"meta": {}, "payload": [MEI]}))
    assert said_in(store) == {None: ["Hello"]}
    assert report.unnamed == (Unnamed("Chatwoot", None, 2),)


def test_a_message_that_names_its_account_waits_for_a_chat_of_it(store):
    hook = {**message(7, 1, 0, "Hello"), "conversation_id": 1, "account": {"id": 1}}
    load(store, json_file(hook))
    load(store, of_account(2, MEI))
    assert said_in(store) == {}
    load(store, of_account(1, RIN))
    assert said_in(store) == {None: ["Hello"]}


def test_the_same_person_comes_back_in_another_account_and_the_same_id_is_nobodys(store):
    emails = {"a": "rin@example.com", "b": "rin@example.com", "c": "mei@example.com"}
    chats = [{"id": name, "account": name, "visitor": {"id": "v", "email": email}} for name, email in emails.items()]
    load(store, json_lines(*chats))
    ids = [chat_id("import", name, name) for name in "abc"]
    assert set(chats_of_visitor(store, find_chat(store, ids[0]))["id"]) == {*ids[:2]}
    assert set(chats_of_visitor(store, find_chat(store, ids[2]))["id"]) == {ids[2]}


def test_an_account_is_named_later_and_both_names_mean_it(store):
    load(store, of_account(1, RIN), of_account(2, MEI))
    assert name_account(store, "Chatwoot", "", "Osaka", "Ann")
    assert not name_account(store, "Chatwoot", "2", "Osaka", "Ann")
    assert not name_account(store, "Chatwoot", "2", "1", "Ann")
    assert load(store, of_account(1, RIN), of_account(2, MEI)).changed_nothing
    assert load(store, of_account(1, RIN), account="Osaka").changed_nothing
    known = accounts(store)
    assert [account_name(known, "Chatwoot", key) for key in (None, "2")] == ["Osaka", "2"]
    assert has_several(known)
    assert name_account(store, "Chatwoot", "", "", "Ann")
    assert accounts(store)[0] == Account("Chatwoot", "", "1")


def test_a_store_with_one_account_has_no_names(store):
    load(store, csv_file([{"id": "1"}]))
    known = accounts(store)
    assert (known, has_several(known)) == ([Account("import", "")], False)
    assert account_name(known, "import", None) is None


def test_the_first_that_files_name_is_the_first_account_and_what_people_say_is_its_own():
    known = Accounts()
    assert [known.of("s", None, told) for told in ("7", "8", "7")] == ["", "8", ""]
    assert [known.of("s", "7"), known.of("s", "shop"), known.of("s", None), known.of("t", None, "8")] == [
        "", "shop", None, "",
    ]  # fmt: skip
    assert known.added == (Account("s", "", "7"), Account("s", "8"), Account("s", "shop"), Account("t", "", "8"))
    assert (known.several, Accounts([], "x").of("s", None, "7")) == (("s",), "x")


def test_an_older_store_keeps_its_ids_and_its_accounts(location, monkeypatch):
    before = [file for file in opening.MIGRATIONS if file.name < "0014"]
    monkeypatch.setattr(opening, "MIGRATIONS", before)
    monkeypatch.setattr(opening, "NEWEST", len(before))
    older = Store(location)
    row = {
        "id": chat_id("Chatwoot", None, "3-1"), "ordinal": 0, "system": "Chatwoot", "vendor_id": "3-1",
        "status": "ongoing", "status_derived": False, "supervisors": [], "operators": [], "tags": [],
        "message_count": 0, "given_operators": [], "facts_digest": "", "messages_digest": "",
        "import_id": worlds.id_of("import"), "visitor_id": "51",
    }  # fmt: skip
    names = ", ".join(row)
    older.write(lambda cursor: cursor.execute(
        f"INSERT INTO chats ({names}) VALUES ({', '.join(f'${name}' for name in row)})", row
    ))  # fmt: skip
    older.write(lambda cursor: cursor.execute(
        "INSERT INTO visitors (system, visitor_id, name) VALUES ('Chatwoot', '51', 'Rin Kato')"
    ))  # fmt: skip
    older.close()
    monkeypatch.undo()
    store = Store(location)
    try:
        report = load(store, of_account(4, RIN), of_account(2, MEI))
        assert (report.new, report.updated) == (1, 1)
        assert shown(store) == [(None, "3-1", "Rin Kato"), ("2", "3-1", "Mei Lin")]
    finally:
        store.close()
