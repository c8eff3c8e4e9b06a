from dataclasses import replace
from datetime import date

import pytest

from lib.chats.accounts import Account, names_told
from lib.chats.filter.filter import EMPTY, LIST_NAMES, NO_VALUE, ChatFilter, Condition, Conditions
from lib.chats.filter.parts import active, parts
from lib.chats.filter.sentence import phrases, sentence
from lib.chats.filter.sql import clauses
from lib.language import in_language
from tests.worlds import HOSTILE_TEXTS, NEW_YORK, NOW, TOKYO

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 20)
LIST_FIELDS = ["operator", "department", "website", "channel", "country", "tag", "rating", "system", "account"]


@pytest.fixture(autouse=True)
def english():
    with in_language("en"):
        yield


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (EMPTY, "All chats"),
        (ChatFilter(category="ongoing"), "Ongoing chats"),
        (ChatFilter(category="missed"), "Missed chats"),
        (ChatFilter(category="reopened"), "Reopened chats"),
        (ChatFilter(category="completed"), "Completed chats"),
        (ChatFilter(category="monitored"), "Monitored chats"),
        (ChatFilter(period="unknown"), "All chats without a start time"),
        (ChatFilter(period="today"), "All chats on 23 Nov 2026"),
        (ChatFilter(period="yesterday"), "All chats on 22 Nov 2026"),
        (ChatFilter(period="last_7"), "All chats from 17 Nov 2026 to 23 Nov 2026"),
        (ChatFilter(period="custom", first_day=FIRST, last_day=LAST), "All chats from 1 Nov 2026 to 20 Nov 2026"),
        (ChatFilter(period="custom", first_day=LAST, last_day=FIRST), "All chats from 20 Nov 2026 to 1 Nov 2026"),
        (ChatFilter(period="custom", first_day=FIRST), "All chats since 1 Nov 2026"),
        (ChatFilter(period="custom", last_day=LAST), "All chats until 20 Nov 2026"),
        (ChatFilter(period="custom"), "All chats"),
        (ChatFilter(first_day=FIRST), "All chats"),
        (ChatFilter(country=("JP",)), "All chats from Japan"),
        (ChatFilter(country=("JP", "DE", "Wakanda")), "All chats from Japan, Germany or Wakanda"),
        (ChatFilter(country=(NO_VALUE,)), "All chats without a country"),
        (ChatFilter(country=("JP", NO_VALUE)), "All chats from Japan or without a country"),
        (ChatFilter(department=("Orders",)), "All chats in department Orders"),
        (ChatFilter(department=(NO_VALUE,)), "All chats without a department"),
        (ChatFilter(operator=("Aoi", "Ben")), "All chats served by Aoi or Ben"),
        (ChatFilter(operator=(NO_VALUE,)), "All chats without an operator"),
        (ChatFilter(website=("shop.example.com",)), "All chats on website shop.example.com"),
        (ChatFilter(website=(NO_VALUE,)), "All chats without a website"),
        (ChatFilter(channel=("line",)), "All chats by channel LINE"),
        (ChatFilter(channel=(NO_VALUE,)), "All chats without a channel"),
        (ChatFilter(tag=("vip", "order")), "All chats tagged vip or order"),
        (ChatFilter(tag=(NO_VALUE,)), "All chats without a tag"),
        (ChatFilter(rating=("1", "2")), "All chats rated 1 or 2"),
        (ChatFilter(rating=(NO_VALUE,)), "All chats without a rating"),
        (ChatFilter(country=("JP", "DE"), excluded=("country",)), "All chats not from Japan or Germany"),
        (ChatFilter(country=(NO_VALUE,), excluded=("country",)), "All chats with a known country"),
        (
            ChatFilter(country=("JP", NO_VALUE), excluded=("country",)),
            "All chats not from Japan and with a known country",
        ),
        (
            ChatFilter(department=("Orders",), tag=("vip",), excluded=("department",)),
            "All chats not in department Orders, tagged vip",
        ),
        # "1 other" is no shorter than the name itself.
        (
            ChatFilter(tag=tuple("abcdefghijk")),
            "All chats tagged a, b, c, d, e, f, g, h, i, j or k",
        ),
        (
            ChatFilter(tag=tuple("abcdefghijkl")),
            "All chats tagged a, b, c, d, e, f, g, h, i, j or 2 others",
        ),
        (ChatFilter(department=("~~",)), "All chats in department ~"),
        (ChatFilter(waited_longer_than_s=90), "All chats with a wait over 1 min 30 s"),
        (ChatFilter(email="yes"), "All chats with an e-mail address"),
        (ChatFilter(email="no"), "All chats without an e-mail address"),
        (ChatFilter(reply="yes"), "All chats with a reply by e-mail"),
        (ChatFilter(reply="no"), "All chats without a reply by e-mail"),
        (ChatFilter(words="  two words "), "All chats with the words “two words”"),
        (ChatFilter(words="   "), "All chats"),
        (
            ChatFilter(category="missed", country=("JP",), period="custom", first_day=FIRST, reply="no"),
            "Missed chats since 1 Nov 2026, from Japan, without a reply by e-mail",
        ),
    ],
)
def test_a_filter_in_words(chosen, expected):
    assert sentence(chosen, TOKYO) == expected


