"""Chats: choosing which ones are meant, by link and by hand."""

import re
from dataclasses import replace
from datetime import date

import pytest
from playwright.sync_api import expect

from lib.chats.counts import category_counts
from lib.chats.filter.filter import EMPTY, NO_VALUE, ChatFilter
from lib.chats.filter.sentence import sentence
from lib.chats.listing import NEWEST_FIRST as NEWEST
from lib.chats.listing import PAGE_SIZE, chat_page
from lib.language import country, number
from tests.browser.conftest import OpenScreen, Sample
from tests.browser.server import App
from tests.browser.verbs import Screen


def count(sample: Sample, chosen: ChatFilter) -> int:
    """Number of chats that a filter means."""
    return category_counts(sample.store, chosen, sample.clock)[chosen.category]


def shows_exactly(screen: Screen, sample: Sample, chosen: ChatFilter) -> None:
    """Sentence, counts and the first rows are those of the filter."""
    found = count(sample, chosen)
    assert found, "the story would show nothing"
    if chosen != EMPTY:  # of all chats, the number says it
        screen.shows(screen.say(lambda: sentence(chosen, sample.clock)))
    screen.counts(number(found), number(count(sample, EMPTY)))
    screen.has_rows(min(found, PAGE_SIZE))
    rows = chat_page(sample.store, chosen, sample.clock, NEWEST, 1)
    # While words are searched for, start and hit stand between the name and the address.
    column = 3 if chosen.words else 1
    for row, email in enumerate(rows["visitor_email"].fillna("")[:10]):
        expect(screen.cell(row, column)).to_have_text(email)


@pytest.mark.thorough
def test_a_link_gives_sentence_count_and_rows(reading: App, screens: OpenScreen, language: str, sample: Sample) -> None:
    screen = screens(reading, language).open_chats(category="missed", period="last_90", country=["JP", "US"])
    shows_exactly(screen, sample, ChatFilter(category="missed", period="last_90", country=("JP", "US")))
    expect(screen.button("reset_filters")).to_contain_text(screen.word("Reset filters"))


def test_a_filter_chosen_by_hand_shows_in_address_count_and_list_and_back_takes_it_away(
    reading: App, screens: OpenScreen, sample: Sample
) -> None:
    screen = screens(reading, "ja").open_chats()
    expect(screen.keyed("reset_filters")).to_have_count(0)
    screen.choose_category("Missed")
    screen.address_has(category="missed")
    screen.pick("w_department", "Orders")
    screen.address_has(category="missed", department="Orders")
    both = ChatFilter(category="missed", department=("Orders",))
    shows_exactly(screen, sample, both)
    screen.press("reset_filters")
    screen.address_has(category="missed", department=None)
    shows_exactly(screen, sample, ChatFilter(category="missed"))
    expect(screen.keyed("reset_filters")).to_have_count(0)
    screen.page.go_back()
    screen.address_has(category="missed", department="Orders")
    shows_exactly(screen, sample, both)
    expect(screen.keyed("w_department")).to_contain_text("Orders")
    screen.page.go_back()
    screen.page.go_back()
    screen.address_has(category=None, department=None)
    shows_exactly(screen, sample, EMPTY)


@pytest.mark.thorough
def test_a_reload_keeps_everything_and_the_address_tells_no_words(
    reading: App, screens: OpenScreen, sample: Sample
) -> None:
    screen = screens(reading).open_chats(channel="web", email="yes")
    screen.fill("words", "refund")
    with_words = ChatFilter(channel=("web",), email="yes", words="refund")
    shows_exactly(screen, sample, with_words)
    assert "refund" not in screen.page.url
    screen.reload()
    shows_exactly(screen, sample, with_words)


@pytest.mark.thorough
def test_words_in_japanese(reading: App, screens: OpenScreen, sample: Sample) -> None:
    screen = screens(reading, "ja").open_chats()
    screen.fill("words", "返品")
    shows_exactly(screen, sample, ChatFilter(words="返品"))


@pytest.mark.thorough
def test_the_other_filters_by_hand(reading: App, screens: OpenScreen, sample: Sample) -> None:
    screen = screens(reading).open_chats()
    screen.pick("w_period", "Last 30 days")
    screen.pick("w_rating", "No value")
    screen.pick("w_waited_longer_than_s", "1 min")
    screen.choose("w_email", "With")
    screen.address_has(period="last_30", wait="60", email="yes")
    chosen = ChatFilter(period="last_30", rating=(NO_VALUE,), waited_longer_than_s=60, email="yes")
    shows_exactly(screen, sample, chosen)


