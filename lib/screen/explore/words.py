"""Why a query was not run, or brought no result, in words: what is not allowed, and what to do instead."""

import streamlit as st

from lib.explore.checking import LONGEST_SQL, Refusal, RefusedError
from lib.explore.functions import LARGEST_SIZE
from lib.explore.limits import LIMITS
from lib.explore.running import Failure, Stop
from lib.language import _, mark, number

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
