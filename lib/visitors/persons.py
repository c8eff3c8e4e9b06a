"""Which chats are one person's: those that share a sign (lib/chats/same_visitor.py), or were joined, and so on over all
their chats.

What changes is only marked (`mark_persons`). It is looked at anew before the next page is drawn, and not where it is
marked: two who delete chats meanwhile would be in each other's way. Deleted chats keep their person, for they may come
back; anonymised ones have none.
"""

from typing import Any, Final

import numpy as np
import pyarrow as pa

from lib.chats.same_visitor import SIGNS, chats_of, signs_of
from lib.store import Cursor, rows

# Where more of all chats are marked, to look at all of them takes less than to find out which ones they touch.
ALL_FROM: Final = 0.2
_TABLES: Final = ("marked", "marked_signs", "members", "member_keys", "renewed_persons", "renewed_chats")
_MARKED: Final = "CREATE OR REPLACE TEMP TABLE marked AS SELECT DISTINCT ordinal FROM persons_due"
_MARKED_SIGNS: Final = f"""
CREATE OR REPLACE TEMP TABLE marked_signs AS SELECT DISTINCT * FROM ({
    signs_of("(SELECT * FROM chats WHERE ordinal IN (SELECT ordinal FROM marked))", "0")
})
"""
_JOINED: Final = "SELECT ordinal, 'j' || join_id AS key FROM person_joins JOIN chats ON id = chat_id"
# All chats of the persons whom the marked ones were of, or may be of now.
_MEMBERS: Final = f"""
CREATE OR REPLACE TEMP TABLE members AS
WITH joined AS ({_JOINED}),
reached AS MATERIALIZED (
    SELECT ordinal FROM marked
    UNION SELECT ordinal FROM ({chats_of("marked_signs", "ordinal", "TRUE")})
    UNION SELECT ordinal FROM joined
    WHERE key IN (SELECT key FROM joined WHERE ordinal IN (SELECT ordinal FROM marked))
),
known AS MATERIALIZED (SELECT DISTINCT person FROM person_chats WHERE ordinal IN (FROM reached))
SELECT ordinal FROM reached UNION SELECT ordinal FROM person_chats WHERE person IN (FROM known)
"""
_ALL_MEMBERS: Final = """
CREATE OR REPLACE TEMP TABLE members AS
SELECT ordinal FROM marked UNION SELECT ordinal FROM chats UNION SELECT ordinal FROM person_chats
"""
_MEMBER_KEYS: Final = f"""
CREATE OR REPLACE TEMP TABLE member_keys AS
{signs_of("(SELECT * FROM chats WHERE ordinal IN (SELECT ordinal FROM members))", "ordinal")}
UNION ALL SELECT ordinal, 'join', NULL, key FROM ({_JOINED}) WHERE ordinal IN (SELECT ordinal FROM members)
"""
# Each chat with the first one that has the same key.
_EDGES: Final = """
SELECT ordinal, first FROM member_keys JOIN (
    SELECT key, min(ordinal) AS first FROM member_keys GROUP BY key HAVING count(*) > 1
) USING (key)
WHERE ordinal <> first
"""
_PERSONS: Final = f"""
INSERT INTO persons
SELECT person, bool_or({" OR ".join(f"{sign.anybodys} IS NOT NULL" for sign in SIGNS[:2])}), count(*),
    count(*) FILTER (status = 'missed'), min(started_at), max(started_at)
FROM renewed_chats JOIN chats USING (ordinal) WHERE deleted_at IS NULL GROUP BY person
"""


def renew(cursor: Cursor) -> None:
    """Finds out anew whose the marked chats are, and those that are, or were, the same persons'.

    `renewed_persons` (person) of the cursor are these persons; it stays until the next time.
    """
    cursor.execute(_MARKED)
    (found,) = rows(cursor.execute("SELECT (SELECT count(*) FROM marked) AS marked, count(*) AS n FROM chats"))
    if not found["marked"]:
        cursor.execute("CREATE OR REPLACE TEMP TABLE renewed_persons (person BIGINT)")
        return
    cursor.execute("DELETE FROM persons_due")
    if found["marked"] > found["n"] * ALL_FROM:
        cursor.execute(_ALL_MEMBERS)
    else:
        cursor.execute(_MARKED_SIGNS)
        cursor.execute(_MEMBERS)
    cursor.execute(_MEMBER_KEYS)
    cursor.register("renewed", _persons_of(cursor))
    cursor.execute("CREATE OR REPLACE TEMP TABLE renewed_chats AS FROM renewed")
    cursor.unregister("renewed")
    cursor.execute(
        """CREATE OR REPLACE TEMP TABLE renewed_persons AS SELECT person FROM renewed_chats
           UNION SELECT person FROM person_chats WHERE ordinal IN (SELECT ordinal FROM members)"""
    )
    for statement in (
        "DELETE FROM person_chats WHERE ordinal IN (SELECT ordinal FROM members)",
        "DELETE FROM persons WHERE person IN (SELECT person FROM renewed_persons)",
        "INSERT INTO person_chats FROM renewed_chats ORDER BY ordinal",
        _PERSONS,
        *(f"DROP TABLE IF EXISTS temp.{table}" for table in _TABLES if table != "renewed_persons"),
    ):
        cursor.execute(statement)


def _persons_of(cursor: Cursor) -> pa.Table:
    """`ordinal` and `person` of each member that there is."""
    ordinals = _numbers(
        cursor,
        """SELECT ordinal FROM chats WHERE anonymised_at IS NULL AND ordinal IN (SELECT ordinal FROM members)
           ORDER BY ordinal""",
    )["ordinal"]
    edges = _numbers(cursor, _EDGES)
    # Of anonymised chats only joinings are left.
    ends = [np.searchsorted(ordinals, edges[name]) for name in ("ordinal", "first")]
    labels = connected(len(ordinals), *ends)
    return pa.table({"ordinal": pa.array(ordinals, pa.int64()), "person": pa.array(ordinals[labels], pa.int64())})


def _numbers(cursor: Cursor, sql: str) -> dict[str, Any]:
    return {name: np.ma.filled(column, 0) for name, column in cursor.execute(sql).fetchnumpy().items()}


def connected(count: int, ones: Any, others: Any) -> Any:
    """For each of `count` things the least of those that it is connected to, itself included, by pairs of them."""
    labels = np.arange(count)
    while (labels[ones] != labels[others]).any():
        one, other = labels[ones], labels[others]
        least = np.minimum(one, other)
        np.minimum.at(labels, one, least)
        np.minimum.at(labels, other, least)
        while ((shorter := labels[labels]) != labels).any():
            labels = shorter
    return labels
