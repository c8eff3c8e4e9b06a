"""Random filters over random small worlds: the store must answer as a few lines of plain Python do."""

import unicodedata
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from lib.chats.categories import CATEGORIES, STATUSES
from lib.chats.causes import CAUSES
from lib.chats.clock import Clock
from lib.chats.counts import category_counts, daily_counts, loosened
from lib.chats.facets import facets
from lib.chats.filter.filter import LIST_FIELDS, LIST_NAMES, NO_VALUE, QUEUE_FIELDS, ChatFilter, News
from lib.chats.filter.matching import matching
from lib.chats.filter.times import PERIODS
from lib.chats.histogram import histogram
from lib.chats.hours import Hours
from lib.chats.listing import SORT_KEYS, Neighbours, Sort, chat_page, neighbours
from lib.chats.states import QUEUE_PARTS
from tests.chats import plain_conditions
from tests.worlds import NOW, chat, empty, insert

# Nobody works on Tuesdays, and on one of the days on which chats begin.
HOURS = Hours({1: (0, 24 * 60), 4: (540, 1080), 5: (1, 2), 6: (0, 630), 7: (615, 1439)}, {date(2026, 11, 16): "x"})
CLOCKS = st.sampled_from(
    [Clock(NOW, zone) for zone in ("UTC", "Asia/Tokyo")] + [Clock(NOW, "America/New_York", lambda: HOURS)]
)
VALUES = ["Aoi", "aoi", "O'Brien", "100%", "返金", "", "~"]
# Terms are two blanks apart here, so that a plain reading can tell them from the words of a phrase.
BETWEEN_TERMS = "  "
TERMS = ['"apple 返金"', "「返金 %」", "-apple", "－返金", '-"% _"', "from:visitor", "from:担当者", "o'brien", "-aoi"]
WORDS = ["apple", "ＡＰＰＬＥ", "Straße", "返金", "ｶﾞ", "%", "_", "\\", "'"]
COLUMNS = {"department": "department", "website": "website", "channel": "channel", "country": "visitor_country"} | {
    "assignee": "assignee",
    "cause": "missed_cause",
}

some_value = st.none() | st.sampled_from(VALUES)
some_values = st.lists(st.sampled_from(VALUES), max_size=2, unique=True)
some_text = st.none() | st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join)
some_moment = st.none() | st.one_of(
    st.integers(-3, 400).map(lambda hours: NOW - timedelta(hours=hours)),
    st.sampled_from([datetime(2026, 11, 22, 15), datetime(2026, 11, 22, 14, 59, 59, 999999), datetime(2026, 11, 1, 4)]),
)
around_now = st.none() | st.sampled_from([NOW - timedelta(hours=hours) for hours in (-1, 0, 1, 2)])
some_message = st.builds(
    lambda kind, text: {"kind": kind, "text": text},
    st.sampled_from(["visitor", "operator", "bot", "system", "note"]),
    some_text,
)
some_chat = st.builds(
    chat,
    status=st.sampled_from(STATUSES),
    supervisors=some_values,
    started_at=some_moment,
    ended_at=some_moment,
    wait_s=st.none() | st.sampled_from([0.0, 30.0, 30.5, 3600.0]),
    duration_s=st.none() | st.sampled_from([0.0, 60.0]),
    operator=some_value,
    operators=some_values,
    department=some_value,
    website=some_value,
    channel=some_value,
    visitor_country=some_value,
    visitor_name=some_value,
    visitor_email=some_value,
    question=some_text,
    rating=st.none() | st.integers(1, 5),
    tags=some_values,
    deleted_at=st.sampled_from([None, None, None, NOW]),
    messages=st.lists(some_message, max_size=3),
    replies=st.lists(st.sampled_from(["sent", "failed", "queued"]), max_size=2),
    visitor_phone=some_value,
    assignee=some_value,
    missed_cause=st.none() | st.sampled_from(CAUSES),
    missed_repeats=st.sampled_from([None, 1, 2]),
    missed_noticed_at=around_now,
    came_back_at=around_now,
    came_back_noticed_at=around_now,
    contacted_at=around_now,
    recovered_at=around_now,
    due_derived_at=around_now,
    due_set_at=st.none() | around_now,
    not_needed=st.sampled_from([None, None, "spam"]),
    **plain_conditions.more_columns,
)
worlds = st.lists(some_chat, max_size=7)

