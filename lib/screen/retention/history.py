"""What retention rules have done: each run, as the rule was then."""

import pandas as pd
import streamlit as st

from lib.chats.filter.sentence import sentence
from lib.erasure.rules import rules
from lib.erasure.running import Run, runs
from lib.language import _, moment_pattern, plural
from lib.screen.frame import session
from lib.screen.frame.answers import answer
from lib.screen.parts.table import MOST_SHOWN, ROW_HEIGHT
from lib.screen.retention.form import ACTION_NAMES


def history_part() -> None:
    """Draws the newest runs; nothing where there was none."""
    done = answer(runs)
    if not done:
        return
    column, zone, clock = st.column_config, session.settings().zone, session.clock()
    with st.container(border=True):
        st.markdown(_("**What was carried out**"))
        going = [each for each in done if _goes_on(each)]
        if going:
            st.text(
                plural(
                    "{n} run has not come to its end; the next one does the rest.",
                    "{n} runs have not come to their end; the next ones do the rest.",
                    len(going),
                )
            )
        st.dataframe(
            pd.DataFrame(
                {
                    "began_at": [each.began_at for each in done],
                    "name": [each.name for each in done],
                    "action": [_(ACTION_NAMES[each.action]) for each in done],
                    "chats": [each.chats for each in done],
                    "held": [each.held for each in done],
                    "months": [each.months for each in done],
                    "chosen": [sentence(each.scope, clock) for each in done],
                    "run_by": [session.shown_actor(each.run_by) for each in done],
                }
            ),
            hide_index=True,
            row_height=ROW_HEIGHT,
            height="content" if len(done) <= MOST_SHOWN else ROW_HEIGHT * (MOST_SHOWN + 1),
            placeholder="–",
            column_config={
                "began_at": column.DatetimeColumn(_("Carried out"), format=moment_pattern(), timezone=zone, width=140),
                "run_by": column.TextColumn(_("By"), width=140),
                "name": column.TextColumn(_("Rule"), width=150),
                "chosen": column.TextColumn(_("Chats")),
                "months": column.NumberColumn(_("After months"), width=90),
                "action": column.TextColumn(_("What happened"), width=120),
                "chats": column.NumberColumn(_("Number of chats"), width=105),
                "held": column.NumberColumn(_("On hold"), width=80),
            },
            alt=_("What was carried out"),
        )


def _goes_on(run: Run) -> bool:
    """Whether a run has no end yet, and the rule still is what it was."""
    rule = next((each for each in answer(rules) if each.id == run.rule_id and each.is_on), None)
    return run.finished_at is None and rule is not None and bool(rule.saved_at and rule.saved_at <= run.began_at)