def test_the_days_are_those_of_the_zone():
    assert sentence(ChatFilter(period="today"), NEW_YORK) == "All chats on 22 Nov 2026"


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
@pytest.mark.parametrize("field", [field for field in LIST_FIELDS if field != "rating"])
def test_values_are_told_as_they_are(field, text):
    assert text in sentence(replace(EMPTY, **{field: ("first", text)}), TOKYO)
    assert text in sentence(replace(EMPTY, **{field: (text, NO_VALUE)}), TOKYO)


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_words_are_told_as_they_were_typed(text):
    assert f"“{text.strip()}”" in sentence(ChatFilter(words=text), TOKYO)


EVERYTHING = ChatFilter(
    category="missed",
    period="last_30",
    **dict.fromkeys(LIST_FIELDS, ("one", "two")),
    waited_longer_than_s=1,
    email="yes",
    reply="no",
    queue="overdue",
    assignee=("one", "two"),
    cause=("left_early", "unknown"),
    repeated="yes",
    news="overdue",
    since=NOW,
    conditions=Conditions("any", (Condition("end", "empty"), Condition("due", "filled"))),
    words="lamp",
    unreadable=(("newer", ("x",)),),
)


# Each stands for a condition; the others belong to one of these.
FIELDS = set(ChatFilter.__dataclass_fields__) - {"first_day", "last_day", "since", "excluded"}


def test_every_condition_is_told():
    told = sentence(EVERYTHING, TOKYO)
    assert set(active(EVERYTHING)) == FIELDS - {"category"}
    within_the_moment = 1
    assert told.count(", ") == len(FIELDS) - 2 + within_the_moment
    assert told.count("one or two") == len(LIST_FIELDS) + 1
    assert "missed because of: Visitor left at once or Unknown, missed repeatedly" in told
    assert "overdue since 23 Nov 2026, 12:00" in told


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("field", LIST_NAMES)
def test_what_is_left_out_is_told_apart(field, language):
    values = ("unknown", NO_VALUE) if field == "cause" else ("one", NO_VALUE)
    with in_language(language):
        told = {
            sentence(ChatFilter(**{field: some, "excluded": excluded}), TOKYO)
            for some in (values, values[:1], values[1:])
            for excluded in ((), (field,))
        }
    assert len(told) == 6


@pytest.mark.parametrize("field", sorted(FIELDS))
def test_a_condition_that_is_not_set_is_neither_asked_nor_told(field):
    chosen = EVERYTHING.without(field)
    for found in (parts(chosen), clauses(chosen, TOKYO)):
        assert set(found) == FIELDS - {field}
    assert set(phrases(chosen, TOKYO)) == FIELDS - {field, "category"}


NAMES = {None: "Tokyo shop", "2": "Osaka shop"}
SYSTEMS = [Account("x", "", name="Tokyo shop"), Account("x", "2", told="Osaka", name="Osaka shop"), Account("y", "3")]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (ChatFilter(account=("2", "3")), "All chats of the account Osaka shop or 3"),
        (ChatFilter(account=(NO_VALUE, "2")), "All chats of the account Tokyo shop or Osaka shop"),
        (ChatFilter(account=("2",), excluded=("account",)), "All chats not of the account Osaka shop"),
        (ChatFilter(account=(NO_VALUE,), excluded=("account",)), "All chats not of the account Tokyo shop"),
        (ChatFilter(department=("2",)), "All chats in department 2"),
        (
            ChatFilter(conditions=Conditions("any", (Condition("account", "is", ("2",)),
                                                     Condition("account", "none", ("2", "3"))))),
            "All chats where account is “Osaka shop” or account is none of “Osaka shop”, “3”",
        ),
        (
            ChatFilter(conditions=Conditions("all", (Condition("account", "has", ("2",)),))),
            "All chats where account contains “2”",
        ),
    ],
)  # fmt: skip
def test_accounts_are_told_by_their_names(chosen, expected):
    assert sentence(chosen, TOKYO, NAMES) == expected


def test_the_names_of_accounts_in_a_sentence():
    assert names_told(SYSTEMS) == NAMES | {"3": "3"}
    # Of two first accounts, one has no name.
    assert names_told([*SYSTEMS, Account("y", "")]) == {"2": "Osaka shop", "3": "3"}
    assert names_told([*SYSTEMS, Account("z", "2")])["2"] == "2 / Osaka shop"
