"""Views that somebody saved under a name, and those that are there from the start.

A person sees the shared views and their own. They may change what they see; only who owns a view can make it private.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lib.store import Cursor, Row, Store, rows
from lib.views.content import DEFAULT_NAMES, VIEW_PAGES, ViewPage, name_of

_ALL = """
    SELECT id, code, name, owner, shared, page, content, threshold, position, deleted_at FROM saved_views
    ORDER BY position, saved_at, id
"""


@dataclass(frozen=True)
class SavedView:
    """A view; one that is there from the start has a `code`, and no own name until it is renamed.

    It stands out when more than `threshold` chats are in it; `content` is text (see content.py).
    """

    id: UUID
    code: str | None
    name: str | None
    owner: str
    shared: bool
    page: ViewPage
    content: str
    threshold: int | None
    position: int
    deleted_at: datetime | None = None

    @property
    def shown_name(self) -> str:
        """What it is called in the current language; not to be taken for Markdown."""
        return name_of(self.code, self.name)

    def is_seen_by(self, person: str) -> bool:
        """Whether a person sees it in the menu, unless it is deleted."""
        return self.shared or self.owner == person


def saved_views(store: Store, person: str) -> list[SavedView]:
    """The views that a person sees, in their order."""
    return seen_by(person, _views(store.read(_ALL)))


def all_views(cursor: Cursor) -> list[SavedView]:
    """All views within a transaction, the deleted ones too, in their order; what makes no sense is left out."""
    return _views(rows(cursor.execute(_ALL)))


def seen_by(person: str, views: list[SavedView]) -> list[SavedView]:
    """Those of the views that a person sees."""
    return [view for view in views if view.deleted_at is None and view.is_seen_by(person)]


def _views(found: list[Row]) -> list[SavedView]:
    views = []
    for row in found:
        page = next((page for page in VIEW_PAGES if page == row["page"]), None)
        is_named = row["name"] is not None or row["code"] in DEFAULT_NAMES
        if page and is_named:
            views.append(SavedView(**row | {"page": page}))
    return views
