"""The SQL that puts the messages and notes of each chat together, and counts what is in them; see merging.py."""

from lib.chats.own_files import MASKED
from lib.importing.records.staging import ENTRY_COLUMNS
from lib.store.scripts import script_sql

ENTRY = ", ".join(f"m.{column}" for column in ENTRY_COLUMNS)
ENTRY_NAMES = ", ".join(ENTRY_COLUMNS)
# What tells a message without an id from others of its chat.
SAID = "md5(concat_ws(chr(31), sent_at, offset_s, kind, name, text, attachment_url))"
# What an export of ours masked is not known by it, so it never takes the place of what is.
IS_MASKED = f"regexp_matches(concat_ws(' ', name, text), '{MASKED.pattern}')"
# What was deleted stays so, whatever an older answer says that comes after.
IS_DELETED = "coalesce(m.tells ->> 'event' = 'deleted', FALSE)"

# Messages that came before their chat, as if they stood before all rows of this import; of those without ids only the
# newest rows of a chat count, as in the store.
CLAIMED = """
CREATE OR REPLACE TEMP TABLE claimed AS
SELECT DISTINCT w.chat_id AS waited, w.account, f.id
FROM waiting_messages AS w
LEFT JOIN places AS p ON p.system = CASE WHEN w.account IS NULL THEN w.system END AND p.vendor_id = w.vendor_id
JOIN firsts AS f ON f.id = coalesce(p.id, w.chat_id)
"""
RECALL_WAITING = f"""
INSERT INTO staged_rows
SELECT
    row_number() OVER (ORDER BY w.chat_id, w.file, w.row_number) - (SELECT count(*) FROM waiting_messages) - 1,
    w.file, w.row_number, c.id, w.system, w.account, w.vendor_id,
    {", ".join(f"w.{column}" for column in ENTRY_COLUMNS)}, w.unknown
FROM waiting_messages AS w JOIN claimed AS c ON c.waited = w.chat_id AND c.account IS NOT DISTINCT FROM w.account
WHERE w.message_id IS NOT NULL OR c.id NOT IN (SELECT chat_id FROM staged_rows WHERE message_id IS NULL)
"""

# Rows with the vendor's ids are united with those of the store; rows without replace them.
NAMED = """
CREATE OR REPLACE TEMP TABLE named AS
SELECT chat_id AS id, bool_or(kind = 'note') AS has_notes, bool_or(message_id IS NOT NULL) AS united
FROM staged_rows GROUP BY chat_id
"""
MIXTURES = f"""
CREATE OR REPLACE TEMP TABLE mixtures AS
SELECT
    key, (row_number() OVER (PARTITION BY key ORDER BY part, place) - 1)::INTEGER AS position, {ENTRY_NAMES}, unknown,
    FALSE AS united
FROM (
    SELECT a.key, 1 AS part, m.number AS place, {ENTRY}, m.unknown
    FROM staged_rows AS m JOIN affected AS a ON a.id = m.chat_id
    WHERE a.source = 'mixture'
    UNION ALL
    SELECT a.key, 2, m.position, {ENTRY}, NULL
    FROM messages AS m JOIN affected AS a ON a.ordinal = m.ordinal AND a.id = m.chat_id
    WHERE a.source = 'mixture' AND NOT a.gives_messages AND CASE m.kind
        WHEN 'note' THEN NOT a.gives_notes AND NOT a.rows_have_notes
        ELSE NOT a.has_rows
    END
    UNION ALL
    SELECT a.key, 3, m.position, {ENTRY}, NULL
    FROM staged_messages AS m JOIN affected AS a ON a.key = m.chat_number
    WHERE a.source = 'mixture' AND m.from_notes
)
UNION ALL
SELECT
    key,
    (row_number() OVER (
        PARTITION BY key ORDER BY sent_at NULLS LAST, length(message_id), message_id, part, place
    ) - 1)::INTEGER,
    {ENTRY_NAMES}, unknown, TRUE
FROM (
    -- What a message told of its chat in any of its versions, it told.
    SELECT * REPLACE (
        coalesce(tells, max(tells) OVER (PARTITION BY key, coalesce(message_id, {SAID}))) AS tells
    )
    FROM (
        SELECT a.key, 1 AS part, m.number AS place, {ENTRY}, m.unknown, {IS_DELETED} AS is_deleted
        FROM staged_rows AS m JOIN affected AS a ON a.id = m.chat_id
        WHERE a.source = 'union'
        UNION ALL
        SELECT a.key, 0, m.position, {ENTRY}, m.unknown_fields, {IS_DELETED}
        FROM messages AS m JOIN affected AS a ON a.ordinal = m.ordinal AND a.id = m.chat_id
        WHERE a.source = 'union'
    )
    QUALIFY row_number() OVER (
        PARTITION BY key, coalesce(message_id, {SAID}) ORDER BY {IS_MASKED}, is_deleted DESC, part DESC, place DESC
    ) = 1
)
"""

# Unknown fields of rows, as what follows in the JSON object of the chat's unknown fields.
UNKNOWNS = """
CREATE OR REPLACE TEMP TABLE unknowns AS
SELECT key, string_agg(concat('"messages[', position, ']": ', unknown), ', ' ORDER BY position) AS fields
FROM mixtures WHERE unknown IS NOT NULL AND NOT united GROUP BY key
"""

