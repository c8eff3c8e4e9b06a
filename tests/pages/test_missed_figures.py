"""News, figures and hand-over on the page Missed chats, and the figures on Today: a number opens its rows."""

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from lib.missed.news import Mark, see, seen_until
from lib.screen.frame import session
from tests.pages.driving import (
    MISSED,
    TODAY,
    body,
    captions,
    click,
    has,
    outcome_key,
    press,
    rows_of,
    run,
    table,
    visit,
    with_words,
)
from tests.pages.page_worlds import evil
from tests.worlds import NOW, chat, insert_derived

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SINCE = NOW - DAY
AFTER = SINCE + HOUR


def missed(name, **fields):
    return chat(name, status="missed", **{"visitor_email": "rin@example.com", "started_at": SINCE} | fields)


@pytest.fixture
def morning(world):
    """A store with something new of each kind, and with more chats than the figures need to be no small ones."""
    store = world("empty")
    insert_derived(
        store,
        [
            missed("new", missed_noticed_at=AFTER),
            missed("new too", missed_noticed_at=AFTER, visitor_email=None),
            missed("written", contacted_at=AFTER, recovered_at=AFTER + HOUR),
            missed("back", came_back_at=AFTER, came_back_noticed_at=AFTER),
            missed("late", due_derived_at=AFTER, department="Orders", assignee="Aoi"),
            missed("old", due_derived_at=SINCE - HOUR, started_at=SINCE - DAY),
            *[missed(f"before {n}", started_at=SINCE - 40 * DAY) for n in range(3)],
            *[chat(f"served {n}", operator="Aoi") for n in range(8)],
            missed("gone", deleted_at=AFTER + HOUR),
        ],
    )
    return store


def rows(at):
    found = table(at, "queue_")
    return 0 if found is None else len(found)


def figure(at, name):
    metric = next(each for each in at.metric if each.label == name)
    return metric.value, metric.delta


def test_the_line_tells_what_is_new_and_each_number_opens_its_rows(morning):
    at = visit(MISSED)
    assert "New here in the last 24 hours:" in body(at)
    for kind, count in {"missed": 2, "came_back": 1, "contacted": 1, "overdue": 1, "deleted": 1}.items():
        assert at.button(key=f"news_{kind}").label.startswith(f"**{count}** ")
    for kind, count in {"missed": 2, "came_back": 1, "contacted": 1, "overdue": 1}.items():
        at = click(at, f"news_{kind}")
        assert (at.query_params["news"], at.query_params["category"]) == (kind, "missed")
        assert rows(at) == count
    at = click(at, "news_deleted")
    assert len(table(at, "deleted_")) == 1


def test_seen_news_are_gone_for_this_person_until_undone(morning):
    at = click(visit(MISSED), "see_news")
    assert seen_until(morning, "Tester").moment == NOW
    assert "Nothing is new since 23 Nov 2026, 03:00." in body(at)
    assert not has(at, "see_news")
    assert not has(at, "news_missed")
    at = press(at, "undo")
    assert seen_until(morning, "Tester") is None
    assert has(at, "news_missed")
    assert "What was new is told again." in body(at)
    assert not outcome_key(at, "undo")


def test_the_line_leaves_out_what_did_not_happen(morning):
    see(morning, "Tester", Mark(AFTER, AFTER))
    at = visit(MISSED)
    assert "New here since 22 Nov 2026, 04:00:" in body(at)
    assert not has(at, "news_missed")
    assert has(at, "news_deleted")


def test_words_that_were_typed_do_not_narrow_the_news(morning):
    at = visit(MISSED, with_words("nothing has these"))
    at = click(at, "news_missed")
    assert at.session_state["words"] == ""
    assert rows(at) == 2


def test_the_figures_say_how_many_of_how_many_and_open_these(morning):
    at = visit(MISSED)
    assert figure(at, "Missed") == ("6", "+3")
    assert figure(at, "Missed rate") == ("42.9%", "−57.1 points")
    assert figure(at, "Reachable") == (":gray[83.3%]", "only 6 chats")
    assert figure(at, "Recovered") == (":gray[100.0%]", "only 1 chat")
    assert "25 Oct 2026 to 23 Nov 2026, against 20 Sep 2026 to 19 Oct 2026" in captions(at)
    assert at.button(key="figure_missed_rate").label == "6 of 14"
    for code, count in {"missed": 6, "reachable": 5, "contact_time": 1, "recovered": 1, "came_back": 1}.items():
        at = click(at, f"figure_{code}")
        assert rows(at) == count
    at = click(at, "figure_chats")
    assert len(table(at, "chats_")) == 14


