"""What a saved view shows, as the text that is kept of it: the parameters of its link, and what links must not show.

A view's name: what may be one, and what those are called that are there from the start.
"""

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, Literal, get_args

from lib.chats.columns import SortKey
from lib.chats.filter.filter import ChatFilter
from lib.chats.filter.link import PRIVATE_NAME, from_query, is_query, private_part, to_query
from lib.chats.listing import SORT_KEYS, Sort
from lib.language import LANGUAGES, _, in_language, mark
from lib.store.spellings import plain_form
from lib.text import is_unsafe

LONGEST_NAME: Final = 80

DEFAULT_NAMES: Final[Mapping[str, str]] = {
    "missed_today": mark("Missed today"),
    "waiting_longest": mark("Waiting longest"),
    "low_ratings": mark("Low ratings with comment"),
    "reopened_lately": mark("Reopened in the last 7 days"),
    "no_contact": mark("Missed without contact data"),
}
ViewPage = Literal["chats", "missed", "explore"]
VIEW_PAGES: tuple[ViewPage, ...] = get_args(ViewPage)


def clean_name(typed: str) -> str:
    """A name without control characters and with single spaces; empty where nothing of it can be seen."""
    kept = "".join(sign for sign in " ".join(typed.split()) if not is_unsafe(sign))
    name = " ".join(kept.split())
    return name if any(unicodedata.category(sign)[0] not in "CZM" for sign in name) else ""


def name_of(code: str | None, name: str | None) -> str:
    """What a view is called in the current language."""
    return name if name is not None else _(DEFAULT_NAMES[code or ""])


def names_of(code: str | None, name: str | None) -> set[str]:
    """What a view is called in any of the languages, in a form in which names that look alike are the same."""
    if name is not None:
        return {plain_form(name)}
    found = set()
    for language in LANGUAGES:
        with in_language(language):
            found.add(plain_form(name_of(code, name)))
    return found


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
    query, private = found.get("query"), found.get("private")
    if is_query(query) and isinstance(private, str):
        chosen = from_query(query, private)
    else:
        query, chosen = {}, from_query({PRIVATE_NAME: [content]}, None)
    key: SortKey = next((key for key in SORT_KEYS if [key] == query.get("sort")), "start")
    sort = Sort(key, query.get("order") != ["asc"])
    return (replace(chosen, category="missed") if page == "missed" else chosen), sort


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
