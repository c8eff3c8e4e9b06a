"""The Chats page: tabs, sentence, filters, sort, pages; the address is the truth."""

import re
from datetime import date, timedelta

import pytest

from lib.chats.categories import CATEGORIES
from lib.chats.hours import Hours
from lib.chats.listing import SORT_KEYS
from lib.missed.settings import Rules, save_rules
from lib.screen.chats.value_lists import DOT
from tests.pages.driving import (
    CHATS,
    MISSED,
    body,
    captions,
    click,
    has,
    listed,
    names,
    run,
    table,
    visit,
    with_words,
)
from tests.thorough import rarely
from tests.worlds import HOSTILE_TEXTS, NOW

DAY = NOW.date()


def test_the_newest_chats_come_first_and_unknown_times_last(world):
    world("review")
    shown = names(visit(CHATS))
    assert shown[:2] == ["Uma", "Wim"]
    assert shown[-1] == "Nil"
    assert "Ghost" not in shown


@pytest.mark.parametrize("category", CATEGORIES)
def test_each_tab_counts_the_rows_that_it_opens(world, category: str):
    world("review")
    at = visit(CHATS, {"category": category})
    tabs = dict(zip(CATEGORIES, at.segmented_control(key="w_category").options, strict=True))
    assert tabs[category].endswith(f"**{len(listed(at))}**")
    assert at.segmented_control(key="w_category").value == category


def test_a_click_on_a_tab_changes_address_and_rows(world):
    world("review")
    at = visit(CHATS)
    at = run(at.segmented_control(key="w_category").select("missed"))
    assert at.query_params == {"category": "missed"}
    assert names(at) == ["Rin", "Mia", "Ada", "Old"]
    assert "Missed chats" in body(at)
    assert "4 of 11 chats" in captions(at)


def test_the_counts_of_the_tabs_follow_the_filters(world):
    world("review")
    at = visit(CHATS, {"email": "yes"})
    counts = [option.rsplit("**")[-2] for option in at.segmented_control(key="w_category").options]
    assert counts == ["2", "0", "1", "0", "1", "0"]


FILTERS = {
    "operator": (["Aoi"], "served by Aoi", ["Uma", "Rin"]),
    "department": (["Orders"], "in department Orders", ["Rin"]),
    "website": (["shop.example.com"], "on website shop.example.com", ["Rin"]),
    "channel": (["web"], "by channel Web chat", ["Rin"]),
    "country": (["JP"], "from Japan", ["Rin"]),
    "rating": (["2", "5"], "rated 2 or 5", ["Ren", "Rin"]),
    "tag": (["vip"], "tagged vip", ["Ren", "Rin"]),
}


@pytest.mark.parametrize("field", FILTERS)
def test_a_list_filter_chosen_in_the_sidebar_changes_address_rows_and_sentence(world, field: str):
    world("review")
    values, phrase, rows = FILTERS[field]
    at = run(visit(CHATS, {"page": "3"}).multiselect(key=f"w_{field}").set_value(values))
    assert at.query_params == {field: values[0] if len(values) == 1 else values}
    assert names(at) == rows
    assert phrase in body(at)
    assert f"{len(rows)} of 11 chats" in captions(at)


def test_a_list_filter_in_the_address_stands_in_the_sidebar(world):
    world("review")
    for field, (values, _phrase, rows) in FILTERS.items():
        at = visit(CHATS, {field: values})
        assert at.multiselect(key=f"w_{field}").value == values
        assert names(at) == rows


def test_no_value_finds_the_chats_without_one(world):
    world("review")
    at = run(visit(CHATS).multiselect(key="w_rating").set_value(["~"]))
    assert len(listed(at)) == 9
    assert "without a rating" in body(at)


@pytest.mark.parametrize(
    ("key", "value", "query", "rows"),
    [
        ("w_period", "today", {"period": "today"}, ["Uma", "Wim"]),
        ("w_period", "unknown", {"period": "unknown"}, ["Nil"]),
        ("w_waited_longer_than_s", 60, {"wait": "60"}, ["Rin", "Mia"]),
    ],
)
def test_a_choice_changes_address_and_rows(world, key: str, value: str | int, query: dict[str, str], rows: list[str]):
    world("review")
    at = run(visit(CHATS).selectbox(key=key).set_value(value))
    assert at.query_params == query
    assert names(at) == rows
    assert visit(CHATS, query).selectbox(key=key).value == value


@pytest.mark.parametrize(
    ("field", "value", "rows"),
    [("email", "yes", ["Rin", "Rin"]), ("reply", "yes", ["Ada"])],
)
def test_yes_or_no_changes_address_and_rows(world, field: str, value: str, rows: list[str]):
    world("review")
    at = run(visit(CHATS).segmented_control(key=f"w_{field}").select(value))
    assert at.query_params == {field: value}
    assert names(at) == rows
    assert visit(CHATS, {field: value}).segmented_control(key=f"w_{field}").value == value


