"""Saves, changes, arranges and deletes views; each is an event, and an answer tells why something was not done.

What others see needs the right to share views, whoever made it.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, Literal
from uuid import UUID, uuid4

from lib.commands import command, require
from lib.store import Cursor, Store, insert, now, record_event, take_turn
from lib.views.content import LONGEST_NAME, ViewPage, clean_name, names_of
from lib.views.saved import SavedView, all_views, seen_by

# no_name, too_long, same_name: of the name; gone: deleted, or not shared any more; not_yours: only its owner may do it.
Refusal = Literal["no_name", "too_long", "same_name", "gone", "not_yours"]
Outcome = SavedView | Refusal
Direction = Literal["up", "down"]

MOST_CHATS: Final = 1_000_000_000

# What becomes of a view, seen beside all others that the person sees.
_Edit = Callable[[SavedView, list[SavedView]], Outcome]
_COLUMNS = ("id", "code", "name", "owner", "shared", "page", "content", "threshold", "position", "deleted_at")


@command("view.save", "read", "view_saved", undone_by="view.delete", person="person")
def save(
    store: Store,
    name: str,
    page: ViewPage,
    content: str,
    person: str,
    *,
    shared: bool = False,
    threshold: int | None = None,
) -> Outcome:
    """The new view, which comes last; a name that the person sees already is refused."""
    new = SavedView(uuid4(), None, clean_name(name), person, shared, page, content, _limit(threshold), 0)

    if shared:
        require(store, person, "share_views", "view.share")

    def work(cursor: Cursor) -> Outcome:
        views = _all_in_turn(cursor)
        named = _named(new, name, seen_by(person, views))
        if not isinstance(named, SavedView):
            return named
        saved = replace(named, position=max((view.position for view in views), default=0) + 1)
        insert(cursor, "saved_views", _row(saved) | {"saved_at": now()})
        _tell(cursor, "view_saved", saved, person, page=page, shared=shared, threshold=saved.threshold)
        return saved

    return store.write(work)


@command("view.rename", "read", "view_renamed", undone_by="view.rename", person="person")
def rename(store: Store, view_id: UUID, name: str, person: str) -> Outcome:
    """The view with another name."""
    return _change(store, view_id, person, "view_renamed", lambda view, others: _named(view, name, others))


@command("view.share", "read", "view_shared", "view_made_private", undone_by="view.share", person="person")
def set_shared(store: Store, view_id: UUID, person: str, *, shared: bool) -> Outcome:
    """The view, seen by everybody or by its owner alone."""

    def edit(view: SavedView, _others: list[SavedView]) -> Outcome:
        return replace(view, shared=shared) if shared or view.owner == person else "not_yours"

    return _change(store, view_id, person, "view_shared" if shared else "view_made_private", edit)


@command("view.threshold", "read", "view_threshold_set", undone_by="view.threshold", person="person")
def set_threshold(store: Store, view_id: UUID, threshold: int | None, person: str) -> Outcome:
    """The view that stands out above another number of chats; None: never."""
    limit = _limit(threshold)
    return _change(store, view_id, person, "view_threshold_set", lambda view, _others: replace(view, threshold=limit))


@command("view.update", "read", "view_updated", undone_by="view.update", person="person")
def replace_content(store: Store, view_id: UUID, page: ViewPage, content: str, person: str) -> Outcome:
    """The view that shows something else from now on."""
    return _change(
        store, view_id, person, "view_updated", lambda view, _others: replace(view, page=page, content=content)
    )


@command("view.delete", "read", "view_deleted", undone_by="view.restore", person="person")
def delete(store: Store, view_id: UUID, person: str) -> Outcome:
    """The view as it is deleted; it can be restored."""
    moment = now()
    return _change(store, view_id, person, "view_deleted", lambda view, _others: replace(view, deleted_at=moment))


@command("view.restore", "read", "view_restored", undone_by="view.delete", person="person")
def restore(store: Store, view_id: UUID, person: str) -> Outcome:
    """The view, back at its place; refused where another one has got its name meanwhile."""

    def edit(view: SavedView, others: list[SavedView]) -> Outcome:
        back = replace(view, deleted_at=None)
        return "same_name" if _is_taken(back, others) else back

    return _change(store, view_id, person, "view_restored", edit, deleted=True)


@command("view.move", "read", "view_moved", undone_by="view.move", person="person")
def move(store: Store, view_id: UUID, direction: Direction, person: str) -> Outcome:
    """The view one place up or down among those that the person sees; the first and the last stay where they are."""

    def work(cursor: Cursor) -> Outcome:
        views = _all_in_turn(cursor)
        seen = seen_by(person, views)
        view = _find(view_id, seen)
        if view is None:
            return "gone"
        if view.shared:
            require(store, person, "share_views", "view.share")
        order = _moved(views, seen, view, direction)
        moved = {each.id: replace(each, position=place) for place, each in enumerate(order, 1)}
        if [each.id for each in order] == [each.id for each in views]:
            return view
        for before in views:
            if before != moved[before.id]:
                _update(cursor, moved[before.id])
        _tell(cursor, "view_moved", view, person, direction=direction)
        return moved[view_id]

    return store.write(work)


def _change(store: Store, view_id: UUID, person: str, action: str, edit: _Edit, *, deleted: bool = False) -> Outcome:
    def work(cursor: Cursor) -> Outcome:
        views = _all_in_turn(cursor)
        view = _find(view_id, [each for each in views if each.is_seen_by(person)])
        if view is None or (view.deleted_at is not None and not deleted):
            return "gone"
        changed = edit(view, seen_by(person, views))
        if view.shared or (isinstance(changed, SavedView) and changed.shared):
            require(store, person, "share_views", "view.share")
        if isinstance(changed, SavedView) and changed != view:
            _update(cursor, changed)
            # The content is not told, since it may name a person.
            difference = {
                name: {"before": getattr(view, name), "after": getattr(changed, name)}
                for name in ("name", "shared", "page", "threshold")
                if getattr(view, name) != getattr(changed, name)
            }
            _tell(cursor, action, changed, person, **difference)
        return changed

    return store.write(work)


def _all_in_turn(cursor: Cursor) -> list[SavedView]:
    take_turn(cursor, "views")
    return all_views(cursor)


def _find(view_id: UUID, views: Sequence[SavedView]) -> SavedView | None:
    return next((view for view in views if view.id == view_id), None)


def _named(view: SavedView, typed: str, others: list[SavedView]) -> Outcome:
    name = clean_name(typed)
    if not name:
        return "no_name"
    if len(name) > LONGEST_NAME:
        return "too_long"
    if name == view.shown_name and _find(view.id, others):
        return view
    named = replace(view, name=name)
    return "same_name" if _is_taken(named, others) else named


def _is_taken(view: SavedView, others: list[SavedView]) -> bool:
    own = names_of(view.code, view.name)
    return any(own & names_of(other.code, other.name) for other in others if other.id != view.id)


def _moved(views: list[SavedView], seen: list[SavedView], view: SavedView, direction: Direction) -> list[SavedView]:
    """All views with one of them before or behind its neighbour among the seen ones."""
    place = seen.index(view) + (-1 if direction == "up" else 1)
    if not 0 <= place < len(seen):
        return views
    rest = [each for each in views if each != view]
    there = rest.index(seen[place]) + (direction == "down")
    return [*rest[:there], view, *rest[there:]]


def _limit(threshold: int | None) -> int | None:
    return None if threshold is None else min(max(threshold, 0), MOST_CHATS)


def _row(view: SavedView) -> dict[str, object]:
    return {name: getattr(view, name) for name in _COLUMNS}


def _update(cursor: Cursor, view: SavedView) -> None:
    changes = ", ".join(f"{name} = ${name}" for name in _COLUMNS if name != "id")
    cursor.execute(f"UPDATE saved_views SET {changes} WHERE id = $id", _row(view))


def _tell(cursor: Cursor, action: str, view: SavedView, person: str, **detail: object) -> None:
    known = {"view": str(view.id), "called": view.name or view.code}
    record_event(cursor, action, person, None, now(), **known, **detail)
