"""Reports: from a figure, an hour of the week and a row to exactly their chats, and back to the report."""

import re

from playwright.sync_api import expect

from lib.chats.counts import category_counts
from lib.chats.filter.filter import EMPTY, ChatFilter, Condition, Conditions
from lib.chats.filter.link import from_query
from lib.language import number
from lib.reports.coverage import EVERY_DAY, coverage
from lib.reports.figures import figures
from lib.reports.groups import groups
from tests.browser.conftest import OpenScreen, Sample
from tests.browser.server import App

CHOSEN, TARGET_S = ChatFilter(period="last_90"), 60


def test_a_figure_an_hour_of_the_week_and_a_row_open_their_chats(
    reading: App, screens: OpenScreen, language: str, sample: Sample
) -> None:
    store, clock = sample.store, sample.clock
    total = number(category_counts(store, EMPTY, clock)["all"])
    screen = screens(reading, language).open("reports", period="last_90")
    screen.press("report_missed_rate")
    screen.address_has(category="missed", period="last_90")
    screen.counts(number(figures(store, CHOSEN, TARGET_S, clock).now.counts["missed"]), total)
    screen.page.go_back()
    # One step back is the report as it was.
    screen.button("report_chats").wait_for()
    screen.settled()
    screen.address_has(category=None, period="last_90", where=None)
    screen.figures(Chats=figures(store, CHOSEN, TARGET_S, clock).now.counts["chats"])

    chart = screen.page.get_by_test_id("stVegaLiteChart").first.locator("canvas, svg").first
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box
    screen.page.mouse.click(box["x"] + box["width"] * 0.55, box["y"] + box["height"] * 0.5)
    expect(screen.page).to_have_url(re.compile("/chats"))
    chosen = from_query(screen.query)
    assert isinstance(chosen.conditions, Conditions)
    weekday, hour = chosen.conditions.items
    assert isinstance(weekday, Condition)
    assert isinstance(hour, Condition)
    assert (weekday.operator, hour.operator, chosen.period) == ("weekday", "hours", "last_90")
    screen.counts(number(category_counts(store, chosen, clock)["all"]), total)

    screen.open("reports", period="last_90")
    screen.pick("w_report_by", screen.word("By: {name}", name=screen.word("Department")))
    first = groups(store, CHOSEN, "department", TARGET_S, clock)[0]
    tables = screen.page.get_by_test_id("stDataFrame")
    screen.click_row(0, grid=tables.nth(1))
    screen.address_has(department=str(first.key), period="last_90")
    screen.counts(number(first.now.counts["chats"]), total)

    screen.open("reports", period="last_90")
    hours = coverage(store, CHOSEN, clock).of_days(EVERY_DAY)
    place, hour = next((place, hour) for place, hour in enumerate(hours) if hour.chats or hour.seen)
    screen.click_row(0, grid=tables.nth(0))
    screen.counts(number(hour.chats), total)
    chosen = from_query(screen.query)
    assert isinstance(chosen.conditions, Conditions)
    assert chosen.conditions.items == (Condition("start", "hours", (str(place), str(place + 1))),)
