"""Replies inside a chat: how long a visitor waited for each answer after the first one, and the longest of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from lib.chats.clock import Clock
from lib.chats.filter.filter import ChatFilter
from lib.chats.filter.matching import Matching, matching
from lib.missed.spans import Span, span_of, within
from lib.reports.coverage import counted_days
from lib.reports.figures import rows_of
from lib.reports.groups import TIME_GROUPS, GroupBy, Key, bucket_of, group_filter, key_of
from lib.store import Row, Store


@dataclass(frozen=True)
class Replies:
    """Of answered chats: their number, that of the answers after the first one, and the seconds waited for these: of
    half of them and of nine in ten at most. `longest` is the longest of them in a chat, of half of those that have
    any; `longest_of_all` is that of the chat `slowest`. None where there is none."""

    chats: int = 0
    answers: int = 0
    wait: float | None = None
    wait_90: float | None = None
    longest: float | None = None
    longest_of_all: float | None = None
    slowest: UUID | None = None


@dataclass(frozen=True)
class AllReplies:
    """The days that were counted, all of their answered chats, and these by group, in the order of the figures."""

    span: Span
    whole: Replies
    groups: Mapping[Key, Replies]


def replies(store: Store, chosen: ChatFilter, by: GroupBy, clock: Clock, *, worked: bool = False) -> AllReplies | None:
    """The replies of the filter's days until now, at most the last of them that `counted_days` names; None where there
    are none. `worked`: of chats that began in working hours."""
    span = counted_days(chosen, clock)
    if span is None:
        return None
    found = matching(store, answered(within(chosen, span), clock, worked=worked), clock)
    rows = store.read(_grouped(found, bucket_of(by, span, clock)), found.params, found.tables)
    whole = next((_replies(row) for row in rows if row["is_whole"]), Replies())
    named = {key_of(row["bucket"], by): _replies(row) for row in rows if not row["is_whole"]}
    if by == "operator" and chosen.operator and "operator" not in chosen.excluded:
        # Other operators took part in the chats of those that the filter asks for.
        named = {key: each for key, each in named.items() if key in chosen.operator}
    return AllReplies(span, whole, dict(_ordered(list(named.items()), by)))


def answered(chosen: ChatFilter, clock: Clock, *, worked: bool = False) -> ChatFilter:
    """The filter narrowed to answered chats: those of which a wait is known."""
    return rows_of("wait", chosen, 0, clock, worked=worked)


def replies_filter(
    chosen: ChatFilter, by: GroupBy, key: Key | None, clock: Clock, *, worked: bool = False
) -> ChatFilter:
    """The filter that finds the answered chats of a group, or all (None), in the days that are counted."""
    span = counted_days(chosen, clock)
    rows = chosen if span in (None, span_of(chosen, clock)) else within(chosen, span)
    return answered(rows if key is None else group_filter(rows, by, key, clock), clock, worked=worked)


def _ordered(named: Sequence[tuple[Key, Replies]], by: GroupBy) -> list[tuple[Key, Replies]]:
    if by in TIME_GROUPS or by == "rating":
        return sorted(named, key=lambda each: str(each[0]).zfill(2))
    return sorted(named, key=lambda each: (-each[1].chats, str(each[0])))


def _replies(row: Row) -> Replies:
    wait, wait_90 = row["waits"] or (None, None)
    longest = (row["longest"], row["longest_of_all"], row["slowest"])
    return Replies(row["chats"], row["answers"] or 0, wait, wait_90, *longest)


def _grouped(found: Matching, bucket: str) -> str:
    """A query of the replies by group, and of all. Who speaks several times in a row has one turn."""
    return f"""
WITH spoken AS (
    SELECT m.ordinal, m.position, m.kind = 'visitor' AS asks,
        coalesce(m.sent_at, c.started_at + to_microseconds((m.offset_s * 1e6)::BIGINT)) AS moment
    FROM messages AS m JOIN ({found.select("id, ordinal, started_at")}) AS c
        ON m.ordinal = c.ordinal AND m.chat_id = c.id
    WHERE m.kind = 'visitor' OR m.kind = 'operator' AND m.automatic IS NOT TRUE
),
turns AS (
    SELECT * FROM spoken
    QUALIFY lag(asks) OVER (PARTITION BY ordinal ORDER BY position) IS DISTINCT FROM asks
),
answers AS (
    SELECT ordinal, asks, position, epoch_us(moment) - epoch_us(lag(moment) OVER of_chat) AS waited,
        lag(asks) OVER of_chat AS is_answer
    FROM turns WINDOW of_chat AS (PARTITION BY ordinal ORDER BY position)
),
later AS (
    SELECT ordinal, waited FROM answers WHERE NOT asks AND is_answer
    QUALIFY row_number() OVER (PARTITION BY ordinal ORDER BY position) > 1
),
waits AS MATERIALIZED (
    SELECT ordinal, greatest(waited, 0) / 1e6 AS seconds FROM later WHERE waited IS NOT NULL
),
slowest AS (SELECT ordinal, max(seconds) AS seconds FROM waits GROUP BY ordinal),
own AS MATERIALIZED (
    {found.select(f"id, ordinal, FALSE AS is_whole, ({bucket})::VARCHAR AS bucket")}
    UNION ALL {found.select("id, ordinal, TRUE, NULL")}
),
of_chats AS (
    SELECT is_whole, bucket, count(*) AS chats, median(seconds) AS longest, max(seconds) AS longest_of_all,
        arg_max(id, (seconds, id)) FILTER (seconds IS NOT NULL) AS slowest
    FROM own LEFT JOIN slowest USING (ordinal) GROUP BY ALL
),
of_answers AS (
    SELECT is_whole, bucket, count(*) AS answers, quantile_cont(seconds, [0.5, 0.9]) AS waits
    FROM own JOIN waits USING (ordinal) GROUP BY ALL
)
SELECT c.*, a.answers, a.waits FROM of_chats AS c LEFT JOIN of_answers AS a
    ON a.is_whole = c.is_whole AND a.bucket IS NOT DISTINCT FROM c.bucket
"""
