"""The SQL that merges staged records into the store; see merging.py for the order."""

from lib.importing.fields import STATUS_OF_WORD
from lib.importing.staging import ENTRY_COLUMNS, FACT_COLUMNS

FACTS = ", ".join(FACT_COLUMNS)
ENTRY = ", ".join(f"m.{column}" for column in ENTRY_COLUMNS)
ENTRY_NAMES = ", ".join(ENTRY_COLUMNS)
KANA = "[ぁ-ゖァ-ヺｦ-ﾝ]"
WORDS = " ".join(f"WHEN '{word}' THEN '{status}'" for word, status in STATUS_OF_WORD.items())


def _fields(column: str, negation: str) -> str:
    """SQL for the unknown fields in `column` that are of messages (or are not: NOT), as the inside of a JSON object."""
    # A JSON pointer, since a path breaks at quotes.
    pointer = "'/' || replace(replace(name, '~', '~0'), '/', '~1')"
    names = f"list_filter(json_keys({column}), lambda name: {negation} starts_with(name, 'messages['))"
    pairs = f"list_transform({names}, lambda name: concat(to_json(name), ': ', json_extract({column}, {pointer})))"
    return f"nullif(array_to_string({pairs}, ', '), '')"


# The first record of an id counts; a later one is rejected.
FIRSTS = "CREATE OR REPLACE TEMP TABLE firsts AS SELECT id, min(number) AS number FROM staged_chats GROUP BY id"
REJECT_REPEATED = """
INSERT INTO staged_rejects
SELECT file, row_number, 'id', vendor_id, 'repeated_id', record
FROM staged_chats AS s ANTI JOIN firsts AS f ON f.number = s.number
"""

NAMED = """
CREATE OR REPLACE TEMP TABLE named AS
SELECT chat_id AS id, bool_or(kind = 'note') AS has_notes FROM staged_rows GROUP BY chat_id
"""

# All chats of this import with what is needed to compare them with the stored ones. `source` says where the entries
# (messages and notes) come from: the record, a mixture that has to be put together, or the store, as they are.
# A record that gives messages replaces all entries; rows of a file of messages replace the messages, and the notes
# if there are notes among them; a record that gives notes only replaces the notes.
AFFECTED = """
CREATE OR REPLACE TEMP TABLE affected AS
SELECT
    coalesce(f.number, -row_number() OVER ()) AS key,
    b.id,
    f.number IS NOT NULL AS staged,
    c.id IS NOT NULL AS known,
    c.ordinal,
    c.deleted_at IS NOT NULL AS deleted,
    coalesce(c.facts_digest <> s.facts_digest, FALSE) AS facts_differ,
    c.messages_digest AS old_digest,
    CASE WHEN contains(c.unknown_fields, '"messages[') THEN c.unknown_fields END AS old_unknown,
    coalesce(s.gives_messages, FALSE) AS gives_messages,
    coalesce(s.gives_notes, FALSE) AS gives_notes,
    n.id IS NOT NULL AS has_rows,
    coalesce(n.has_notes, FALSE) AS rows_have_notes,
    CASE
        WHEN n.id IS NOT NULL OR (s.gives_notes AND NOT s.gives_messages) THEN 'mixture'
        WHEN s.gives_messages THEN 'record'
        ELSE 'store'
    END AS source
FROM (SELECT id FROM firsts UNION SELECT id FROM named) AS b
LEFT JOIN firsts AS f ON f.id = b.id
LEFT JOIN staged_chats AS s ON s.number = f.number
LEFT JOIN named AS n ON n.id = b.id
LEFT JOIN chats AS c ON c.id = b.id
WHERE f.id IS NOT NULL OR c.id IS NOT NULL
"""
REJECT_UNKNOWN = f"""
INSERT INTO staged_rejects
SELECT
    m.file, m.row_number, 'chat_id', m.vendor_id, 'unknown_chat',
    to_json(struct_pack(chat_id := m.vendor_id, system := m.system, {
    ", ".join(f"{column} := m.{column}" for column in ENTRY_COLUMNS if column != "search_text")
}))::VARCHAR
FROM staged_rows AS m ANTI JOIN affected AS a ON a.id = m.chat_id
"""

MIXTURES = f"""
CREATE OR REPLACE TEMP TABLE mixtures AS
SELECT key, (row_number() OVER (PARTITION BY key ORDER BY part, place) - 1)::INTEGER AS position, {ENTRY_NAMES}, unknown
FROM (
    SELECT a.key, 1 AS part, m.number AS place, {ENTRY}, m.unknown
    FROM staged_rows AS m JOIN affected AS a ON a.id = m.chat_id
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
"""

