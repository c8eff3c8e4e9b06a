"""Export: what is on the screen as a file. The dialog asks how, shows how far it is, and offers the file."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

import streamlit as st

from lib.chats.counts import category_counts
from lib.chats.filter.filter import ChatFilter
from lib.chats.listing import Sort
from lib.chats.own_files import Format
from lib.export.asking import Asked, ask, rows_of_day
from lib.export.choice import FORMATS, MASKS, Choice, Request
from lib.export.columns import COLUMNS
from lib.export.jobs import Job, Refusal
from lib.export.locking import is_fit
from lib.language import _, current, moment, number, plural
from lib.screen.chats.searching import is_searching
from lib.screen.chats.view import ChatView, read_view
from lib.screen.export.files import exports
from lib.screen.export.job import finished, running
from lib.screen.export.wording import FORMAT_MEANINGS, FORMAT_NAMES, MASK_NAMES, REFUSALS, about
from lib.screen.frame import labels, session
from lib.screen.frame.answers import answer
from lib.screen.frame.storing import stores, with_failure
from lib.screen.parts.address import read_address
from lib.screen.parts.dialog import Dialog
from lib.screen.parts.outcome import Telling, tell
from lib.screen.parts.password import forget_password, password_field

# Of the address, what says more than which chats, and in which order.
BESIDE = {"page", "chat", "tab", "from_chat", "lang"}


@dataclass
class Exporting:
    """The open dialog: which chats, in which order, the link to them; what was agreed to, if it is about that; and why
    no export could be started."""

    chosen: ChatFilter
    sort: Sort
    link: str
    agreed: Asked | None = None
    refusal: Refusal | None = None


LONGEST_REASON = 300
NO_REASON_KEY, UNLOCKED_KEY = "export_without_reason", "export_unlocked"
LOCK_KEY = "export_password"
EXPORTING = Dialog("exporting", Exporting)


def export_button(view: ChatView) -> None:
    """Draws the button that opens the dialog, for whoever may export."""
    if not session.may("export"):
        return
    waiting = is_searching(view.chosen)
    st.button(
        "",
        key="export",
        icon=":material/download:",
        type="tertiary",
        help=_("Export: wait until the search has read everything.") if waiting else _("Export"),
        disabled=waiting,
        on_click=_open,
    )


def export_dialog() -> None:
    """Draws the dialog, if it is open."""
    if EXPORTING.is_open:
        EXPORTING.draw(_("Export"), _body, width="medium", icon=":material/download:")


def _open() -> None:
    view = read_view()
    shown = {name: values for name, values in read_address().items() if name not in BESIDE}
    EXPORTING.open(
        Exporting(
            view.chosen, view.sort, session.page_address() + (f"?{urlencode(shown, doseq=True)}" if shown else "")
        )
    )


@with_failure
def _body() -> None:
    exporting = EXPORTING.about
    if exporting is None or not session.may("export"):
        EXPORTING.close()
        st.rerun()
    job = exports().of(session.actor(), session.browser())
    if job and job.state == "running":
        running(job)
    elif job:
        finished(job)
    elif exporting.agreed:
        _agreed_form(exporting, exporting.agreed)
    else:
        _form(exporting)


def _agreed_form(exporting: Exporting, asked: Asked) -> None:
    st.text(labels.filter_words(exporting.chosen))
    st.text(about(asked))
    st.caption(_("It can be started until {time}.", time=moment(asked.until, session.settings().zone)))
    _lock_and_refusal(exporting)
    _buttons(plural("Export {n} chat", "Export {n} chats", asked.chats), _start_agreed)


def _form(exporting: Exporting) -> None:
    count = answer(category_counts, replace(exporting.chosen, category="all"))[exporting.chosen.category]
    st.text(labels.filter_words(exporting.chosen))
    if not count:
        st.info(_("No chat matches, so there is nothing to export. Change the filter first."))
        return
    direction = _("descending") if exporting.sort.descending else _("ascending")
    order = _("Sorted by: {key}, {direction}", key=_(labels.SORTS[exporting.sort.key]), direction=direction)
    st.caption(f"{plural('{n} chat', '{n} chats', count)} · {order}")
    _questions()
    most = session.settings().export_rows_a_day
    is_above = most is not None and _is_above(count, most)
    st.text_input(
        _("Why") if is_above or session.settings().asks_export_reason else _("Why (optional)"),
        key="export_reason",
        max_chars=LONGEST_REASON,
        placeholder=_("Report, analysis, a visitor's request, …"),
        help=_("It stands in the export's manifest and in Activity."),
    )
    if st.session_state.pop(NO_REASON_KEY, False):
        st.badge(_("Say why: it is asked for here."), icon=":material/error:", color="red")
    if is_above:
        st.warning(_(REFUSALS["above_limit"]), icon=":material/group:")
        _buttons(plural("Ask for {n} chat", "Ask for {n} chats", count), _ask, icon=":material/group:")
        return
    _lock_and_refusal(exporting)
    _buttons(plural("Export {n} chat", "Export {n} chats", count), _start)


def _is_above(count: int, most: int) -> bool:
    """Draws how much of the day's limit is used; whether so many chats are above it."""
    used = rows_of_day(session.store(), session.actor(), session.clock())
    st.caption(_("You have exported {used} of the {most} rows of today.", used=number(used), most=number(most)))
    return used + count > most


