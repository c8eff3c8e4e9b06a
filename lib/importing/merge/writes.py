"""The SQL that writes what was compared into the store; see merging.py for the order."""

from lib.chats.columns import COLUMNS
from lib.importing.merge.entries import ENTRIES, ENTRY, ENTRY_NAMES, IS_DELETED
from lib.importing.records.staging import DETAIL_COLUMNS, ENTRY_COLUMNS, FACT_COLUMNS
from lib.importing.records.times import EXAMPLES

# Of very many, some are kept and all are counted.
REJECT_REPEATED = """
INSERT INTO staged_rejects
SELECT file, row_number, 'id', vendor_id, 'repeated_id', coalesce(record, '')
FROM staged_chats AS s ANTI JOIN firsts AS f ON f.number = s.number
WHERE NOT s.combined
ORDER BY s.number LIMIT (SELECT greatest(0, $most - count(*)) FROM staged_rejects)
"""

CHAT_COLUMNS = [column.name for column in COLUMNS if column.imported]
# Who a chat is, and where it lies.
KEY = ("id", "ordinal", "system", "account", "vendor_id")
# What an import leaves behind in a chat, and tells nothing of it.
UNTOLD = (*KEY, "import_id", "facts_digest")

# Chats whose facts were united with those of the store, and are the same in the end.
SAME = f"""
CREATE OR REPLACE TEMP TABLE same AS
SELECT m.key
FROM (SELECT * FROM merged WHERE state = 'updated') AS m
JOIN chats AS c ON c.ordinal = m.ordinal AND c.id = m.id
JOIN changes AS h ON h.key = m.key AND NOT h.entries_differ
WHERE {" AND ".join(f"m.{column} IS NOT DISTINCT FROM c.{column}" for column in CHAT_COLUMNS if column not in UNTOLD)}
"""
MAY_BE_SAME = "FROM changes WHERE state = 'updated' AND NOT entries_differ"
FORGET_SAME = "DELETE FROM merged WHERE key IN (FROM same)"
LEAVE_SAME = "UPDATE changes SET state = 'unchanged' WHERE key IN (FROM same)"

INSERT_CHATS = f"""
INSERT INTO chats ({", ".join(CHAT_COLUMNS)})
SELECT {", ".join(CHAT_COLUMNS)} FROM merged WHERE state = 'new' ORDER BY ordinal
"""
# An update of list columns is a delete and an insert inside, which overlooks that somebody changed the row meanwhile.
# An update of plain columns does not: it conflicts, and so nobody's delete, mail or follow-up is lost.
HOLD_CHATS = """
UPDATE chats SET
    deleted_at = chats.deleted_at, mails = chats.mails, follow_up_version = chats.follow_up_version
FROM (SELECT id, ordinal FROM changes WHERE state = 'updated') AS n
WHERE chats.ordinal = n.ordinal AND chats.id = n.id
"""
UPDATE_CHATS = f"""
UPDATE chats SET {", ".join(f"{column} = n.{column}" for column in CHAT_COLUMNS if column not in KEY)}
FROM (SELECT * FROM merged WHERE state = 'updated') AS n
WHERE chats.ordinal = n.ordinal AND chats.id = n.id
"""
DELETE_MESSAGES = """
DELETE FROM messages USING (SELECT id, ordinal FROM changes WHERE state = 'updated' AND entries_differ) AS n
WHERE messages.ordinal = n.ordinal AND messages.chat_id = n.id
"""
INSERT_MESSAGES = f"""
INSERT INTO messages (chat_id, ordinal, position, {ENTRY_NAMES}, unknown_fields)
SELECT o.id, o.ordinal, m.position, {ENTRY}, m.unknown
FROM {ENTRIES} AS m
JOIN ordinals AS o ON o.key = m.key
JOIN changes AS h ON h.key = m.key
WHERE h.state = 'new' OR h.entries_differ
ORDER BY o.ordinal, m.position
"""

STORE_VISITORS = f"""
INSERT INTO visitors (system, account, visitor_id, {", ".join(DETAIL_COLUMNS)})
SELECT system, said, visitor_id, {", ".join(DETAIL_COLUMNS)} FROM known_visitors WHERE staged
"""
FORGET_VISITORS = """
DELETE FROM visitors USING (SELECT system, account, said, visitor_id FROM known_visitors WHERE staged) AS n
WHERE visitors.system = n.system AND visitors.visitor_id = n.visitor_id AND (
    visitors.account IS NOT DISTINCT FROM n.said OR nullif(visitors.account, '') IS NOT DISTINCT FROM n.account
)
"""