chosen_values = st.just(()) | st.lists(st.sampled_from([*VALUES[:-1], "~~", NO_VALUE]), max_size=3).map(tuple)
some_day = st.none() | st.dates(date(2026, 10, 20), date(2026, 11, 25))
# Most conditions are left open, or hardly a filter would match anything.
conditions = st.fixed_dictionaries(
    {},
    optional={
        "category": st.sampled_from(CATEGORIES),
        "period": st.sampled_from(PERIODS),
        "first_day": some_day,
        "last_day": some_day,
        "operator": chosen_values,
        "department": chosen_values,
        "website": chosen_values,
        "channel": chosen_values,
        "country": chosen_values,
        "rating": st.lists(st.sampled_from(["1", "3", "5", NO_VALUE, "x"]), max_size=3).map(tuple),
        "tag": chosen_values,
        "waited_longer_than_s": st.sampled_from([None, 0, 30, 60]),
        "email": st.sampled_from(["any", "yes", "no"]),
        "reply": st.sampled_from(["any", "yes", "no"]),
        "queue": st.sampled_from(QUEUE_PARTS),
        "assignee": chosen_values,
        "cause": st.lists(st.sampled_from([*CAUSES, NO_VALUE]), max_size=3).map(tuple),
        "repeated": st.sampled_from(["any", "yes", "no"]),
        "news": st.sampled_from(get_args(News)),
        "since": around_now,
        "conditions": plain_conditions.some_conditions,
        "words": st.lists(st.sampled_from([*WORDS, *TERMS]), max_size=3).map(BETWEEN_TERMS.join),
    },
)
filters = st.builds(
    lambda chosen, excluded: ChatFilter(**dict(list(chosen.items())[:4]), excluded=tuple(excluded)),
    conditions,
    st.just(()) | st.sets(st.sampled_from(LIST_NAMES)),
)
sorts = st.builds(Sort, st.sampled_from(SORT_KEYS), st.booleans())


def meets(entry, chosen, clock):
    return (
        not entry["deleted_at"]
        and in_category(entry, chosen.category)
        and in_period(entry["started_at"], chosen, clock)
        and all(is_listed(entry, chosen, field) for field in LIST_NAMES)
        and (chosen.waited_longer_than_s is None or (entry["wait_s"] or 0) > chosen.waited_longer_than_s)
        and chosen.email in ("any", "no" if entry["visitor_email"] is None else "yes")
        and chosen.reply in ("any", "yes" if "sent" in entry["replies"] else "no")
        and (chosen.queue == "any" or (entry["status"] == "missed" and in_part(entry, chosen.queue, clock.now)))
        and chosen.repeated in ("any", "yes" if (entry["missed_repeats"] or 1) > 1 else "no")
        and is_news(entry, chosen.news, chosen.since, clock.now)
        and (chosen.conditions is None or plain_conditions.holds(entry, chosen.conditions, clock))
        and has_words(entry, chosen.words)
    )


def due(entry):
    return entry["due_set_at"] or entry["due_derived_at"]


def in_part(entry, part, now):
    own = plain_conditions.state_of(entry)
    is_open = own in ("to_do", "assigned")
    return {
        "open": is_open,
        "overdue": is_open and due(entry) is not None and due(entry) < now,
        "done": own in ("recovered", "not_needed"),
        "reached": own in ("contacted", "recovered"),
        "reachable": plain_conditions.can_be_reached(entry),
    }.get(part, own == part)


