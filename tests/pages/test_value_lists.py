"""The lists of the sidebar on Chats, and the bars over the list."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from lib.chats.filter.filter import LIST_NAMES, ChatFilter, Condition, Conditions
from lib.chats.filter.link import PRIVATE_NAME, from_query, private_part, to_query
from lib.language import in_language
from lib.screen.chats.value_lists import DOT, MOST_CHOSEN, value_labels, value_of_text
from lib.views.kept import keep, kept
from tests.pages.driving import CHATS, MISSED, body, captions, click, has, names, run, visit
from tests.worlds import NOW, chat, insert


def test_values_are_offered_with_their_numbers_largest_first(world):
    world("review")
    at = visit(CHATS)
    assert at.multiselect(key="w_country").options == [f"No value{DOT}10", f"Japan{DOT}1"]
    at = visit(CHATS, {"category": "missed"})
    assert at.multiselect(key="w_country").options == [f"No value{DOT}4"]
    assert not has(at, "w_not_country")


def test_chosen_values_are_left_out_by_a_click_and_shown_again_by_another(world):
    world("review")
    at = visit(CHATS, {"department": "Orders"})
    assert names(at) == ["Rin"]
    at = run(at.checkbox(key="w_not_department").check())
    assert at.query_params == {"department": "Orders", "except": "department"}
    assert "not in department Orders" in body(at)
    assert "10 of 11 chats" in captions(at)
    at = run(at.multiselect(key="w_department").set_value(["Orders", "~"]))
    assert at.query_params["except"] == "department"
    at = run(at.checkbox(key="w_not_department").uncheck())
    assert "except" not in at.query_params
    at = run(at.checkbox(key="w_not_department").check())
    at = run(at.multiselect(key="w_department").set_value([]))
    assert at.query_params == {}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (f"Japan{DOT}1,203", "JP"),
        (f"Japan{DOT}7", "JP"),
        ("japan", "JP"),
        ("jp", "JP"),
        ("No value", "~"),
        (f"No value{DOT}12", "~"),
        ("Atlantis", "Atlantis"),
        (f"Atlantis{DOT}0", "Atlantis"),
        ("Atlantis · 12", "Atlantis · 12"),
        ("~", "~~"),
    ],
)
def test_an_old_label_or_a_typed_text_means_its_value(world, text, value):
    world("review")
    with in_language("en"):
        assert value_of_text("country", text) == value


def test_a_label_of_before_that_the_browser_sends_filters_by_its_value(world):
    world("review")
    at = visit(CHATS)
    at = run(at.multiselect(key="w_country").set_value([f"Japan{DOT}1,203", f"Nowhere{DOT}4"]))
    assert at.query_params == {"country": ["JP", "Nowhere"]}
    assert at.multiselect(key="w_country").value == ["JP", "Nowhere"]


def test_a_typed_value_that_no_chat_has_gives_an_empty_list(world):
    world("review")
    at = run(visit(CHATS).multiselect(key="w_tag").set_value(["![x](https://evil.example) :red[x]"]))
    assert names(at) == []
    assert [info.value for info in at.info] == ["No chat matches all filters. Remove one of them:"]


def test_values_of_the_same_name_are_told_apart():
    with in_language("en"):
        assert value_labels("country", {"JP": 2, "Japan": 1, "~": 0, "No value": 3}) == {
            "JP": f"Japan (JP){DOT}2",
            "Japan": f"Japan (Japan){DOT}1",
            "~": f"No value{DOT}0",
            "No value": f"No value (No value){DOT}3",
        }


def test_values_beyond_the_first_are_counted_and_too_many_chosen_ones_are_not_drawn(world):
    store = world("review")
    insert(store, [chat(tags=[f"tag {n:03}"]) for n in range(240)])
    assert "more values: type one in full." in captions(visit(CHATS))
    at = visit(CHATS, {"tag": [f"tag {n:03}" for n in range(MOST_CHOSEN + 1)], "except": "tag"})
    assert not has(at, "w_tag")
    assert f"{MOST_CHOSEN + 1} values are chosen" in captions(at)
    at = run(at.segmented_control(key="w_email").select("no"))
    assert set(at.query_params) == {"email", "except", "q"}  # so many values would make the link too long
    assert f"{MOST_CHOSEN + 1} values are chosen" in captions(at)
    at = click(at, "remove_tag")
    assert at.query_params == {"email": "no"}


def test_the_lists_of_missed_chats_have_numbers_and_causes_cannot_be_typed(world):
    world("queue")
    at = visit(MISSED)
    assert f"Nobody{DOT}" in "".join(at.multiselect(key="w_assignee").options)
    at = run(at.multiselect(key="w_assignee").set_value(["Ann"]))
    at = run(at.checkbox(key="w_not_assignee").check())
    assert (at.query_params["assignee"], at.query_params["except"]) == ("Ann", "assignee")


# The bars over the list


def bars(at):
    return list(at.get("vega_lite_chart") or [])


def test_the_bars_tell_their_range_and_the_chats_without_a_start(world):
    world("review")
    at = visit(CHATS)
    assert "1 chat without a start time" in captions(at)
    assert len(bars(at)) == 1
    assert not has(at, "any_time")
    at = click(at, "fold_histogram")
    assert not bars(at)
    assert len(bars(click(at, "fold_histogram"))) == 1


def test_the_way_back_to_any_time(world):
    world("review")
    first = str(NOW.date() - timedelta(days=4))
    at = click(visit(CHATS, {"period": "custom", "from": first, "email": "yes"}), "any_time")
    assert at.query_params == {"email": "yes"}


@pytest.mark.parametrize("query", [{"period": "unknown"}, {"period": "custom", "from": "2090-01-01"}])
def test_where_there_is_nothing_to_draw_there_are_no_bars(world, query):
    world("review")
    assert not bars(visit(CHATS, query))


def test_without_chats_there_are_no_bars(world):
    world("empty")
    assert not bars(visit(CHATS))


LONG = "https://example.com/?返=" + "x" * 5000
LISTS = [
    ChatFilter(**{name: (LONG, " padded ", "~~~", "~", "a\nb", "Japan · 5")}) for name in LIST_NAMES if name != "cause"
]
EXTREME: list[ChatFilter] = [
    ChatFilter(period="custom", first_day=date(1, 1, 1), last_day=date(9999, 12, 31)),
    ChatFilter(period="custom", first_day=date(1970, 1, 1), last_day=date(2150, 1, 1)),
    ChatFilter(period="custom", last_day=date(1899, 12, 31)),
    ChatFilter(period="unknown"),
    ChatFilter(waited_longer_than_s=1, email="yes"),
    ChatFilter(waited_longer_than_s=9_999_999),
    *LISTS,
    ChatFilter(country=tuple(f"land {n}" for n in range(300)), excluded=("country",)),
    ChatFilter(tag=tuple(f"t{n}" for n in range(MOST_CHOSEN)), excluded=("tag",)),
    ChatFilter(cause=("unknown", "~"), excluded=("cause",)),
    ChatFilter(category="missed", queue="not_needed", repeated="no"),
    ChatFilter(category="missed", news="overdue", since=datetime(1, 1, 1)),
    ChatFilter(words="word " * 300 + '"exact\nphrase" -without'),
    ChatFilter(
        conditions=Conditions("any", (Condition("mails", "more", ("-5",)), Condition("question", "has", (LONG,))))
    ),
    ChatFilter(conditions=Conditions("all", (Condition("start", "between", ("0001-01-01", "9999-12-31")),))),
]


# The sidebar is the same on both pages, and its lists are alike.
ON_EACH = [
    *((CHATS, chosen) for chosen in EXTREME if chosen not in LISTS[2:]),
    *(pytest.param(CHATS, chosen, marks=pytest.mark.thorough) for chosen in LISTS[2:]),
    *((MISSED, chosen) for chosen in EXTREME if chosen.category == "missed"),
    *(pytest.param(MISSED, chosen, marks=pytest.mark.thorough) for chosen in EXTREME if chosen.category != "missed"),
]


@pytest.mark.parametrize(
    ("page", "chosen"), ON_EACH, ids=lambda each: str(to_query(each))[:60] if each in EXTREME else each
)
def test_a_click_on_another_filter_changes_no_field_that_a_link_set(world, page, chosen):
    store = world("review")
    hidden = private_part(chosen)
    link = to_query(chosen) | ({PRIVATE_NAME: [keep(store, hidden, "Ann")]} if hidden else {})
    at = run(visit(page, link).segmented_control(key="w_reply").select("no"))
    kept_part = at.query_params.get(PRIVATE_NAME)
    query = {name: [value] if isinstance(value, str) else value for name, value in at.query_params.items()}
    found = from_query(
        query, kept(store, kept_part if isinstance(kept_part, str) else kept_part[0]) if kept_part else ""
    )
    meant = replace(chosen, reply="no", words=chosen.words)
    if page == MISSED:
        is_bare = chosen.queue == "any" and chosen.news == "any" and chosen.category == "all"
        meant = replace(meant, category="missed", queue="open" if is_bare else chosen.queue)
    assert found == meant


def test_the_days_that_a_calendar_cannot_show_stand_beside_it_and_another_day_takes_their_place(world):
    world("review")
    at = visit(CHATS, {"from": "0001-01-01", "to": "2026-11-20"})
    assert at.date_input(key="w_first_day").value is None
    assert "First day: 1 Jan 1 stays until you choose another." in captions(at)
    at = run(at.date_input(key="w_last_day").set_value(date(2026, 11, 21)))
    assert (at.query_params["from"], at.query_params["to"]) == ("0001-01-01", "2026-11-21")
    at = run(at.date_input(key="w_first_day").set_value(date(2026, 11, 1)))
    assert at.query_params["from"] == "2026-11-01"
    assert "stays" not in captions(at)