def test_own_days_go_into_the_address(world):
    world("review")
    at = run(visit(CHATS).selectbox(key="w_period").set_value("custom"))
    first, last = DAY - timedelta(days=4), DAY - timedelta(days=2)
    at.date_input(key="w_first_day").set_value(first)
    at = run(at.date_input(key="w_last_day").set_value(last))
    assert at.query_params == {"period": "custom", "from": str(first), "to": str(last)}
    assert names(at) == ["Mia", "Ada", "Ren"]
    at = run(at.selectbox(key="w_period").set_value("any"))
    assert at.query_params == {}


def test_a_range_with_its_first_day_only_is_open_to_the_future(world):
    world("review")
    at = visit(CHATS, {"period": "custom", "from": str(DAY - timedelta(days=1))})
    assert names(at) == ["Uma", "Wim", "Rin"]
    assert at.date_input(key="w_first_day").value == DAY - timedelta(days=1)
    assert at.date_input(key="w_last_day").value is None


def test_a_last_day_before_the_first_says_so(world):
    world("review")
    told = "The last day lies before the first, so no chat can match."
    at = visit(CHATS, {"period": "custom", "from": "2026-11-20", "to": "2026-11-21"})
    assert told not in captions(at)
    at = run(at.date_input(key="w_last_day").set_value(date(2026, 11, 19)))
    assert told in captions(at)
    assert not names(at)


def test_the_working_hours_of_the_team_say_since_when_the_chats_are_shown(world):
    store = world("review")
    weekdays = dict.fromkeys(range(1, 6), (540, 1080))
    save_rules(store, Rules(Hours(weekdays, {DAY - timedelta(days=3): "Day off"})), "Ken")
    at = run(visit(CHATS).selectbox(key="w_period").set_value("since_working_day"))
    assert at.query_params == {"period": "since_working_day"}
    assert names(at) == ["Uma", "Wim", "Rin", "Mia", "Ada", "Ren"]
    assert names(visit(CHATS, {"period": "since_working_day"})) == names(at)


@pytest.mark.parametrize(
    "days",
    [("0001-01-01", "9999-12-31"), ("1999-12-31", ""), ("", "2101-01-01"), ("2026-11-23", "2026-11-01")],
)
def test_days_outside_the_calendar_of_the_widget_do_no_harm(world, days: tuple[str, str]):
    world("review")
    given = {name: day for name, day in zip(("from", "to"), days, strict=True) if day}
    at = visit(CHATS, {"period": "custom", **given})
    assert has(at, "w_first_day")
    assert not at.error


def test_an_end_without_a_beginning_stays_an_end_when_another_filter_changes(world):
    world("review")
    at = visit(CHATS, {"period": "custom", "to": "2026-11-20"})
    before = names(at)
    at = run(at.segmented_control(key="w_email").select("no"))
    assert at.query_params.get("to") == "2026-11-20"
    assert set(names(at)) <= set(before)


def test_words_are_searched_for_and_stay_out_of_the_address(world):
    world("review")
    at = run(visit(CHATS).text_input(key="words").input("umbrellas"))
    assert names(at) == ["Rin"]
    assert list(at.query_params) == ["q"]
    assert "umbrellas" not in str(at.query_params)
    assert "with the words “umbrellas”" in body(at)
    assert names(visit(CHATS, dict(at.query_params))) == ["Rin"]


def test_words_are_kept_when_another_filter_changes(world):
    world("review")
    at = run(visit(CHATS).text_input(key="words").input("parcel"))
    at = run(at.segmented_control(key="w_category").select("missed"))
    assert at.text_input(key="words").value == "parcel"
    assert names(at) == ["Rin"]


def test_reset_appears_only_when_something_is_set_and_keeps_the_category(world):
    world("review")
    assert not has(visit(CHATS, {"category": "missed", "sort": "wait"}), "reset_filters")
    at = visit(CHATS, {"category": "missed", "operator": "Aoi", "wait": "30", "period": "today"})
    at = run(at.text_input(key="words").input("x"))
    at = click(at, "reset_filters")
    assert at.query_params == {"category": "missed"}
    assert at.text_input(key="words").value == ""
    assert not has(at, "reset_filters")
    assert len(listed(at)) == 4


def test_where_nothing_matches_the_screen_says_which_filter_to_loosen(world):
    world("review")
    at = visit(CHATS, {"operator": "Aoi", "country": "AQ"})
    assert listed(at).empty
    assert [info.value for info in at.info] == ["No chat matches all filters. Remove one of them:"]
    assert [button.label for button in at.button if (button.key or "").startswith("loosen_")] == ["Without “Country”"]
    at = click(at, "loosen_country")
    assert at.query_params == {"operator": "Aoi"}
    assert names(at) == ["Uma", "Rin"]


def test_where_no_single_filter_is_to_blame_all_can_be_reset(world):
    world("review")
    at = visit(CHATS, {"operator": "Nobody", "country": "AQ"})
    assert [info.value for info in at.info] == ["No chat matches these filters, nor without any one of them."]
    at = click(at, "reset_all")
    assert at.query_params == {}


