"""The result of the query: run while a Stop stands by, then as a table or a chart, and as a file; or in words why there
is none, and what to do instead.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import streamlit as st

from lib.explore.checking import LONGEST_SQL, Checked, Refusal, RefusedError, check
from lib.explore.functions import LARGEST_SIZE
from lib.explore.result import FILE_KINDS, NULL_SIGN, FileKind, as_file, charted, record_export, shown
from lib.explore.running import Failure, Result, Running, Stop, start
from lib.explore.values import LIMITS, read_values
from lib.export.asking import rows_of_day
from lib.language import _, mark, number, plural
from lib.screen.explore.chart import explore_chart, mode
from lib.screen.explore.view import ExploreView, read_explore
from lib.screen.frame import session
from lib.screen.frame.accesses import note_access
from lib.screen.frame.files import file_for
from lib.screen.parts.password import asked_lock
from lib.screen.parts.table import toolbar_room

REFUSALS: dict[Refusal, str] = {
    "empty": mark("There is no query. Write a SELECT, or choose an example."),
    "long": mark("The query is too long or too deeply nested. At most {length} characters are read."),
    "syntax": mark("The query cannot be read. Correct it where the mark is."),
    "statement": mark("Only a SELECT can be run here: it reads, and changes nothing. Write a SELECT."),
    "several": mark("Only one query can be run at a time, and only a SELECT. Take the others out."),
    "table": mark("This is not one of the views that can be read here. They are listed beside the query."),
    "schema": mark("Name the view alone, without a database or schema before it."),
    "table_function": mark(
        "This function cannot stand after FROM. Use a view, or range, generate_series, unnest or json_each."
    ),
    "function": mark(
        "This function cannot be used here: it tells of the database itself, runs something, or can fill the memory."
        " Write the query without it."
    ),
    "size": mark("This function makes a value of any size. Write its size as a number up to {size}."),
    "parameter": mark("A parameter needs a name of English letters, digits and underscores. Give it one."),
    "unknown": mark("There is something in the query that is not allowed here. Write it in another way."),
}
FAILURES: dict[Stop, str] = {
    "time": mark("Stopped after {seconds} seconds, the longest that a query may take. Read fewer days, or fewer rows."),
    "stopped": mark("Stopped. Run it again when you like."),
    "memory": mark("Stopped because it needed too much memory. Read fewer days, or fewer rows."),
    "busy": mark("Others are running queries, and it is not your turn yet. Try again in a moment."),
    "engine": mark("The query cannot be run. The database says:"),
    "system": mark("Queries cannot be run on this computer at the moment. The log of the app says why."),
}
OUTCOME_KEY = "explore_outcome"
# The query that was run here by hand; one that came with a link says so.
OWN_KEY = "explore_own"
STOP_SHOWN_AFTER_S = 1.0
LOOKED_AT_EVERY_S = 0.1
HEIGHT = 600
# Up to so many rows a table is as high as its rows.
SHORT = 15
# What of the store is seen, the query and its values: rows of chats that are not seen any more are not shown again.
Asked = tuple[str, str, tuple[tuple[str, str], ...]]
NAMES: dict[FileKind, str] = {"csv": "CSV", "jsonl": "JSON Lines", "parquet": "Parquet"}


def refused(error: RefusedError) -> None:
    """Draws why the query may not run."""
    sentence = _(REFUSALS[error.reason], length=number(LONGEST_SQL), size=number(LARGEST_SIZE))
    st.error(sentence, icon=":material/block:")
    if error.found:
        st.code(error.found, language=None, wrap_lines=error.reason != "syntax")


def failed(failure: Failure) -> None:
    """Draws why there is no result."""
    sentence = _(FAILURES[failure.reason], seconds=number(int(LIMITS.seconds)))
    draw = st.info if failure.reason in ("stopped", "busy") else st.error
    draw(sentence, icon=":material/timer_off:" if failure.reason == "time" else ":material/database_off:")
    if failure.message:
        st.code(failure.message, language=None, wrap_lines=True)


def explore_result(view: ExploreView) -> None:
    """Draws what came of the query in the address; an unchanged one is not run again."""
    if view.is_unreadable:
        st.warning(_("This link asks for a query that cannot be read. Nothing is run."), icon=":material/link_off:")
        return
    if not view.sql.strip():
        st.info(_("Write a SELECT, or choose an example, to see its rows here."), icon=":material/database:")
        return
    try:
        query = check(session.store(), view.sql)
    except RefusedError as error:
        refused(error)
        return
    if set(query.parameters) - set(view.params):
        st.info(_("The query has parameters. Fill them in, then run it again."), icon=":material/edit:")
        return
    if st.session_state.get(OWN_KEY) != view.sql:
        st.caption(_("This query came with the link or the example, and was run: it can only read."))
    outcome = _outcome(view, query)
    if isinstance(outcome, Failure):
        failed(outcome)
    else:
        _result(view, outcome)


def forget_outcome(sql: str) -> None:
    """Makes the next run of the page run the query, which somebody here asked for, even if it is unchanged."""
    st.session_state.pop(OUTCOME_KEY, None)
    st.session_state[OWN_KEY] = sql


def _asked(view: ExploreView) -> Asked:
    return session.store().shown, view.sql, tuple(sorted(view.params.items()))


def _outcome(view: ExploreView, query: Checked) -> Result | Failure:
    asked = _asked(view)
    kept: tuple[Asked, Result | Failure] | None = st.session_state.get(OUTCOME_KEY)
    if kept and kept[0] == asked:
        return kept[1]
    store, zone = session.store(), session.settings().zone
    values = read_values(view.params, query.parameters)
    with _stoppable(start(store, query, values, zone, actor=session.actor())) as running:
        _watch(running)
        outcome = running.outcome()
    # Not the query itself, which may name a person.
    note_access("query", rows=outcome.rows if isinstance(outcome, Result) else None)
    st.session_state[OUTCOME_KEY] = (asked, outcome)
    return outcome


@contextmanager
def _stoppable(running: Running) -> Iterator[Running]:
    """Stops the query where the page is left or run anew before it has ended."""
    try:
        yield running
    finally:
        running.stop()


def _watch(running: Running) -> None:
    """Waits for the query; each look at the session or the page is where a click can end the waiting."""
    while running.elapsed_s < STOP_SHOWN_AFTER_S:
        st.session_state.get(OUTCOME_KEY)
        if running.wait(LOOKED_AT_EVERY_S):
            return
    slot = st.empty()
    with slot.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(_("Stop"), key="stop_query", icon=":material/stop_circle:", on_click=_stop)
        told = st.empty()
    while not running.wait(LOOKED_AT_EVERY_S):
        seconds, most = number(int(running.elapsed_s)), number(int(LIMITS.seconds))
        told.caption(_("Running for {seconds} s; stops by itself after {most} s.", seconds=seconds, most=most))
    slot.empty()


def _stop() -> None:
    st.session_state[OUTCOME_KEY] = (_asked(read_explore()), Failure("stopped"))


def _result(view: ExploreView, result: Result) -> None:
    is_chart = _head(view, result)
    if result.cut:
        st.warning(
            _(
                "There are more rows than the {n} that are here. Read fewer with WHERE, or group them.",
                n=number(result.rows),
            ),
            icon=":material/content_cut:",
        )
    if not result.rows:
        st.info(_("The query has no rows. Check the conditions and the values of the parameters."))
        return
    if is_chart:
        explore_chart(view, charted(result.cells), shown(result.cells).frame)
        return
    rows = shown(result.cells)
    column = st.column_config
    toolbar_room()
    st.dataframe(
        rows.frame,
        hide_index=True,
        placeholder=NULL_SIGN,
        height=HEIGHT if result.rows > SHORT else "content",
        column_config={
            name: column.NumberColumn(format=digits) if digits else column.TextColumn(alignment="right")
            for name, digits in rows.formats.items()
        },
        alt=_("Rows of the query"),
    )


def _head(view: ExploreView, result: Result) -> bool:
    """Draws what there is to say and to choose above the rows; whether a chart was chosen."""
    limits = _(
        "{seconds} s · at most {rows} rows and {most} s · times in UTC unless they are called local",
        seconds=number(round(result.elapsed_s, 2)),
        rows=number(LIMITS.rows),
        most=number(int(LIMITS.seconds)),
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.text(plural("{n} row", "{n} rows", result.rows))
        st.caption(limits, width="content")
        st.space("stretch")
        is_chart = mode(view)
        if not session.may("export"):
            return is_chart
        with st.popover(_("Download"), icon=":material/download:", disabled=not result.rows):
            st.caption(_("The rows that are here, with whole texts. The download is recorded."))
            person, above = session.actor(), _("That is more than you may still take along today.")
            if _is_above(result.rows, person):
                st.info(above, icon=":material/group:")
                return is_chart
            (_seen, sql, _params), _result = st.session_state[OUTCOME_KEY]
            lock = asked_lock("query_password")
            for kind, name in NAMES.items():
                # The language and the person are bound: the file is made outside the session.
                make = partial(_file, sql, result, kind, person, above)
                st.download_button(
                    name,
                    file_for("export", lock.around(make, f"query.{kind}")),
                    key=f"download_{kind}",
                    on_click="ignore",
                    icon=":material/download:",
                    type="tertiary",
                    **lock.named(f"query.{kind}", FILE_KINDS[kind]),
                )
    return is_chart


def _is_above(rows: int, person: str) -> bool:
    most = session.settings().export_rows_a_day
    return most is not None and rows_of_day(session.store(), person, session.clock()) + rows > most


def _file(sql: str, result: Result, kind: FileKind, person: str, above: str) -> bytes:
    """The rows as a file, which is recorded as it is made; above the limit of the day, the sentence that says so."""
    if _is_above(result.rows, person):
        return above.encode()
    record_export(session.store(), person, kind, sql, result.rows, cut=result.cut)
    return as_file(result.cells, kind)
