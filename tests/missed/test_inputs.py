"""Whatever a derived column of a missed chat is made from, and in whatever way that changes: it is derived anew."""

import random
from calendar import timegm
from dataclasses import replace
from datetime import timedelta

import pytest

from lib.chats.hours import Hours
from lib.chats.removal import delete_chat, restore_chats
from lib.chats.states import STATE_SQL
from lib.importing import remove_sample
from lib.importing.merge.verdict import switch_rule
from lib.mail import cancel, draft_for, facts_of, outbox, queue, resolve_unknown, save_template, send, templates_of
from lib.mail.addresses import MailAddress
from lib.mail.composing import compose
from lib.mail.do_not_contact import block
from lib.mail.smtp import Delivered, Undelivered
from lib.missed import changes
from lib.missed.apply import apply, undo
from lib.missed.derive import derive_due, is_due
from lib.missed.settings import rules_of, save_rules
from lib.missed.team import add_colleague
from lib.settings import Smtp
from tests import worlds
from tests.importing.files import json_file, json_lines, load
from tests.importing.vendors.chatwoot_answers import RIN, conversation, message, page
from tests.missed.plain_reading import Minutes, derived_in, read_store
from tests.missed.replaying import replayed, stored
from tests.thorough import rarely
from tests.worlds import NOW

RINS, TOMS = "rin@example.com", "tom@example.com"
NOWHERE = Smtp("mail.invalid", 25, "none", None, None, "desk@example.com", per_minute=1000)
SENDER = MailAddress("desk@example.com", "Example Desk")
MINUTES = {}


def ago(hours):
    return NOW - timedelta(hours=hours)


def record(number, status, hours, email, **fields):
    visitor = {"id": f"v-{email}", "email": email}
    start = ago(hours)
    times = {"started_at": start.isoformat() + "Z", "ended_at": (start + timedelta(minutes=9)).isoformat() + "Z"}
    who = {"operator": "Aoi"} if status == "completed" else {}
    return {"id": f"c{number}", "status": status, "visitor": visitor} | times | who | fields


# Rin is missed twice, served in between and afterwards; Tom is missed and served a day later.
RECORDS = {
    1: record(1, "missed", 96, RINS), 2: record(2, "completed", 80, RINS), 3: record(3, "missed", 72, RINS),
    4: record(4, "completed", 10, RINS), 5: record(5, "missed", 30, TOMS), 6: record(6, "completed", 12, TOMS),
}  # fmt: skip


class Desk:
    """A store, and all that people and the app do to it."""

    def __init__(self, store, monkeypatch):
        self.store, self.zone, self.moment, self.answer = store, "Asia/Tokyo", NOW, Delivered()
        self.records = dict(RECORDS)
        self.applied, self.mails = [], []
        monkeypatch.setattr(outbox, "now", lambda: self.moment)
        monkeypatch.setattr(outbox, "deliver", lambda *_: self.answer)

    def begin(self):
        """Imports what each test begins with, and derives it."""
        others = record(7, "completed", 94, RINS, system="sample"), record(8, "missed", 90, RINS)
        begun = timegm(ago(75).timetuple())
        chatwoot = conversation(101, "resolved", RIN, created_at=begun), page(101, message(1, 0, 0, "?"))
        load(self.store, json_lines(*RECORDS.values(), *others), *map(json_file, chatwoot))
        assert column(self.store, "status", system="Chatwoot") == ["missed"]
        self.derive()

    def derive(self):
        """Derives what is due, and compares all that is derived with a plain reading of the store."""
        derive_due(self.store, self.zone, NOW)
        rules = rules_of(self.store)
        key = (repr(rules), self.zone)
        if key not in MINUTES:
            MINUTES[key] = Minutes(rules, self.zone, ago(24 * 6), ago(-24 * 12))
        assert derived_in(self.store) == read_store(self.store, rules, self.zone, MINUTES[key], NOW)
        assert stored(self.store) == replayed(self.store)

    def id(self, number):
        found = self.store.read("SELECT id FROM chats WHERE vendor_id = $id", {"id": f"c{number}"})
        return found[0]["id"] if found else None

    def change(self, change, *numbers):
        self.applied.append(apply(self.store, change, dict.fromkeys(map(self.id, numbers)), "Ann"))

    def undo(self):
        if self.applied:
            self.applied.append(undo(self.store, self.applied.pop(), "Ann"))

    def imported(self, number, **fields):
        self.records[number] = self.records.get(number, record(number, "completed", 20, TOMS)) | fields
        load(self.store, json_lines(self.records[number]))

    def mail(self, number, answer, hours):
        """Sends the next mail to a visitor, so many hours ago."""
        self.answer, self.moment = answer, ago(hours)
        draft = draft_for(facts_of(self.store, self.id(number)), "Ken", self.zone)
        queued = queue(self.store, draft, compose(draft, None, SENDER, self.moment), "Ken", self.moment)
        if getattr(queued, "mail_id", None):
            self.mails.append(queued.mail_id)
            send(self.store, queued.mail_id, NOWHERE, "Ken")
        self.moment = NOW

    def settle(self, as_sent):
        for each in self.mails:
            resolve_unknown(self.store, each, as_sent, "Mori")

    def send_again(self):
        self.answer, self.moment = Delivered(), ago(40)
        for each in self.mails:
            send(self.store, each, NOWHERE, "Ken")
        self.moment = NOW

    def rules(self, **fields):
        save_rules(self.store, replace(rules_of(self.store), **fields), "Ann")


