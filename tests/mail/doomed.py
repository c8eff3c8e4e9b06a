"""A process that queues mails and sends them, and kills itself at a step of the last one; run by test_crash.py."""

import json
import os
import signal
import smtplib
import sys
from datetime import datetime, timedelta
from uuid import UUID

from lib.mail import MailAddress, compose, draft_for, facts_of, outbox, queueing
from lib.mail import sender as sending
from lib.settings import Smtp
from lib.store import Store

WHEN = datetime(2026, 11, 3)


def die(*_args, **_fields):
    os.kill(os.getpid(), signal.SIGKILL)


def die_amid_data(self, message):
    """Sends half of the mail."""
    self.putcmd("data")
    self.getreply()
    self.send(message[: len(message) // 2])
    die()


def on_call(number, module, name, instead):
    """Does something else on that call of a function of a module."""
    real, calls = getattr(module, name), []

    def counted(*args, **fields):
        calls.append(name)
        return (instead if len(calls) == number else real)(*args, **fields)

    setattr(module, name, counted)


def prepare(step, number):
    """Has the process die at the step of the mail with this number."""
    if step == "before queued":
        # In the transaction: the chat is counted up, and the mail's row is not there yet.
        on_call(number, queueing, "insert", die)
    if step == "after claimed":
        on_call(number, outbox, "deliver", die)
    if step == "amid data":
        on_call(number, smtplib.SMTP, "data", die_amid_data)
    if step == "before marked":
        on_call(number, outbox, "_report", die)
    if step == "amid marking":
        # In the transaction: the state is changed, and the event is not there yet.
        on_call(number, outbox, "record_event", die)
    if step == "amid contact":
        # In the transaction: the event is there, and the chat does not know of it yet.
        on_call(number, outbox, "contacted_by_mail", die)


def queue_all(store, chats):
    def work(cursor):
        for minute, (draft, message) in enumerate(finished):
            queueing.queue_in(cursor, draft, message, "ken", WHEN + timedelta(minutes=minute), purpose="missed")

    drafts = [draft_for(facts_of(store, UUID(chat)), "Ken", "UTC") for chat in chats]
    finished = [(draft, compose(draft, None, MailAddress("desk@example.com"), WHEN)) for draft in drafts]
    store.write(work)


def main(location, step, smtp, *chats):
    store = Store(location)
    prepare(step, len(chats))
    queue_all(store, chats)
    if step == "before claimed":
        on_call(len(chats), sending, "attempt", die)
    while sending.send_next(store, Smtp(**json.loads(smtp))):
        pass


main(*sys.argv[1:])
