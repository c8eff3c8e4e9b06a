"""A ChatFilter as a query that people can read, over the documented views."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from lib.chats.clock import Clock
from lib.chats.filter.fields import FIELDS
from lib.chats.filter.filter import ChatFilter
from lib.chats.filter.matching import matching
from lib.chats.filter.times import local_time
from lib.chats.listing import Sort
from lib.chats.search.query import Term, WordQuery, parse
from lib.explore.values import written
from lib.store import Store

COLUMNS = """
  id, started_local, status, visitor_name, visitor_email, operator, department,
  wait_s, duration_s, rating, message_count, question
""".strip("\n")
NOT_DELETED = "deleted_at IS NULL"


def sql_of(store: Store, chosen: ChatFilter, sort: Sort, clock: Clock) -> tuple[str, dict[str, str]]:
    """A SELECT of exactly the chats that `matching` means, in the list's order, and its parameters as written."""
    found = matching(store, chosen.without("words"), clock)
    # The views hold no deleted chats.
    facts = [part for part in _parts(_with_plain_times(found.where, clock)) if part != NOT_DELETED]
    words = parse(chosen.words)
    values = found.params | {f"word_{n}": term.text for n, term in enumerate(words.terms)} | {"digits": words.digits}
    conditions = [*facts, *_said(words)]
    where = "WHERE " + "\n  AND ".join(conditions) + "\n" if conditions else ""
    return _filled(f"SELECT\n{COLUMNS}\nFROM chats\n{where}{sort.sql}", values)


def _said(words: WordQuery) -> list[str]:
    """The conditions of the words; a phone number may stand there with other signs between its digits."""
    terms = [_has(term, n) for n, term in enumerate(words.terms)]
    if not terms or not words.digits:
        return terms
    return ["(" + "\n    AND ".join(terms) + "\n    OR coalesce(contains(visitor_search, $digits), false))"]


def _has(term: Term, number: int) -> str:
    """Whether a chat has the term in any of the texts that a search reads."""
    word = f"$word_{number}"
    kind = "" if term.scope == "any" else f"kind = '{term.scope}' AND "
    parts = [f"id IN (SELECT chat_id FROM messages WHERE {kind}contains(search_text, {word}))"]
    if term.scope != "operator":
        parts.append(f"coalesce(contains(question_search, {word}), false)")
    if term.scope == "any":
        parts.append(f"coalesce(contains(visitor_search, {word}), false)")
        parts.append(f"id IN (SELECT chat_id FROM notes WHERE contains(search_text, {word}))")
    together = "\n    OR ".join(parts)
    return f"NOT ({together})" if term.is_excluded else f"({together})"


def _with_plain_times(where: str, clock: Clock) -> str:
    """The conditions, with local times by the engine's own conversion: slower than that of the list, and readable."""
    for field in FIELDS.values():
        if field.kind == "moment":
            where = where.replace(
                local_time(field.sql, clock)[0], f"timezone('{clock.zone}', timezone('UTC', {field.sql}))"
            )
    return where


def _parts(where: str) -> Iterator[str]:
    """The conditions that are joined by AND; one inside brackets belongs to its bracket."""
    start = depth = 0
    for place, sign in enumerate(where):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth == 0 and where.startswith(" AND ", place):
            yield where[start:place]
            start = place + len(" AND ")
    yield where[start:]


def _filled(sql: str, values: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """The query with its parameters as written; lists, which no field can hold, stand in the query itself."""
    params: dict[str, str] = {}

    def put(found: "re.Match[str]") -> str:
        value = values[found[1]]
        if isinstance(value, list | tuple):
            return f"[{', '.join(_literal(each) for each in value)}]"
        params[found[1]] = written(value)
        return found[0]

    return re.sub(r"\$(\w+)", put, sql), params


def _literal(value: str | float | date) -> str:
    return str(value) if isinstance(value, int | float) else "'" + str(value).replace("'", "''") + "'"
