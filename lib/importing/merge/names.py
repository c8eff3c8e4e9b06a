"""The SQL that puts the names of departments and agents in the place of their ids; see merging.py for the order.

The lists that tell the names may come before or after the chats: what comes is named by what is known, and a list that
comes names the chats that are here. Names are of an account, since two accounts count their departments alike.
"""

# For each account, its names by their ids, as they are after the import; none where an account has no such list.
CALLED = """
CREATE OR REPLACE TEMP TABLE called AS
WITH told AS (
    SELECT system, account, kind, id, arg_max(name, place) AS name, max(place) >= 0 AS is_new
    FROM (
        SELECT system, account, kind, id, name, -1 AS place FROM known_names
        UNION ALL SELECT system, coalesce(account, ''), kind, id, name, number FROM staged_names
    )
    GROUP BY ALL
)
SELECT
    system, account, bool_or(is_new) AS is_new,
    coalesce(map_from_entries(list((id, name)) FILTER (kind = 'department')), MAP {}) AS departments,
    coalesce(map_from_entries(list((id, name)) FILTER (kind = 'agent')), MAP {}) AS agents
FROM told GROUP BY ALL
"""

ARE_KNOWN = "SELECT system FROM known_names UNION ALL SELECT system FROM staged_names"
NONE_CALLED = """
CREATE OR REPLACE TEMP TABLE called (
    system VARCHAR, account VARCHAR, is_new BOOLEAN, departments MAP(VARCHAR, VARCHAR), agents MAP(VARCHAR, VARCHAR)
)
"""


def department(value: str, called: str = "k") -> str:
    """SQL of a department by its name; some systems give several, one beside the other."""
    parts = f"list_transform(string_split({value}, ', '), lambda part: coalesce({called}.departments[part], part))"
    return f"""CASE
        WHEN {called}.system IS NULL THEN {value}
        ELSE coalesce({called}.departments[{value}], array_to_string({parts}, ', '))
    END"""


def agents(value: str, called: str = "k") -> str:
    """SQL of a list of agents by their names, each once."""
    names = f"list_transform({value}, lambda agent: coalesce({called}.agents[agent], agent))"
    return f"""CASE
        WHEN {called}.system IS NULL OR {value} IS NULL THEN {value}
        ELSE list_filter({names}, lambda agent, place: list_position({names}, agent) = place)
    END"""


def of(row: str, account: str = "account") -> str:
    """SQL of the condition that `called AS k` are the names for a row."""
    return f"k.system = {row}.system AND k.account = coalesce({row}.{account}, '')"


NAMED = {"department": department, "given_operators": agents, "supervisors": agents}
_NAMES_DIFFER = " OR ".join(f"{name(f'c.{column}')} IS DISTINCT FROM c.{column}" for column, name in NAMED.items())

# Before it is compared with what is stored, whose ids have their names already.
NAME_STAGED = f"""
UPDATE staged_chats SET {", ".join(f"{column} = n.{column}" for column in NAMED)}
FROM (
    SELECT c.number, {", ".join(f"{name(f'c.{column}')} AS {column}" for column, name in NAMED.items())}
    FROM staged_chats AS c JOIN called AS k ON {of("c")} WHERE {_NAMES_DIFFER}
) AS n
WHERE staged_chats.number = n.number
"""
# Stored chats with ids that have a name now.
RENAMED = f"""
SELECT c.id FROM chats AS c JOIN called AS k ON {of("c")} AND k.is_new
WHERE {_NAMES_DIFFER} OR {agents("c.operators")} IS DISTINCT FROM c.operators
"""

# The names that are new, or others than before.
RENEWED = """
CREATE OR REPLACE TEMP TABLE renewed AS
SELECT system, coalesce(account, '') AS account, kind, id, arg_max(name, number) AS name
FROM staged_names GROUP BY system, coalesce(account, ''), kind, id
EXCEPT SELECT system, account, kind, id, name FROM known_names
"""
OF_RENEWED = """
    known_names.system = n.system AND known_names.account = n.account AND known_names.kind = n.kind
    AND known_names.id = n.id
"""
FORGET_NAMES = f"DELETE FROM known_names USING renewed AS n WHERE {OF_RENEWED}"
STORE_NAMES = "INSERT INTO known_names SELECT *, $import_id::UUID FROM renewed"
