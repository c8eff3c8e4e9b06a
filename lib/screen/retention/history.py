"""What retention rules have done: each run, as the rule was then."""

import pandas as pd
import streamlit as st

from lib.chats.filter.sentence import sentence
from lib.erasure.running import runs
from lib.language import _, moment_pattern, plural
from lib.screen.frame import session
from lib.screen.frame.answers import answer
from lib.screen.parts.table import ROW_HEIGHT
from lib.screen.retention.form import ACTION_NAMES

MOST_SHOWN = 10


def history_part() -> None:
    """Draws the newest runs; nothing where there was none."""
    done = answer(runs)
    if not done:
        return
    column, zone, clock = st.column_config, session.settings().zone, session.clock()
    with st.container(border=True):
        st.markdown(_("**What was carried out**"))
        broken = [each for each in done if each.finished_at is None]
        if broken:
            st.text(
                plural(
                    "{n} run was broken off, and goes on with the next one.",
                    "{n} runs were broken off, and go on with the next one.",
                    len(broken),
                )
            )
        st.dataframe(
            pd.DataFrame(
                {
                    "began_at": [each.began_at for each in done],
                    "run_by": [session.shown_actor(each.run_by) for each in done],
                    "name": [each.name for each in done],
                    "chosen": [sentence(each.scope, clock) for each in done],
                    "months": [each.months for each in done],
                    "action": [_(ACTION_NAMES[each.action]) for each in done],
                    "chats": [each.chats for each in done],
                    "held": [each.held for each in done],
                }
            ),
            hide_index=True,
            row_height=ROW_HEIGHT,
            height="content" if len(done) <= MOST_SHOWN else ROW_HEIGHT * (MOST_SHOWN + 1),
            placeholder="–",
            column_config={
                "began_at": column.DatetimeColumn(_("Carried out"), format=moment_pattern(), timezone=zone, width=140),
                "run_by": column.TextColumn(_("By"), width=140),
                "name": column.TextColumn(_("Rule"), width=180),
                "chosen": column.TextColumn(_("Chats")),
                "months": column.NumberColumn(_("After months"), width=90),
                "action": column.TextColumn(_("What happened"), width=130),
                "chats": column.NumberColumn(_("Number of chats"), width=110),
                "held": column.NumberColumn(_("On hold"), width=80),
            },
            alt=_("What was carried out"),
        )
