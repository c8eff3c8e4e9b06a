"""Replies inside a chat: each group is what a plain reading of the messages says, and the rows that it opens."""

import math
from datetime import timedelta
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.chats.counts import category_counts
from lib.chats.filter.filter import ChatFilter, as_chosen
from lib.reports.replies import Replies, replies, replies_filter
from tests.worlds import NOW, TOKYO, chat, empty, id_of, insert

START = NOW - timedelta(days=2)
some_messages = st.lists(
    st.builds(
        lambda kind, minute, offset_s, automatic: {
            "kind": kind,
            "sent_at": None if minute is None else START + timedelta(minutes=minute),
            "offset_s": offset_s,
            "automatic": automatic,
        },
        st.sampled_from(["visitor", "visitor", "visitor", "operator", "operator", "bot", "system", "note"]),
        st.sampled_from([None, 1, 2, 3, 5, 8, 13, 21, 34]),
        st.sampled_from([None, 30.0, 600.5]),
        st.sampled_from([None, None, None, True]),
    ),
    max_size=9,
)
some_chat = st.builds(
    chat,
    started_at=st.sampled_from([None, START, START, START - timedelta(days=40)]),
    status=st.sampled_from(["missed", "completed", "completed", "completed"]),
    wait_s=st.sampled_from([None, 5.0, 5.0]),
    department=st.sampled_from([None, "Orders"]),
    operators=st.sampled_from([[], ["Aoi"], ["Aoi", "Ken"]]),
    messages=some_messages,
)
GROUPS = {
    "department": lambda entry: [as_chosen(entry["department"])],
    "operator": lambda entry: entry["operators"],
    "hour": lambda entry: [12],
}


def waits_of(entry):
    """The seconds of each answer after the first one, message by message."""
    answers, asked, turn = [], None, None
    for message in entry["messages"]:
        if message["kind"] not in ("visitor", "operator") or (message["kind"] == "operator" and message["automatic"]):
            continue
        moment = message["sent_at"]
        if moment is None and message["offset_s"] is not None:
            moment = entry["started_at"] + timedelta(seconds=message["offset_s"])
        if message["kind"] == "visitor" and turn != "visitor":
            asked = moment
        if message["kind"] == "operator" and turn == "visitor":
            known = moment is not None and asked is not None
            answers.append(max((moment - asked).total_seconds(), 0) if known else None)
        turn = message["kind"]
    return [seconds for seconds in answers[1:] if seconds is not None]


def quantile(values, q):
    ordered, place = sorted(values), q * (len(values) - 1)
    low, high = ordered[math.floor(place)], ordered[math.ceil(place)]
    return low + (high - low) * (place - math.floor(place))


def plain(entries):
    """The numbers of some chats."""
    each = [waits_of(entry) for entry in entries]
    waits, longest = [seconds for of_chat in each for seconds in of_chat], [max(waits) for waits in each if waits]
    if not waits:
        return (len(entries), 0, None, None, None, None)
    return (len(entries), len(waits), median(waits), quantile(waits, 0.9), median(longest), max(longest))


def told(found: Replies):
    return (found.chats, found.answers, found.wait, found.wait_90, found.longest, found.longest_of_all)


def test_each_group_is_what_a_plain_reading_says_and_the_rows_that_it_opens(store, share):
    @settings(max_examples=share(240))
    @given(st.lists(some_chat, max_size=5), st.sampled_from(sorted(GROUPS)))
    def same(world, by):
        empty(store)
        insert(store, world)
        chosen = ChatFilter(period="last_30")
        answered = [
            entry
            for entry in world
            if entry["started_at"] == START
            and entry["status"] != "missed"
            and entry["operators"]
            and entry["wait_s"] is not None
        ]
        found = replies(store, chosen, by, TOKYO)
        assert told(found.whole) == pytest.approx(plain(answered), nan_ok=True)
        keys = {key for entry in answered for key in GROUPS[by](entry)}
        assert found.groups.keys() == keys
        for key, group in found.groups.items():
            assert told(group) == pytest.approx(plain([e for e in answered if key in GROUPS[by](e)]))
        for key, group in [(None, found.whole), *found.groups.items()]:
            rows = replies_filter(chosen, by, key, TOKYO)
            assert category_counts(store, rows, TOKYO)["all"] == group.chats

    same()


def said(name, *turns):
    messages = [{"kind": kind, "sent_at": START + timedelta(minutes=minute)} for kind, minute in turns]
    return chat(name, started_at=START, wait_s=5.0, operators=["Aoi"], messages=messages)


def test_the_longest_silence_names_its_chat_and_the_first_answer_is_none(store):
    visitor, operator = "visitor", "operator"
    empty(store)
    insert(
        store,
        [
            said("late first", (visitor, 0), (operator, 50), (visitor, 51), (operator, 52)),
            said("late later", (visitor, 0), (operator, 1), (visitor, 2), (visitor, 9), (operator, 12), (operator, 60)),
            said("operator began", (operator, 0), (visitor, 1), (operator, 40), (visitor, 41), (operator, 43)),
        ],
    )
    whole = replies(store, ChatFilter(), "operator", TOKYO).whole
    assert told(whole) == (3, 3, 120.0, pytest.approx(504.0), 120.0, 600.0)
    assert whole.slowest == id_of("late later")


def test_days_that_have_not_come_and_chats_without_a_start_have_none(store):
    tomorrow = TOKYO.today + timedelta(days=1)
    for chosen in (ChatFilter(period="unknown"), ChatFilter(period="custom", first_day=tomorrow, last_day=tomorrow)):
        assert replies(store, chosen, "operator", TOKYO) is None
