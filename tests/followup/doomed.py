"""A process that queues and sends one mail, and kills itself at a step; run by test_crash.py."""

import json
import os
import signal
import smtplib
import sys
from datetime import datetime
from uuid import UUID

from lib.followup import MailAddress, compose, draft_for, facts_of, outbox
from lib.settings import Smtp
from lib.store import Store


def die(*_args, **_fields):
    os.kill(os.getpid(), signal.SIGKILL)


def die_amid_data(self, message):
    """Sends half of the mail."""
    self.putcmd("data")
    self.getreply()
    self.send(message[: len(message) // 2])
    die()


def main(location, chat, step, smtp):
    store = Store(location)
    draft = draft_for(facts_of(store, UUID(chat)), "Ken", "UTC")
    message = compose(draft, None, MailAddress("desk@example.com"), datetime(2026, 11, 3))
    if step == "before queued":
        # In the transaction: the chat is counted up, and the mail's row is not there yet.
        outbox._insert = die
    if step == "after claimed":
        outbox.deliver = die
    if step == "amid data":
        smtplib.SMTP.data = die_amid_data
    if step == "before marked":
        outbox._report = die
    if step == "amid marking":
        # In the transaction: the state is changed, and the event is not there yet.
        real = outbox.record_event
        outbox.record_event = lambda cursor, action, *a, **k: (
            die() if action == "mail_sent" else real(cursor, action, *a, **k)
        )
    queued = outbox.queue(store, draft, message, "ken", datetime(2026, 11, 3))
    if step == "before claimed":
        die()
    outbox.send(store, queued.mail_id, Smtp(**json.loads(smtp)), "ken")


main(*sys.argv[1:])
