"""What was erased, and when it left the database's file; each with a certificate."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import partial

import pandas as pd
import streamlit as st

from lib.erasure.erasing import Erased, ErasedKind
from lib.erasure.leaving import compact_now
from lib.language import _, mark, moment_pattern
from lib.screen.frame import session
from lib.screen.frame.files import file_for
from lib.screen.frame.storing import stores
from lib.screen.parts.known_person import KINDS
from lib.screen.parts.outcome import Telling, tell
from lib.screen.parts.table import choice_table

ERASED_KINDS: Mapping[ErasedKind, str] = {
    "chats": KINDS["chats"],
    "email": KINDS["email"],
    "phone": KINDS["phone"],
    "visitor": KINDS["visitor"],
    "anonymised": mark("Anonymised chats"),
}


def erased_list(done: list[Erased]) -> None:
    """Draws it, the newest first."""
    column, zone = st.column_config, session.settings().zone
    with st.container(border=True):
        st.markdown(_("**What was erased**"))
        if session.store().is_lake:
            st.text(_("It may still lie in older files of the DuckLake, which the app does not write anew."))
        elif any(each.compacted_at is None for each in done):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.text(
                    _("What was erased last may still lie in unused parts of the file, and leaves it by night."),
                    width="content",
                )
                st.button(_("Have it leave now"), key="compact_now", icon=":material/compress:", on_click=_leave)
        ticks = choice_table(
            pd.DataFrame(
                {
                    "erased_at": [each.erased_at for each in done],
                    "erased_by": [session.shown_actor(each.erased_by) for each in done],
                    "kind": [_(ERASED_KINDS[each.kind]) for each in done],
                    "chats": [each.counts["chats"] for each in done],
                    "messages": [each.counts["messages"] for each in done],
                    "reason": [each.reason for each in done],
                    "compacted_at": [each.compacted_at for each in done],
                }
            ),
            done,
            key=f"erasures_{hash(tuple((each.id, each.compacted_at) for each in done))}",
            placeholder="–",
            columns={
                "erased_at": column.DatetimeColumn(_("Erased"), format=moment_pattern(), timezone=zone, width=140),
                "erased_by": column.TextColumn(_("By"), width=140),
                "kind": column.TextColumn(_("Known by"), width=110),
                "chats": column.NumberColumn(_("Chats"), width=70),
                "messages": column.NumberColumn(_("Messages"), width=80),
                "reason": column.TextColumn(_("Reason")),
                "compacted_at": column.DatetimeColumn(
                    _("Left the file"), format=moment_pattern(), timezone=zone, width=140
                ),
            },
            alt=_("What was erased"),
        )
        if ticks.chosen:
            chosen = ticks.chosen[0]
            st.download_button(
                _("Certificate (JSON)"),
                data=file_for("erase", partial(certificate, chosen)),
                file_name=f"erasure-{chosen.erased_at:%Y%m%d-%H%M%S}.json",
                mime="application/json",
                key="erasure_certificate",
                icon=":material/verified:",
                on_click="ignore",
            )
        else:
            st.caption(_("Choose a row to download its certificate."))


def certificate(erased: Erased) -> bytes:
    """What was erased, when (UTC), by whom, why and how much, as JSON; it names nobody whom it was about."""
    told = {name: value for name, value in asdict(erased).items() if value is not None}
    left = "file rewritten" if erased.compacted_at else "file not yet rewritten"
    return json.dumps(told | {"state": left}, default=str, ensure_ascii=False, indent=2).encode()


@stores
def _leave() -> None:
    has_left = compact_now(session.store(), session.actor())

    def told() -> Telling:
        if has_left:
            return Telling(_("What was erased has left the database's file."))
        return Telling(_("Others are using the database all the time. It leaves the file by night; or try again."))

    tell(told)
