"""The query that finds words in some of the chats."""

from itertools import pairwise
from typing import Any

import pyarrow as pa

from lib.chats.filter.sql import Clause
from lib.chats.search.query import Term, WordQuery
from lib.store import Store

# The messages of chats of one time lie in a few ranges of ordinals, since each import counts on from the last. They are
# found in blocks of this many ordinals; a gap of so many blocks is worth a scan of its own.
BLOCK, LEAST_GAP, MOST_RANGES = 1024, 8, 6
Range = tuple[int, int]


def hits_within(store: Store, query: WordQuery, chats: Clause) -> pa.Table:
    """Column `id`: the chats that meet the query, of those that meet the clause."""
    ranges = _ordinal_ranges(store, chats)
    bound = dict(chats.params) | {f"word_{n}": term.text for n, term in enumerate(query.terms)}
    for n, (first, last) in enumerate(ranges):
        bound |= {f"first_{n}": first, f"last_{n}": last}
    tests = []
    for n, term in enumerate(query.terms):
        test = f"contains(text, $word_{n})"
        tests.append(test if term.scope == "any" else f"({test} AND kind = '{term.scope}')")
    sought = [test for test, term in zip(tests, query.terms, strict=True) if not term.is_excluded]
    # The texts are read once.
    some = f"SELECT id FROM texts WHERE {' OR '.join(tests)}"
    condition = f"id NOT IN ({some})"
    if sought:
        having = [f"{'' if test in sought else 'NOT '}bool_or({test})" for test in tests]
        condition = f"id IN ({some} GROUP BY id HAVING {' AND '.join(having)})"
    if query.digits:
        condition, bound["digits"] = f"({condition} OR contains(visitor_search, $digits))", query.digits
    sql = f"WITH texts AS ({_texts(chats, len(ranges))}) SELECT id FROM chats WHERE {chats.sql} AND {condition}"
    with store.reading() as cursor:
        return cursor.execute(sql, bound).to_arrow_table()


def readable(words: WordQuery) -> Clause:
    """The same over the documented views, for people; a phone number may have other signs between its digits."""
    terms = [_has(term, n) for n, term in enumerate(words.terms)]
    bound = {f"word_{n}": term.text for n, term in enumerate(words.terms)}
    if not terms or not words.digits:
        return Clause("\n  AND ".join(terms), bound)
    number = "coalesce(contains(visitor_search, $digits), false)"
    together = "\n    AND ".join(terms)
    return Clause(f"({together}\n    OR {number})", bound | {"digits": words.digits})


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


def _texts(chats: Clause, ranges: int) -> str:
    """Each text with its kind; those of other chats are among them, which costs less than a join."""
    parts = [
        f"SELECT id, 'visitor' AS kind, question_search AS text FROM chats WHERE {chats.sql}",
        f"SELECT id, 'data', visitor_search FROM chats WHERE {chats.sql}",
        "SELECT chat_id, 'note', search_text FROM note_texts",
        *(
            f"SELECT chat_id, kind, search_text FROM messages WHERE ordinal BETWEEN $first_{n} AND $last_{n}"
            for n in range(ranges)
        ),
    ]
    return " UNION ALL ".join(parts)


def _ordinal_ranges(store: Store, chats: Clause) -> list[Range]:
    sql = f"""SELECT min(ordinal) AS first, max(ordinal) AS last FROM chats WHERE {chats.sql}
              GROUP BY ordinal // {BLOCK} ORDER BY first"""
    blocks = store.read(sql, chats.params)
    if not blocks:
        return []
    # As few as possible, split at the widest gaps.
    gaps = sorted(((after["first"] - before["last"], n) for n, (before, after) in enumerate(pairwise(blocks), 1)))
    wide: list[Any] = [n for gap, n in gaps[1 - MOST_RANGES :] if gap > LEAST_GAP * BLOCK]
    ends = [0, *sorted(wide), len(blocks)]
    return [(blocks[start]["first"], blocks[end - 1]["last"]) for start, end in pairwise(ends)]