# Unknown fields of rows, as what follows in the JSON object of the chat's unknown fields.
UNKNOWNS = """
CREATE OR REPLACE TEMP TABLE unknowns AS
SELECT key, string_agg(concat('"messages[', position, ']": ', unknown), ', ' ORDER BY position) AS fields
FROM mixtures WHERE unknown IS NOT NULL GROUP BY key
"""

# The entries that each chat has after the import, as far as something must be computed from them.
ENTRIES = f"""
(
    SELECT a.key, m.position, {ENTRY}
    FROM staged_messages AS m JOIN affected AS a ON a.key = m.chat_number
    WHERE a.source = 'record'
    UNION ALL
    SELECT m.key, m.position, {ENTRY} FROM mixtures AS m
    UNION ALL
    SELECT a.key, m.position, {ENTRY}
    FROM messages AS m JOIN affected AS a ON a.ordinal = m.ordinal AND a.id = m.chat_id
    WHERE a.source = 'store' AND a.facts_differ
)
"""

TALLIES = f"""
CREATE OR REPLACE TEMP TABLE tallies AS
SELECT
    key,
    (count(*) FILTER (kind <> 'note'))::INTEGER AS message_count,
    min(position) FILTER (kind = 'operator') AS first_operator,
    min(position) FILTER (kind = 'visitor' AND text IS NOT NULL) AS first_visitor,
    bool_or(kind IN ('visitor', 'operator', 'bot') AND regexp_matches(text, '{KANA}')) AS has_kana,
    sum(md5_number_lower(concat_ws(
        chr(31), position, coalesce(epoch_us(sent_at)::VARCHAR, ''), coalesce(offset_s::VARCHAR, ''), kind,
        coalesce(name, ''), coalesce(text, ''), coalesce(attachment_name, ''), coalesce(attachment_type, ''),
        coalesce(attachment_size::VARCHAR, ''), coalesce(attachment_url, '')
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
    any_value(e.sent_at) FILTER (e.position = t.first_operator) AS answered_at,
    any_value(e.offset_s) FILTER (e.position = t.first_operator) AS answered_after_s
FROM {ENTRIES} AS e
JOIN tallies AS t ON t.key = e.key AND (e.position = t.first_visitor OR e.position = t.first_operator)
JOIN ordinals AS o ON o.key = e.key
GROUP BY e.key
"""
SPEAKERS = f"""
CREATE OR REPLACE TEMP TABLE speakers AS
SELECT key, list(name ORDER BY position) AS names
FROM (
    SELECT e.key, e.name, min(e.position) AS position
    FROM {ENTRIES} AS e JOIN ordinals AS o ON o.key = e.key
    WHERE e.kind = 'operator' AND e.name IS NOT NULL
    GROUP BY e.key, e.name
)
GROUP BY key
"""

# One row a new or updated chat. A chat counts as answered if an operator is named or wrote.
MERGED = f"""
CREATE OR REPLACE TEMP TABLE merged AS
WITH facts AS (
    SELECT number AS key, system, vendor_id, {FACTS}, question_search, facts_digest FROM staged_chats
    UNION ALL
    SELECT o.key, c.system, c.vendor_id, {", ".join(f"c.{column}" for column in FACT_COLUMNS)},
        CASE WHEN c.given_question IS NOT NULL THEN c.question_search END, c.facts_digest
    FROM chats AS c JOIN ordinals AS o ON o.ordinal = c.ordinal AND o.id = c.id
    WHERE o.key < 0
),
joined AS (
    SELECT
        o.id, o.ordinal, f.*, h.state, h.new_digest AS messages_digest,
        coalesce(t.message_count, 0) AS message_count, t.first_operator IS NOT NULL AS operator_wrote,
        coalesce(t.has_kana, FALSE) OR coalesce(regexp_matches(f.given_question, '{KANA}'), FALSE) AS has_kana,
        p.text AS opening, p.search_text AS opening_search, p.answered_at, p.answered_after_s,
        list_concat(f.given_operators, list_filter(
            coalesce(w.names, []), lambda name: NOT list_contains(f.given_operators, name)
        )) AS operators,
        CASE lower(trim(f.given_status)) {WORDS} END AS known_status,
        h.source, CASE WHEN h.has_rows THEN u.fields ELSE {_fields("h.old_unknown", "")} END AS unknown_of_messages
    FROM ordinals AS o
    JOIN facts AS f ON f.key = o.key
    JOIN changes AS h ON h.key = o.key
    LEFT JOIN tallies AS t ON t.key = o.key
    LEFT JOIN unknowns AS u ON u.key = o.key
    LEFT JOIN openings AS p ON p.key = o.key
    LEFT JOIN speakers AS w ON w.key = o.key
),
answered AS (
    SELECT *, coalesce(known_status, CASE WHEN len(operators) > 0 OR operator_wrote THEN 'completed' ELSE 'missed' END)
        AS status
    FROM joined
)
SELECT
    id, ordinal, system, vendor_id, status, known_status IS NULL AS status_derived, supervisors, started_at, ended_at,
    CASE
        WHEN given_wait_s IS NOT NULL THEN given_wait_s
        WHEN operator_wrote THEN coalesce(
            nullif(greatest(-1, date_diff('microsecond', started_at, answered_at)), -1) / 1e6,
            CASE WHEN answered_at IS NULL OR started_at IS NULL THEN answered_after_s END
        )
        WHEN (len(operators) = 0 OR status = 'missed') AND ended_at >= started_at
        THEN date_diff('microsecond', started_at, ended_at) / 1e6
    END AS wait_s,
    CASE WHEN ended_at >= started_at THEN date_diff('microsecond', started_at, ended_at) / 1e6 END AS duration_s,
    channel, website, department, operators[1] AS operator, operators,
    visitor_id, visitor_name, visitor_email, visitor_phone, visitor_country, visitor_ip, page_url, page_title,
    coalesce(lower(given_language), CASE WHEN has_kana THEN 'ja' ELSE 'en' END) AS language,
    coalesce(given_question, opening) AS question,
    CASE WHEN given_question IS NOT NULL THEN question_search ELSE opening_search END AS question_search,
    rating, comment, tags, message_count, given_status, given_wait_s, given_operators, given_language, given_question,
    CASE
        WHEN source = 'record' OR (unknown_of_messages IS NULL AND NOT contains(unknown_fields, '"messages['))
        THEN unknown_fields
        ELSE nullif(
            concat('{{', concat_ws(', ', {_fields("unknown_fields", "NOT")}, unknown_of_messages), '}}'), '{{}}'
        )
    END AS unknown_fields,
    facts_digest, messages_digest, $import_id::UUID AS import_id, state
FROM answered
"""

