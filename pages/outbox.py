"""Outbox: every e-mail and what became of it, and the addresses that are not written to."""

from lib.screen.outbox_blocked import do_not_contact
from lib.screen.outbox_page import outbox
from lib.screen.page import OUTBOX, begin

with begin(OUTBOX):
    outbox()
    do_not_contact()
