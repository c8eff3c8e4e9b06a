"""Derives what the ledger says of missed chats by itself: why, due when, whether the visitor came back.

Only chats that are marked (lib/chats/stale.py), and those of the same persons (lib/visitors/persons.py), are derived
anew.
"""

import threading
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa

from lib.chats.causes import CAUSE_SQL
from lib.chats.channels import ANSWERED_SQL, window_sql
from lib.chats.stale import mark_all_missed
from lib.missed.settings import Rules, rules_of
from lib.missed.working_hours import Moments, WorkingTime
from lib.store import Cursor, Store, changed, rows
from lib.visitors.persons import renew

REPEATED_WITHIN_D = 30

_ONE_AT_A_TIME = threading.Lock()

DUE_CHATS = """
CREATE OR REPLACE TEMP TABLE due_chats AS
SELECT ordinal, status = 'missed' AS missed, missed_cause IS NOT NULL AS derived
FROM chats WHERE id IN (SELECT DISTINCT chat_id FROM ledger_due)
"""
# Chats that are not missed any more; when they were first known as missed stays.
CLEAR = """
UPDATE chats SET
    missed_cause = NULL, missed_repeats = NULL, due_derived_at = NULL, came_back_at = NULL, came_back_chat = NULL,
    came_back_noticed_at = NULL, recovered_at = NULL, recovered_chat = NULL, contacted_noticed_at = NULL,
    deleted_noticed_at = NULL, visitor_wrote_at = NULL, missed_past = NULL, reply_channel = NULL, reply_until = NULL,
    reply_closed_at = NULL
WHERE ordinal IN (SELECT ordinal FROM due_chats WHERE derived AND NOT missed)
"""
# Found first, by columns that are read fast; what else is needed is read of these only.
FOUND = """
CREATE OR REPLACE TEMP TABLE found AS
WITH changed AS MATERIALIZED (
    SELECT person FROM renewed_persons
    UNION SELECT person FROM person_chats WHERE ordinal IN (SELECT ordinal FROM due_chats)
)
SELECT ordinal FROM due_chats WHERE missed
UNION SELECT ordinal FROM chats WHERE status = 'missed'
    AND ordinal IN (SELECT ordinal FROM person_chats WHERE person IN (FROM changed))
"""
# Of what is anonymised stays what was derived before: what it was derived from is gone.
TARGETS = f"""
CREATE OR REPLACE TEMP TABLE targets AS
SELECT id, ordinal, started_at, contacted_at, deleted_at, missed_reason, duration_s, operators, taken_in_at,
    {ANSWERED_SQL} AS reply_channel, coalesce(missed_noticed_at, $notice) AS noticed_at, person
FROM chats JOIN person_chats USING (ordinal) WHERE ordinal IN (FROM found) AND anonymised_at IS NULL
"""
# What their messages tell, and what follows from it: when the time to answer in the channel closes, and from when the
# working hours until the due time count.
TIMES = f"""
CREATE OR REPLACE TEMP TABLE times AS
WITH said AS (
    SELECT t.ordinal, coalesce(bool_or(m.kind = 'operator' AND m.automatic IS NOT TRUE), FALSE) AS operator_wrote,
        coalesce(bool_or(m.kind = 'bot' AND m.text IS NOT NULL AND m.automatic IS NOT TRUE), FALSE) AS bot_wrote,
        greatest(any_value(t.started_at), max(m.sent_at) FILTER (m.kind = 'visitor')) AS visitor_wrote_at
    FROM targets AS t LEFT JOIN messages AS m
        ON m.ordinal = t.ordinal AND m.chat_id = t.id AND m.kind IN ('operator', 'bot', 'visitor')
    GROUP BY t.ordinal
),
aged AS (
    SELECT s.*, t.started_at, t.taken_in_at, t.reply_channel,
        s.visitor_wrote_at + to_seconds({window_sql("t.reply_channel")}) AS closes_at,
        coalesce(s.visitor_wrote_at < t.noticed_at - to_seconds($past_after_s), FALSE) AS is_past
    FROM said AS s JOIN targets AS t USING (ordinal)
)
SELECT *, CASE WHEN is_past THEN taken_in_at ELSE started_at END AS due_from FROM aged
"""
# Chats in which somebody served a person who is among the targets; one a person and moment.
SERVED = """
CREATE OR REPLACE TEMP TABLE served AS
WITH theirs AS MATERIALIZED (
    SELECT ordinal, person FROM person_chats WHERE person IN (SELECT person FROM targets)
)
SELECT t.person, c.started_at, min(c.id) AS id
FROM theirs AS t JOIN chats AS c ON c.ordinal = t.ordinal
WHERE c.status <> 'missed' AND c.started_at > $since AND len(c.operators) > 0 AND c.deleted_at IS NULL
GROUP BY ALL
"""
# Missed chats of the same persons as the targets, these included; many may be of one person, so none are paired.
REPEATS = f"""
CREATE OR REPLACE TEMP TABLE repeats AS
WITH theirs AS MATERIALIZED (
    SELECT ordinal, person FROM person_chats WHERE person IN (SELECT person FROM targets)
)
SELECT c.id, count(*) FILTER (c.deleted_at IS NULL) OVER (
        PARTITION BY t.person ORDER BY c.started_at
        RANGE BETWEEN INTERVAL {REPEATED_WITHIN_D} DAY PRECEDING AND INTERVAL {REPEATED_WITHIN_D} DAY FOLLOWING
    )::INTEGER AS n
FROM theirs AS t JOIN chats AS c ON c.ordinal = t.ordinal
WHERE c.status = 'missed' AND c.started_at BETWEEN $earliest AND $latest
"""


