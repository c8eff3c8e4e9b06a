"""The button that has the sealed log checked, and what came of it."""

from dataclasses import dataclass
from datetime import datetime

import pandas as pd
import streamlit as st

from lib.access.verifying import FAULT_NAMES, Verified, verify
from lib.language import _, moment, moment_pattern, number, plural
from lib.screen.frame import session
from lib.screen.parts.table import height_of
from lib.store import now

RESULT_KEY = "activity_checked"
HEIGHT = 260


@dataclass(frozen=True)
class Checked:
    """What was found at a moment (naive UTC)."""

    found: Verified
    at: datetime


def check_button() -> bool:
    """Draws the button; whether it was pressed."""
    return st.button(
        _("Check"),
        key="check_log",
        icon=":material/verified_user:",
        help=_("Whether anything was changed, removed or added in the log since it was written."),
    )


def check_result(*, is_wanted: bool) -> None:
    """Draws what was found last, and checks first where that is wanted."""
    if is_wanted:
        with st.spinner(_("Checking the log…")):
            found = verify(session.whole_store(), session.settings().seal_key)
        st.session_state[RESULT_KEY] = Checked(found, now())
    checked = st.session_state.get(RESULT_KEY)
    if not isinstance(checked, Checked):
        return
    with st.container(border=True, gap="xsmall", key="check_result"):
        found = checked.found
        faults = sum(found.found.values())
        if faults:
            st.error(
                plural(
                    "The log is not as it was written: {n} fault.",
                    "The log is not as it was written: {n} faults.",
                    faults,
                ),
                icon=":material/gpp_bad:",
            )
            _faults(found)
            if found.found.get("broken", 0) > found.checked // 2:
                st.caption(
                    _(
                        "Most seals are broken: is the key of the setting {setting} the one with which they were made?",
                        setting="CHAT_HISTORY_SEAL_KEY",
                    )
                )
        else:
            st.success(
                plural(
                    "The {n} sealed entry is as it was written.",
                    "All {n} sealed entries are as they were written.",
                    found.checked - found.removed,
                ),
                icon=":material/gpp_good:",
            )
        st.caption(" · ".join(_beside(checked)))
        st.caption(
            _("The end of the log. Noted elsewhere, it proves later that nothing was cut off or made anew:")
            if found.without_key < found.checked and session.settings().seal_key
            else _(
                "The end of the log. Note it elsewhere: without it and without the key of the setting {setting}, "
                "whoever can write into the database could make the whole log anew.",
                setting="CHAT_HISTORY_SEAL_KEY",
            )
        )
        st.code(f"python -m lib.access verify --head {found.head}", language=None, wrap_lines=True)


def _beside(checked: Checked) -> list[str]:
    found, zone = checked.found, session.settings().zone
    told = [_("Checked: {moment}", moment=moment(checked.at, zone))]
    if found.unsealed:
        told.append(plural("{n} entry is not sealed yet", "{n} entries are not sealed yet", found.unsealed))
    if found.removed:
        told.append(
            plural(
                "{n} was removed by the app: of the sample, erased for good, or kept long enough",
                "{n} were removed by the app: of the sample, erased for good, or kept long enough",
                found.removed,
            )
        )
    if found.without_key:
        told.append(
            plural(
                "the first {n} was sealed without a key", "the first {n} were sealed without a key", found.without_key
            )
        )
    return told


def _faults(found: Verified) -> None:
    column, faults = st.column_config, found.faults
    st.dataframe(
        pd.DataFrame(
            {
                "fault": [_(FAULT_NAMES[each.kind]) for each in faults],
                "number": ["" if each.number is None else number(each.number) for each in faults],
                "moment": pd.Series([each.moment for each in faults], dtype="datetime64[us]"),
                "row": [" ".join(filter(None, [each.source, str(each.event_id or "")])) for each in faults],
            }
        ),
        hide_index=True,
        row_height=30,
        height=height_of(len(faults), HEIGHT),
        placeholder="",
        column_config={
            "fault": column.TextColumn(_("What is wrong"), width=330),
            "number": column.TextColumn(_("Seal"), width=80),
            "moment": column.DatetimeColumn(
                _("Time"), format=moment_pattern(), timezone=session.settings().zone, width=140
            ),
            "row": column.TextColumn(_("Row of the database")),
        },
        alt=_("Faults of the log"),
    )
