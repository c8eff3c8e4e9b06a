"""A ChatFilter as a query that people can read, over the documented views."""

import re

from lib.chats.clock import Clock
from lib.chats.filter.filter import ChatFilter
from lib.chats.filter.sql import clauses
from lib.chats.listing import Sort
from lib.chats.search.query import parse
from lib.chats.search.sql import readable
from lib.explore.values import written
from lib.store import literal

COLUMNS = """
  id, started_local, status, visitor_name, visitor_email, operator, department,
  wait_s, duration_s, rating, message_count, question
""".strip("\n")


def sql_of(chosen: ChatFilter, sort: Sort, clock: Clock) -> tuple[str, dict[str, str]]:
    """A SELECT of exactly the chats that `matching` means, in the list's order, and its parameters as written."""
    # The views hold no deleted chats.
    found = list(clauses(chosen.without("words"), clock, readable=True).values())
    words = readable(parse(chosen.words))
    values = {name: value for clause in (*found, words) for name, value in clause.params.items()}
    conditions = [clause.sql for clause in (*found, words) if clause.sql]
    where = "WHERE " + "\n  AND ".join(conditions) + "\n" if conditions else ""
    params: dict[str, str] = {}

    def put(found: "re.Match[str]") -> str:
        value = values[found[1]]
        # No field of a parameter can hold a list.
        if isinstance(value, list | tuple):
            literals = (str(each) if isinstance(each, int | float) else literal(each) for each in value)
            return f"[{', '.join(literals)}]"
        params[found[1]] = written(value)
        return found[0]

    return re.sub(r"\$(\w+)", put, f"SELECT\n{COLUMNS}\nFROM chats\n{where}{sort.sql}"), params
