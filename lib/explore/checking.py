"""Whether a query may run: one SELECT over the documented views. What it means is asked of the engine's own parser.

The text is not looked at, so no quoting or comment can hide anything: `json_serialize_sql` parses as running it does,
refuses all but SELECT, and runs nothing. What is not known here to be harmless is refused.
"""

import json
import re
from dataclasses import dataclass
from string import ascii_lowercase, ascii_uppercase
from typing import Any, Literal

from lib.explore.functions import AFTER_FROM, REFUSED_SCHEMAS, is_boundless, is_refused
from lib.explore.views import VIEWS
from lib.store import Store

Refusal = Literal[
    "empty", "long", "syntax", "statement", "several", "table", "schema", "table_function", "function", "size",
    "parameter", "unknown",
]  # fmt: skip
LONGEST_SQL = 100_000
# The engine compares names without regard to the case of these letters, and of no others.
_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)

QUERIES = frozenset(["SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"])
SOURCES = frozenset(["SUBQUERY", "JOIN", "EMPTY", "EXPRESSION_LIST", "PIVOT", "BASE_TABLE", "TABLE_FUNCTION"])
EXPRESSIONS = frozenset(
    [
        *("CONSTANT", "COLUMN_REF", "PARAMETER", "POSITIONAL_REFERENCE", "STAR", "FUNCTION", "WINDOW", "SUBQUERY"),
        *(
            "COMPARISON",
            "CONJUNCTION",
            "OPERATOR",
            "BETWEEN",
            "CASE",
            "CAST",
            "TYPE",
            "COLLATE",
            "LAMBDA",
            "LAMBDA_REF",
        ),
    ]
)

Node = dict[str, Any]


class RefusedError(Exception):
    """A query may not run; `found` is what in it is the reason, as the parser read it."""

    def __init__(self, reason: Refusal, found: str = "") -> None:
        super().__init__(f"{reason}: {found}")
        self.reason: Refusal = reason
        self.found = found


@dataclass(frozen=True)
class Checked:
    """A query that may run: its text, the names of its parameters as they come, and the views that it reads."""

    sql: str
    parameters: tuple[str, ...]
    views: frozenset[str]


def check(store: Store, sql: str) -> Checked:
    """The query, if it may run; raises RefusedError. Nothing of it is run."""
    if len(sql) > LONGEST_SQL:
        raise RefusedError("long")
    reading = _Reading()
    try:
        if "\0" in sql:
            raise RefusedError("syntax", "NUL")
        parsed = json.loads(store.read("SELECT json_serialize_sql($sql) AS tree", {"sql": sql})[0]["tree"])
        if parsed["error"]:
            message = str(parsed.get("error_message", ""))
            if "expression depth" in message:
                raise RefusedError("long")
            if parsed.get("error_type") == "parser":
                raise RefusedError("syntax", _with_place(sql, message, parsed.get("position")))
            if "positional" in message:
                raise RefusedError("parameter", message)
            if not message.startswith("Only SELECT"):
                raise RefusedError("unknown", message)
            first = sql.split(None, 1)[0].upper() if sql.split() else ""
            if first in {"SELECT", "FROM", "WITH", "VALUES", "TABLE"}:
                raise RefusedError("several")
            raise RefusedError("statement", first[:100])
        statements = parsed["statements"]
        if len(statements) != 1:
            raise RefusedError("several" if statements else "empty")
        node: Node = statements[0]["node"]
        reading.query(node, frozenset())
    except RecursionError as error:
        raise RefusedError("long") from error
    return Checked(sql, _in_order(sql, reading.parameters), frozenset(reading.views))


def _with_place(sql: str, message: str, position: Any) -> str:
    """The message, and under it the line with a mark at the place."""
    if not str(position).isdecimal():
        return message
    place = int(position)
    start = sql.rfind("\n", 0, place) + 1
    line = sql[start:].split("\n", 1)[0]
    head = f"{sql.count(chr(10), 0, place) + 1}: "
    return f"{message}\n\n{head}{line}\n{' ' * (len(head) + place - start)}^"


class _Reading:
    """Walks through a parsed query; `names` are the WITH queries that are known at a place."""

    def __init__(self) -> None:
        self.views: set[str] = set()
        self.parameters: set[str] = set()

    def query(self, node: Node, names: frozenset[str]) -> None:
        """A SELECT or what stands for one."""
        if node.get("type") not in QUERIES:
            raise RefusedError("unknown", str(node.get("type")))
        for entry in node.get("cte_map", {}).get("map", []):
            self.any(entry["value"], names)
            names |= {_lower(entry["key"])}
        for name, part in node.items():
            if name != "cte_map":
                # The name by which a recursive query is known in a part of it: only what is repeated knows it.
                is_repeated = node["type"] == "RECURSIVE_CTE_NODE" and name == "right"
                self.any(part, names | (frozenset([_lower(node["cte_name"])]) if is_repeated else frozenset()))

    def any(self, node: Any, names: frozenset[str]) -> None:
        """Whatever stands in a query."""
        if isinstance(node, list):
            for item in node:
                self.any(item, names)
        if not isinstance(node, dict):
            return
        if "cte_map" in node:
            self.query(node, names)
        elif "class" in node:
            self._expression(node, names)
        elif "alias" in node and "sample" in node:
            self._source(node, names)
        else:
            self.any(list(node.values()), names)

    def _expression(self, node: Node, names: frozenset[str]) -> None:
        if node["class"] not in EXPRESSIONS:
            raise RefusedError("unknown", str(node["class"]))
        if node["class"] == "PARAMETER":
            parameter = str(node["identifier"])
            if not (parameter.isascii() and parameter.isidentifier()):
                raise RefusedError("parameter", parameter)
            self.parameters.add(parameter)
        if "function_name" in node:
            name, schema = _lower(node["function_name"]), _lower(str(node.get("schema") or ""))
            if is_refused(name, schema):
                raise RefusedError(
                    "function", ".".join(filter(None, (schema if schema in REFUSED_SCHEMAS else "", name)))
                )
            if is_boundless(name, node.get("children", [])):
                raise RefusedError("size", name)
        if node["class"] != "CONSTANT":
            self.any(list(node.values()), names)

    def _source(self, node: Node, names: frozenset[str]) -> None:
        if node.get("type") not in SOURCES:
            raise RefusedError("statement" if node.get("type") == "SHOW_REF" else "unknown", str(node.get("type")))
        if node["type"] == "BASE_TABLE":
            full = ".".join(filter(None, (node["catalog_name"], node["schema_name"], node["table_name"])))
            if full != node["table_name"]:
                raise RefusedError("schema", full)
            name = _lower(full)
            if name not in names:
                if name not in VIEWS or node.get("at_clause"):
                    raise RefusedError("table", full)
                self.views.add(name)
        if node["type"] == "TABLE_FUNCTION":
            function = node["function"]
            if _lower(str(function.get("function_name"))) not in AFTER_FROM or function.get("schema"):
                raise RefusedError("table_function", str(function.get("function_name")))
            self.any([part for name, part in function.items() if name != "function_name"], names)
            return
        self.any([part for name, part in node.items() if name != "sample"], names)


def _in_order(sql: str, names: set[str]) -> tuple[str, ...]:
    """The names as they come in the text; the parser does not say where. One that a comment has comes by that."""

    def place(name: str) -> int:
        found = re.search(rf"\${name}\b", sql)
        return found.start() if found else len(sql)

    return tuple(sorted(names, key=lambda name: (place(name), name)))


def _lower(name: str) -> str:
    return name.translate(_LOWER)
