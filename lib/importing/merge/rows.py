"""The SQL that makes the rows of new and updated chats out of what was compared; see merging.py for the order."""

from lib.importing.merge.facts import GIVEN, TIMES_OF_VAGUE, fields_inside, place, was_given
from lib.importing.merge.names import NAMED, agents, of
from lib.importing.merge.turns import WAIT_S, WHO_WROTE
from lib.importing.merge.verdict import KNOWN_STATUS, MISSED_REASON, RULE_REASON, STATUS, STATUS_DERIVED
from lib.importing.records.staging import DETAIL_COLUMNS, FACT_COLUMNS
from lib.store.scripts import language_sql, script_sql
from lib.store.spellings import VISITOR_SEARCH


def _told(name: str, told: str) -> str:
    """SQL of a fact that messages tell too, where no record of the chat gives it, or gives it but vaguely."""
    return f"CASE WHEN {was_given(name, f'f.{name}', 'f')} THEN f.{name} ELSE coalesce({told}, f.{name}) END"


ENDED_AT = _told("ended_at", f"CASE WHEN {KNOWN_STATUS} = 'completed' THEN t.closed_at END")
# What the first page that a visitor is said to have opened tells.
PAGE, TOLD_BY_PAGE = ("page_url", "page_title", "website"), "t.told_page ->> '{}'"
_OF_NAMES = ", ".join(f"{name(f'f.{column}')} AS {column}" for column, name in NAMED.items())
# Those that records name, then those who wrote beside them.
_OPERATORS = """list_concat(f.given_operators, list_filter(
    coalesce(t.names, []), lambda name: NOT list_contains(f.given_operators, name)
))"""
_OF_PAGE = ", ".join(f"{_told(name, TOLD_BY_PAGE.format(name))} AS {name}" for name in PAGE)
# An end that no record gives, or one that is older than the chat's state, is not that of a chat that runs.
IS_OPEN_AGAIN = f"""
    coalesce({KNOWN_STATUS} = 'ongoing', FALSE) AND (
        NOT {was_given("ended_at", "f.ended_at", "f")}
        OR coalesce(f.fact_times[{place("ended_at")}] < f.fact_times[{place("given_status")}], FALSE)
    )
"""