def is_news(entry, news, since, now):
    if news == "any" or since is None:
        return True
    if entry["status"] != "missed":
        return False
    if news == "overdue":
        return in_part(entry, "overdue", now) and due(entry) >= since
    if news in ("missed", "earlier"):
        noticed = entry["missed_noticed_at"]
        when = entry["visitor_wrote_at"] or noticed
        return bool(noticed and noticed > since and not entry["missed_past"]) and (when > since) == (news == "missed")
    if news == "came_back" and entry["missed_past"]:
        return False
    moment = entry["contacted_noticed_at" if news == "contacted" else "came_back_noticed_at"]
    came_back = plain_conditions.state_of(entry) == "came_back"
    return moment is not None and moment > since and (news != "came_back" or came_back)


def in_category(entry, category):
    if category == "monitored":
        return entry["status"] == "ongoing" and entry["supervisors"] != []
    return category in ("all", entry["status"])


def in_period(moment, chosen, clock):
    if chosen.period in ("any", "unknown"):
        return chosen.period == "any" or moment is None
    first, last = days(chosen, local(clock.now, clock), clock)
    if moment is None:
        return first is None and last is None
    return (first is None or first <= local(moment, clock)) and (last is None or local(moment, clock) <= last)


def days(chosen, today, clock):
    back = {"today": 0, "yesterday": 1, "last_7": 6, "last_30": 29, "last_90": 89, "this_month": today.day - 1}
    if chosen.period == "custom":
        return chosen.first_day, chosen.last_day
    if chosen.period == "last_month":
        last = today - timedelta(days=today.day)
        return last.replace(day=1), last
    if chosen.period == "since_working_day":
        before = (today - timedelta(days=n) for n in range(1, 15))
        return next(day for day in before if clock.working_hours().of_day(day)), today
    return today - timedelta(days=back[chosen.period]), today - timedelta(days=chosen.period == "yesterday")


def local(moment, clock):
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(clock.zone)).date()


def is_listed(entry, chosen, field):
    wanted = getattr(chosen, field)
    return not wanted or any(value in wanted for value in named(entry, field)) != (field in chosen.excluded)


def named(entry, field):
    """The values of a field as a filter names them."""
    values = entry[f"{field}s"] or [None] if field in ("operator", "tag") else [entry[COLUMNS.get(field, field)]]
    return [NO_VALUE if value is None else "~~" if value == "~" else str(value) for value in values]


def has_words(entry, words):
    visitor = [entry["visitor_name"], entry["visitor_email"], entry["visitor_phone"]]
    texts = [("visitor", entry["question"]), ("data", " ".join(filter(None, visitor)))]
    texts += [(message["kind"], message["text"]) for message in entry["messages"]]
    folded = [(kind, fold(text)) for kind, text in texts if text]
    scope = None
    for term in filter(None, fold(words).split(BETWEEN_TERMS)):
        if term in ("from:visitor", "from:担当者"):
            scope = "visitor" if term == "from:visitor" else "operator"
            continue
        sought = term.lstrip("-").strip('"「」')
        is_there = any(sought in text for kind, text in folded if scope in (None, kind))
        if is_there == term.startswith("-"):
            return False
    return True


def fold(text):
    return unicodedata.normalize("NFKC", text).casefold()


def in_order(entries, sort):
    value = {
        "start": lambda entry: entry["started_at"],
        "end": lambda entry: entry["ended_at"],
        "wait": lambda entry: entry["wait_s"],
        "duration": lambda entry: entry["duration_s"],
        "visitor": lambda entry: entry["visitor_name"],
        "operator": lambda entry: entry["operator"],
        "rating": lambda entry: entry["rating"],
        "due": due,
        "messages": lambda entry: len([m for m in entry["messages"] if m["kind"] != "note"]),
    }[sort.key]
    by_id = sorted(entries, key=lambda entry: entry["id"])
    known = sorted((e for e in by_id if value(e) is not None), key=value, reverse=sort.descending)
    return [entry["id"] for entry in [*known, *(e for e in by_id if value(e) is None)]]


def matching_ids(store, chosen, clock, **which):
    found = matching(store, chosen, clock, **which)
    return {row["id"] for row in store.read(found.select("id"), found.params, found.tables)}


def pages(store, chosen, clock, sort):
    found, page = [], 1
    while ids := list(chat_page(store, chosen, clock, sort, page)["id"]):
        found, page = found + ids, page + 1
    return found


