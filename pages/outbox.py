"""Outbox: every e-mail and what became of it, and the addresses that are not written to."""

from lib.screen.frame.page import OUTBOX, begin
from lib.screen.outbox.do_not_contact import do_not_contact
from lib.screen.outbox.outbox import outbox

with begin(OUTBOX):
    outbox()
    do_not_contact()