def _lock_and_refusal(exporting: Exporting) -> None:
    password_field(LOCK_KEY)
    if st.session_state.pop(UNLOCKED_KEY, False):
        st.badge(_("Give a password: no export leaves here without one."), icon=":material/error:", color="red")
    if exporting.refusal:
        st.warning(_(REFUSALS[exporting.refusal]), icon=":material/hourglass:")


def _buttons(label: str, on_click: Callable[[], None], icon: str = ":material/download:") -> None:
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button(_("Cancel"), key="cancel_export", on_click=EXPORTING.close)
        st.button(label, key="start_export", type="primary", icon=icon, on_click=on_click)


def _questions() -> None:
    """Draws the questions; their answers are read from the session when the export starts."""
    format = st.segmented_control(
        _("Format"),
        FORMATS,
        default="csv",
        format_func=lambda code: _(FORMAT_NAMES[code]),
        key="export_format",
        required=True,
    )
    st.caption(_(FORMAT_MEANINGS[format]))
    st.checkbox(_("With messages"), value=True, key="export_messages")
    if st.checkbox(_("Choose columns"), key="export_choose"):
        st.multiselect(_("Columns"), COLUMNS, default=COLUMNS, key="export_columns", label_visibility="collapsed")
    st.multiselect(
        _("Mask"),
        MASKS,
        format_func=lambda code: _(MASK_NAMES[code]),
        key="export_masks",
        placeholder=_("Nothing is masked"),
    )
    if st.session_state.get("export_masks"):
        st.caption(
            _(
                "Also in the texts, as far as patterns can find them: usual forms of addresses and numbers, and the"
                " names that a chat gives of its own visitor. Other people's names, nicknames and what is spelled out"
                " in words stay."
            )
        )


@stores
def _start() -> None:
    exporting = EXPORTING.about
    if exporting and (request := _chosen(exporting)):
        _begin(exporting, request)


@stores
def _start_agreed() -> None:
    exporting = EXPORTING.about
    if exporting and exporting.agreed:
        asked = exporting.agreed.request
        _begin(exporting, replace(asked, clock=session.clock(), person=session.actor(), browser=session.browser()))


@stores
def _ask() -> None:
    exporting = EXPORTING.about
    if exporting is None:
        return
    store, clock = session.store(), session.clock()
    request = _chosen(exporting, has_to_say_why=True)
    if request is None:
        return
    count = answer(category_counts, replace(exporting.chosen, category="all"))[exporting.chosen.category]
    ask(store, request, count, labels.filter_words(exporting.chosen, clock))
    EXPORTING.close()
    tell(lambda: Telling(_("It waits for a second person who may export. You find it on the page Today.")))


def _chosen(exporting: Exporting, *, has_to_say_why: bool = False) -> Request | None:
    """The export that the answers mean; None where one is lacking, which the form then says."""
    # Asked for before anything begins: a second click stops the run wherever it asks the session for something.
    clock, person, browser, state = session.clock(), session.actor(), session.browser(), st.session_state
    reason = " ".join(str(state.get("export_reason") or "").split())[:LONGEST_REASON]
    if (has_to_say_why or session.settings().asks_export_reason) and not reason:
        state[NO_REASON_KEY] = True
        return None
    format: Format = next((code for code in FORMATS if code == state.get("export_format")), "csv")
    columns = frozenset(state.get("export_columns", COLUMNS)) if state.get("export_choose") else None
    masks = frozenset(mask for mask in MASKS if mask in state.get("export_masks", ()))
    choice = Choice(format, bool(state.get("export_messages", True)), columns, masks)
    return Request(clock, person, exporting.chosen, exporting.sort, choice, exporting.link, current(), browser, reason)


def _begin(exporting: Exporting, request: Request) -> None:
    password = str(st.session_state.get(LOCK_KEY) or "").strip()
    # What was typed and does not fit is said beside the field.
    if not is_fit(password) and (password or session.settings().asks_export_password):
        st.session_state[UNLOCKED_KEY] = not password
        return
    limit = session.settings().export_rows_a_day
    started = exports().start(session.store(), replace(request, password=password), limit)
    exporting.refusal = started if isinstance(started, str) else None
    if isinstance(started, Job):
        forget_password(LOCK_KEY)
