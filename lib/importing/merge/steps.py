"""The SQL that compares staged records with the store; see merging.py for the order."""

from lib.chats.own_files import MASKED
from lib.importing.merge.facts import GIVEN
from lib.importing.merge.names import RENAMED
from lib.importing.records.staging import DETAIL_COLUMNS, ENTRY_COLUMNS
from lib.store.scripts import script_sql

ENTRY = ", ".join(f"m.{column}" for column in ENTRY_COLUMNS)
ENTRY_NAMES = ", ".join(ENTRY_COLUMNS)
# What tells a message without an id from others of its chat.
SAID = "md5(concat_ws(chr(31), sent_at, offset_s, kind, name, text, attachment_url))"
# What an export of ours masked is not known by it, so it never takes the place of what is.
IS_MASKED = f"regexp_matches(concat_ws(' ', name, text), '{MASKED.pattern}')"

# Of our own format the first record of an id counts; a later one is rejected. Vendors give a chat more than once, in
# pages that overlap or as list and detail: there the newest counts, then the one with a transcript, then the last.
FIRSTS = """
CREATE OR REPLACE TEMP TABLE firsts AS
SELECT
    id,
    CASE
        WHEN bool_or(combined)
        THEN arg_max(number, row(
            coalesce(vendor_updated_at, TIMESTAMP '1970-01-01'), coalesce(judged, given_answered, FALSE),
            gives_messages, number
        ))
        ELSE min(number)
    END AS number
FROM staged_chats GROUP BY id
"""

# Where a system has several accounts, parts of its answers do not say of which one they are. What says none is of the
# first account; but where that has no such chat or visitor and only one of the others has, it is of that one. `places`
# are the chats of messages, `owners` the accounts of visitors; both are empty where there is one account.
PLACES = """
CREATE OR REPLACE TEMP TABLE places AS
WITH wanted AS (
    SELECT system, vendor_id FROM staged_rows WHERE account IS NULL AND list_contains($several, system)
    UNION SELECT system, vendor_id FROM waiting_messages WHERE account IS NULL AND list_contains($several, system)
)
SELECT system, vendor_id, any_value(id) AS id
FROM (
    SELECT id, system, vendor_id FROM staged_chats SEMI JOIN wanted USING (system, vendor_id)
    UNION SELECT id, system, vendor_id FROM chats SEMI JOIN wanted USING (system, vendor_id)
)
GROUP BY system, vendor_id HAVING count(*) = 1
"""
NO_PLACES = """
CREATE OR REPLACE TEMP TABLE places (system VARCHAR, vendor_id VARCHAR, id UUID);
CREATE OR REPLACE TEMP TABLE owners (system VARCHAR, visitor_id VARCHAR, account VARCHAR)
"""
PLACE_ROWS = """
UPDATE staged_rows SET chat_id = p.id FROM places AS p
WHERE staged_rows.account IS NULL AND p.system = staged_rows.system AND p.vendor_id = staged_rows.vendor_id
"""
OWNERS = """
CREATE OR REPLACE TEMP TABLE owners AS
WITH wanted AS (
    SELECT system, visitor_id FROM staged_visitors WHERE account IS NULL AND list_contains($several, system)
    UNION SELECT system, visitor_id FROM visitors WHERE account IS NULL AND list_contains($several, system)
)
SELECT system, visitor_id, any_value(account) AS account
FROM (
    SELECT system, nullif(account, '') AS account, visitor_id
    FROM staged_chats SEMI JOIN wanted USING (system, visitor_id)
    UNION SELECT system, account, visitor_id FROM chats SEMI JOIN wanted USING (system, visitor_id)
)
GROUP BY system, visitor_id HAVING count(*) = 1
"""

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


def _same(one: str, other: str) -> str:
    return (
        f"{one}.system = {other}.system AND {one}.visitor_id = {other}.visitor_id"
        f" AND {one}.owner IS NOT DISTINCT FROM {other}.owner"
    )