def _next_served(since: str, until: str) -> str:
    """A query for the first chat in which the person of a target was served after a moment of it, with its start."""
    return f"""
    SELECT id, served_at AS moment, chat
    FROM (
        SELECT id, min(started_at) OVER later AS served_at, arg_min(chat, started_at) OVER later AS chat
        FROM (
            SELECT id, person, {since} AS moment, NULL AS started_at, NULL AS chat FROM targets
            UNION ALL SELECT NULL, person, started_at, started_at, id FROM served
        )
        WHERE moment IS NOT NULL
        WINDOW later AS (
            PARTITION BY person ORDER BY moment RANGE BETWEEN INTERVAL 1 MICROSECOND FOLLOWING AND {until} FOLLOWING
        )
    )
    WHERE id IS NOT NULL AND served_at IS NOT NULL
    """


DERIVED = f"""
CREATE OR REPLACE TEMP TABLE derived AS
WITH came_back AS ({_next_served("started_at", "to_seconds($recovery_s)")}),
recovered AS ({_next_served("contacted_at", "UNBOUNDED")}),
facts AS (
    SELECT t.*, h.is_open, s.operator_wrote, s.bot_wrote, s.visitor_wrote_at, s.is_past, s.closes_at,
        CASE WHEN s.closes_at > s.due_from THEN least(h.due_at, s.closes_at) ELSE h.due_at END AS due_at
    FROM targets AS t JOIN times AS s ON s.ordinal = t.ordinal LEFT JOIN hours AS h ON h.ordinal = t.ordinal
)
SELECT f.id, f.ordinal, f.contacted_at, f.deleted_at, {CAUSE_SQL} AS cause, f.due_at, f.visitor_wrote_at, f.is_past,
    CASE WHEN f.visitor_wrote_at IS NOT NULL THEN f.reply_channel END AS reply_channel,
    CASE WHEN f.closes_at > $moment THEN f.closes_at END AS reply_until,
    CASE WHEN f.closes_at <= $moment THEN f.closes_at END AS reply_closed_at, greatest(r.n, 1) AS repeats,
    b.moment AS came_back_at, b.chat AS came_back_chat, c.moment AS recovered_at, c.chat AS recovered_chat
FROM facts AS f LEFT JOIN came_back AS b ON b.id = f.id LEFT JOIN recovered AS c ON c.id = f.id
LEFT JOIN repeats AS r ON r.id = f.id
"""


def _noticed(what: str) -> str:
    """When it was first known here that something happened to a chat, for as long as it counts."""
    return f"CASE WHEN d.{what}_at IS NOT NULL THEN coalesce(chats.{what}_noticed_at, $notice) END"


# Rows that stay as they are are not written, so nobody who works on them is disturbed.
UPDATE = f"""
UPDATE chats SET
    missed_noticed_at = coalesce(chats.missed_noticed_at, $notice),
    missed_cause = d.cause, missed_repeats = d.repeats, due_derived_at = d.due_at,
    came_back_at = d.came_back_at, came_back_chat = d.came_back_chat,
    came_back_noticed_at = {_noticed("came_back")}, recovered_at = d.recovered_at, recovered_chat = d.recovered_chat,
    contacted_noticed_at = {_noticed("contacted")}, deleted_noticed_at = {_noticed("deleted")},
    visitor_wrote_at = d.visitor_wrote_at, missed_past = d.is_past,
    reply_channel = d.reply_channel, reply_until = d.reply_until, reply_closed_at = d.reply_closed_at
FROM derived AS d
WHERE chats.ordinal = d.ordinal AND chats.id = d.id AND (
    chats.missed_noticed_at IS NULL
    OR (chats.missed_cause, chats.missed_repeats, chats.due_derived_at) IS DISTINCT FROM (d.cause, d.repeats, d.due_at)
    OR (chats.visitor_wrote_at, chats.missed_past) IS DISTINCT FROM (d.visitor_wrote_at, d.is_past)
    OR (chats.reply_channel, chats.reply_until, chats.reply_closed_at)
        IS DISTINCT FROM (d.reply_channel, d.reply_until, d.reply_closed_at)
    OR chats.came_back_chat IS DISTINCT FROM d.came_back_chat OR chats.came_back_at IS DISTINCT FROM d.came_back_at
    OR chats.recovered_chat IS DISTINCT FROM d.recovered_chat OR chats.recovered_at IS DISTINCT FROM d.recovered_at
    OR (chats.contacted_noticed_at IS NULL) <> (d.contacted_at IS NULL)
    OR (chats.deleted_noticed_at IS NULL) <> (d.deleted_at IS NULL)
)
"""


