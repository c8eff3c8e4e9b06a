"""The dialog in which saved views get their names, order and thresholds, are shared, updated and deleted."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import streamlit as st

from lib.language import _
from lib.screen.frame import session
from lib.screen.frame.answers import answer
from lib.screen.frame.storing import stores
from lib.screen.parts.dialog import Dialog
from lib.screen.parts.outcome import draw_outcome
from lib.screen.views.form import threshold_input
from lib.screen.views.outcome import REFUSALS, forget, refused, tell
from lib.screen.views.shown import Shown, can_be_counted, is_shown, shown
from lib.views import saving
from lib.views.content import LONGEST_NAME
from lib.views.saved import SavedView, saved_views

ARRANGING = Dialog("arranging_views", bool)
# By the keys of their fields, what was typed and could not be stored.
UNSTORED_KEY = "views_unstored"
WIDTHS = (1.5, 5, 2, 2.5, 1.5)


def begin_arranging() -> None:
    """Opens the dialog with the next run."""
    ARRANGING.open(True)
    st.session_state.pop(UNSTORED_KEY, None)
    forget()


def arranging_dialog() -> None:
    """Draws the dialog, if it is open."""
    if ARRANGING.is_open:
        ARRANGING.draw(_("Arrange views"), _rows, width="medium", icon=":material/bookmarks:")


def _rows() -> None:
    what, views = shown(), answer(saved_views, session.actor())
    if session.may("share_views"):
        st.caption(_("Anybody may change a shared view. The order of shared views is the same for all."))
    else:
        st.caption(_("You may change your own views; shared ones only whoever may share views."))
    if views:
        _order, name, everybody, threshold, _rest = st.columns(WIDTHS, gap="small")
        name.caption(_("Name"))
        everybody.caption(_("Everybody"))
        threshold.caption(_("Stands out above"))
    else:
        st.caption(_("No view is saved yet."))
    for place, view in enumerate(views):
        _row(view, what, is_first=place == 0, is_last=place == len(views) - 1)
    # Below the rows, which stay where they are while a name is left.
    refused()
    draw_outcome("views")


def _row(view: SavedView, what: Shown | None, *, is_first: bool, is_last: bool) -> None:
    order, name, everybody, threshold, rest = st.columns(WIDTHS, gap="small", vertical_alignment="center")
    may_change = not view.shared or session.may("share_views")
    with order, st.container(horizontal=True, gap="xsmall"):
        _button("up", view, ":material/move_up:", _("Up"), possible=may_change and not is_first)
        _button("down", view, ":material/move_down:", _("Down"), possible=may_change and not is_last)
    with name:
        key = _name_key(view.id)
        st.session_state[key] = _unstored().get(key, view.shown_name)
        st.text_input(
            _("Name"),
            key=key,
            max_chars=LONGEST_NAME,
            label_visibility="collapsed",
            disabled=not may_change,
            on_change=_rename,
            args=(view.id,),
        )
    with everybody:
        _everybody(view)
    with threshold:
        key = _threshold_key(view.id)
        st.session_state[key] = _unstored().get(key, view.threshold)
        threshold_input(
            key,
            possible=may_change and can_be_counted(view),
            label_visibility="collapsed",
            on_change=_set_threshold,
            args=(view.id,),
        )
    with rest, st.container(horizontal=True, gap="xsmall"):
        can_update = may_change and what is not None and not is_shown(view, what)
        _button("update", view, ":material/save:", _("Update this view to what is shown"), possible=can_update)
        _button("delete", view, ":material/delete:", _("Delete"), possible=may_change)
        if _unstored().keys() & {_name_key(view.id), _threshold_key(view.id)}:
            _button("store", view, ":material/check:", _("Save"), possible=True)


def _button(work: str, view: SavedView, icon: str, help: str, *, possible: bool) -> None:
    st.button(
        "",
        key=f"view_{work}_{view.id}",
        icon=icon,
        help=help,
        type="tertiary",
        disabled=not possible,
        on_click=WORKS[work],
        args=(view.id,),
    )


def _everybody(view: SavedView) -> None:
    key = f"view_shared_{view.id}"
    st.session_state[key] = view.shared
    is_own, may_share = view.owner == session.actor(), session.may("share_views")
    why = _(REFUSALS["not_yours"]) if may_share else _("Sharing views needs a right that you do not have.")
    st.toggle(
        _("Everybody sees it"),
        key=key,
        label_visibility="collapsed",
        disabled=not (is_own and may_share),
        help=None if is_own and may_share else why,
        on_change=_share,
        args=(view.id,),
    )


def _name_key(view_id: UUID) -> str:
    return f"view_name_{view_id}"


def _threshold_key(view_id: UUID) -> str:
    return f"view_threshold_{view_id}"


def _unstored() -> dict[str, Any]:
    found: dict[str, Any] = st.session_state.setdefault(UNSTORED_KEY, {})
    return found


@contextmanager
def _typed(key: str) -> Iterator[Any]:
    """What is typed in a field; it stays there unless the work inside ends well."""
    _unstored()[key] = st.session_state[key]
    yield st.session_state[key]
    del _unstored()[key]


@stores
def _rename(view_id: UUID) -> None:
    store, person = session.store(), session.actor()
    with _typed(_name_key(view_id)) as name:
        tell(saving.rename(store, view_id, str(name or ""), person), "renamed")


@stores
def _share(view_id: UUID) -> None:
    store, person = session.store(), session.actor()
    is_shared = bool(st.session_state[f"view_shared_{view_id}"])
    tell(saving.set_shared(store, view_id, person, shared=is_shared), "shared" if is_shared else "made_private")


@stores
def _set_threshold(view_id: UUID) -> None:
    store, person = session.store(), session.actor()
    with _typed(_threshold_key(view_id)) as threshold:
        done = saving.set_threshold(store, view_id, threshold, person)
        tell(done, "watched" if threshold is not None else "unwatched")


def _store(view_id: UUID) -> None:
    for key, work in ((_name_key(view_id), _rename), (_threshold_key(view_id), _set_threshold)):
        if key in _unstored():
            work(view_id)


@stores
def _up(view_id: UUID) -> None:
    store, person = session.store(), session.actor()
    tell(saving.move(store, view_id, "up", person), None)


@stores
def _down(view_id: UUID) -> None:
    store, person = session.store(), session.actor()
    tell(saving.move(store, view_id, "down", person), None)


@stores
def _update(view_id: UUID) -> None:
    store, person, what = session.store(), session.actor(), shown()
    if what is not None:
        before = next((view for view in answer(saved_views, person) if view.id == view_id), None)
        tell(saving.replace_content(store, view_id, *what, person), "updated", before)


@stores
def _delete(view_id: UUID) -> None:
    store, person = session.store(), session.actor()
    tell(saving.delete(store, view_id, person), "deleted")


WORKS: Mapping[str, Callable[[UUID], None]] = {
    "up": _up,
    "down": _down,
    "update": _update,
    "delete": _delete,
    "store": _store,
}
