"""The SQL that makes the rows of new and updated chats out of what was compared; see merging.py for the order."""

from lib.importing.merge_steps import GIVEN
from lib.importing.staging import DETAIL_COLUMNS, FACT_COLUMNS
from lib.importing.verdict import KNOWN_STATUS, MISSED_REASON, RULE_REASON, STATUS, STATUS_DERIVED
from lib.store.scripts import language_sql, script_sql
from lib.store.spellings import VISITOR_SEARCH


def _fields(column: str, negation: str) -> str:
    """SQL for the unknown fields in `column` that are of messages (or are not: NOT), as the inside of a JSON object."""
    # A JSON pointer, since a path breaks at quotes.
    pointer = "'/' || replace(replace(name, '~', '~0'), '/', '~1')"
    names = f"list_filter(json_keys({column}), lambda name: {negation} starts_with(name, 'messages['))"
    pairs = f"list_transform({names}, lambda name: concat(to_json(name), ': ', json_extract({column}, {pointer})))"
    return f"nullif(array_to_string({pairs}, ', '), '')"


# One row a new or updated chat. A chat counts as answered if an operator is named or wrote.
MERGED = f"""
CREATE OR REPLACE TEMP TABLE merged AS
WITH facts AS (
    SELECT s.number AS key, s.system, s.vendor_id, {", ".join(f"s.{column}" for column in FACT_COLUMNS)},
        s.question_search, s.facts_digest, s.vendor_updated_at
    FROM staged_chats AS s JOIN affected AS a ON a.key = s.number
    WHERE NOT a.stale
    UNION ALL
    SELECT o.key, c.system, c.vendor_id, {", ".join(GIVEN.get(column, f"c.{column}") for column in FACT_COLUMNS)},
        CASE WHEN c.given_question IS NOT NULL THEN c.question_search END, c.facts_digest, c.vendor_updated_at
    FROM chats AS c JOIN ordinals AS o ON o.ordinal = c.ordinal AND o.id = c.id
    JOIN affected AS a ON a.key = o.key
    WHERE a.stale OR NOT a.staged
),
joined AS (
    SELECT
        o.id, o.ordinal, f.* EXCLUDE ({", ".join(GIVEN)}),
        {", ".join(f"coalesce(f.visitor_{name}, v.{name}) AS visitor_{name}" for name in DETAIL_COLUMNS)},
        list_filter(
            [{
    ", ".join(
        f"CASE WHEN f.visitor_{name} IS NULL AND v.{name} IS NOT NULL THEN '{name}' END" for name in DETAIL_COLUMNS
    )
}],
            lambda name: name IS NOT NULL
        ) AS filled,
        h.state, h.new_digest AS messages_digest,
        coalesce(t.message_count, 0) AS message_count, t.first_operator IS NOT NULL AS operator_wrote,
        t.last_bot IS NOT NULL AS bot_wrote,
        coalesce(t.last_bot > coalesce(t.last_visitor, -1), FALSE) AS bot_spoke_last,
        coalesce(t.scripts, 0) | {script_sql("f.given_question")} AS scripts,
        p.text AS opening, p.search_text AS opening_search, p.answered_at, p.answered_after_s,
        list_concat(f.given_operators, list_filter(
            coalesce(w.names, []), lambda name: NOT list_contains(f.given_operators, name)
        )) AS operators,
        {KNOWN_STATUS} AS known_status,
        h.source, CASE
            WHEN h.source = 'union' THEN NULL WHEN h.has_rows THEN u.fields ELSE {_fields("h.old_unknown", "")}
        END AS unknown_of_messages
    FROM ordinals AS o
    JOIN facts AS f ON f.key = o.key
    JOIN changes AS h ON h.key = o.key
    LEFT JOIN known_visitors AS v ON v.system = f.system AND v.visitor_id = f.visitor_id
    LEFT JOIN tallies AS t ON t.key = o.key
    LEFT JOIN unknowns AS u ON u.key = o.key
    LEFT JOIN openings AS p ON p.key = o.key
    LEFT JOIN speakers AS w ON w.key = o.key
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
                concat('{{', concat_ws(', ', {_fields("unknown_fields", "NOT")}, unknown_of_messages), '}}'), '{{}}'
            )
        END AS unknown_fields,
        CASE WHEN len(filled) > 0 THEN filled END AS filled
    ),
    CASE
        WHEN given_wait_s IS NOT NULL THEN given_wait_s
        WHEN operator_wrote THEN coalesce(
            nullif(greatest(-1, date_diff('microsecond', started_at, answered_at)), -1) / 1e6,
            CASE WHEN answered_at IS NULL OR started_at IS NULL THEN answered_after_s END
        )
        WHEN (len(operators) = 0 OR status = 'missed' OR rule_reason IS NOT NULL) AND ended_at >= started_at
        THEN date_diff('microsecond', started_at, ended_at) / 1e6
    END AS wait_s,
    CASE WHEN ended_at >= started_at THEN date_diff('microsecond', started_at, ended_at) / 1e6 END AS duration_s,
    operators[1] AS operator,
    coalesce(lower(given_language), {language_sql("scripts", "$zone")}) AS language,
    coalesce(given_question, opening) AS question,
    {VISITOR_SEARCH} AS visitor_search,
    $import_id::UUID AS import_id
FROM answered
"""
