"""What a saved view shows, as the text that is kept of it: the parameters of its link, and what links must not show."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal, get_args

from lib.chats.columns import SortKey
from lib.chats.filter.filter import ChatFilter
from lib.chats.filter.link import PRIVATE_NAME, Query, from_query, private_part, to_query
from lib.chats.listing import SORT_KEYS, Sort

ViewPage = Literal["chats", "missed", "explore"]
VIEW_PAGES: tuple[ViewPage, ...] = get_args(ViewPage)


def chats_content(chosen: ChatFilter, sort: Sort) -> str:
    """The content of a view of chats; days that the filter counts from today are counted from the day of looking."""
    order = {"sort": [sort.key], "order": ["desc" if sort.descending else "asc"]}
    return json.dumps({"query": to_query(chosen) | order, "private": private_part(chosen)}, ensure_ascii=False)


def read_chats(page: ViewPage, content: str) -> tuple[ChatFilter, Sort] | None:
    """The filter and the order that a content of a page of chats means; None of a page of another kind.

    Of a content that cannot be read the filter says so, and means no chat.
    """
    if page == "explore":
        return None
    found = _read(content)
    query, private = _query(found.get("query")), found.get("private")
    if query is None or not isinstance(private, str):
        query, chosen = {}, from_query({PRIVATE_NAME: [content]}, None)
    else:
        chosen = from_query(query, private)
    return (replace(chosen, category="missed") if page == "missed" else chosen), _sort(query)


def sql_content(parts: Mapping[str, Any]) -> str:
    """The content of a view of the page Explore, whose query is `sql` among the parts."""
    return json.dumps(parts, ensure_ascii=False, sort_keys=True)


def read_sql(content: str) -> dict[str, Any] | None:
    """The parts that a content of the page Explore means; None where there is no query among them."""
    found = _read(content)
    sql = found.get("sql")
    return found if isinstance(sql, str) and sql.strip() else None


def is_same(page: ViewPage, one: str, other: str) -> bool:
    """Whether two contents of a page mean the same."""
    if page == "explore":
        return read_sql(one) == read_sql(other)
    return read_chats(page, one) == read_chats(page, other)


def _read(content: str) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _query(value: Any) -> Query | None:
    is_query = isinstance(value, dict) and all(
        isinstance(values, list) and all(isinstance(each, str) for each in values) for values in value.values()
    )
    return value if is_query else None


def _sort(query: Query) -> Sort:
    key: SortKey = next((key for key in SORT_KEYS if [key] == query.get("sort")), "start")
    return Sort(key, query.get("order") != ["asc"])