UNKNOWN = Undelivered("no_answer", "", is_unknown=True)
SAYS = {"sender_type": "operator", "sender_name": "Aoi", "text": "Hello?"}
THANKS = SAYS | {"automatic": True}

# One entry for each way in which people, files, settings or the app change what columns are derived from; steps of one
# word tell nothing to a derivation, and must not disturb it.
WAYS = {
    "a contact by hand": lambda desk: desk.change(changes.contacted("Ann", ago(90)), 1, 3, 8),
    "another contact by hand": lambda desk: desk.change(changes.contacted("Ben", ago(11)), 3, 5),
    "a change undone": Desk.undo,
    "the undoing undone": lambda desk: (desk.undo(), desk.undo()),
    "a chat reopened": lambda desk: desk.change(changes.reopen(), 1, 3),
    "take": lambda desk: desk.change(changes.take("Ann"), 1, 3),
    "due": lambda desk: desk.change(changes.set_due(ago(1)), 1, 3),
    "needless": lambda desk: desk.change(changes.not_needed("spam"), 3),
    "a mail sent": lambda desk: desk.mail(3, Delivered(), 50),
    "a mail of unknown fate": lambda desk: desk.mail(5, UNKNOWN, 25),
    "a mail settled as sent later": lambda desk: desk.settle(as_sent=True),
    "a mail settled as not sent, then sent": lambda desk: (desk.settle(as_sent=False), desk.send_again()),
    "cancelled": lambda desk: [cancel(desk.store, each, "Ann") for each in desk.mails],
    "a served chat deleted": lambda desk: delete_chat(desk.store, desk.id(2), "Ann"),
    "a missed chat deleted": lambda desk: delete_chat(desk.store, desk.id(3), "Ann"),
    "chats restored": lambda desk: restore_chats(desk.store, [desk.id(2), desk.id(3)], "Ann"),
    "a new chat imported": lambda desk: desk.imported(9),
    "a new missed chat imported": lambda desk: desk.imported(10, **record(10, "missed", 33, RINS)),
    "a chat becomes another visitor's": lambda desk: desk.imported(
        2, visitor={"id": None, "email": TOMS, "phone": None}
    ),
    "a missed chat becomes another visitor's": lambda desk: desk.imported(1, visitor={"email": TOMS}),
    "a chat becomes Rin's again": lambda desk: desk.imported(1, visitor={"email": RINS}),
    "a missed chat is served": lambda desk: desk.imported(3, status="completed", operator="Aoi"),
    "a served chat is missed": lambda desk: desk.imported(6, status="missed", operator=None),
    "a start moves": lambda desk: desk.imported(4, started_at=ago(70).isoformat() + "Z"),
    "a missed chat's start moves": lambda desk: desk.imported(1, started_at=ago(82).isoformat() + "Z"),
    "an operator writes": lambda desk: desk.imported(1, messages=[SAYS]),
    "an operator's automatic text": lambda desk: desk.imported(1, messages=[THANKS]),
    "an operator is named": lambda desk: desk.imported(1, operator="Aoi"),
    "it was short": lambda desk: desk.imported(3, ended_at=(ago(72) + timedelta(seconds=9)).isoformat() + "Z"),
    "the sample removed": lambda desk: remove_sample(desk.store, "Ann"),
    "the rule switched off": lambda desk: switch_rule(desk.store, "Chatwoot", False, "Ann", NOW),
    "the rule switched on": lambda desk: switch_rule(desk.store, "Chatwoot", True, "Ann", NOW),
    "other hours": lambda desk: desk.rules(hours=Hours(dict.fromkeys(range(1, 8), (8 * 60, 12 * 60)))),
    "a holiday": lambda desk: desk.rules(hours=replace(rules_of(desk.store).hours, holidays={ago(72).date(): "x"})),
    "due later": lambda desk: desk.rules(due_after_h=6),
    "back within fewer hours": lambda desk: desk.rules(recovery_h=15),
    "a longer limit of leaving": lambda desk: desk.rules(left_within_s=900),
    "the workspace moves": lambda desk: setattr(desk, "zone", "America/New_York"),
    "the workspace moves back": lambda desk: setattr(desk, "zone", "Asia/Tokyo"),
    "team": lambda desk: add_colleague(desk.store, "Mia", "Ann"),
    "templates": lambda desk: save_template(
        desk.store, replace(templates_of(desk.store)["follow_up", "en"], subject="Your chat"), "Ann"
    ),
    "blocked": lambda desk: block(desk.store, "x@example.com", "asked", "", "Ann"),
}
# What has to be done first so that the way changes anything.
FIRST = {
    "a change undone": ["a contact by hand", "a chat reopened"],
    "the undoing undone": ["a contact by hand", "a chat reopened"],
    "a chat reopened": ["a contact by hand"],
    "a mail settled as sent later": ["a mail of unknown fate"],
    "a mail settled as not sent, then sent": ["a mail of unknown fate"],
    "chats restored": ["a served chat deleted", "a missed chat deleted"],
    "a chat becomes Rin's again": ["a missed chat becomes another visitor's"],
    "the rule switched on": ["the rule switched off"],
    "the workspace moves back": ["the workspace moves"],
}
# Of an unknown fate it is not known that it is a contact, an operator's automatic text is no answer, and to undo an
# undoing leaves all as it was.
TELL_NOTHING = {way for way in WAYS if " " not in way} | {
    "a mail of unknown fate",
    "an operator's automatic text",
    "the undoing undone",
}


