"""What the Outbox page shows: a part of the outbox, a page of it, and an open mail. The address is the truth."""

from dataclasses import dataclass, replace
from uuid import UUID

import streamlit as st

from lib.followup import BOXES, Box

OWN = ("box", "box_page", "mail")
LONGEST_PAGE_DIGITS = 7


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
    box, page, mail = (st.query_params.get(name, "") for name in OWN)
    known = next((each for each in BOXES if each == box), None)
    return OutboxView(known or "all", _page(page), _uuid(mail), known is None and "box" in st.query_params)


def outbox_address(view: OutboxView) -> dict[str, str]:
    """Parameters of a link to the view."""
    values = {
        "box": view.box if view.box != "all" else None,
        "box_page": str(view.page) if view.page > 1 else None,
        "mail": str(view.mail) if view.mail else None,
    }
    return {name: value for name, value in values.items() if value is not None}


def show_outbox(view: OutboxView) -> None:
    """Makes the address, and with the next run the screen, show the view."""
    before = {name: st.query_params.get_all(name) for name in st.query_params}
    after = {name: values for name, values in before.items() if name not in OWN}
    after |= {name: [value] for name, value in outbox_address(view).items()}
    if after != before:
        st.query_params.from_dict(after)


def show_mail(mail: UUID | None) -> None:
    """Opens a mail beside the list, or closes it."""
    show_outbox(replace(read_outbox_view(), mail=mail))


def _page(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_PAGE_DIGITS else 1


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
