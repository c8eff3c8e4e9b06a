"""What the page Explore shows: a query, the values of its parameters, and a chart. The address is the truth.

A query may name people, so a link has an id for it (lib/screen/parts/address.py). Saved views keep the same content.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lib.explore.checking import LONGEST_SQL
from lib.screen.parts.address import content_of, key_of, read_address, write_address

KEY_NAME = "q"
MOST_PARAMETERS = 200
CHART_PARTS = ("mark", "x", "y", "colour")


@dataclass(frozen=True)
class ExploreView:
    """One state of the page; a parameter that is not among `params` was never asked for, one that is empty is NULL."""

    sql: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    # The choices of the chart by CHART_PARTS; empty where the table is shown.
    chart: Mapping[str, str] = field(default_factory=dict)
    # Whether the address asks for something that nobody can read (any more).
    is_unreadable: bool = False


def read_explore() -> ExploreView:
    """The view that the address means."""
    query = read_address()
    if KEY_NAME not in query:
        return ExploreView()
    try:
        found = json.loads(content_of(query[KEY_NAME][-1]) or "{}")
    except (ValueError, RecursionError):
        found = {}
    view = _sound(found) if isinstance(found, dict) else ExploreView()
    return view if view.sql else ExploreView(is_unreadable=True)


def explore_content() -> dict[str, Any]:
    """What the page shows, as a saved view keeps it: "sql", "params", and "chart" where one is shown."""
    return _content(read_explore())


def to_explore_address(content: Mapping[str, Any]) -> dict[str, str | list[str]]:
    """Parameters of a link to the page that make it show the content."""
    view = _sound(content)
    return {KEY_NAME: key_of(json.dumps(_content(view), ensure_ascii=False, sort_keys=True))} if view.sql else {}


def show_explore(view: ExploreView) -> None:
    """Makes the address, and with the next run the screen, show the view."""
    others = {name: values for name, values in read_address().items() if name != KEY_NAME}
    write_address({**others, **to_explore_address(_content(view))})


def _content(view: ExploreView) -> dict[str, Any]:
    chart = {"chart": dict(view.chart)} if view.chart else {}
    return {"sql": view.sql, "params": dict(view.params), **chart}


def _sound(content: Mapping[str, Any]) -> ExploreView:
    sql = content.get("sql")
    if not isinstance(sql, str) or len(sql) > LONGEST_SQL:
        return ExploreView()
    params, chart = _texts(content.get("params")), _texts(content.get("chart"))
    return ExploreView(sql, params, {name: chart[name] for name in CHART_PARTS if name in chart})


def _texts(found: Any) -> dict[str, str]:
    items = list(found.items())[:MOST_PARAMETERS] if isinstance(found, dict) else []
    return {name: value for name, value in items if isinstance(name, str) and isinstance(value, str)}