@pytest.mark.thorough
def test_what_no_order_or_page_can_mean_falls_back(reading: App, screens: OpenScreen, sample: Sample) -> None:
    screen = screens(reading, path="chats?sort=DROP&order=up&page=0&chat=x&tab=%3Cscript%3E&lang=xx")
    screen.shows_all()
    screen.counts(number(count(sample, EMPTY)), number(count(sample, EMPTY)))
    expect(screen.grid).to_be_visible()


@pytest.mark.thorough
@pytest.mark.parametrize(
    "query",
    [
        "category=nonsense&period=never&wait=-1&email=maybe",
        "category=%27;--&page=99999999999999999999&from=2026-99-99&wait=%C2%B2",
    ],
)
def test_filters_that_cannot_be_read_show_nothing_until_they_are_left_out(
    query: str, reading: App, screens: OpenScreen, sample: Sample
) -> None:
    screen = screens(reading, path=f"chats?{query}")
    screen.button("without_unreadable").wait_for()
    expect(screen.grid).to_have_count(0)
    screen.press("without_unreadable")
    screen.shows_all()
    screen.counts(number(count(sample, EMPTY)), number(count(sample, EMPTY)))


@pytest.mark.thorough
def test_where_nothing_matches_a_button_loosens_the_filter(reading: App, screens: OpenScreen, sample: Sample) -> None:
    screen = screens(reading, "ja").open_chats(category="ongoing", country="ZZ", channel="web")
    screen.shows(screen.word("No chat matches all filters. Remove one of them:"))
    without_country = ChatFilter(category="ongoing", channel=("web",))
    expect(screen.button("loosen_country")).to_contain_text(screen.word("Country"))
    screen.shows(screen.counted("{n} chat", "{n} chats", count(sample, without_country)))
    screen.press("loosen_country")
    screen.address_has(country=None, channel="web")
    shows_exactly(screen, sample, without_country)


@pytest.mark.thorough
def test_the_counts_in_the_tabs_follow_the_filters(reading: App, screens: OpenScreen, sample: Sample) -> None:
    screen = screens(reading).open_chats(department="Sales")
    counts = category_counts(sample.store, ChatFilter(department=("Sales",)), sample.clock)
    names = ("All", "Ongoing", "Missed", "Reopened", "Completed", "Monitored")
    screen.tab_counts(**{name: counts[name.lower()] for name in names})  # type: ignore[literal-required]


@pytest.mark.thorough
def test_values_are_chosen_and_left_out_by_click(
    reading: App, screens: OpenScreen, language: str, sample: Sample
) -> None:
    screen = screens(reading, language).open_chats(category="missed")
    jp = ChatFilter(category="missed", country=("JP",))
    screen.pick("w_country", screen.say(lambda: country("JP")))
    screen.address_has(country="JP")
    expect(screen.keyed("w_country")).to_contain_text(re.compile(rf"·\s{count(sample, jp)}"))
    shows_exactly(screen, sample, jp)
    with screen.rerun():
        screen.keyed("w_not_country").get_by_text(screen.word("Leave these out")).click()
    screen.address_has(**{"country": "JP", "except": "country"})
    shows_exactly(screen, sample, replace(jp, excluded=("country",)))
    screen.page.go_back()
    screen.address_has(**{"country": "JP", "except": None})
    shows_exactly(screen, sample, jp)


def test_a_range_drawn_over_the_bars_narrows_the_list(reading: App, screens: OpenScreen, sample: Sample) -> None:
    screen = screens(reading).open_chats(category="missed")
    screen.drag_over_bars(0.5, 0.8)
    screen.address_has(period="custom", category="missed")
    first, last = (date.fromisoformat(screen.query[name][0]) for name in ("from", "to"))
    chosen = ChatFilter(category="missed", period="custom", first_day=first, last_day=last)
    shows_exactly(screen, sample, chosen)
    screen.press("any_time")
    screen.address_has(period=None, category="missed")
    shows_exactly(screen, sample, ChatFilter(category="missed"))
    screen.page.go_back()
    screen.address_has(period="custom", to=str(last))
    shows_exactly(screen, sample, chosen)
    screen.page.go_back()
    screen.address_has(period=None)
    shows_exactly(screen, sample, ChatFilter(category="missed"))