CHAT_COLUMNS = [
    "id", "ordinal", "system", "vendor_id", "status", "status_derived", "supervisors", "started_at", "ended_at",
    "wait_s", "duration_s", "channel", "website", "department", "operator", "operators", "visitor_id",
    "visitor_name", "visitor_email", "visitor_phone", "visitor_country", "visitor_ip", "page_url", "page_title",
    "language", "question", "question_search", "rating", "comment", "tags", "message_count", "given_status",
    "given_wait_s", "given_operators", "given_language", "given_question", "unknown_fields", "facts_digest",
    "messages_digest", "import_id",
]  # fmt: skip

INSERT_CHATS = f"""
INSERT INTO chats ({", ".join(CHAT_COLUMNS)})
SELECT {", ".join(CHAT_COLUMNS)} FROM merged WHERE state = 'new' ORDER BY ordinal
"""
# An update of list columns is a delete and an insert inside, which overlooks that somebody changed the row meanwhile.
# An update of plain columns does not: it conflicts, and so nobody's delete or mail is lost.
HOLD_CHATS = """
UPDATE chats SET deleted_at = chats.deleted_at, mails = chats.mails
FROM (SELECT id, ordinal FROM changes WHERE state = 'updated') AS n
WHERE chats.ordinal = n.ordinal AND chats.id = n.id
"""
UPDATE_CHATS = f"""
UPDATE chats SET {", ".join(f"{column} = n.{column}" for column in CHAT_COLUMNS[4:])}
FROM (SELECT * FROM merged WHERE state = 'updated') AS n
WHERE chats.ordinal = n.ordinal AND chats.id = n.id
"""
DELETE_MESSAGES = """
DELETE FROM messages USING (SELECT id, ordinal FROM changes WHERE state = 'updated' AND entries_differ) AS n
WHERE messages.ordinal = n.ordinal AND messages.chat_id = n.id
"""
INSERT_MESSAGES = f"""
INSERT INTO messages (chat_id, ordinal, position, {ENTRY_NAMES})
SELECT o.id, o.ordinal, m.position, {ENTRY}
FROM {ENTRIES} AS m
JOIN ordinals AS o ON o.key = m.key
JOIN changes AS h ON h.key = m.key
WHERE h.state = 'new' OR h.entries_differ
ORDER BY o.ordinal, m.position
"""

INSERT_REJECTED = "INSERT INTO rejected_rows SELECT $import_id::UUID, * FROM staged_rejects"
INSERT_IMPORT = "INSERT INTO imports VALUES ($import_id, $started_at, $finished_at, $actor, $report)"

DERIVED_TABLES = [
    "firsts", "named", "affected", "mixtures", "tallies", "changes", "ordinals", "openings", "speakers", "merged",
    "unknowns",
]  # fmt: skip
