"""Who is the same visitor: nobody is known by what people write who have no address or number."""

from datetime import timedelta

import pytest

from lib.chats.chat import find_chat as chat_of
from lib.chats.same_visitor import chats_of_visitor
from lib.missed.queue import of_same_visitor
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
