"""Which functions a query may call.

After FROM only those named here may stand. Elsewhere all may that compute with their arguments alone: the engine has
hundreds of them. Left out are those that tell of the engine, its settings or its connections, run or explain SQL,
read files, change or wait for something, or make a value of any size out of a number: a single call of these cannot
be stopped, and the engine's memory limit does not count it. A test reads the engine's own list of functions.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

AFTER_FROM = frozenset(["range", "generate_series", "unnest", "json_each"])

_TELLING = """
    current_catalog current_connection_id current_database current_query current_query_id current_schema
    current_schemas current_setting current_transaction_id current_role current_user get_block_size getenv getvariable
    in_search_path parse_duckdb_log_message session_user stats txid_current user vector_type version
    col_description obj_description shobj_description format_type format_pg_type map_to_pg_oid
"""
_RUNNING = "query query_table glob json_serialize_sql json_serialize_plan json_deserialize_sql"
_CHANGING = "currval nextval setseed sleep_ms write_log"
_BOUNDLESS = "format printf range generate_series"
REFUSED = frozenset(f"{_TELLING} {_RUNNING} {_CHANGING} {_BOUNDLESS}".split())
REFUSED_STARTS = re.compile(r"(pg|has|inet|duckdb|pragma|read|write|json_execute|ducklake|__internal|parquet|sniff)_")
REFUSED_SCHEMAS = frozenset(["pg_catalog", "information_schema"])

# Functions that make a value of a size that an argument says, by the place of the argument.
SIZED: dict[str, int] = {
    "repeat": 1,
    "lpad": 1,
    "rpad": 1,
    "list_resize": 1,
    "array_resize": 1,
    "bitstring": 1,
    "equi_width_bins": 2,
    "to_base": 2,
}
LARGEST_SIZE = 1000


def is_refused(name: str, schema: str) -> bool:
    """Whether a query may not call the function, whose name is in lower case."""
    return name in REFUSED or schema in REFUSED_SCHEMAS or REFUSED_STARTS.match(name) is not None


def is_boundless(name: str, arguments: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a call may make a value of any size: its size is not written as a number up to LARGEST_SIZE."""
    place = SIZED.get(name)
    if place is None or place >= len(arguments):
        return False
    argument = arguments[place]
    value = argument.get("value", {}).get("value") if argument.get("class") == "CONSTANT" else None
    return not (isinstance(value, int) and value <= LARGEST_SIZE)
