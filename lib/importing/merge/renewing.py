"""Makes chats that an older version stored as those that are imported now: their channels, countries and waits.

It is done in pieces, as in lib/store/renewing.py. The digests of what was imported stay, so that the same file changes
nothing when it comes again.
"""

from collections.abc import Callable

from lib.chats.channels import channel_of
from lib.importing.merge.entries import WHEN_WROTE, openings
from lib.importing.merge.facts import facts_given
from lib.importing.merge.turns import WAIT_S, WHO_WROTE, turns
from lib.importing.records.countries import country_code
from lib.importing.records.staging import FACT_BITS
from lib.importing.vendors import VENDORS
from lib.store import Cursor, literal
from lib.store.phone_numbers import write_phone_forms
from lib.store.renewing import in_pieces, workspace_zone
from lib.store.statements import transaction

# What is spelled in one way since, and in which tables and columns it stands beside `chats`.
SPELLINGS: dict[str, tuple[Callable[[str], str | None], tuple[tuple[str, str], ...]]] = {
    "channel": (channel_of, (("replaced_chats", "channel"),)),
    "visitor_country": (
        country_code,
        (("replaced_chats", "visitor_country"), ("visitors", "country"), ("replaced_visitors", "country")),
    ),
}
_HERE = "ordinal BETWEEN $first AND $last"
# Whose phone number is another one in another country; they are derived anew, with the others of the same visitors.
MOVED = f"""
INSERT INTO ledger_due
SELECT id FROM chats WHERE {_HERE} AND visitor_phone IS NOT NULL
    AND visitor_country IN (SELECT before FROM spelled_visitor_country)
"""
# What chat systems counted themselves was taken for as certain as what their messages tell, and is not any more.
_BY_SYSTEMS = ", ".join(sorted(literal(vendor.name) for vendor in VENDORS.values()))
UNCERTAIN = f"""
UPDATE chats SET facts_given = n.given & ~{FACT_BITS["given_wait_s"]}
FROM (SELECT ordinal, id, coalesce(facts_given, {facts_given()}) AS given FROM chats AS c WHERE {_HERE}) AS n
WHERE chats.{_HERE} AND chats.ordinal = n.ordinal AND chats.id = n.id
    AND chats.given_wait_s IS NOT NULL AND chats.system IN ({_BY_SYSTEMS})
"""
# Of a text it matters only whether there is one, and that only of a bot's.
ENTRIES = f"""
CREATE OR REPLACE TEMP TABLE entries AS
SELECT ordinal AS key, position, kind, sent_at, offset_s, automatic, NULL::VARCHAR AS search_text,
    CASE WHEN kind = 'bot' AND text IS NOT NULL THEN '' END AS text
FROM messages WHERE {_HERE}
"""
# Chats without messages keep their wait.
ORDINALS = f"""
CREATE OR REPLACE TEMP TABLE ordinals AS SELECT ordinal AS key FROM chats WHERE {_HERE} AND message_count > 0
"""
TALLIES = f"CREATE OR REPLACE TEMP TABLE tallies AS SELECT key, {WHEN_WROTE} FROM entries GROUP BY key"
WAITS = f"""
UPDATE chats SET wait_s = n.wait_s
FROM (
    SELECT id, ordinal, {WAIT_S} AS wait_s
    FROM (
        SELECT f.*, p.asked_at, p.asked_after_s, p.answered_at, p.answered_after_s, {WHO_WROTE}
        FROM (FROM chats WHERE {_HERE}) AS f
        JOIN ordinals AS o ON o.key = f.ordinal
        JOIN tallies AS t ON t.key = f.ordinal
        LEFT JOIN openings AS p ON p.key = f.ordinal
    ) AS answered
) AS n
WHERE chats.{_HERE} AND chats.ordinal = n.ordinal AND chats.id = n.id AND chats.wait_s IS DISTINCT FROM n.wait_s
"""
STEPS = (UNCERTAIN, ENTRIES, ORDINALS, TALLIES, turns("entries"), openings("entries"), WAITS)
TABLES = ("entries", "ordinals", "tallies", "turns", "openings", *(f"spelled_{column}" for column in SPELLINGS))


def renew_chats(cursor: Cursor, *, is_lake: bool) -> None:
    """Makes them anew, and says on the console how far it has come."""
    zone = workspace_zone(cursor)
    columns = [column for column in SPELLINGS if _keep_spellings(cursor, column)]

    def renew(first: int, last: int) -> None:
        here = {"first": first, "last": last}
        for column in columns:
            if column == "visitor_country":
                cursor.execute(MOVED, here)
            cursor.execute(f"{_respell('chats', column, column)} AND chats.{_HERE}", here)
        if "visitor_country" in columns:
            write_phone_forms(cursor, "chats", zone, f"ordinal BETWEEN {first} AND {last}")
        for step in STEPS:
            cursor.execute(step, here if "$first" in step else None)

    with transaction(cursor):
        for column in columns:
            for table, its_column in SPELLINGS[column][1]:
                cursor.execute(_respell(table, its_column, column))
    in_pieces(cursor, "What chats say", renew, is_lake=is_lake)
    for table in TABLES:
        cursor.execute(f"DROP TABLE IF EXISTS temp.{table}")


def _keep_spellings(cursor: Cursor, column: str) -> int:
    """The number of values that are spelled otherwise by now, which it keeps in a table."""
    spell, others = SPELLINGS[column]
    places = [("chats", column), *others]
    values = " UNION ".join(f"SELECT {its_column} AS value FROM {table}" for table, its_column in places)
    found = [value for (value,) in cursor.execute(f"FROM ({values}) WHERE value IS NOT NULL").fetchall()]
    renewed = [(value, now) for value in found if (now := spell(value)) != value]
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE spelled_{column} (before VARCHAR, now VARCHAR)")
    if renewed:
        cursor.executemany(f"INSERT INTO spelled_{column} VALUES (?, ?)", renewed)
    return len(renewed)


def _respell(table: str, its_column: str, column: str) -> str:
    return f"UPDATE {table} SET {its_column} = n.now FROM spelled_{column} AS n WHERE {table}.{its_column} = n.before"
