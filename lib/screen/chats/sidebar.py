"""The sidebar: the field for words, and filters on top of the category."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import streamlit as st

from lib.chats.accounts import accounts, has_several
from lib.chats.filter.filter import EMPTY, LIST_FIELDS, QUEUE_FIELDS, ChatFilter, FacetField
from lib.chats.filter.times import PERIODS
from lib.chats.search.query import straight
from lib.language import _, calendar_day, date_pattern, duration
from lib.missed.queue import tab_of, without_tab
from lib.screen.chats.conditions import conditions
from lib.screen.chats.value_lists import read_value_lists, set_value_lists, value_lists
from lib.screen.chats.view import in_queue, read_view, show, show_chosen
from lib.screen.frame import labels, session
from lib.screen.frame.answers import answer

WORDS_KEY = "words"
MOST_CHARACTERS = 200
WAITS_S = (30, 60, 120, 180, 300, 600, 900, 1800, 3600)
NO_LIMIT = 0
# What the calendars show; other days, as of a wrong clock or from a link, stand beside them.
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 12, 31)
# Two fields: in one for both, a day that is typed without leaving the field is lost.
DAYS = ("first_day", "last_day")
YES_NO = ("any", "yes", "no")


def word_field(words: str) -> None:
    """Draws the field with the words of the address, which it never cuts; what names one chat opens it."""
    where = _("All words must occur in the chat: in its messages or question, in the visitor's data or in a note.")
    phrase = _('`"exact phrase"`: the words one after the other')
    without = _("`-word`: chats without it")
    by_whom = _("`from:visitor` or `from:operator`: who wrote the words that follow")
    straight_to = _("The number of a chat, an e-mail address or a phone number opens the chat if there is only one.")
    link = _("A link has a number instead of the words, since they may name a person.")
    st.text_input(
        _(labels.FIELDS["words"]),
        key=WORDS_KEY,
        type="search",
        max_chars=max(MOST_CHARACTERS, len(words)),
        placeholder=_("Messages, visitors, notes"),
        help=f"{where}\n\n- {phrase}\n- {without}\n- {by_whom}\n\n{straight_to}\n\n{link}",
        on_change=_submitted,
    )


def _submitted() -> None:
    store, view = session.store(), read_view()
    words = str(st.session_state.get(WORDS_KEY) or "")
    found = straight(store, words)
    if found is None:
        show_chosen(replace(view.chosen, words=words))
        return
    # A search for words would not find an id: it has done its work, and what stood here before was meant no more.
    st.session_state[WORDS_KEY] = words = "" if found.by_id else words
    chosen = replace(view.chosen, words=words)
    show(replace(view, chosen=chosen, page=1, chat=found.chat, tab="transcript", came_from=None))


def sidebar_filters(chosen: ChatFilter) -> None:
    """Draws the filters as `chosen` sets them; a change shows the new result."""
    fields = _fields(chosen)
    set_value_lists(chosen, fields)
    for name in ("period", "email", "reply", "repeated"):
        st.session_state[_key(name)] = getattr(chosen, name)
    st.session_state[WORDS_KEY] = chosen.words
    st.session_state[_key("waited_longer_than_s")] = chosen.waited_longer_than_s or NO_LIMIT
    if chosen.period == "custom":
        for name in DAYS:
            st.session_state[_key(name)] = None if _is_beside(chosen, name) else getattr(chosen, name)
    with st.sidebar:
        # Of a fixed height, so that the filters stay where they are when the button comes.
        with st.container(vertical_alignment="center", height=44, border=False, key="filters_top"):
            narrowed = without_tab(chosen, session.actor()) if in_queue() else chosen
            if narrowed.is_empty:
                st.caption(_("Filters"))
            else:
                reset_button("reset_filters")
        word_field(chosen.words)
        _period(chosen)
        value_lists(chosen, fields, _changed)
        conditions(chosen)
        if in_queue():
            _yes_no("repeated", {"any": _("Any"), "yes": _("Yes"), "no": _("No")})
        own = chosen.waited_longer_than_s
        st.selectbox(
            _(labels.FIELDS["waited_longer_than_s"]),
            sorted({NO_LIMIT, *WAITS_S, *([] if own is None else [own])}),
            format_func=lambda seconds: duration(seconds) if seconds else _("Any"),
            key=_key("waited_longer_than_s"),
            on_change=_changed,
            help=_(
                "From the start to an operator's first message; in a chat that nobody answered, to its end. "
                "Chats with an unknown wait are left out."
            ),
        )
        _yes_no("email")
        _yes_no("reply")


def _period(chosen: ChatFilter) -> None:
    st.selectbox(
        _(labels.FIELDS["period"]),
        PERIODS,
        format_func=lambda code: _(labels.PERIODS[code]),
        key=_key("period"),
        on_change=_changed,
    )
    if chosen.period == "custom":
        with st.container(horizontal=True, gap="xsmall", key="w_days"):
            for name in DAYS:
                st.date_input(
                    _(labels.FIELDS[name]),
                    value=None,
                    key=_key(name),
                    format=date_pattern(),
                    min_value=EARLIEST,
                    max_value=LATEST,
                    on_change=_changed,
                )
        for name in DAYS:
            if _is_beside(chosen, name):
                day, field = calendar_day(getattr(chosen, name)), _(labels.FIELDS[name])
                st.caption(_("{field}: {day} stays until you choose another.", field=field, day=day))
        if chosen.first_day and chosen.last_day and chosen.first_day > chosen.last_day:
            st.caption(_("The last day lies before the first, so no chat can match."))


def _is_beside(chosen: ChatFilter, name: str) -> bool:
    """Whether a day is none that its field can show, so that what the field says is not what is meant."""
    day = getattr(chosen, name)
    return day is not None and not EARLIEST <= day <= LATEST


def _fields(chosen: ChatFilter) -> tuple[FacetField, ...]:
    """The lists of the page; those of the ledger come first where missed chats are looked after."""
    fields = (*QUEUE_FIELDS, *LIST_FIELDS) if in_queue() else LIST_FIELDS
    if chosen.account or has_several(answer(accounts)):
        return fields
    return tuple(name for name in fields if name != "account")


def _yes_no(field: str, names: Mapping[str, str] | None = None) -> None:
    names = names or {"any": _("Any"), "yes": _("With"), "no": _("Without")}
    st.segmented_control(
        _(labels.FIELDS[field]),
        YES_NO,
        format_func=names.__getitem__,
        key=_key(field),
        required=True,
        on_change=_changed,
    )


def _changed() -> None:
    """Turns the widgets back into a filter and shows it."""
    state = st.session_state
    chosen = read_view().chosen
    lists = read_value_lists(chosen, _fields(chosen))
    days: dict[str, date | None] = {}
    if state[_key("period")] == "custom":
        days = {name: state.get(_key(name)) for name in DAYS}
        days |= {name: getattr(chosen, name) for name in DAYS if days[name] is None and _is_beside(chosen, name)}
    show_chosen(
        replace(
            chosen,
            period=state[_key("period")],
            first_day=days.get("first_day"),
            last_day=days.get("last_day"),
            waited_longer_than_s=state[_key("waited_longer_than_s")] or None,
            email=state[_key("email")],
            reply=state[_key("reply")],
            repeated=state[_key("repeated")],
            words=str(state.get(WORDS_KEY) or ""),
            **lists,
        )
    )


def reset_button(key: str) -> None:
    """Draws the button that takes all filters away and leaves the category."""
    st.button(_("Reset filters"), key=key, icon=":material/filter_alt_off:", on_click=_reset)


def _reset() -> None:
    chosen = read_view().chosen
    kept = chosen.assignee if in_queue() and tab_of(chosen, session.actor()) == "mine" else ()
    show_chosen(replace(EMPTY, category=chosen.category, queue=chosen.queue, assignee=kept))


def _key(field: str) -> str:
    return f"w_{field}"
