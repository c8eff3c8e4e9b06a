"""What waits to be erased, with a way to cancel it."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lib.erasure.later import Due, cancel
from lib.language import _, moment_pattern, plural
from lib.screen.frame import session
from lib.screen.frame.storing import stores
from lib.screen.parts.known_person import KINDS
from lib.screen.parts.outcome import Telling, tell, tell_failure
from lib.screen.parts.table import Ticks, choice_table


def table_key(waiting: Sequence[Due]) -> str:
    """Key of the table: a tick stays while the rows are the same."""
    return f"to_be_erased_{hash(tuple(each.id for each in waiting))}"


def waiting_list(waiting: Sequence[Due]) -> None:
    """Draws it, what is due first."""
    column, zone = st.column_config, session.settings().zone
    with st.container(border=True):
        st.markdown(_("**To be erased**"))
        ticks = choice_table(
            pd.DataFrame(
                {
                    "due_at": [each.due_at for each in waiting],
                    "kind": [_(KINDS[each.wanted.kind]) for each in waiting],
                    "what": [_what(each) for each in waiting],
                    "asked_by": [session.shown_actor(each.asked_by) for each in waiting],
                    "reason": [each.reason for each in waiting],
                }
            ),
            waiting,
            key=table_key(waiting),
            columns={
                "due_at": column.DatetimeColumn(_("Due"), format=moment_pattern(), timezone=zone, width=140),
                "kind": column.TextColumn(_("Known by"), width=110),
                "what": column.TextColumn(_("Who or what"), width=220),
                "asked_by": column.TextColumn(_("By"), width=140),
                "reason": column.TextColumn(_("Reason")),
            },
            alt=_("To be erased"),
        )
        st.button(
            _("Do not erase it") if ticks.chosen else _("Choose a row to cancel it"),
            key="cancel_due",
            icon=":material/undo:",
            disabled=not ticks.chosen,
            on_click=_cancel,
            args=(ticks,),
        )


def _what(due: Due) -> str:
    wanted = due.wanted
    if wanted.kind == "chats":
        return plural("{n} chat", "{n} chats", len(wanted.chats))
    stay = _("the chats stay") if due.keeps_chats else ""
    return " · ".join(filter(None, [wanted.value, wanted.system, stay]))


@stores
def _cancel(ticks: Ticks[Due]) -> None:
    for due in ticks.chosen:
        if cancel(session.store(), due.id, session.actor()):
            tell(lambda: Telling(_("It is not erased.")))
        else:
            tell_failure(_("It was erased or cancelled before. Nothing was done."))
