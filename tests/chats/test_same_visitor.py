"""Who is the same visitor: nobody is known by what people write who have no address or number."""

from datetime import timedelta

import pytest

from lib.chats.chat import find_chat as chat_of
from lib.chats.same_visitor import chats_of_visitor
from lib.missed.derive import derive_due
from lib.missed.queue import of_same_visitor
from tests.importing.files import json_lines, load
from tests.worlds import NOW, chat, insert

NOBODYS = [
    *({"visitor_phone": value} for value in ("-", "N/A", "0000000000", "000-0000-0000", "なし")),
    *(
        {"visitor_email": value}
        for value in ("none@none.com", "n/a", "-", "no-reply@example.com", "@", "a b@example.com")
    ),
]
SOMEBODYS = [
    *({"visitor_phone": value} for value in ("+81 90-1234-5678", "117", "(03) 5555-6666")),
    *({"visitor_email": value} for value in ("rin@example.com", "noa@example.com", "anna@example.co.jp")),
]


def two_of(store, **contact):
    found = [chat(status="missed", started_at=NOW - timedelta(days=n), **contact) for n in (1, 2)]
    insert(store, found)
    return [each["id"] for each in found]


@pytest.mark.parametrize("contact", NOBODYS, ids=lambda contact: next(iter(contact.values())))
def test_what_is_nobodys_makes_nobody_the_same(store, contact):
    one, _other = two_of(store, **contact)
    assert of_same_visitor(store, one) == []
    assert list(chats_of_visitor(store, chat_of(store, one))["id"]) == [one]


@pytest.mark.parametrize("contact", SOMEBODYS, ids=lambda contact: next(iter(contact.values())))
def test_an_address_and_a_number_are_somebodys(store, contact):
    one, other = two_of(store, **contact)
    assert of_same_visitor(store, one) == [other]
    assert set(chats_of_visitor(store, chat_of(store, one))["id"]) == {one, other}


def test_an_address_is_the_same_in_capitals_and_among_blanks(store):
    (one, _), (other, _) = (
        two_of(store, visitor_email="Rin@Example.com "),
        two_of(store, visitor_email="rin@example.com"),
    )
    assert other in of_same_visitor(store, one)
    assert other in set(chats_of_visitor(store, chat_of(store, one))["id"])


SPELLINGS = ["090-1234-5678", "+81 90-1234-5678", "０９０－１２３４－５６７８", "(090) 1234 5678", "0081 90 1234 5678"]


def imported(store, zone="Asia/Tokyo", *, extra=(), **phones):
    """Chats by the id of the chat, each with a phone number and the country of the visitor."""
    told = [
        {"id": name, "status": "missed", "started_at": f"2026-11-2{n}T03:00:00Z",
         "visitor": {"name": f"Name {name}", "phone": phone, "country": country}}
        for n, (name, (phone, country)) in enumerate(phones.items())
    ]  # fmt: skip
    load(store, json_lines(*told, *extra), zone=zone)
    rows = store.read("SELECT vendor_id, id FROM chats")
    return {row["vendor_id"]: row["id"] for row in rows}


def others(store, ids, name):
    """The others of the same visitor, by both ways to find them, which agree."""
    names = {chat_id: name for name, chat_id in ids.items()}
    found = {names[chat_id] for chat_id in chats_of_visitor(store, chat_of(store, ids[name]))["id"]} - {name}
    assert {names[chat_id] for chat_id in of_same_visitor(store, ids[name])} == found
    return found


@pytest.mark.parametrize(("zone", "country"), [("Asia/Tokyo", None), ("America/New_York", "JP"), ("Asia/Tokyo", "US")])
def test_five_spellings_of_a_number_are_one_person(store, zone, country):
    ids = imported(store, zone, **{f"c{n}": (phone, country) for n, phone in enumerate(SPELLINGS)})
    assert others(store, ids, "c0") == ids.keys() - {"c0"}
    derive_due(store, zone, NOW)
    assert store.read("SELECT DISTINCT missed_repeats AS n FROM chats") == [{"n": len(SPELLINGS)}]


STRANGERS = {
    "numbers that differ": (("090-1234-5678", "JP"), ("090-1234-5679", "JP")),
    "the same digits in two countries": (("030 12345678", "DE"), ("030-1234-5678", "JP")),
    "two extensions of a company": (("03-1234-5678 ext. 11", "JP"), ("03-1234-5678 ext. 12", "JP")),
    "numbers that are none": (("000-0000-0000", "JP"), ("0000000000", "JP")),
    "words": (("なし", "JP"), ("-", "JP")),
}


@pytest.mark.parametrize("what", STRANGERS)
def test_strangers_stay_strangers(store, what):
    one, other = STRANGERS[what]
    ids = imported(store, one=one, other=other)
    assert others(store, ids, "one") == set()


def test_without_a_country_the_digits_tell(store):
    ids = imported(store, "UTC", a=("(03) 5555-6666", None), b=("03 5555 6666", None), c=("03 5555 6667", None))
    assert others(store, ids, "a") == {"b"}


@pytest.mark.parametrize("contact", [{"phone": "03-1234-5678"}, {"email": "shop@example.com"}])
def test_what_too_many_names_share_is_nobodys(store, contact):
    def told(numbers):
        return [
            {"id": f"s{n}", "status": "missed", "started_at": f"2026-11-20T03:00:{n:02}Z",
             "visitor": {"name": f"Name {n}", **contact}}
            for n in numbers
        ]  # fmt: skip

    ids = imported(store, extra=told(range(20)))
    derive_due(store, "Asia/Tokyo", NOW)
    assert len(others(store, ids, "s0")) == 19
    assert store.read("SELECT DISTINCT missed_repeats AS n FROM chats") == [{"n": 20}]
    ids = imported(store, extra=told([20]))
    derive_due(store, "Asia/Tokyo", NOW)
    assert others(store, ids, "s0") == set()
    assert store.read("SELECT DISTINCT missed_repeats AS n FROM chats") == [{"n": 1}]


def test_one_person_of_many_chats_shares_with_nobody(store):
    told = [
        {"id": f"s{n}", "status": "missed", "started_at": f"2026-11-20T03:00:{n:02}Z",
         "visitor": {"name": "Rin ", "email": "rin@example.com"}}
        for n in range(30)
    ]  # fmt: skip
    ids = imported(store, extra=told)
    assert len(others(store, ids, "s0")) == 29
