"""A real process is killed (`kill -9`) at each step of sending: the server never gets a mail twice."""

import json
import subprocess
import sys
import threading
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import pytest

from lib.followup.composing import mail_id
from lib.followup.drafting import facts_of
from lib.followup.mails import mail, mails_of
from lib.followup.outbox import resolve_unknown, send, settle_abandoned
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
        command = [sys.executable, str(DOOMED), location, str(chat), step, json.dumps(asdict(post.smtp))]
        return chat, subprocess.Popen(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE)

    return run


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
