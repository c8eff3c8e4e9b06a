"""Every filter can be seen and taken away: in the sidebar, by a tab, or as a chip above the list."""

from dataclasses import fields
from datetime import date, datetime
from typing import Any

import pytest

from lib.chats.filter.filter import ChatFilter
from lib.chats.filter.link import PRIVATE_NAME, from_query, to_query
from tests.pages.driving import CHATS, MISSED, body, click, has, run, visit, with_words

SINCE = datetime(2026, 11, 20, 3)
SET: dict[str, Any] = {
    **dict.fromkeys(
        ["operator", "department", "website", "channel", "country", "rating", "tag", "system", "account"], ("A",)
    ),
    **dict.fromkeys(["assignee", "cause"], ("unknown",)),
    **dict.fromkeys(["email", "reply", "repeated"], "yes"),
    "category": "missed",
    "period": "last_30",
    "first_day": date(2026, 11, 1),
    "last_day": date(2026, 11, 2),
    "waited_longer_than_s": 60,
    "queue": "reached",
    "news": "contacted",
    "since": SINCE,
    "excluded": ("operator",),
    "words": "umbrellas",
    "conditions": from_query({"where": ['["all",["wait","more","60"]]']}).conditions,
    "unreadable": (("newer", ("1",)),),
}
# Fields that mean something together with another one only.
TOGETHER: dict[str, dict[str, Any]] = {
    "first_day": {"period": "custom"},
    "last_day": {"period": "custom"},
    "news": {"since": SINCE},
    "since": {"news": "contacted"},
    "excluded": {"operator": ("A",)},
}
PLACES = {"since": "news", "excluded": "operator"}


def link(page: str, field: str) -> dict[str, Any]:
    """A link to a page of chats with this field, and what it needs to mean something."""
    query = to_query(ChatFilter(**{"category": "missed", **TOGETHER.get(field, {}), field: SET[field]}))
    query |= {"queue": ["any"]} if page == MISSED and "queue" not in query and "news" not in query else {}
    hidden = {"words": with_words("umbrellas"), "unreadable": {"newer": "1"}}.get(field, {})
    return {name: values[0] for name, values in query.items() if name != PRIVATE_NAME} | hidden


def widgets(at: Any) -> set[str]:
    """Keys of the sidebar's widgets that say something, and of a tab that is chosen."""
    shown = {
        str(node.key) for node in at.sidebar if getattr(node, "value", None) not in (None, [], "", "any", 0, False)
    }
    tabs = {str(node.key) for node in at.button_group if node.key in ("w_queue", "w_category") and node.value}
    conditions = {"w_conditions"} if any(button.label.endswith("1") for button in at.sidebar.button) else set()
    words = {"w_words"} if "words" in shown else set()
    unreadable = {"w_unreadable"} if has(at, "without_unreadable") else set()
    return shown | tabs | conditions | words | unreadable


@pytest.mark.parametrize("page", [CHATS, MISSED])
def test_whatever_filters_is_seen_in_one_place_and_can_be_taken_away(world, page):
    world("review")
    for field in [each.name for each in fields(ChatFilter)]:
        if field == "category" and page == MISSED:
            continue  # all of the page
        at = visit(page, link(page, field))
        place = PLACES.get(field, field)
        assert has(at, f"chip_{place}") is not (f"w_{place}" in widgets(at)), field


@pytest.mark.parametrize("page", [CHATS, MISSED])
def test_a_chip_takes_away_its_filter_and_no_other(world, page):
    world("review")
    at = visit(page, {**link(page, "news"), "queue": "reached", "operator": "Aoi"})
    assert "contacted since" in body(at)
    assert has(at, "chip_queue")
    at = click(at, "chip_news")
    assert not has(at, "chip_news")
    assert (at.query_params["queue"], at.query_params["operator"]) == ("reached", "Aoi")
    assert not {"news", "since"} & set(at.query_params)
    at = click(at, "chip_queue")
    assert not [node for node in at.button if str(node.key).startswith("chip_")]
    assert at.query_params["operator"] == "Aoi"
    assert at.query_params["category"] == "missed"
    assert run(at).query_params == at.query_params
