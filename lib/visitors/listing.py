"""The list of visitors: contacts, who gave an address or a number, and the others; its tabs, their counts, its pages.

A person is named by any chat of theirs: what people see and links say stays true when persons are joined or parted.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from lib.chats.clock import Clock, bucket_sql
from lib.store import Store
from lib.store.spellings import search_form
from lib.store.statements import literal

if TYPE_CHECKING:  # It takes long to load, which the processes that only read files need not wait for.
    import pandas as pd

Kind = Literal["contacts", "unidentified"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
Tab = Literal["all", "returning", "today", "new", "cold"]
TABS: Final[tuple[Tab, ...]] = get_args(Tab)
SortKey = Literal["last_at", "first_at", "chats", "missed"]
SORT_KEYS: Final[tuple[SortKey, ...]] = get_args(SortKey)
NEW_D, COLD_D = 30, 60
PAGE_SIZE: Final = 100
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Chosen:
    """Which visitors are meant: `words` are all in the names, addresses and numbers of one of their chats."""

    kind: Kind = "contacts"
    tab: Tab = "all"
    words: str = ""


def visitor_counts(store: Store, clock: Clock, words: str) -> dict[Kind, dict[Tab, int]]:
    """Number of persons of each kind in each tab, of those whom the words mean."""
    among, params = _meant(words)
    conditions = _conditions(store, clock)
    columns = ", ".join(f"count(*) FILTER ({conditions[tab]}) AS {tab}_n" for tab in TABS)
    found = store.read(f"SELECT is_contact, {columns} FROM persons WHERE {among} GROUP BY is_contact", params)
    counted = {bool(row["is_contact"]): row for row in found}
    return {
        kind: {tab: int(row[f"{tab}_n"]) if (row := counted.get(kind == "contacts")) else 0 for tab in TABS}
        for kind in KINDS
    }


def visitor_page(store: Store, clock: Clock, chosen: Chosen, sort: SortKey, page: int) -> "pd.DataFrame":
    """One page of the list, counted from 1, of PAGE_SIZE, the highest first.

    Columns chat (the id of the last one), name, email, phone, visitor_id, country, first_at, last_at (naive UTC),
    chats, missed, operator (the last), rating (average), channels. What is known is the last that was told.
    """
    among, params = _meant(chosen.words)
    condition = _conditions(store, clock)[chosen.tab]
    last = {
        "name": "visitor_name", "email": "visitor_email", "phone": "visitor_phone", "visitor_id": "visitor_id",
        "country": "visitor_country", "operator": "operator", "chat": "id",
    }  # fmt: skip
    told = ", ".join(f"arg_max({column}, told_at) AS {name}" for name, column in last.items())
    return store.frame(
        f"""WITH page AS MATERIALIZED (
                FROM persons WHERE is_contact = $is_contact AND {condition} AND {among}
                ORDER BY {sort} DESC NULLS LAST, person DESC LIMIT {PAGE_SIZE} OFFSET $before),
            theirs AS MATERIALIZED (
                SELECT ordinal, person FROM person_chats WHERE person IN (SELECT person FROM page)),
            -- Found first, by a column that is read fast; what is told is read of these only.
            found AS MATERIALIZED (SELECT rowid FROM chats WHERE ordinal IN (SELECT ordinal FROM theirs)),
            known AS (
                SELECT person, {told}, avg(rating) AS rating,
                    list_sort(list(DISTINCT channel) FILTER (channel IS NOT NULL)) AS channels
                FROM (SELECT *, (coalesce(started_at, '-infinity'), ordinal) AS told_at
                    FROM theirs JOIN (FROM chats WHERE rowid IN (FROM found) AND deleted_at IS NULL) USING (ordinal))
                GROUP BY person)
            SELECT chat, name, email, phone, visitor_id, country, first_at, last_at, chats, missed, operator, rating,
                channels
            FROM page JOIN known USING (person) ORDER BY {sort} DESC NULLS LAST, person DESC""",
        params | {"is_contact": chosen.kind == "contacts", "before": (page - 1) * PAGE_SIZE},
    )


def _conditions(store: Store, clock: Clock) -> dict[Tab, str]:
    (ends,) = store.read("SELECT min(first_at) AS first, max(last_at) AS last FROM persons")
    first, last = (clock.local(ends[end] or clock.now).date() for end in ("first", "last"))
    days = [bucket_sql(first, last, _DAY, clock, moment) for moment in ("first_at", "last_at")]
    starts = [f"{literal(moment)}::TIMESTAMP" for moment in (clock.start_of(clock.today), clock.end_of(clock.today))]
    return {
        "all": "TRUE",
        # Asked of few only: an AND would ask it of all.
        "returning": f"CASE WHEN chats > 1 THEN {days[0]} <> {days[1]} ELSE FALSE END",
        "today": f"(last_at >= {starts[0]} AND last_at < {starts[1]})",
        "new": f"first_at >= {literal(clock.now - NEW_D * _DAY)}::TIMESTAMP",
        "cold": f"last_at < {literal(clock.now - COLD_D * _DAY)}::TIMESTAMP",
    }


def _meant(words: str) -> tuple[str, dict[str, Any]]:
    """SQL of whether a person is meant, and its values."""
    sought = search_form(words).split()
    if not sought:
        return "TRUE", {}
    every = " AND ".join(f"contains(visitor_search, $word_{n})" for n in range(len(sought)))
    return (
        f"""person IN (SELECT person FROM person_chats WHERE ordinal IN (
            SELECT ordinal FROM chats WHERE deleted_at IS NULL AND {every}))""",
        {f"word_{n}": word for n, word in enumerate(sought)},
    )
