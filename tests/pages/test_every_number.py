"""A robot opens the rows of every number, bar, value and row of figures on the pages, and counts them."""

import random
import re
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from lib.chats.categories import CATEGORIES, STATUSES
from lib.chats.counts import category_counts
from lib.chats.filter.filter import LIST_NAMES, ChatFilter
from lib.chats.filter.link import from_query, private_part, to_query
from lib.chats.histogram import histogram
from lib.chats.listing import PAGE_SIZE
from lib.language import percent
from lib.mail import BOXES
from lib.missed.figures import figures, read
from lib.missed.groups import GROUPINGS, group_filter, groups
from lib.missed.news import Mark, see
from lib.missed.queue import QUEUE_TABS
from lib.reports import groups as reports
from lib.reports import usual
from lib.reports.coverage import EVERY_DAY, coverage, hour_filter
from lib.reports.figures import FIGURE_CODES
from lib.reports.figures import read as figure
from lib.reports.replies import replies, replies_filter
from lib.screen.chats.value_lists import DOT, value_of_text
from lib.screen.frame import session
from lib.screen.reports.ledger import week_filter, weeks_of
from lib.screen.reports.week import rows_of_cell
from lib.screen.today.daily_chart import chats_of
from lib.screen.today.days import TODAY_CHATS
from lib.screen.today.today import CARDS
from lib.views.kept import keep
from tests.pages.driving import CHATS, MISSED, OUTBOX, REPORTS, TODAY, captions, chart_rows, click, run, table, visit
from tests.thorough import rarely
from tests.worlds import NOW, chat, insert, insert_derived

HOUR = timedelta(hours=1)
HOSTILE = [
    None, "~", "~~", "~~~", "No value", "(none)", "Nobody", " A", "A ", "A", "a", "O'Brien", '"x"', "100%", "a; b",
    "[x](y)", "**7**", ":red[7]", "0", "\N{RIGHT-TO-LEFT OVERRIDE}abc", "青井", "x" * 900, "&operator=A", "$7$",
]  # fmt: skip
LISTED = re.compile(r"([\d,]+) of [\d,]+ (?:missed )?chats")
BADGE = re.compile(r":\w+-badge\[([\d,]+)\]")
# Buttons that say a number and open no rows of chats.
NO_ROWS = ("failed_mails",)


def some_chat(rng, n):
    start = NOW - rng.randrange(24 * 45) * HOUR
    contacted = rng.choice([None, None, start + 3 * HOUR])
    return chat(
        f"chat {n}",
        status=rng.choice(["missed", "missed", "completed", "ongoing", "reopened"]),
        started_at=rng.choice([start] * 9 + [None]),
        department=rng.choice(HOSTILE),
        operators=rng.sample(HOSTILE[1:], rng.choice([0, 0, 1, 2])),
        assignee=rng.choice(HOSTILE),
        visitor_email=rng.choice([None, "rin@example.com"]),
        missed_noticed_at=start + HOUR,
        missed_cause=rng.choice([None, "out_of_hours", "nobody_assigned", "assigned_silent"]),
        missed_repeats=rng.choice([1, 3]),
        due_derived_at=start + 4 * HOUR,
        came_back_at=rng.choice([None, None, start + HOUR]),
        came_back_noticed_at=start + 2 * HOUR,
        contacted_at=contacted,
        recovered_at=contacted and rng.choice([None, contacted + HOUR]),
        not_needed=rng.choice([None, None, None, "spam"]),
        deleted_at=rng.choice([None] * 9 + [NOW - HOUR]),
        wait_s=5.0,
        messages=[
            {"kind": kind, "name": "Aoi", "sent_at": start + timedelta(minutes=minute)}
            for minute, kind in enumerate(("operator", "visitor", "operator", "visitor", "operator")[: 1 + n % 5])
        ],
        replies=rng.sample(["queued", "sent", "failed", "unknown", "cancelled"], rng.choice([0, 0, 0, 1, 2])),
    )


@pytest.fixture(params=["hostile names", *rarely(["sample"])])
def lived_in(request, world):
    """A store with something behind each number, under names of all kinds; or the sample."""
    if request.param == "sample":
        store = world("sample")
    else:
        store, rng = world("empty"), random.Random(7)
        insert_derived(store, [some_chat(rng, n) for n in range(160)])
    see(store, "Tester", Mark(NOW - 24 * 9 * HOUR, NOW - 24 * 9 * HOUR))
    return store


def number_in(text):
    """The first number of a text, a bold one before others."""
    found = re.search(r"\*\*([\d,]+)\*\*", text) or re.search(r"([\d,]+)(?![\d,.%])", text)
    return int(found[1].replace(",", "")) if found else None


