"""What stops a mail that waits, what does not, and what lets it wait again."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest

from lib.chats import removal
from lib.chats.removal import delete_chat, restore_chats
from lib.mail import outbox
from lib.mail.addresses import MailAddress
from lib.mail.composing import compose
from lib.mail.do_not_contact import block
from lib.mail.draft import draft_for, facts_of
from lib.mail.mails import Problem, mail
from lib.mail.outbox import NOBODY, cancel, resolve_unknown, retry, retry_all, send
from lib.mail.outbox_list import waiting_count
from lib.mail.queueing import queue
from lib.mail.sender import send_next
from lib.mail.smtp import Delivered, Undelivered
from lib.missed.apply import apply
from lib.missed.changes import not_needed, reopen
from lib.settings import Smtp
from lib.store import now

GONE = Problem("chat_deleted", "")
NOT_NEEDED = Problem("not_needed", "")
NOWHERE = Smtp("mail.invalid", 25, "none", None, None, "desk@example.com")
LATER = Undelivered("recipient_refused", "aiko@example.com: 451 4.7.1 Later", is_temporary=True)
UNCLEAR = Undelivered("lost_connection_after_data", "", is_unknown=True)
REFUSED = Undelivered("recipient_refused", "aiko@example.com: 550 5.7.1 No")


@pytest.fixture
def wrote(store):
    """Puts the next mail to a chat's visitor into the outbox; its id."""

    def write(chat: UUID) -> UUID:
        draft = draft_for(facts_of(store, chat), "Ken", "UTC")
        return queue(store, draft, compose(draft, None, MailAddress("desk@example.com"), now()), "ken", now()).mail_id

    return write


@pytest.fixture
def queued(chat, wrote) -> UUID:
    return wrote(chat)


def stands(store, identifier):
    found = mail(store, identifier)
    return found.state, found.problem


def told(store, identifier) -> list[tuple[str, str, str | None]]:
    """What happened to a mail: action, actor, and what was wrong."""
    found = store.read("SELECT action, actor, detail FROM events ORDER BY happened_at")
    details = [(row["action"], row["actor"], json.loads(row["detail"])) for row in found]
    return [
        (action, actor, each.get("problem")) for action, actor, each in details if each.get("mail") == str(identifier)
    ]


def set_chat(store, chat, **values):
    sets = ", ".join(f"{name} = ${name}" for name in values)
    sql = f"UPDATE chats SET {sets} WHERE id = $id"
    store.write(lambda cursor: cursor.execute(sql, {**values, "id": chat}) and None)


def ends(monkeypatch, outcome):
    """Has every attempt end so, and none of them reach a server."""
    monkeypatch.setattr(outbox, "deliver", lambda *_args: outcome)


def attempt(store, identifier, outcome, monkeypatch):
    with monkeypatch.context() as patched:
        ends(patched, outcome)
        send(store, identifier, NOWHERE, "ken")


def test_a_deletion_stops_the_mails_of_its_chat_and_of_no_other(store, chat, add, wrote, post):
    mails, other = [wrote(chat), wrote(chat)], wrote(add(visitor_email="mori@example.com"))
    assert waiting_count(store, [chat]) == 2
    delete_chat(store, chat, "ann", "asked for it")
    assert [stands(store, each) for each in mails] == [("cancelled", GONE)] * 2
    assert told(store, mails[0]) == [("mail_queued", "ken", None), ("mail_cancelled", "ann", "chat_deleted")]
    assert waiting_count(store, [chat]) == 0
    while send_next(store, post.smtp):
        pass
    assert [recipients for _sender, recipients in post.envelopes] == [["mori@example.com"]]
    assert mail(store, other).state == "sent"


def test_a_deletion_leaves_what_is_not_waiting(store, chat, wrote, monkeypatch):
    sent, failed, unclear, cancelled = (wrote(chat) for _ in range(4))
    for each, outcome in ((sent, Delivered()), (failed, REFUSED), (unclear, UNCLEAR)):
        attempt(store, each, outcome, monkeypatch)
    cancel(store, cancelled, "ken")
    before = [stands(store, each) for each in (sent, failed, unclear, cancelled)]
    delete_chat(store, chat, "ann")
    assert [stands(store, each) for each in (sent, failed, unclear, cancelled)] == before
    restore_chats(store, [chat], "ann")
    assert [stands(store, each) for each in (sent, failed, unclear, cancelled)] == before


def test_a_mail_that_its_chats_deletion_stopped_waits_again_after_a_restoration(store, chat, queued, post):
    delete_chat(store, chat, "ann")
    restore_chats(store, [chat], "ben")
    assert stands(store, queued) == ("queued", None)
    assert told(store, queued)[2:] == [("mail_restored", "ben", None)]
    assert waiting_count(store, [chat]) == 1
    assert send(store, queued, post.smtp, "ken").state == "sent"
    delete_chat(store, chat, "ann")
    restore_chats(store, [chat], "ben")
    assert len(post.received) == 1


def test_a_mail_does_not_leave_long_after_it_was_written_because_its_chat_came_back(store, chat, queued, monkeypatch):
    delete_chat(store, chat, "ann")
    later = now() + removal.RESTORED_WITHIN + timedelta(minutes=1)
    monkeypatch.setattr(removal, "now", lambda: later)
    restore_chats(store, [chat], "ann")
    assert stands(store, queued) == ("cancelled", GONE)


