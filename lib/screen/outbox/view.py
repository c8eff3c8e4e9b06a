"""What the Outbox page shows: a part of the outbox, a page of it, and an open mail. The address is the truth.

The page is drawn anew when something changes in the outbox, and left alone otherwise.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from uuid import UUID

import streamlit as st

from lib.mail import BOXES, Box, fingerprint, settle_abandoned
from lib.screen.frame import session
from lib.screen.frame.watcher import rerun_by_itself
from lib.screen.parts.address import page_number, read_address, uuid_of, write_address
from lib.store import StoreError

LOOK_EVERY_S = 2
OWN = ("box", "box_page", "mail")


def watch(seen: object, *, is_waiting: bool, chat_id: UUID | None = None) -> None:
    """Looks every now and then whether the fingerprint of the outbox, or of a chat, is still as it was `seen`."""

    def look() -> None:
        settle()
        if fingerprint(session.store(), chat_id) != seen:
            rerun_by_itself()

    if is_waiting:
        st.fragment(look, run_every=LOOK_EVERY_S, key="outbox_watch")()


def settle() -> None:
    """Settles the mails of which nobody knows any more whether they were sent; what cannot be, is shown as it is."""
    with suppress(StoreError):
        settle_abandoned(session.store(), session.clock().now)


@dataclass(frozen=True)
class OutboxView:
    """One state of the Outbox page."""

    box: Box = "all"
    page: int = 1
    mail: UUID | None = None
    # Whether the address asks for a part that this version does not know.
    is_unreadable: bool = False


def read_outbox_view() -> OutboxView:
    """The view that the address means; a part that is not known must not look like all of them."""
    query = read_address()
    box, page, mail = (query.get(name, [""])[-1] for name in OWN)
    known = next((each for each in BOXES if each == box), None)
    return OutboxView(known or "all", page_number(page), uuid_of(mail), known is None and "box" in query)


def show_outbox(view: OutboxView) -> None:
    """Makes the address, and with the next run the screen, show the view."""
    others = {name: values for name, values in read_address().items() if name not in OWN}
    own = {
        "box": view.box if view.box != "all" else None,
        "box_page": str(view.page) if view.page > 1 else None,
        "mail": str(view.mail) if view.mail else None,
    }
    write_address(others | {name: value for name, value in own.items() if value is not None})


def show_mail(mail: UUID | None) -> None:
    """Opens a mail beside the list, or closes it."""
    show_outbox(replace(read_outbox_view(), mail=mail))