def shown_rows(at):
    """How many rows the page says that it lists; on a single page, also how many it lists."""
    if (deleted := table(at, "deleted_")) is not None:
        return len(deleted)
    said = LISTED.search(captions(at))
    assert said, captions(at)
    count = int(said[1].replace(",", ""))
    rows = next((found for prefix in ("queue_", "chats_") if (found := table(at, prefix)) is not None), ())
    assert len(rows) == min(count, PAGE_SIZE)
    return count


def numbers(at, store, chosen):
    """By the key of its button, each number on a page that opens rows."""
    metrics = dict(zip(CARDS, at.metric, strict=False))
    yesterday = usual.yesterday(store, session.clock()).tally
    for button in at.button:
        key = str(button.key)
        if key.startswith("card_"):
            yield key, number_in(metrics[key.removeprefix("card_")].value)
        elif key in ("yesterday_wait", "yesterday_rating"):
            yield key, figure(key.removeprefix("yesterday_"), yesterday).counted
        elif key in ("open_open", "open_past"):
            yield key, next(number_in(found[1]) for m in at.markdown if (found := BADGE.fullmatch(m.value)))
        elif "%" in button.label or key == "figure_contact_time":
            counted = read(key.removeprefix("figure_"), figures(store, chosen, session.clock()).now)
            assert percent(counted.value, 1) in button.label or "%" not in button.label
            yield key, counted.counted
        elif number_in(button.label) is not None and key not in NO_ROWS:
            yield key, number_in(button.label)


WEEK = ChatFilter(category="missed", period="last_7")
PLACES = {
    "Today": (TODAY, WEEK),
    "Missed chats": (MISSED, ChatFilter(category="missed")),
    "Missed chats of one department": (MISSED, ChatFilter(category="missed", department=("~~",), period="last_90")),
}
IN_EACH_RUN = (("hostile names", "Today"), ("hostile names", "Missed chats"), ("sample", "Today"))


def opened(page, chosen):
    private = private_part(chosen)
    query = to_query(chosen) | ({"q": [keep(session.store(), private, "Tester")]} if private else {})
    return visit(page, {} if page == TODAY else query)


@pytest.mark.parametrize(
    ("lived_in", "place"),
    [
        *IN_EACH_RUN,
        *(
            pytest.param(*case, marks=pytest.mark.thorough)
            for case in product(("hostile names", "sample"), PLACES)
            if case not in IN_EACH_RUN
        ),
    ],
    indirect=["lived_in"],
)
def test_every_number_opens_as_many_rows_as_it_says(lived_in, place):
    page, chosen = PLACES[place]
    at = opened(page, chosen)
    found = dict(numbers(at, lived_in, chosen))
    assert len(found) >= 6
    for key, count in found.items():
        after = click(opened(page, chosen), key)
        # The page of deleted chats shows all of them, and says so.
        assert (key, min(shown_rows(after), count) if key == "news_deleted" else shown_rows(after)) == (key, count)


def test_every_tab_of_the_queue_lists_as_many_rows_as_it_says(lived_in):
    at = visit(MISSED)
    for tab, label in zip(QUEUE_TABS, at.segmented_control(key="w_queue").options, strict=True):
        at = run(at.segmented_control(key="w_queue").set_value(tab))
        assert (tab, shown_rows(at)) == (tab, number_in(label))


@pytest.mark.parametrize("by", GROUPINGS)
def test_every_row_of_the_figures_opens_as_many_rows_as_it_says(lived_in, by):
    chosen, clock = ChatFilter(category="missed", period="last_90"), session.clock()
    at = run(opened(MISSED, chosen).segmented_control(key="w_figures_by").set_value(by))
    rows = table(at, f"figures_{by}")
    assert rows["name"].is_unique
    assert rows["missed"].sum() > 10
    for place, group in enumerate(groups(lived_in, chosen, by, clock)):
        assert rows["missed"][place] == group.now.missed
        target = group_filter(chosen, by, group.key, clock)
        by_link = from_query(to_query(target), private_part(target))
        assert category_counts(lived_in, by_link, clock)["missed"] == group.now.missed
        if not str(group.key).strip("~"):
            assert shown_rows(opened(MISSED, target)) == group.now.missed


OF_REPORTS = ChatFilter(period="last_90")


