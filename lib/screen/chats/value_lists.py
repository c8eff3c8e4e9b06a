"""The lists of the sidebar: the values of a field with their numbers of chats, to be shown or to be left out."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import streamlit as st

from lib.chats.accounts import account_names, accounts
from lib.chats.columns import FIELDS, value_name
from lib.chats.facets import Facet, facets
from lib.chats.filter.filter import EMPTY, NO_VALUE, ChatFilter, FacetField, as_chosen, as_stored
from lib.language import _, number, plural
from lib.screen.chats.searching import is_searching
from lib.screen.chats.view import show_without
from lib.screen.frame import labels
from lib.screen.frame.answers import answer

# Between a value and its number, with spaces that nobody types.
DOT = "\N{NO-BREAK SPACE}·\N{NO-BREAK SPACE}"
_NUMBER = re.compile(rf"{DOT}[0-9][0-9.,\s]*\Z")
# A browser draws no more chosen values than these in a list.
MOST_CHOSEN = 100


class Offered(str):
    """A value that a list offered; any other text that the browser sends back was typed, or is an older label."""


def value_lists(chosen: ChatFilter, names: tuple[FacetField, ...], on_change: Callable[[], None]) -> None:
    """Draws the lists of these fields as `chosen` sets them; `on_change` is called after every change."""
    counted: tuple[FacetField, ...] = ()
    if not is_searching(chosen):
        # Without its own condition, a field would need a search of its own.
        counted = tuple(name for name in names if not (chosen.words.strip() and getattr(chosen, name)))
    known = answer(facets, chosen, counted) if counted else {}
    # Where no number is known, the values are those of all chats.
    rest = answer(facets, EMPTY, names) if len(counted) < len(names) else {}
    for name in names:
        if len(getattr(chosen, name)) > MOST_CHOSEN:
            st.markdown(_(labels.FIELDS[name]))
            with st.container(horizontal=True, vertical_alignment="center"):
                st.caption(
                    plural("{n} value is chosen", "{n} values are chosen", len(getattr(chosen, name))), width="content"
                )
                st.button(_("Remove"), key=f"remove_{name}", type="tertiary", on_click=show_without, args=(name,))
            continue
        found = known.get(name) or rest[name]
        _list(name, chosen, found, on_change, has_numbers=name in known)


def set_value_lists(chosen: ChatFilter, names: Iterable[FacetField]) -> None:
    """Sets the widgets of these fields."""
    for name in names:
        st.session_state[_key(name)] = [Offered(value) for value in getattr(chosen, name)]
        st.session_state[_not_key(name)] = name in chosen.excluded


def read_value_lists(chosen: ChatFilter, names: Iterable[FacetField]) -> dict[str, Any]:
    """What the widgets of these fields say, as fields of a ChatFilter; one that is not drawn stays as in `chosen`."""
    state = st.session_state
    drawn = [name for name in names if len(getattr(chosen, name)) <= MOST_CHOSEN and _key(name) in state]
    lists: dict[str, Any] = {}
    for name in drawn:
        read = [
            str(item) if isinstance(item, Offered) else value_of_text(name, item, getattr(chosen, name))
            for item in state[_key(name)]
        ]
        lists[name] = tuple(dict.fromkeys(filter(None, read)))
    left_out = {name for name in drawn if state.get(_not_key(name))} | (set(chosen.excluded) - set(drawn))
    return {**lists, "excluded": tuple(left_out)}


def _list(
    name: FacetField, chosen: ChatFilter, found: Facet, on_change: Callable[[], None], *, has_numbers: bool
) -> None:
    counts = dict(found.values) | {value: 0 for value in getattr(chosen, name) if value not in found.names}
    shown = value_labels(name, counts if has_numbers else dict.fromkeys(counts))
    how = [_("Beside each value: the number of chats that have it and meet all other filters.")]
    if FIELDS[name].kind == "list":
        how.append(_("A chat counts for each of its values, so the numbers can add up to more than there are chats."))
    how.append(_("A value that is not in the list can be typed in full."))
    st.multiselect(
        _(labels.FIELDS[name]),
        [Offered(value) for value in counts],
        format_func=lambda value: shown.get(value, str(value)),
        key=_key(name),
        placeholder=_("Any"),
        on_change=on_change,
        accept_new_options=name != "cause",
        filter_mode="contains",
        select_all=False,
        help=" ".join(how),
    )
    if found.others:
        st.caption(
            plural("And {n} more value: type it in full.", "And {n} more values: type one in full.", found.others)
        )
    if getattr(chosen, name):
        st.checkbox(_("Leave these out"), key=_not_key(name), on_change=on_change)


def value_labels(name: FacetField, counts: Mapping[str, int | None]) -> dict[str, str]:
    """What each value is called, with its number where it is known; no two of them have the same name."""
    names = {}
    for value in counts:
        stored = as_stored(value)
        if name == "account":
            names[value] = account_names(answer(accounts)).get(stored) or stored or _("First account")
        elif value == NO_VALUE:
            names[value] = _("Nobody") if name == "assignee" else _("No value")
        else:
            names[value] = value_name(name, stored or "")
    often = Counter(names.values())
    for value, count in counts.items():
        if often[names[value]] > 1 and value != NO_VALUE:
            names[value] += f" ({value})"
        if count is not None:
            names[value] += f"{DOT}{number(count)}"
    return names


def value_of_text(name: FacetField, text: str, chosen: Iterable[str] = ()) -> str:
    """The value that a label of before means, or a text that somebody typed; what is unknown means itself.

    `chosen` are values that the list shows besides those that are offered.
    """
    bare = _NUMBER.sub("", text)
    known = value_labels(name, dict.fromkeys([*chosen, *answer(facets, EMPTY, (name,))[name].names]))
    for same in (str, str.strip, lambda each: each.strip().casefold()):
        for value, shown in known.items():
            if same(bare) == same(shown) or (value != NO_VALUE and same(as_chosen(bare)) == same(value)):
                return value
    return as_chosen(bare.strip())


def _key(name: str) -> str:
    return f"w_{name}"


def _not_key(name: str) -> str:
    return f"w_not_{name}"
