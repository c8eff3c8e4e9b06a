"""Addresses that are not written to: the list, adding one, and taking one off."""

from collections.abc import Sequence
from typing import Literal

import pandas as pd
import streamlit as st

from lib.language import _, mark, moment_pattern, number
from lib.mail import Blocked, block, blocked_addresses, put_back, unblock
from lib.mail.do_not_contact import LONGEST_DETAIL, Reason
from lib.screen.frame import session
from lib.screen.frame.storing import stores
from lib.screen.parts.outcome import Telling, tell, undo_way
from lib.screen.parts.table import Ticks

REASON_NAMES: dict[Reason, str] = {
    "bounced": mark("It bounced"),
    "asked": mark("Asked not to be written to"),
    "other": mark("Other reason"),
}
# What a person can say; that an address bounced, the mail server says.
CHOICES: tuple[Reason, ...] = ("asked", "bounced", "other")
WIDTH = 230
FORM = "form"
Done = Literal["added", "present", "invalid", "removed", "absent"]
RESULTS: dict[Done, str] = {
    "added": mark("Nothing is sent to this address any more:"),
    "present": mark("This address was on the list before:"),
    "invalid": mark("This is not an e-mail address:"),
    "removed": mark("This address can be written to again:"),
    "absent": mark("This address was not on the list any more:"),
}


def do_not_contact() -> None:
    """Draws the list with what can be done."""
    found = blocked_addresses(session.store())
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(_("**Do not contact**"), width="content")
        st.badge(number(len(found)), color="gray")
        st.caption(
            _("Nothing is sent to these addresses. One that the mail server does not know comes here by itself."),
            width="content",
        )
    with st.form("block_form", border=False), st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.text_input(_("Address"), key=f"block_address_{FORM}", max_chars=400, width=WIDTH)
        _reason_fields(FORM)
        st.form_submit_button(_("Add"), key="block_add", icon=":material/add:", on_click=_add, args=(FORM,))
    if found:
        slot = st.container()
        ticks = _table(found)
        with slot:
            st.button(
                _("Take off the list"),
                key="unblock",
                icon=":material/undo:",
                disabled=not ticks.chosen,
                on_click=_remove,
                args=(ticks,),
            )
    else:
        st.caption(_("No address is on the list."))


def block_button(addresses: Sequence[str], name: str) -> None:
    """Draws a button that puts one of the addresses on the list; `name` tells it from others on the page."""
    with st.popover(_("Do not write to this address again"), icon=":material/unsubscribe:", key=f"block_{name}"):
        st.selectbox(_("Address"), addresses, key=f"block_address_{name}", width=WIDTH)
        _reason_fields(name)
        st.button(_("Put on the list"), key=f"block_now_{name}", type="primary", on_click=_add, args=(name,))


def _reason_fields(name: str) -> None:
    st.selectbox(
        _("Reason"),
        CHOICES,
        format_func=lambda reason: _(REASON_NAMES[reason]),
        key=f"block_reason_{name}",
        width=WIDTH,
    )
    st.text_input(_("In words"), key=f"block_detail_{name}", max_chars=LONGEST_DETAIL, width=WIDTH)


@stores
def _add(name: str) -> None:
    # Asked for before anything is written: a second click stops the run wherever it asks the session for something.
    store, actor = session.store(), session.actor()
    typed, detail = (str(st.session_state[f"block_{field}_{name}"] or "") for field in ("address", "detail"))
    reason: Reason = next((each for each in CHOICES if each == st.session_state[f"block_reason_{name}"]), "other")
    done = block(store, typed, reason, detail[:LONGEST_DETAIL], actor)
    _tell([(done, typed)])
    if done != "invalid" and name == FORM:
        st.session_state[f"block_address_{FORM}"] = st.session_state[f"block_detail_{FORM}"] = ""


def _table(found: Sequence[Blocked]) -> Ticks[str]:
    addresses = [each.address for each in found]
    key = f"blocked_{hash(tuple(addresses))}"
    column, zone = st.column_config, session.settings().zone
    st.dataframe(
        pd.DataFrame(
            {
                "address": addresses,
                "reason": [_(REASON_NAMES[each.reason]) for each in found],
                "detail": [each.detail for each in found],
                "added_at": [each.added_at for each in found],
                "added_by": [session.shown_actor(each.added_by) for each in found],
            }
        ),
        key=key,
        on_select="rerun",
        selection_mode="multi-row",
        hide_index=True,
        row_height=30,
        height="content" if len(found) <= 10 else 340,
        placeholder="",
        column_config={
            "address": column.TextColumn(_("Address"), width=230),
            "reason": column.TextColumn(_("Reason"), width=200),
            "detail": column.TextColumn(_("In words"), width=320),
            "added_at": column.DatetimeColumn(_("Since"), format=moment_pattern(), timezone=zone, width=140),
            "added_by": column.TextColumn(_("Added by"), width=120),
        },
        alt=_("Do not contact"),
    )
    return Ticks(key, addresses)


@stores
def _remove(ticks: Ticks[str]) -> None:
    store, actor, chosen = session.store(), session.actor(), ticks.chosen
    listed = [each for each in blocked_addresses(store) if each.address in chosen]
    off = unblock(store, chosen, actor)
    done: dict[str, Done] = {each: "removed" if each in off else "absent" for each in chosen}
    removed = [each for each in listed if done[each.address] == "removed"]
    _tell([(code, address) for address, code in done.items()], removed)


@stores
def _put_back(removed: Sequence[Blocked]) -> None:
    store, actor = session.store(), session.actor()
    back = put_back(store, removed, actor)
    _tell([("added" if each.address in back else "present", each.address) for each in removed])


def _tell(done: Sequence[tuple[Done, str]], removed: Sequence[Blocked] = ()) -> None:
    ways = [undo_way(lambda: _put_back(removed))] if removed else []
    tell(lambda: Telling("\n".join(f"{_(RESULTS[code])} {address}" for code, address in done), ways))