def test_waits_in_working_hours_open_as_many_rows_as_they_say(lived_in):
    query = to_query(OF_REPORTS) | {"waits": "working_hours"}
    at, whole = visit(REPORTS, query), visit(REPORTS, to_query(OF_REPORTS))
    waits = ("report_wait", "report_wait_95", "report_in_time", "replies_chats")
    fewer = False
    for key in waits:
        label, of_all = (next(each.label for each in page.button if each.key == key) for page in (at, whole))
        assert (key, shown_rows(click(visit(REPORTS, query), key))) == (key, number_in(label))
        fewer |= number_in(label) < number_in(of_all)
    assert fewer


def test_every_figure_of_the_reports_opens_as_many_rows_as_it_says(lived_in):
    at = opened(REPORTS, OF_REPORTS)
    found = {str(button.key): button.label for button in at.button if str(button.key).startswith("report_")}
    hours = [key for key in found if key.startswith("report_hour_")]
    assert found.keys() == {*(f"report_{code}" for code in FIGURE_CODES), *hours}
    assert len(hours) == 5
    for key, label in found.items():
        after = click(opened(REPORTS, OF_REPORTS), key)
        count = number_in(label.rpartition("·")[2])
        assert (key, shown_rows(after)) == (key, count)


EACH_RUN = ("day", "week", "weekday", "hour", "operator", "language")


@pytest.mark.parametrize("by", [*EACH_RUN, *rarely(by for by in reports.GROUPINGS if by not in EACH_RUN)])
def test_every_row_of_the_reports_opens_as_many_rows_as_it_says(lived_in, by):
    clock = session.clock()
    at = run(opened(REPORTS, OF_REPORTS).selectbox(key="w_report_by").set_value(by))
    rows = table(at, f"report_{by}")
    assert rows["name"].is_unique
    assert rows["missed"].sum() > 10
    found = reports.groups(lived_in, OF_REPORTS, by, 60, clock)
    if by in ("day", "week", "month"):
        found = found[::-1]
    for place, group in enumerate(found):
        target = reports.group_filter(OF_REPORTS, by, group.key, clock)
        assert (group.key, by_link(lived_in, target)) == (group.key, rows["chats"][place])
        assert by_link(lived_in, replace(target, category="missed")) == rows["missed"][place]


def test_every_hour_of_the_week_opens_as_many_rows_as_it_says(lived_in):
    cells = chart_rows(opened(REPORTS, OF_REPORTS)).to_dict("records")
    assert len(cells) == 7 * 24
    for cell in cells:
        place = (cell["weekday"], cell["hour"])
        for name in ("chats", "missed"):
            rows = rows_of_cell(OF_REPORTS, place, name)
            assert (place, by_link(lived_in, rows)) == (place, cell[name])


def test_every_hour_of_the_coverage_opens_as_many_rows_as_it_says(lived_in):
    at = opened(REPORTS, OF_REPORTS)
    hours = coverage(lived_in, OF_REPORTS, session.clock()).of_days(EVERY_DAY)
    shown = table(at, "coverage_")
    assert len(shown) > 10
    for place, hour in enumerate(hours):
        rows = hour_filter(OF_REPORTS, EVERY_DAY, place, session.clock())
        assert (place, by_link(lived_in, rows)) == (place, hour.chats)
        assert by_link(lived_in, replace(rows, category="missed")) == hour.missed
    buttons = [str(button.key) for button in at.button if str(button.key).startswith("coverage_")]
    for key in buttons:
        count = hours[int(key.removeprefix("coverage_"))].chats
        assert (key, shown_rows(click(opened(REPORTS, OF_REPORTS), key))) == (key, count)
    assert buttons


def test_every_row_of_the_waits_inside_opens_as_many_rows_as_it_says(lived_in):
    clock = session.clock()
    for by in ("operator", "week"):
        at = run(opened(REPORTS, OF_REPORTS).selectbox(key="w_report_by").set_value(by))
        shown = table(at, "replies_")
        found = replies(lived_in, OF_REPORTS, by, clock)
        keys = [*found.groups][:: -1 if by == "week" else 1]
        assert len(shown) == len(keys) > 3
        for place, key in enumerate(keys):
            rows = replies_filter(OF_REPORTS, by, key, clock)
            assert (key, by_link(lived_in, rows)) == (key, shown["chats"][place])
    button = next(button for button in at.button if button.key == "replies_chats")
    assert shown_rows(click(opened(REPORTS, OF_REPORTS), "replies_chats")) == number_in(button.label)
    slowest = click(opened(REPORTS, OF_REPORTS), "replies_slowest")
    assert str(found.whole.slowest) in slowest.query_params["chat"]


