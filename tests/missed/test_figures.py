"""Figures on missed chats: each is what a plain reading says, and the number of the rows that it opens."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.chats.clock import Clock
from lib.chats.counts import category_counts
from lib.chats.filter.filter import NO_VALUE, ChatFilter
from lib.missed.figures import FIGURE_CODES, FIGURES, Tally, change, chats_among, figures, read, rows_of
from lib.missed.groups import GROUPINGS, group_filter, groups
from lib.missed.spans import Span
from tests.chats.test_against_a_plain_reading import in_part
from tests.missed.ledger_worlds import CHOSEN, has_come_back, is_missed, is_reachable, is_recovered, ledger_worlds
from tests.worlds import NOW, TOKYO, chat, empty, insert

CLOCKS = st.sampled_from([Clock(NOW, zone) for zone in ("UTC", "Asia/Tokyo", "America/New_York")])
some_names = st.just(()) | st.lists(st.sampled_from([*CHOSEN.values()]), max_size=2, unique=True).map(tuple)
some_day = st.none() | st.dates(date(2026, 10, 20), date(2026, 11, 25))
filters = st.builds(
    ChatFilter,
    category=st.just("missed"),
    period=st.sampled_from(["any", "any", "today", "last_7", "last_30", "this_month", "custom", "unknown"]),
    first_day=some_day,
    last_day=some_day,
    operator=st.just(()) | some_names,
    department=st.just(()) | some_names,
    assignee=st.just(()) | st.just(()) | some_names,
    cause=st.sampled_from([(), (), ("out_of_hours",), (NO_VALUE,)]),
    repeated=st.sampled_from(["any", "any", "yes", "no"]),
    email=st.sampled_from(["any", "any", "yes"]),
    queue=st.sampled_from(["any", "overdue", "done"]),
    news=st.sampled_from(["any", "missed"]),
    since=st.just(NOW),
)


def local_day(entry, clock):
    start = entry["started_at"]
    return start and start.replace(tzinfo=UTC).astimezone(ZoneInfo(clock.zone)).date()


def expected_days(chosen, today):
    """First and last day that the figures are of; None for chats without a start."""
    first, last = {
        "any": (None, None),
        "today": (today, today),
        "last_7": (today - timedelta(6), today),
        "last_30": (today - timedelta(29), today),
        "this_month": (today.replace(day=1), today),
        "custom": (chosen.first_day, chosen.last_day),
        "unknown": (None, None),
    }[chosen.period]
    last = last or max(today, first or today)
    return None if chosen.period == "unknown" else (first or last - timedelta(29), last)


def days_before(days):
    weeks = next(n for n in range(1, 1000) if days[0] > days[1] - timedelta(weeks=n))
    return days[0] - timedelta(weeks=weeks), days[1] - timedelta(weeks=weeks)


def one_of(values, chosen):
    return not chosen or any(CHOSEN.get(value, value) in chosen for value in values)


def is_counted(entry, chosen, days, clock):
    day = local_day(entry, clock)
    return (
        entry["deleted_at"] is None
        and (day is None if days is None else day is not None and days[0] <= day <= days[1])
        and one_of(entry["operators"] or [None], chosen.operator)
        and one_of([entry["department"]], chosen.department)
        and (chosen.email == "any" or entry["visitor_email"] is not None)
    )


def meets_ledger(entry, chosen):
    return (
        is_missed(entry)
        and one_of([entry["assignee"]], chosen.assignee)
        and one_of([entry["missed_cause"]], chosen.cause)
        and chosen.repeated in ("any", "yes" if (entry["missed_repeats"] or 1) > 1 else "no")
    )


def tally(entries, chosen):
    missed = [entry for entry in entries if meets_ledger(entry, chosen)]
    reached = [entry for entry in missed if entry["contacted_at"]]
    times = [(e["contacted_at"] - e["started_at"]).total_seconds() for e in reached if e["started_at"]]
    return Tally(
        chats=len(entries),
        missed=len(missed),
        reachable=sum(map(is_reachable, missed)),
        reached=len(reached),
        recovered=sum(map(is_recovered, missed)),
        came_back=sum(map(has_come_back, missed)),
        overdue=sum(in_part(entry, "overdue", NOW) for entry in missed),
        contact_s=median(times) if times else None,
    )


def group_keys(entry, by, clock):
    if by in ("day", "week"):
        day = local_day(entry, clock)
        return [NO_VALUE if day is None else day - timedelta(day.weekday() if by == "week" else 0)]
    values = set(entry["operators"]) or {None} if by == "operator" else {entry["department"]}
    return [CHOSEN[value] for value in values]


def expected_groups(world, chosen, by, clock):
    days = expected_days(chosen, local_day({"started_at": clock.now}, clock))
    counted = [entry for entry in world if is_counted(entry, chosen, days, clock)]
    earlier = [entry for entry in world if days and is_counted(entry, chosen, days_before(days), clock)]
    keys = {key for entry in counted for key in group_keys(entry, by, clock)}
    if by == "operator" and chosen.operator:
        keys &= set(chosen.operator)
    found = {}
    for key in keys:
        key_before = key - (days[0] - days_before(days)[0]) if isinstance(key, date) else key
        now = tally([e for e in counted if key in group_keys(e, by, clock)], chosen)
        if by == "week":
            found[key] = (now, None)
            continue
        before = tally([e for e in earlier if key_before in group_keys(e, by, clock)], chosen) if days else None
        found[key] = (now, before)
    return found


def check_figures(store, world, chosen, clock):
    days = expected_days(chosen, local_day({"started_at": clock.now}, clock))
    found = figures(store, chosen, clock)
    assert found.span == (Span(*days) if days else None)
    assert found.now == tally([e for e in world if is_counted(e, chosen, days, clock)], chosen)
    earlier = [e for e in world if days and is_counted(e, chosen, days_before(days), clock)]
    assert found.before == (tally(earlier, chosen) if days else None)
    return found.now


def check_rows(store, chosen, clock, now, codes=FIGURE_CODES):
    for code in codes:
        opened = rows_of(code, chosen, clock)
        assert category_counts(store, opened, clock)["missed"] == read(code, now).counted
    assert category_counts(store, chats_among(chosen, clock), clock)["all"] == now.chats


def check_groups(store, world, chosen, clock):
    for by in GROUPINGS:
        found = groups(store, chosen, by, clock)
        assert {group.key: (group.now, group.before) for group in found} == expected_groups(world, chosen, by, clock)
        for group in found:
            check_rows(store, group_filter(chosen, by, group.key, clock), clock, group.now, ["came_back"])


def test_figures_are_those_of_a_plain_reading_and_of_the_rows_they_open(workbench, kind, share):
    @settings(max_examples=share(3 if kind == "lake" else 40), deadline=None, database=None)
    @given(world=ledger_worlds, asked=st.lists(st.tuples(filters, CLOCKS), min_size=1, max_size=2))
    def check(world, asked):
        empty(workbench)
        insert(workbench, world)
        for chosen, clock in asked:
            check_rows(workbench, chosen, clock, check_figures(workbench, world, chosen, clock))
            check_groups(workbench, world, chosen, clock)

    check()


def test_words_narrow_the_figures_and_stay_in_what_they_open(store):
    insert(store, [chat(status=status, messages=["a lamp"]) for status in ("missed", "completed")])
    insert(store, [chat(status="missed", messages=["a chair"])])
    chosen = ChatFilter(category="missed", words="lamp")
    found = figures(store, chosen, TOKYO)
    assert (found.now.missed, found.now.chats) == (1, 2)
    assert category_counts(store, rows_of("missed", chosen, TOKYO), TOKYO)["missed"] == 1


def test_days_begin_and_end_in_the_workspaces_zone_also_when_clocks_change(store):
    # In New York the first of November 2026 has 25 hours: from 4:00 UTC to 5:00 UTC of the next day.
    starts = [datetime(2026, 11, 1, 3, 59), datetime(2026, 11, 1, 4), datetime(2026, 11, 2, 4, 59)]
    starts += [datetime(2026, 11, 2, 5), datetime(2026, 11, 3, 4, 59)]
    insert(store, [chat(status="missed", started_at=start) for start in starts])
    found = groups(store, ChatFilter(category="missed"), "day", Clock(NOW, "America/New_York"))
    assert [(group.key, group.now.missed) for group in found] == [
        (date(2026, 11, 2), 2),
        (date(2026, 11, 1), 2),
        (date(2026, 10, 31), 1),
    ]


def test_days_long_before_1970_are_right_too(store):
    insert(store, [chat(status="missed", started_at=datetime(1950, 6, 1, 23, 30))])
    chosen = ChatFilter(category="missed", period="custom", first_day=date(1950, 6, 1), last_day=date(1950, 6, 30))
    for zone, day in (("UTC", 1), ("Asia/Tokyo", 2)):
        assert [group.key for group in groups(store, chosen, "day", Clock(NOW, zone))] == [date(1950, 6, day)]


@pytest.mark.parametrize("days", [(date.min, date.max), (None, date.max), (date.max, None), (date.max, date.min)])
def test_days_at_the_ends_of_the_calendar_give_figures(store, days):
    insert(store, [chat(status="missed")])
    chosen = ChatFilter(category="missed", period="custom", first_day=days[0], last_day=days[1])
    now = figures(store, chosen, TOKYO).now
    check_rows(store, chosen, TOKYO, now)
    assert sum(group.now.missed for group in groups(store, chosen, "day", TOKYO)) == now.missed


def test_a_day_is_compared_with_the_same_weekday_as_many_weeks_earlier_as_the_span_takes(store):
    days_ago = {0: 1, 6: 2, 7: 3, 13: 4, 14: 5}
    world = [[chat(status="missed", started_at=NOW - timedelta(ago)) for _ in range(n)] for ago, n in days_ago.items()]
    insert(store, [entry for day in world for entry in day])
    insert(store, [chat(status="missed", started_at=TOKYO.start_of(date(2026, 11, 17)))])
    chosen = ChatFilter(category="missed", period="last_7")
    found = figures(store, chosen, TOKYO)
    assert (found.now.missed, found.before.missed) == (1 + 3, 3 + 4)
    by_day = {group.key: (group.now.missed, group.before.missed) for group in groups(store, chosen, "day", TOKYO)}
    assert by_day == {date(2026, 11, 23): (1, 3), date(2026, 11, 17): (3, 4)}
    (group,) = groups(store, chosen, "department", TOKYO)
    assert (group.now.missed, group.before.missed) == (4, 7)
    # What is neither of today nor of the same weekday before is in no figure.
    assert figures(store, replace(chosen, period="today"), TOKYO).before.missed == days_ago[7]


def test_the_largest_group_comes_first_and_chats_without_one_are_a_group(store):
    insert(store, [chat(status="missed", department=name) for name in ("A", "B", "B", None, None, None)])
    found = groups(store, ChatFilter(category="missed"), "department", TOKYO)
    assert [(group.key, group.now.missed) for group in found] == [(NO_VALUE, 3), ("B", 2), ("A", 1)]


def test_chats_without_a_start_are_in_groups_too_and_compared_with_none(store):
    insert(store, [chat(status="missed", started_at=start, department="A") for start in (None, None, NOW)])
    chosen = ChatFilter(category="missed", period="unknown")
    for by, key in (("day", NO_VALUE), ("department", "A")):
        (group,) = groups(store, chosen, by, TOKYO)
        assert (group.key, group.now.missed, group.before) == (key, 2, None)
        check_rows(store, group_filter(chosen, by, key, TOKYO), TOKYO, group.now)


def test_a_share_of_nothing_is_unknown_and_so_is_its_change():
    nothing, some = Tally(), Tally(chats=4, missed=2, reachable=1)
    assert read("missed_rate", nothing).value is None
    assert read("missed_rate", some).value == 0.5
    assert change(read("missed_rate", some), read("missed_rate", nothing)) is None
    assert change(read("missed_rate", some), None) is None
    assert change(read("missed", nothing), read("missed", some)) == -2


def test_shares_of_few_chats_are_small_and_counts_are_not():
    few, enough = Tally(chats=9, missed=9), Tally(chats=10, missed=10)
    assert read("missed_rate", few).is_small
    assert not read("missed_rate", enough).is_small
    assert not read("missed", few).is_small
    assert read("contact_time", replace(enough, reached=9)).is_small


def test_there_is_a_figure_for_each_code():
    assert tuple(FIGURES) == FIGURE_CODES


def test_of_operators_those_who_were_asked_for_are_a_group_and_not_who_took_part_too(store):
    insert(store, [chat(status="missed", operators=["Aoi", "Ben"]), chat(status="missed", operators=["Ben"])])
    asked = ChatFilter(category="missed", operator=("Aoi",))
    assert [group.key for group in groups(store, asked, "operator", TOKYO)] == ["Aoi"]
    excluded = replace(asked, excluded=frozenset(["operator"]))
    assert [group.key for group in groups(store, excluded, "operator", TOKYO)] == ["Ben"]