@pytest.mark.parametrize("field", ["period", "words"])
def test_days_and_words_can_be_loosened_too(world, field: str):
    world("review")
    days = {"period": "custom", "from": "2030-01-01", "to": "2030-01-02"}
    at = visit(CHATS, days if field == "period" else with_words("nowhere"))
    at = click(at, f"loosen_{field}")
    assert at.query_params == {}
    assert len(listed(at)) == 11


def test_a_category_without_chats_says_so(world):
    world("one")
    at = visit(CHATS, {"category": "missed"})
    assert [info.value for info in at.info] == ["There is no chat of this category."]


ORDERS = {
    "start": ["Uma", "Wim", "Rin"],
    "wait": ["Rin", "Mia", "Rin"],
    "visitor": ["Wim", "Uma", "Rin K."],
    "rating": ["Rin", "Ren"],
    "messages": ["Rin"],
}


@pytest.mark.parametrize("key", ORDERS)
def test_the_order_is_chosen_and_goes_into_the_address(world, key: str):
    world("review")
    at = run(visit(CHATS).selectbox(key="w_sort").set_value(key))
    assert at.query_params == ({} if key == "start" else {"sort": key})
    assert names(at)[: len(ORDERS[key])] == ORDERS[key]


def test_an_ascending_order_by_link(world):
    world("many")
    for key in SORT_KEYS:
        at = visit(CHATS, {"sort": key, "order": "asc"})
        assert at.selectbox(key="w_sort").value == key
        assert at.button(key="w_order").icon == ":material/arrow_upward:"
        assert len(listed(at)) == 100


def test_the_direction_is_chosen_and_starts_on_the_first_page(world):
    world("many")
    at = click(visit(CHATS, {"page": "3"}), "w_order")
    assert at.query_params == {"order": "asc"}
    assert names(at)[0] == "Visitor 249"


def test_a_page_has_a_hundred_chats(world):
    world("many")
    at = visit(CHATS)
    assert (names(at)[0], names(at)[-1], len(listed(at))) == ("Visitor 000", "Visitor 099", 100)
    at = run(at.get("pagination")[0].select(3))
    assert at.query_params == {"page": "3"}
    assert (names(at)[0], len(listed(at))) == ("Visitor 200", 50)
    assert "250 of 250 chats" in captions(at)


@pytest.mark.parametrize("page", ["4", "99999", "9999999"])
def test_a_page_beyond_the_last_shows_the_last(world, page: str):
    world("many")
    at = visit(CHATS, {"page": page})
    assert names(at)[0] == "Visitor 200"
    assert at.get("pagination")[0].value == 3


def test_a_changed_filter_starts_on_the_first_page(world):
    world("many")
    at = run(visit(CHATS, {"page": "2"}).segmented_control(key="w_category").select("completed"))
    assert at.query_params == {"category": "completed"}
    assert names(at)[0] == "Visitor 001"


def test_the_country_of_a_link_written_in_any_way_is_what_the_link_says(world):
    world("review")
    at = visit(CHATS, {"country": ["JP", "~"], "from": str(date(2026, 1, 1))})
    assert at.multiselect(key="w_country").value == ["JP", "~"]
    assert len(listed(at)) == 10


@pytest.mark.parametrize(
    "query",
    [
        {"q": "unknown"},
        {"where": '["all",["newer","is","x"]]'},
        *rarely([{"period": "newer"}, {"contry": "JP"}, {"email": ""}]),
    ],
    ids=str,
)
@pytest.mark.parametrize("page", [CHATS, MISSED])
def test_a_link_that_cannot_be_read_shows_nothing_until_it_is_shown_without_it(world, page, query):
    world("review")
    rows = "queue_" if page == MISSED else "chats_"
    at = visit(page, {**query, "country": "JP"})
    assert "cannot be read" in at.warning[0].value
    assert "with a condition that cannot be read" in body(at)
    assert table(at, rows) is None
    tabs = at.segmented_control(key="w_queue" if page == MISSED else "w_category")
    assert set(re.findall(r"\*\*([0-9]+)\*\*", str(tabs.proto))) == {"0"}
    at = run(at.segmented_control(key="w_reply").select("no"))
    assert "cannot be read" in at.warning[0].value
    at = click(at, "export")
    assert not has(at, "start_export")
    at = click(visit(page, {**query, "category": "missed"}), "without_unreadable")
    assert not at.warning
    assert len(table(at, rows)) == len(table(visit(page, {"category": "missed"}), rows)) > 0


def test_a_value_of_the_sidebar_survives_its_own_link(world):
    world("hostile")
    at = visit(CHATS)
    options = at.multiselect(key="w_website").options
    for text in HOSTILE_TEXTS:
        (offered,) = [value for value in options if value.startswith(text + DOT)]
        at = run(at.multiselect(key="w_website").set_value([offered]))
        assert list(listed(at)["visitor_name"]) == [text]
        again = visit(CHATS, dict(at.query_params))
        assert list(listed(again)["visitor_name"]) == [text]
        assert again.multiselect(key="w_website").value == [text]