def test_the_tab_mine_does_not_narrow_the_figures(morning):
    at = visit(MISSED, {"queue": "open", "assignee": "Tester"})
    assert figure(at, "Missed")[0] == "6"
    assert figure(visit(MISSED, {"queue": "open", "assignee": "Aoi"}), "Missed")[0] == "1"


def test_a_share_of_nothing_is_said_to_be_so(world):
    world("empty")
    at = visit(MISSED)
    assert figure(at, "Missed") == ("0", "no change")
    assert figure(at, "Missed rate") == (":gray[–]", "nothing to count")
    assert "No chat started in these days." in captions(at)
    assert "Nothing new in the last 24 hours." in body(at)


def test_the_figures_by_day_operator_and_department(morning):
    at = visit(MISSED)
    days = table(at, "figures_day")
    assert [(str(day)[:10], n) for day, n in zip(days["name"], days["missed"], strict=True)] == [
        ("2026-11-22", 5),
        ("2026-11-21", 1),
    ]
    assert len(at.get("vega_lite_chart")) == 1
    at = run(at.segmented_control(key="w_figures_by").set_value("week"))
    weeks = table(at, "figures_week")
    assert [day.weekday() for day in weeks["name"]] == [0] * len(weeks)
    assert weeks["rate_before"].isna().all()
    at = run(at.segmented_control(key="w_figures_by").set_value("operator"))
    operators = table(at, "figures_operator")
    assert list(operators["name"]) == ["No value", "Aoi"]
    assert list(operators["missed_rate"]) == [100, 0]
    assert not at.get("vega_lite_chart")
    at = run(at.segmented_control(key="w_figures_by").set_value("department"))
    assert list(table(at, "figures_department")["chats"]) == [13, 1]


def test_the_chart_shows_all_days_and_loads_nothing(morning):
    chart = visit(MISSED).get("vega_lite_chart")[0]
    columns = set(rows_of(chart).columns)
    assert {"day_name", "rate", "is_few"} <= columns
    assert not {"image", "title", "href", "url"} & columns
    assert '"25 Oct"' in chart.proto.spec
    assert '"23 Nov"' in chart.proto.spec


def test_a_click_on_a_row_narrows_the_filters():
    def click(cells):
        import streamlit as st

        from lib.screen.missed.groups import _narrow_to
        from lib.screen.parts.table import _clicked

        st.session_state["table"] = {"selection": {"rows": [], "columns": [], "cells": cells}}
        st.query_params["operator"] = "Aoi"
        _clicked("table", ["A", "B"], lambda group: _narrow_to("department", group), with_ticks=False)

    def shown(cells):
        return run(AppTest.from_function(click, kwargs={"cells": cells})).query_params

    assert shown([(1, "missed")]) == {"operator": "Aoi", "department": "B", "period": "last_30"}
    assert shown([]) == shown([(2, "missed")]) == {"operator": "Aoi"}


@pytest.mark.parametrize("name", ["missed", "missed_rate", "reachable", "came_back"])
def test_today_shows_the_same_figures_of_a_week_and_opens_them(morning, name):
    at = visit(TODAY)
    label = at.button(key=f"figure_{name}").label
    count = {"missed": 6, "missed_rate": 6, "reachable": 5, "came_back": 1}[name]
    assert f"**{count}**" in label if name == "missed" else "%" in label
    at = click(at, f"figure_{name}")
    assert at.query_params["period"] == "last_7"
    assert rows(at) == count


def test_the_hand_over_is_text_and_never_markdown(morning):
    fields = dict.fromkeys(("visitor_name", "department", "assignee", "question"), evil("handover"))
    insert_derived(morning, [missed("evil", due_derived_at=NOW, **fields)])
    at = click(visit(MISSED), "hand_over")
    text = next(code.value for code in at.code if code.value.startswith("Hand-over of missed chats"))
    assert evil("handover") in text
    assert "7 chats wait to be contacted" in text
    assert has(at, "download_hand_over")


def test_the_person_who_looks_decides_what_is_new(morning):
    see(morning, "Ann", Mark(NOW, NOW))
    assert has(visit(MISSED), "news_missed")
    at = visit(MISSED, session={session.ACTOR_KEY: "Ann"})
    assert "Nothing is new since" in body(at)