def column(store, sql, **where):
    conditions = " AND ".join(f"{name} = ${name}" for name in where)
    return [row["value"] for row in store.read(f"SELECT {sql} AS value FROM chats WHERE {conditions}", where)]


@pytest.fixture(scope="module")
def begun(workbench):
    """What the store holds once a desk has begun."""
    worlds.empty(workbench)
    with pytest.MonkeyPatch.context() as patch:
        Desk(workbench, patch).begin()
    return worlds.held(workbench)


@pytest.fixture
def desk(workbench, begun, monkeypatch):
    worlds.put_back(workbench, begun)
    return Desk(workbench, monkeypatch)


@pytest.mark.parametrize("way", WAYS)
def test_each_way_of_changing_an_input_has_the_chats_derived_anew(desk, way):
    for first in FIRST.get(way, []):
        WAYS[first](desk)
        desk.derive()
    before = derived_in(desk.store)
    WAYS[way](desk)
    desk.derive()
    assert (derived_in(desk.store) != before) == (way not in TELL_NOTHING)


@pytest.mark.parametrize("seed", [0, *rarely(range(1, 4))])
def test_many_ways_one_after_the_other_are_the_same_as_at_once(desk, seed):
    rng = random.Random(seed)
    for _step in range(20):
        WAYS[rng.choice([*WAYS])](desk)
        if rng.random() < 0.7:
            desk.derive()
    desk.derive()
    assert not is_due(desk.store, desk.zone, NOW)


def state(desk, number):
    return column(desk.store, STATE_SQL, vendor_id=f"c{number}")[0]


def test_to_undo_the_reopening_of_a_recovered_chat_gives_recovered(desk):
    desk.change(changes.contacted("Ann", ago(20)), 5)
    desk.derive()
    assert state(desk, 5) == "recovered"
    desk.change(changes.reopen(), 5)
    desk.derive()
    assert state(desk, 5) == "came_back"
    desk.undo()
    desk.derive()
    assert state(desk, 5) == "recovered"


def test_a_visitor_who_wrote_before_the_fate_of_the_mail_was_settled_has_recovered(desk):
    desk.mail(5, UNKNOWN, 25)
    desk.derive()
    assert state(desk, 5) == "came_back"
    desk.settle(as_sent=True)
    desk.derive()
    assert state(desk, 5) == "recovered"
    assert column(desk.store, "contacted_at", vendor_id="c5") == [ago(25)]