# The entries that each chat has after the import, as far as something must be computed from them.
ENTRIES = f"""
(
    SELECT a.key, m.position, {ENTRY}, m.unknown
    FROM staged_messages AS m JOIN affected AS a ON a.key = m.chat_number
    WHERE a.source = 'record'
    UNION ALL
    SELECT m.key, m.position, {ENTRY}, CASE WHEN m.united THEN m.unknown END FROM mixtures AS m
    UNION ALL
    SELECT a.key, m.position, {ENTRY}, m.unknown_fields
    FROM messages AS m JOIN affected AS a ON a.ordinal = m.ordinal AND a.id = m.chat_id
    WHERE a.source = 'store' AND a.facts_differ
)
"""

# By position, who wrote first and last.
WHEN_WROTE = """
    min(position) FILTER (kind = 'operator' AND automatic IS NOT TRUE) AS first_operator,
    min(position) FILTER (kind = 'visitor') AS first_asked,
    min(sent_at) FILTER (kind <> 'note') AS begun_at,
    max(position) FILTER (kind = 'visitor') AS last_visitor,
    min(position) FILTER (kind = 'bot' AND automatic IS NOT TRUE AND text IS NOT NULL) AS first_bot,
    max(position) FILTER (kind = 'bot' AND automatic IS NOT TRUE AND text IS NOT NULL) AS last_bot,
    min(position) FILTER (kind = 'visitor' AND text IS NOT NULL) AS first_visitor
"""
TALLIES = f"""
CREATE OR REPLACE TEMP TABLE tallies AS
SELECT
    key,
    (count(*) FILTER (kind <> 'note'))::INTEGER AS message_count,
    -- Further files of a message are entries of their own here, and an opening message (0) is counted apart there.
    (count(*) FILTER (message_id IS NULL OR message_id <> '0' AND NOT contains(message_id, '#')))::INTEGER
        AS entry_count,
    {WHEN_WROTE},
    bit_or({script_sql("text")}) FILTER (kind IN ('visitor', 'operator', 'bot')) AS scripts,
    bool_or(tells ->> 'event' IN ('closed', 'reopened')) AS was_closed,
    arg_max(sent_at, position) FILTER (tells ->> 'event' = 'closed') AS closed_at,
    bool_or(tells ->> 'event' = 'campaign') AS is_campaign,
    arg_max((tells ->> 'rating')::TINYINT, position) FILTER (tells ->> 'rating' IS NOT NULL) AS told_rating,
    arg_max(tells ->> 'comment', position) FILTER (tells ->> 'rating' IS NOT NULL) AS told_comment,
    arg_min(tells, position) FILTER (tells ->> 'page_url' IS NOT NULL) AS told_page,
    sum(md5_number_lower(concat_ws(
        chr(31), position, coalesce(epoch_us(sent_at)::VARCHAR, ''), coalesce(offset_s::VARCHAR, ''), kind,
        coalesce(name, ''), coalesce(text, ''), coalesce(attachment_name, ''), coalesce(attachment_type, ''),
        coalesce(attachment_size::VARCHAR, ''), coalesce(attachment_url, ''), message_id,
        CASE WHEN automatic THEN 'automatic' END, tells, unknown
    )))::VARCHAR AS digest
FROM {ENTRIES} GROUP BY key
"""


def openings(entries: str) -> str:
    """SQL that makes the table `openings` of a table of entries, with `tallies` and `turns` of them."""
    return f"""
CREATE OR REPLACE TEMP TABLE openings AS
SELECT
    e.key,
    any_value(e.text) FILTER (e.position = t.first_visitor) AS text,
    any_value(e.search_text) FILTER (e.position = t.first_visitor) AS search_text,
    any_value(e.sent_at) FILTER (e.position = t.ask) AS asked_at,
    any_value(e.offset_s) FILTER (e.position = t.ask) AS asked_after_s,
    any_value(e.sent_at) FILTER (e.position = t.answer) AS answered_at,
    any_value(e.offset_s) FILTER (e.position = t.answer) AS answered_after_s
FROM {entries} AS e
JOIN (
    SELECT
        t.key, t.first_visitor, coalesce(u.ask, t.first_asked) AS ask,
        CASE WHEN u.key IS NULL THEN t.first_operator ELSE u.answer END AS answer
    FROM tallies AS t LEFT JOIN turns AS u ON u.key = t.key
) AS t ON t.key = e.key AND (e.position = t.first_visitor OR e.position = t.ask OR e.position = t.answer)
JOIN ordinals AS o ON o.key = e.key
GROUP BY e.key
"""


SPEAKERS = f"""
CREATE OR REPLACE TEMP TABLE speakers AS
SELECT key, list(name ORDER BY position) AS names
FROM (
    SELECT e.key, e.name, min(e.position) AS position
    FROM {ENTRIES} AS e JOIN ordinals AS o ON o.key = e.key
    WHERE e.kind = 'operator' AND e.automatic IS NOT TRUE AND e.name IS NOT NULL
    GROUP BY e.key, e.name
)
GROUP BY key
"""