# Visitors as they are after the import, as far as they matter to a chat of it.
# An export of chats tells only a part of a visitor's record, here and there: it adds to what is known otherwise.
# `account` is as in `chats`, `said` what a record said of it.
KNOWN_VISITORS = f"""
CREATE OR REPLACE TEMP TABLE known_visitors AS
WITH staged AS (
    SELECT s.*, coalesce(nullif(s.account, ''), o.account) AS owner
    FROM staged_visitors AS s
    LEFT JOIN owners AS o
        ON o.system = CASE WHEN s.account IS NULL THEN s.system END AND o.visitor_id = s.visitor_id
),
stored AS (
    SELECT v.*, coalesce(nullif(v.account, ''), o.account) AS owner
    FROM visitors AS v
    LEFT JOIN owners AS o
        ON o.system = CASE WHEN v.account IS NULL THEN v.system END AND o.visitor_id = v.visitor_id
    WHERE v.visitor_id IN (SELECT visitor_id FROM staged_visitors)
        OR v.visitor_id IN (SELECT visitor_id FROM staged_chats)
        OR v.visitor_id IN (
            SELECT c.visitor_id
            FROM chats AS c JOIN (SELECT id FROM firsts UNION SELECT id FROM named) AS n ON n.id = c.id
        )
    QUALIFY row_number() OVER (PARTITION BY v.system, owner, v.visitor_id ORDER BY v.account IS NULL) = 1
),
whole AS (
    SELECT * FROM staged WHERE NOT partial
    QUALIFY row_number() OVER (PARTITION BY system, owner, visitor_id ORDER BY number DESC) = 1
),
parts AS (
    SELECT system, owner, visitor_id, arg_max(account, number) AS account,
        {", ".join(f"arg_max({n}, number) AS {n}" for n in DETAIL_COLUMNS)}
    FROM staged AS s WHERE partial GROUP BY ALL
)
SELECT system, owner AS account, account AS said, visitor_id, {", ".join(DETAIL_COLUMNS)}, TRUE AS staged FROM whole
UNION ALL
SELECT p.system, p.owner, p.account, p.visitor_id,
    {", ".join(f"coalesce(p.{n}, v.{n})" for n in DETAIL_COLUMNS)}, TRUE
FROM parts AS p
ANTI JOIN whole AS w ON {_same("w", "p")}
LEFT JOIN stored AS v ON {_same("v", "p")}
UNION ALL
SELECT v.system, v.owner, v.account, v.visitor_id, {", ".join(f"v.{column}" for column in DETAIL_COLUMNS)}, FALSE
FROM stored AS v ANTI JOIN staged AS s ON {_same("s", "v")}
"""
# Stored chats that a visitor's record fills in otherwise than before, or that a list of names calls otherwise.
TOUCHED = f"""
CREATE OR REPLACE TEMP TABLE touched AS
SELECT c.id
FROM chats AS c
JOIN known_visitors AS v
    ON v.staged AND v.system = c.system AND v.visitor_id = c.visitor_id AND v.account IS NOT DISTINCT FROM c.account
WHERE {" OR ".join(f"coalesce({GIVEN[f'visitor_{n}']}, v.{n}) IS DISTINCT FROM c.visitor_{n}" for n in DETAIL_COLUMNS)}
UNION {RENAMED}
"""

# All chats of this import with what is needed to compare them with the stored ones. `source` says where the entries
# (messages and notes) come from: the record, a mixture that has to be put together, or the store, as they are.
# A record that gives messages replaces all entries; rows of a file of messages replace the messages, and the notes
# if there are notes among them; a record that gives notes only replaces the notes. `stale` is a record that is older
# than what the store holds, or as old and without the means to judge it (a list beside the single chat), or one that is
# masked: its entries do not count where the store has some (`outdated`).
AFFECTED = """
CREATE OR REPLACE TEMP TABLE affected AS
SELECT
    coalesce(f.number, -row_number() OVER ()) AS key,
    b.id,
    f.number IS NOT NULL AS staged,
    c.id IS NOT NULL AS known,
    c.ordinal,
    c.deleted_at IS NOT NULL AS deleted,
    coalesce(
        c.vendor_updated_at > s.vendor_updated_at
        OR c.vendor_updated_at = s.vendor_updated_at
            AND coalesce(c.judged, c.given_answered, FALSE) > coalesce(s.judged, s.given_answered, FALSE),
        FALSE
    ) AS stale,
    coalesce(u.differs, FALSE) OR x.id IS NOT NULL AS facts_differ,
    c.messages_digest AS old_digest,
    CASE WHEN contains(c.unknown_fields, '"messages[') THEN c.unknown_fields END AS old_unknown,
    (stale OR s.masked) AND c.messages_digest <> '' AS outdated,
    coalesce(s.gives_messages AND NOT outdated, FALSE) AS gives_messages,
    coalesce(s.gives_notes AND NOT outdated, FALSE) AS gives_notes,
    n.id IS NOT NULL AS has_rows,
    coalesce(n.has_notes, FALSE) AS rows_have_notes,
    CASE
        WHEN n.united THEN 'union'
        WHEN n.id IS NOT NULL OR (s.gives_notes AND NOT s.gives_messages AND NOT outdated) THEN 'mixture'
        WHEN s.gives_messages AND NOT outdated THEN 'record'
        ELSE 'store'
    END AS source
FROM (SELECT id FROM firsts UNION SELECT id FROM named UNION SELECT id FROM touched) AS b
LEFT JOIN firsts AS f ON f.id = b.id
LEFT JOIN staged_chats AS s ON s.number = f.number
LEFT JOIN named AS n ON n.id = b.id
LEFT JOIN touched AS x ON x.id = b.id
LEFT JOIN united AS u ON u.id = b.id
LEFT JOIN chats AS c ON c.id = b.id
WHERE f.id IS NOT NULL OR c.id IS NOT NULL
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
        SELECT a.key, 1 AS part, m.number AS place, {ENTRY}, m.unknown
        FROM staged_rows AS m JOIN affected AS a ON a.id = m.chat_id
        WHERE a.source = 'union'
        UNION ALL
        SELECT a.key, 0, m.position, {ENTRY}, m.unknown_fields
        FROM messages AS m JOIN affected AS a ON a.ordinal = m.ordinal AND a.id = m.chat_id
        WHERE a.source = 'union'
    )
    QUALIFY row_number() OVER (
        PARTITION BY key, coalesce(message_id, {SAID}) ORDER BY {IS_MASKED}, part DESC, place DESC
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

TALLIES = f"""
CREATE OR REPLACE TEMP TABLE tallies AS
SELECT
    key,
    (count(*) FILTER (kind <> 'note'))::INTEGER AS message_count,
    -- Further files of a message are entries of their own here, and an opening message (0) is counted apart there.
    (count(*) FILTER (message_id IS NULL OR message_id <> '0' AND NOT contains(message_id, '#')))::INTEGER
        AS entry_count,
    min(position) FILTER (kind = 'operator' AND automatic IS NOT TRUE) AS first_operator,
    min(position) FILTER (kind = 'visitor') AS first_asked,
    min(sent_at) FILTER (kind <> 'note') AS begun_at,
    max(position) FILTER (kind = 'visitor') AS last_visitor,
    min(position) FILTER (kind = 'bot' AND automatic IS NOT TRUE AND text IS NOT NULL) AS first_bot,
    max(position) FILTER (kind = 'bot' AND automatic IS NOT TRUE AND text IS NOT NULL) AS last_bot,
    min(position) FILTER (kind = 'visitor' AND text IS NOT NULL) AS first_visitor,
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