def check_which(store, world, chosen, clock):
    expected = {entry["id"] for entry in world if meets(entry, chosen, clock)}
    assert matching_ids(store, chosen, clock) == expected
    restored = [entry | {"deleted_at": None} for entry in world if entry["deleted_at"]]
    deleted = {entry["id"] for entry in restored if meets(entry, chosen, clock)}
    assert matching_ids(store, chosen, clock, deleted=True) == deleted


def check_counts(store, world, chosen, clock):
    counts = category_counts(store, chosen, clock)
    for category in CATEGORIES:
        assert counts[category] == sum(meets(e, replace(chosen, category=category), clock) for e in world)
    assert counts["all"] == sum(counts[status] for status in STATUSES)
    assert counts["monitored"] <= counts["ongoing"]
    monitored = matching_ids(store, replace(chosen, category="monitored"), clock)
    assert monitored <= matching_ids(store, replace(chosen, category="ongoing"), clock)
    starts = [e["started_at"] for e in world if meets(e, chosen, clock)]
    assert daily_counts(store, chosen, clock)["chats"].sum() == len([start for start in starts if start])
    for field, count in loosened(store, chosen, clock).items():
        wider = chosen.without(field, *(["first_day", "last_day"] if field == "period" else []))
        assert count == sum(meets(entry, wider, clock) for entry in world)


def check_facets(store, world, chosen, clock):
    for field, found in facets(store, chosen, (*LIST_FIELDS, *QUEUE_FIELDS), clock).items():
        those = [entry for entry in world if meets(entry, chosen.without(field), clock)]
        expected = Counter(value for entry in those for value in named(entry, field))
        assert {value: count for value, count in found.values if count} == expected
        assert {*getattr(chosen, field), NO_VALUE} <= set(found.names)
        assert (found.chats, found.others) == (len(those), 0)
        assert [n for _, n in found.values] == sorted((n for _, n in found.values), reverse=True)
        if field not in ("operator", "tag"):
            assert sum(expected.values()) == len(those)
        value, count = found.values[0]
        assert len(matching_ids(store, chosen.only(field, value), clock)) == count


def check_histogram(store, world, chosen, clock):
    those = [entry["started_at"] for entry in world if meets(entry, chosen, clock)]
    everything = [entry["started_at"] for entry in world if not entry["deleted_at"]]
    found = histogram(store, chosen, clock)
    assert found.bars["chats"].sum() + found.unknown + found.outside == len(those)
    assert found.unknown == those.count(None)
    for bar in found.bars.itertuples():
        for moments, count in ((those, bar.chats), (everything, bar.total)):
            assert count == sum(bar.start <= on_the_wall(m, clock) < bar.end for m in moments if m)


def on_the_wall(moment, clock):
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(clock.zone)).replace(tzinfo=None)


def check_list(store, world, chosen, clock, sort):
    expected = in_order([entry for entry in world if meets(entry, chosen, clock)], sort)
    assert pages(store, chosen, clock, sort) == expected
    for n, chat_id in enumerate(expected):
        around = Neighbours(([None, *expected])[n], ([*expected, None])[n + 1], n)
        assert neighbours(store, chosen, clock, sort, chat_id) == around


def test_the_store_answers_like_a_plain_reading(workbench, kind, share, monkeypatch):
    monkeypatch.setattr("lib.chats.listing.PAGE_SIZE", 2)

    @settings(max_examples=share(6 if kind == "lake" else 40), deadline=None, database=None)
    @given(world=worlds, asked=st.lists(st.tuples(filters, CLOCKS, sorts), min_size=2, max_size=4))
    def check(world, asked):
        empty(workbench)
        insert(workbench, world)
        for chosen, clock, sort in asked:
            check_which(workbench, world, chosen, clock)
            check_counts(workbench, world, chosen, clock)
            check_facets(workbench, world, chosen, clock)
            check_histogram(workbench, world, chosen, clock)
            check_list(workbench, world, chosen, clock, sort)

    check()