# Derivations follow each other: of two at once, the second cannot write here, and starts again with what the first one
# left. So what has a later notice becomes visible later, whatever the clocks say and however long each one takes.
TAKE_TURN = """
UPDATE last_derivation SET zone = $zone, noticed_at = greatest($moment, noticed_at + INTERVAL 1 MICROSECOND)
"""
NEWEST_NOTICE = "SELECT noticed_at FROM last_derivation"
# The working hours are of another zone than those by which missed chats were derived.
OTHER_ZONE = "SELECT coalesce(zone <> $zone, FALSE) AS other FROM last_derivation"
IS_DUE = f"""
SELECT EXISTS (FROM ledger_due) OR EXISTS (FROM persons_due)
    OR EXISTS (FROM chats WHERE reply_until <= $moment) OR ({OTHER_ZONE}) AS found
"""


def is_due(store: Store, zone: str, moment: datetime) -> bool:
    """Whether something has changed since missed chats were derived, or by `moment` the time to answer has ended."""
    return bool(store.read(IS_DUE, {"zone": zone, "moment": moment})[0]["found"])


def derive_due(store: Store, zone: str, moment: datetime) -> int:
    """Number of missed chats of which something was derived otherwise than before.

    What is new in them is noticed at `moment` (naive UTC), or right after what was noticed last, if that is later.
    """
    if not is_due(store, zone, moment):
        return 0
    with _ONE_AT_A_TIME:
        # Who waited meanwhile finds it done.
        if not is_due(store, zone, moment):
            return 0
        rules = rules_of(store)
        return store.write(lambda cursor: _derive(cursor, rules, zone, moment))


def _derive(cursor: Cursor, rules: Rules, zone: str, moment: datetime) -> int:
    if rows(cursor.execute(OTHER_ZONE, {"zone": zone}))[0]["other"]:
        mark_all_missed(cursor)
    cursor.execute(TAKE_TURN, {"zone": zone, "moment": moment})
    notice: datetime = rows(cursor.execute(NEWEST_NOTICE))[0]["noticed_at"]
    cursor.execute("INSERT INTO ledger_due SELECT id FROM chats WHERE reply_until <= $moment", {"moment": moment})
    renew(cursor)
    for statement in (DUE_CHATS, CLEAR, FOUND, "DELETE FROM ledger_due"):
        cursor.execute(statement)
    if not rows(cursor.execute("SELECT EXISTS (FROM found) AS any"))[0]["any"]:
        return 0
    cursor.execute(TARGETS, {"notice": notice})
    cursor.execute(TIMES, {"past_after_s": rules.past_after_d * 24 * 3600})
    # Between which moments chats count for the targets as repeated, and since when as served.
    found = cursor.execute(f"""
        SELECT coalesce(min(started_at), 'infinity') - INTERVAL {REPEATED_WITHIN_D} DAY AS earliest,
            coalesce(max(started_at), '-infinity') + INTERVAL {REPEATED_WITHIN_D} DAY AS latest,
            least(min(started_at), min(contacted_at), 'infinity') AS since
        FROM targets
    """)
    span = rows(found)[0]
    cursor.execute(SERVED, {"since": span["since"]})
    cursor.execute(REPEATS, {"earliest": span["earliest"], "latest": span["latest"]})
    cursor.register("hours", _hours(cursor, rules, zone))
    limits = {"recovery_s": rules.recovery_h * 3600, "left_within_s": rules.left_within_s}
    cursor.execute(DERIVED, {**limits, "moment": moment})
    return changed(cursor, UPDATE, {"notice": notice})


def _hours(cursor: Cursor, rules: Rules, zone: str) -> pa.Table:
    """Of each target with a known start: whether that lies in the working hours, and when it is due."""
    found = cursor.execute("SELECT ordinal, started_at, due_from FROM times WHERE started_at IS NOT NULL").fetchnumpy()
    starts, since = _moments(found["started_at"]), _moments(found["due_from"])
    time = WorkingTime.around(rules.hours, zone, np.concatenate([starts, since]))
    return pa.table(
        {
            "ordinal": pa.array(found["ordinal"], pa.int64()),
            "is_open": pa.array(time.is_open(starts), pa.bool_()),
            "due_at": pa.array(time.after(since, rules.due_after), pa.timestamp("us")),
        }
    )


def _moments(found: Any) -> Moments:
    """A column of moments; NaT where one is unknown."""
    return np.ma.filled(np.ma.asarray(found, dtype="datetime64[us]"), np.datetime64("NaT"))
