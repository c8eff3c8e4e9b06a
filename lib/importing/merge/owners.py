"""The SQL that finds out whose a record is: of which account its chat is, and of which visitor; see merging.py."""

from lib.importing.merge.facts import GIVEN
from lib.importing.merge.names import RENAMED
from lib.importing.records.staging import DETAIL_COLUMNS

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