# One row a new or updated chat. A chat counts as answered if an operator is named or wrote.
MERGED = f"""
CREATE OR REPLACE TEMP TABLE merged AS
WITH facts AS MATERIALIZED (
    SELECT s.number AS key, s.system, nullif(s.account, '') AS account, s.vendor_id, {
    ", ".join(f"s.{column}" for column in FACT_COLUMNS)
},
        s.question_search, s.facts_digest, s.vendor_updated_at,
        s.given & ~s.weak AS facts_given, {TIMES_OF_VAGUE} AS fact_times
    FROM staged_chats AS s JOIN affected AS a ON a.key = s.number ANTI JOIN united AS u ON u.id = s.id
    WHERE NOT a.known
    UNION ALL
    SELECT key, system, account, vendor_id, {", ".join(FACT_COLUMNS)}, question_search, facts_digest, vendor_updated_at,
        facts_given, fact_times
    FROM united
    UNION ALL
    SELECT o.key, c.system, c.account, c.vendor_id,
        {", ".join(GIVEN.get(column, f"c.{column}") for column in FACT_COLUMNS)},
        CASE WHEN c.given_question IS NOT NULL THEN c.question_search END, c.facts_digest, c.vendor_updated_at,
        c.facts_given, c.fact_times
    FROM chats AS c JOIN ordinals AS o ON o.ordinal = c.ordinal AND o.id = c.id ANTI JOIN united AS u ON u.id = c.id
),
-- The engine makes room for 2,048 rows of all columns at each join and each part of a union: what is wide comes last.
told AS MATERIALIZED (
    SELECT
        h.* REPLACE (o.ordinal AS ordinal), t.* EXCLUDE (key), y.key IS NOT NULL AS has_turns, y.last_wanted,
        u.fields, w.names, p.* EXCLUDE (key, text, search_text), p.text AS opening, p.search_text AS opening_search
    FROM ordinals AS o
    JOIN changes AS h ON h.key = o.key
    LEFT JOIN tallies AS t ON t.key = o.key
    LEFT JOIN turns AS y ON y.key = o.key
    LEFT JOIN unknowns AS u ON u.key = o.key
    LEFT JOIN openings AS p ON p.key = o.key
    LEFT JOIN speakers AS w ON w.key = o.key
),
joined AS (
    SELECT
        t.id, t.ordinal, f.* EXCLUDE ({", ".join(GIVEN)}) REPLACE (
            CASE WHEN NOT ({IS_OPEN_AGAIN}) THEN {ENDED_AT} END AS ended_at,
            {_told("rating", "t.told_rating")} AS rating, {_told("comment", "t.told_comment")} AS comment,
            {_OF_PAGE}, {_OF_NAMES}
        ),
        {", ".join(f"coalesce(f.visitor_{name}, v.{name}) AS visitor_{name}" for name in DETAIL_COLUMNS)},
        list_filter(
            [{
    ", ".join(
        f"CASE WHEN f.visitor_{name} IS NULL AND v.{name} IS NOT NULL THEN '{name}' END" for name in DETAIL_COLUMNS
    )
}],
            lambda name: name IS NOT NULL
        ) AS filled,
        t.state, t.new_digest AS messages_digest,
        coalesce(t.message_count, 0) AS message_count,
        nullif(greatest(0, f.messages_there - coalesce(t.entry_count, 0)), 0)::INTEGER AS messages_missing,
        {WHO_WROTE},
        coalesce(
            t.last_bot > coalesce(CASE WHEN t.has_turns THEN t.last_wanted ELSE t.last_visitor END, -1), FALSE
        ) AS bot_spoke_last,
        coalesce(t.scripts, 0) | {script_sql("f.given_question")} AS scripts,
        t.opening, t.opening_search, t.asked_at, t.asked_after_s, t.answered_at, t.answered_after_s,
        {agents(_OPERATORS)} AS operators,
        CASE WHEN t.was_closed AND {KNOWN_STATUS} = 'ongoing' THEN 'reopened' ELSE {KNOWN_STATUS} END AS known_status,
        coalesce(t.is_campaign AND t.last_visitor IS NULL, FALSE) AS is_unanswered_campaign,
        t.source, CASE
            WHEN t.source = 'union' THEN NULL WHEN t.has_rows THEN t.fields ELSE {fields_inside("t.old_unknown", "")}
        END AS unknown_of_messages
    FROM told AS t
    JOIN facts AS f ON f.key = t.key
    LEFT JOIN known_visitors AS v
        ON v.system = f.system AND v.visitor_id = f.visitor_id AND v.account IS NOT DISTINCT FROM f.account
    LEFT JOIN called AS k ON {of("f")}
),
judged AS (SELECT *, {RULE_REASON} AS rule_reason FROM joined),
decided AS (SELECT *, {MISSED_REASON} AS missed_reason FROM judged),
answered AS (SELECT *, {STATUS} AS status, {STATUS_DERIVED} AS status_derived FROM decided)
SELECT
    * EXCLUDE (opening, opening_search, unknown_of_messages) REPLACE (
        CASE WHEN given_question IS NOT NULL THEN question_search ELSE opening_search END AS question_search,
        CASE
            WHEN source = 'record' OR (unknown_of_messages IS NULL AND NOT contains(unknown_fields, '"messages['))
            THEN unknown_fields
            ELSE nullif(
                concat('{{', concat_ws(', ', {
    fields_inside("unknown_fields", "NOT")
}, unknown_of_messages), '}}'), '{{}}'
            )
        END AS unknown_fields,
        CASE WHEN len(filled) > 0 THEN filled END AS filled
    ),
    {WAIT_S} AS wait_s,
    CASE WHEN ended_at >= started_at THEN date_diff('microsecond', started_at, ended_at) / 1e6 END AS duration_s,
    operators[1] AS operator,
    coalesce(lower(given_language), {language_sql("scripts", "$zone")}) AS language,
    coalesce(given_question, opening) AS question,
    {VISITOR_SEARCH} AS visitor_search,
    NULL::VARCHAR AS visitor_phone_e164,
    $import_id::UUID AS import_id
FROM answered
"""