# What waits now and before is kept by the vendor's ids; rows without ids replace each other.
UNCLAIMED = f"""
CREATE OR REPLACE TEMP TABLE unclaimed AS
WITH new AS (SELECT m.* FROM staged_rows AS m ANTI JOIN affected AS a ON a.id = m.chat_id),
told AS (
    FROM new
    UNION ALL
    SELECT -1, w.file, w.row_number, w.chat_id, w.system, w.account, w.vendor_id,
        {", ".join(f"w.{column}" for column in ENTRY_COLUMNS)}, w.unknown
    FROM waiting_messages AS w SEMI JOIN new AS n ON n.chat_id = w.chat_id AND n.message_id = w.message_id
)
SELECT * REPLACE (
    coalesce(tells, max(tells) OVER (PARTITION BY chat_id, coalesce(message_id, concat('row ', number)))) AS tells
)
FROM told AS m
QUALIFY row_number() OVER (
    PARTITION BY chat_id, coalesce(message_id, concat('row ', number)) ORDER BY {IS_DELETED} DESC, number DESC
) = 1
"""
FORGET_CLAIMED = """
DELETE FROM waiting_messages USING (SELECT waited, account FROM claimed) AS n
WHERE waiting_messages.chat_id = n.waited AND waiting_messages.account IS NOT DISTINCT FROM n.account
"""
FORGET_REPLACED = """
DELETE FROM waiting_messages USING (SELECT DISTINCT chat_id, message_id FROM unclaimed) AS n
WHERE waiting_messages.chat_id = n.chat_id AND waiting_messages.message_id IS NOT DISTINCT FROM n.message_id
"""
KEEP_WAITING = f"""
INSERT INTO waiting_messages (
    chat_id, system, account, vendor_id, import_id, file, row_number, {", ".join(ENTRY_COLUMNS)}, unknown
)
SELECT
    chat_id, system, account, vendor_id, $import_id::UUID, file, row_number, {", ".join(ENTRY_COLUMNS)}, unknown
FROM unclaimed ORDER BY number
"""
STATUS_CHANGES = """
SELECT c.status || '>' || m.status AS change, count(*) AS n
FROM merged AS m JOIN chats AS c ON c.ordinal = m.ordinal AND c.id = m.id
WHERE m.state = 'updated' AND c.status <> m.status
GROUP BY ALL ORDER BY ALL
"""

_FACTS = [name for name in FACT_COLUMNS if name not in ("unknown_fields", "ended_at", "given_wait_s")]


def _gone(before: str, after: str) -> str:
    """SQL of how many facts are in one row and not in the other; an end goes where a chat is open again."""

    def is_there(row: str, name: str) -> str:
        is_list = FACT_COLUMNS[name][0].endswith("[]")
        return f"coalesce(len({row}.{name}), 0) > 0" if is_list else f"{row}.{name} IS NOT NULL"

    return " + ".join(f"({is_there(before, name)} AND NOT {is_there(after, name)})::INTEGER" for name in _FACTS)


# What is to be said of the chats that are written: where the chat system has more messages, where an update would make
# another chat of one, and where it takes more away than it brings; each as number and the first ones.
REMARKS = f"""
WITH told AS (
    SELECT
        m.vendor_id, m.ordinal, m.messages_missing, m.messages_there, coalesce(m.deleted_there, FALSE) AS deleted_there,
        coalesce(c.started_at <> m.started_at, FALSE) AND coalesce(
            lower(c.visitor_email) <> lower(m.visitor_email), c.visitor_id <> m.visitor_id,
            c.visitor_name <> m.visitor_name, FALSE
        ) AS becomes_another,
        c.id IS NOT NULL AND {_gone("c", "m")} > {_gone("m", "c")} AS is_emptied
    FROM merged AS m LEFT JOIN chats AS c
        ON c.ordinal = CASE WHEN m.state = 'updated' THEN m.ordinal END AND c.id = m.id
)
SELECT
    count(*) FILTER (deleted_there) AS deleted_there,
    struct_pack(count := count(messages_missing), examples := list(
        concat(vendor_id, ' (', messages_there - messages_missing, '/', messages_there, ')') ORDER BY ordinal
    ) FILTER (messages_missing IS NOT NULL)[:{EXAMPLES}]) AS messages_missing,
    struct_pack(count := count(*) FILTER (becomes_another), examples := list(vendor_id ORDER BY ordinal)
        FILTER (becomes_another)[:{EXAMPLES}]) AS others,
    struct_pack(count := count(*) FILTER (is_emptied), examples := list(vendor_id ORDER BY ordinal)
        FILTER (is_emptied)[:{EXAMPLES}]) AS emptied
FROM told
"""

INSERT_REJECTED = "INSERT INTO rejected_rows SELECT $import_id::UUID, * FROM staged_rejects"

DERIVED_TABLES = [
    "called", "places", "owners", "claimed", "firsts", "several", "united", "named", "known_visitors", "touched",
    "affected", "mixtures", "unknowns", "tallies", "changes", "ordinals", "turns", "openings", "speakers", "merged",
    "same", "unclaimed", "renewed",
]  # fmt: skip