CHANGES = """
CREATE OR REPLACE TEMP TABLE changes AS
SELECT
    *,
    CASE WHEN NOT known THEN 'new' WHEN facts_differ OR entries_differ THEN 'updated' ELSE 'unchanged' END AS state
FROM (
    SELECT
        a.*,
        CASE
            WHEN a.source = 'store' THEN coalesce(a.old_digest, '')
            ELSE concat(t.digest, ':' || md5(u.fields))
        END AS new_digest,
        new_digest <> coalesce(a.old_digest, '') AS entries_differ
    FROM affected AS a LEFT JOIN tallies AS t ON t.key = a.key LEFT JOIN unknowns AS u ON u.key = a.key
)
"""

# Ordinals of new chats follow the start time, unknown ones last.
ORDINALS = """
CREATE OR REPLACE TEMP TABLE ordinals AS
SELECT
    c.key, c.id,
    (SELECT coalesce(max(ordinal), -1) FROM chats) + row_number() OVER (ORDER BY s.started_at NULLS LAST, c.key)
        AS ordinal
FROM changes AS c JOIN staged_chats AS s ON s.number = c.key
WHERE c.state = 'new'
UNION ALL
SELECT key, id, ordinal FROM changes WHERE state = 'updated'
"""

OPENINGS = f"""
CREATE OR REPLACE TEMP TABLE openings AS
SELECT
    e.key,
    any_value(e.text) FILTER (e.position = t.first_visitor) AS text,
    any_value(e.search_text) FILTER (e.position = t.first_visitor) AS search_text,
    any_value(e.sent_at) FILTER (e.position = t.ask) AS asked_at,
    any_value(e.offset_s) FILTER (e.position = t.ask) AS asked_after_s,
    any_value(e.sent_at) FILTER (e.position = t.answer) AS answered_at,
    any_value(e.offset_s) FILTER (e.position = t.answer) AS answered_after_s
FROM {ENTRIES} AS e
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

# What names no account, where its system has several: chats and visitors, by the account that they were put to.
UNNAMED = """
SELECT system, account, count(*)::BIGINT AS n
FROM (
    SELECT DISTINCT system, NULL AS account, id::VARCHAR AS id FROM staged_chats WHERE account IS NULL
    UNION
    SELECT r.system, coalesce(nullif(s.account, ''), c.account), r.chat_id::VARCHAR
    FROM (SELECT DISTINCT system, chat_id FROM staged_rows WHERE account IS NULL AND number >= 0) AS r
    LEFT JOIN firsts AS f ON f.id = r.chat_id LEFT JOIN staged_chats AS s ON s.number = f.number
    LEFT JOIN chats AS c ON c.id = r.chat_id
    UNION
    SELECT system, account, visitor_id FROM known_visitors WHERE staged AND said IS NULL
)
WHERE list_contains($several, system)
GROUP BY ALL ORDER BY ALL
"""
