"""The SQL that finds out which chats an import is of, and how they differ from the stored; see merging.py."""

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
