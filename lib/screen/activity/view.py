"""What the page Activity shows: which entries, and which page of them. The address is the truth."""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date

from lib.access.actions import ACTIONS, GROUPS
from lib.access.activity import Chosen
from lib.screen.parts.address import page_number, read_address, uuid_of, write_address

OWN = ("person", "what", "chat", "from", "to", "page")


@dataclass(frozen=True)
class ActivityView:
    """One state of the page."""

    chosen: Chosen = field(default_factory=Chosen)
    page: int = 1
    # Whether the address asks for something that cannot be read; then it must not look like everything.
    is_unreadable: bool = False


def read_activity_view() -> ActivityView:
    """The view that the address means."""
    query = read_address()
    person, what, chat, first, last, page = (query.get(name, [""])[-1] for name in OWN)
    chosen = Chosen(
        person or None, what if what in (*GROUPS, *ACTIONS) else None, uuid_of(chat), _day(first), _day(last)
    )
    meant = (chosen.what, chosen.chat, chosen.first_day, chosen.last_day)
    is_unreadable = any(text and read is None for text, read in zip((what, chat, first, last), meant, strict=True))
    return ActivityView(chosen, page_number(page), is_unreadable)


def _day(text: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text)
    return None


def show_activity(view: ActivityView) -> None:
    """Makes the address, and with the next run the screen, show the view."""
    others = {name: values for name, values in read_address().items() if name not in OWN}
    chosen = view.chosen
    own = {
        "person": chosen.person,
        "what": chosen.what,
        "chat": str(chosen.chat) if chosen.chat else None,
        "from": chosen.first_day.isoformat() if chosen.first_day else None,
        "to": chosen.last_day.isoformat() if chosen.last_day else None,
        "page": str(view.page) if view.page > 1 else None,
    }
    write_address(others | {name: value for name, value in own.items() if value is not None})


def choose(**changes: object) -> None:
    """Shows the first page of the entries that are meant with these changes."""
    chosen = read_activity_view().chosen
    show_activity(ActivityView(replace(chosen, **changes)))  # type: ignore[arg-type]
