"""A real process is killed (`kill -9`) at each step of sending: the server never gets a mail twice."""

import json
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import pytest

from lib.mail.addresses import MailAddress
from lib.mail.composing import compose, mail_id
from lib.mail.draft import draft_for, facts_of
from lib.mail.mails import mail, mails_of
from lib.mail.outbox import resolve_unknown, send, settle_abandoned
from lib.mail.queueing import queue
from lib.mail.sender import mail_sender, send_next
from lib.store import Store, now

DOOMED = Path(__file__).with_name("doomed.py")
ROOT = Path(__file__).parents[2]


@pytest.fixture
def doomed(location, post, add_to):
    """Starts the process on a chat of a new store that is closed here; gives the chat and the process."""
    store = Store(location)
    chat = add_to(store)
    store.close()

    def run(step: str):
        return chat, start(location, step, post, [chat])

    return run


def start(location, step, post, chats):
    command = [sys.executable, str(DOOMED), location, step, json.dumps(asdict(post.smtp)), *map(str, chats)]
    return subprocess.Popen(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE)


def ended(process) -> None:
    _out, errors = process.communicate(timeout=30)
    assert process.returncode == -9, errors.decode()


def check_consistent(store, chat) -> None:
    """The chat's count, the rows and the events tell the same."""
    rows = mails_of(store, chat)
    events = [row["action"] for row in store.read("SELECT action FROM events ORDER BY happened_at")]
    assert facts_of(store, chat).mails == len(rows) == events.count("mail_queued")


@pytest.mark.parametrize(
    ("step", "found", "settled", "received"),
    [
        ("before queued", None, None, 0),
        ("before claimed", "queued", "queued", 0),
        ("after claimed", "sending", "unknown", 0),
        ("amid data", "sending", "unknown", 0),
        ("before marked", "sending", "unknown", 1),
        ("amid marking", "sending", "unknown", 1),
        ("amid contact", "sending", "unknown", 1),
    ],
)
def test_killed(doomed, location, post, step, found, settled, received):
    chat, process = doomed(step)
    ended(process)
    store = Store(location)
    try:
        check_consistent(store, chat)
        assert len(post.received) == received
        assert [each.state for each in mails_of(store, chat)] == ([found] if found else [])
        assert settle_abandoned(store, now()) == 0
        assert settle_abandoned(store, now() + timedelta(seconds=121)) == (found == "sending")
        assert settle_abandoned(store, now() + timedelta(seconds=121)) == 0
        assert [each.state for each in mails_of(store, chat)] == ([settled] if settled else [])
        check_consistent(store, chat)
        if settled:
            check_goes_on(store, mail_id(chat, 1), post)
        assert len(post.received) <= 1
    finally:
        store.close()


def check_goes_on(store, identifier, post) -> None:
    """A queued mail can be sent; an unknown one is sent by nobody until a person has decided."""
    before = len(post.received)
    if mail(store, identifier).state == "unknown":
        assert send(store, identifier, post.smtp, "mori").state == "unknown"
        assert len(post.received) == before
        assert resolve_unknown(store, identifier, as_sent=before == 1, actor="mori")
    assert send(store, identifier, post.smtp, "mori").state == "sent"
    assert len(post.received) == 1


@pytest.mark.parametrize(
    ("step", "found", "received"),
    [
        ("before claimed", {"sent": 2, "queued": 1}, 2),
        ("amid data", {"sent": 2, "sending": 1}, 2),
        ("before marked", {"sent": 2, "sending": 1}, 3),
        # What each step leaves of a single mail, each run sees above.
        pytest.param("before queued", {}, 0, marks=pytest.mark.thorough),
        pytest.param("after claimed", {"sent": 2, "sending": 1}, 2, marks=pytest.mark.thorough),
        pytest.param("amid marking", {"sent": 2, "sending": 1}, 3, marks=pytest.mark.thorough),
        pytest.param("amid contact", {"sent": 2, "sending": 1}, 3, marks=pytest.mark.thorough),
    ],
)
@pytest.mark.parametrize("location", [""], indirect=True)
def test_the_sender_goes_on_after_it_was_killed_amid_many_mails(location, post, add_to, step, found, received):
    store = Store(location)
    chats = [add_to(store, visitor_email=f"v{n}@example.com") for n in range(3)]
    store.close()
    ended(start(location, step, post, chats))
    store = Store(location)
    try:
        assert states_of(store, chats) == found
        assert len(post.received) == received
        later = [add_to(store, visitor_email=f"v{n}@example.com") for n in range(3, 5)]
        queue_all(store, later)
        keep_sending(store, post, until=lambda: states_of(store, later) == {"sent": 2})
        assert settle_abandoned(store, now() + timedelta(seconds=121)) == found.get("sending", 0)
        keep_sending(store, post, until=lambda: "queued" not in states_of(store, [*chats, *later]))
        expected = Counter({"sent": found.get("sent", 0) + found.get("queued", 0), "unknown": found.get("sending", 0)})
        assert states_of(store, chats) == +expected
        got = Counter(recipients[0] for _sender, recipients in post.envelopes)
        assert set(got.values()) == {1}
        assert len(got) == received + found.get("queued", 0) + 2
        assert contacted(store) == states_of(store, [*chats, *later])["sent"]
    finally:
        store.close()


def states_of(store, chats) -> Counter[str]:
    return Counter(each.state for chat in chats for each in mails_of(store, chat))


def contacted(store) -> int:
    return store.read("SELECT count(*) AS n FROM chats WHERE contacted_how = 'mail'")[0]["n"]


def queue_all(store, chats) -> None:
    for chat in chats:
        draft = draft_for(facts_of(store, chat), "Ken", "UTC")
        queue(store, draft, compose(draft, None, MailAddress("desk@example.com"), now()), "ken", now())


def keep_sending(store, post, until) -> None:
    """Runs the sender of the app until something holds, and then until it has looked once more."""
    loop = mail_sender(lambda: store, post.smtp)
    loop.start()
    deadline = time.monotonic() + 20
    while not until():
        assert time.monotonic() < deadline, "nothing was sent"
        time.sleep(0.01)
    loop.stop()
    assert not send_next(store, post.smtp)


def test_killed_from_outside_while_the_server_holds_the_mail(doomed, location, post):
    post.hold = threading.Event()
    chat, process = doomed("never")
    assert post.in_data.wait(30)
    process.kill()
    ended(process)
    post.hold.set()
    store = Store(location)
    try:
        [only] = mails_of(store, chat)
        assert only.state == "sending"
        assert settle_abandoned(store, now() + timedelta(seconds=121)) == 1
        check_consistent(store, chat)
        assert send(store, only.id, post.smtp, "mori").state == "unknown"
        assert mail(store, only.id).problem.code == "abandoned"
        assert len(post.received) == 1
    finally:
        store.close()
