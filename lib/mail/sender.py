"""What the running app sends by itself: one mail after the other, as fast as the rate limit allows."""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from lib.background import Loop
from lib.commands import command
from lib.mail.outbox import attempt, attempts_left, settle_abandoned
from lib.mail.pause import pause_of, try_at
from lib.settings import Smtp
from lib.store import Row, Store, now

LOOK_EVERY_S = 2.0

# Of the one sender of this process.
_WOKEN: Final = threading.Event()

_NEXT: Final = """
    SELECT id, created_by FROM mails
    WHERE state = 'queued' AND (next_attempt_at IS NULL OR next_attempt_at <= $moment)
        AND NOT EXISTS (SELECT 1 FROM outbox_pause AS p WHERE p.next_attempt_at > $moment)
    ORDER BY coalesce(next_attempt_at, claimed_at, created_at), created_at, id LIMIT 1
"""
# The one that was tried least lately: should a mail itself be at fault, it does not stand in the way of the others.
_TO_TRY: Final = """
    SELECT id, created_by FROM mails WHERE state = 'queued'
    ORDER BY coalesce(claimed_at, created_at), created_at, id LIMIT 1
"""


def wake() -> None:
    """Has the sender of this process look at once, because something was queued."""
    _WOKEN.set()


def send_next(store: Store, smtp: Smtp) -> bool:
    """Whether there was a mail whose turn it is, and neither the rate limit nor a pause stood against an attempt."""
    # Looked up before anything is written: a write makes every page ask the store anew.
    due = store.read(_NEXT, {"moment": now()})
    if not due or not attempts_left(store, smtp):
        return False
    _send(store, smtp, due[0])
    return True


@command("mail.try_now", "mail", "mail_sent", "mail_failed", "mail_deferred", "mail_unknown")
def try_now(store: Store, smtp: Smtp, actor: str) -> bool:
    """Whether there was a mail to try in spite of a pause; when that works, the others follow by themselves."""
    found = store.read(_TO_TRY)
    if found:
        _send(store, smtp, found[0], in_spite_of_pause=True)
        wake()
    return bool(found)


def _send(store: Store, smtp: Smtp, found: Row, *, in_spite_of_pause: bool = False) -> None:
    # It can be erased while it is being sent.
    with suppress(LookupError):
        attempt(store, found["id"], smtp, found["created_by"], in_spite_of_pause=in_spite_of_pause)


def mail_sender(open_store: Callable[[], Store], smtp: Smtp) -> Loop:
    """What sends all that is due until it is stopped."""
    return Loop("sender", open_store, _Sending(smtp).look, LOOK_EVERY_S, _WOKEN)


class _Sending:
    """One mail after the other; what was claimed is never sent twice, whatever becomes of a round."""

    def __init__(self, smtp: Smtp) -> None:
        self._smtp = smtp
        self._is_new = True

    def look(self, store: Store) -> bool:
        """Whether a mail was sent: there may be more."""
        settle_abandoned(store, now())
        if self._is_new and pause_of(store):
            # Who mends the settings starts the app anew.
            store.write(lambda cursor: try_at(cursor, now()))
        self._is_new = False
        return send_next(store, self._smtp)