def test_every_week_of_the_ledger_opens_as_many_rows_as_it_says(lived_in):
    shown = table(opened(REPORTS, OF_REPORTS), "ledger_")
    found = weeks_of(groups(lived_in, OF_REPORTS, "week", session.clock()))
    assert len(shown) == len(found) > 3
    for place, group in enumerate(found):
        rows = week_filter(OF_REPORTS, group.key)
        assert (group.key, by_link(lived_in, rows)) == (group.key, shown["missed"][place])
        assert by_link(lived_in, replace(rows, queue="overdue")) == shown["overdue"][place]
    assert shown_rows(opened(MISSED, week_filter(OF_REPORTS, found[0].key))) == found[0].now.missed


def by_link(store, chosen):
    """How many chats a filter finds after it went through its own link."""
    read = from_query(to_query(chosen), private_part(chosen))
    return category_counts(store, read, session.clock())[read.category]


def test_every_category_lists_as_many_rows_as_it_says(lived_in):
    at = visit(CHATS)
    for place, label in enumerate(at.segmented_control(key="w_category").options):
        at = run(at.segmented_control(key="w_category").set_value(CATEGORIES[place]))
        assert (label, shown_rows(at)) == (label, number_in(label))


@pytest.mark.parametrize("chosen", [ChatFilter(), ChatFilter(category="missed", period="last_90", department=("A",))])
def test_every_value_in_the_sidebar_lists_as_many_rows_as_it_says(lived_in, chosen):
    lists = {str(each.key).removeprefix("w_"): each.options for each in opened(CHATS, chosen).multiselect}
    shown = {name: options for name, options in lists.items() if name in LIST_NAMES}
    assert len(shown) >= 7
    for name, options in shown.items():
        for label in options:
            value = value_of_text(name, label)
            count = by_link(lived_in, replace(chosen, **{name: (value,), "excluded": ()}))
            assert (name, label, count) == (name, label, int(label.rpartition(DOT)[2].replace(",", "")))
    labels = [label for label in shown["department"] if value_of_text("department", label) not in chosen.department]
    at = run(opened(CHATS, chosen.without("department")).multiselect(key="w_department").set_value(labels[:1]))
    alone = replace(chosen, department=(value_of_text("department", labels[0]),))
    assert shown_rows(at) == by_link(lived_in, alone)


@pytest.mark.parametrize("period", ["any", "last_90", "last_7"])
def test_every_bar_over_the_list_stands_for_as_many_rows_as_it_says(lived_in, period):
    found = histogram(lived_in, ChatFilter(period=period), session.clock())
    assert found.bars["chats"].sum() + found.unknown + found.outside == by_link(lived_in, ChatFilter(period=period))
    for bar in found.bars[found.bars["chats"] > 0].itertuples():
        days = {"first_day": bar.start.date(), "last_day": (bar.end - HOUR).date()}
        within = replace(ChatFilter(period="custom"), **days)
        assert (bar.start, by_link(lived_in, within)) == (bar.start, bar.chats)


def test_every_bar_of_the_last_days_opens_as_many_rows_as_it_says(lived_in):
    rows = chart_rows(visit(TODAY), -1)
    assert len(rows) > 10
    for bar in rows.to_dict("records"):
        assert (bar, by_link(lived_in, chats_of(bar))) == (bar, bar["chats"])
    assert shown_rows(opened(CHATS, chats_of(rows.iloc[0]))) == rows["chats"].iloc[0]


def test_every_hour_of_today_opens_as_many_rows_as_it_says(world):
    store, rng = world("empty"), random.Random(3)
    begun = [NOW - timedelta(minutes=rng.randrange(180)) for _n in range(30)]
    insert(store, [chat(f"chat {n}", started_at=at, status=rng.choice(STATUSES)) for n, at in enumerate(begun)])
    bars = chart_rows(visit(TODAY)).to_dict("records")
    assert [bar["hour"] for bar in bars] == [*range(24)]
    assert sum(bar["chats"] for bar in bars) == 30
    for bar in bars:
        rows = reports.group_filter(TODAY_CHATS, "hour", bar["hour"], session.clock())
        assert by_link(store, rows) == bar["chats"]
        assert by_link(store, replace(rows, category="missed")) == bar["missed"]
    hour = next(bar["hour"] for bar in bars if bar["chats"])
    at = visit(TODAY, session={"open_hour_of_today": hour})
    assert shown_rows(at) == bars[hour]["chats"]


def test_every_part_of_the_outbox_lists_as_many_rows_as_it_says(lived_in):
    at = visit(OUTBOX)
    for box, label in zip(BOXES, at.segmented_control(key="w_box").options, strict=True):
        at = run(at.segmented_control(key="w_box").set_value(box))
        rows = table(at, "outbox_")
        assert (box, 0 if rows is None else len(rows)) == (box, min(number_in(label), 200))