def test_a_mail_that_waits_again_is_not_sent_to_who_must_not_be_written_to(store, chat, queued, post):
    delete_chat(store, chat, "ann")
    block(store, "aiko@example.com", "asked", "", "ann")
    restore_chats(store, [chat], "ann")
    assert send(store, queued, post.smtp, "ken").state == "failed"
    assert stands(store, queued) == ("failed", Problem("do_not_contact", "aiko@example.com"))
    assert post.received == []


def erase(store, chat):
    store.write(lambda cursor: cursor.execute("DELETE FROM chats WHERE id = $id", {"id": chat}) and None)


def hide(store, chat):
    """A deletion that this mail escaped, as that of a retry at the same moment."""
    set_chat(store, chat, deleted_at=now())


@pytest.mark.parametrize("vanish", [erase, hide])
def test_no_way_to_send_a_mail_leads_past_a_chat_that_is_gone(store, chat, wrote, monkeypatch, vanish):
    mails = waiting, failed, several, unclear = [wrote(chat) for _ in range(4)]
    for each, outcome in ((failed, REFUSED), (several, REFUSED), (unclear, UNCLEAR)):
        attempt(store, each, outcome, monkeypatch)
    vanish(store, chat)
    monkeypatch.setattr(outbox, "deliver", lambda *_args: pytest.fail("it was sent"))
    assert send(store, waiting, NOWHERE, "ken").state == "cancelled"
    assert retry(store, failed, "ken")
    assert retry_all(store, [several], "ken") == [several]
    assert resolve_unknown(store, unclear, as_sent=False, actor="ken")
    assert [stands(store, each) for each in mails] == [("cancelled", GONE)] * 4
    assert told(store, failed)[2:] == [("mail_retried", "ken", None), ("mail_cancelled", NOBODY, "chat_deleted")]
    assert not send_next(store, NOWHERE)


@pytest.mark.parametrize("vanish", [erase, hide, lambda store, chat: delete_chat(store, chat, "ann")])
def test_a_mail_that_was_refused_for_now_is_not_tried_again_when_its_chat_is_gone_meanwhile(
    store, chat, queued, monkeypatch, vanish
):
    def refuse(*_args):
        vanish(store, chat)
        return LATER

    monkeypatch.setattr(outbox, "deliver", refuse)
    send(store, queued, NOWHERE, "ken")
    assert stands(store, queued) == ("cancelled", GONE)


def test_a_mail_that_left_at_the_moment_of_the_deletion_counts_as_sent(store, chat, queued, monkeypatch):
    def deliver(*_args):
        delete_chat(store, chat, "ann")
        return Delivered()

    monkeypatch.setattr(outbox, "deliver", deliver)
    assert send(store, queued, NOWHERE, "ken").state == "sent"


@pytest.mark.parametrize("location", [""], indirect=True)
@pytest.mark.parametrize("is_claimed_first", [True, False])
def test_of_a_claim_and_a_deletion_at_the_same_moment_one_sees_the_other(
    store, chat, queued, monkeypatch, is_claimed_first
):
    ends(monkeypatch, Delivered())
    reading, read_on = threading.Event(), threading.Event()
    found = outbox.stop_for if is_claimed_first else removal.stop_waiting
    module, name = (outbox, "stop_for") if is_claimed_first else (removal, "stop_waiting")

    def slowly(*args):
        seen = found(*args) if is_claimed_first else None
        reading.set()
        assert read_on.wait(10)
        return seen if is_claimed_first else found(*args)

    monkeypatch.setattr(module, name, slowly)
    first, second = (lambda: send(store, queued, NOWHERE, "ken")), (lambda: delete_chat(store, chat, "ann"))
    if not is_claimed_first:
        first, second = second, first
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(first)
        assert reading.wait(10)
        monkeypatch.setattr(module, name, found)
        second()
        read_on.set()
        slow.result()
    # Whoever began first was overtaken, and saw it when it began anew.
    assert mail(store, queued).state == ("cancelled" if is_claimed_first else "sent")


def test_who_marks_a_chat_as_not_needed_takes_back_the_mail_that_waits(store, chat, queued, post):
    set_chat(store, chat, status="missed")
    apply(store, not_needed("spam"), {chat: None}, "ann")
    assert send(store, queued, post.smtp, "ken").state == "cancelled"
    assert stands(store, queued) == ("cancelled", NOT_NEEDED)
    assert post.received == []


def test_a_mail_is_sent_where_not_needed_was_taken_back_or_came_before_it(store, chat, wrote, queued, post):
    set_chat(store, chat, status="missed")
    apply(store, not_needed("spam"), {chat: None}, "ann")
    apply(store, reopen(), {chat: None}, "ann")
    assert send(store, queued, post.smtp, "ken").state == "sent"
    set_chat(store, chat, contacted_at=None)
    apply(store, not_needed("other"), {chat: None}, "ann")
    assert send(store, wrote(chat), post.smtp, "ken").state == "sent"


@pytest.mark.parametrize(
    "change",
    [
        {"status": "completed"},
        {"status": "missed", "came_back_at": now()},
        {"visitor_email": "other@example.com"},
        {"visitor_id": "somebody else"},
    ],
)
@pytest.mark.parametrize("location", [""], indirect=True)
def test_what_an_import_brings_does_not_take_back_what_a_person_wrote(store, chat, queued, post, change):
    set_chat(store, chat, **change)
    assert send(store, queued, post.smtp, "ken").state == "sent"
    assert post.envelopes[0][1] == ["aiko@example.com"]
