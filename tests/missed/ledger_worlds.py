"""Missed chats in every state, and a plain reading of what the states are."""

from datetime import timedelta

from hypothesis import strategies as st

from tests.chats.plain_conditions import can_be_reached
from tests.worlds import NOW, chat

HOUR = timedelta(hours=1)
NAMES = ["Aoi", "O'Brien", "返金", "~", "~~"]
# The same as filters and figures name them, where one tilde alone stands for no value.
CHOSEN = dict(zip([None, *NAMES], ["~", *NAMES[:3], "~~", "~~~"], strict=True))

some_name = st.none() | st.sampled_from(NAMES)
# Today, the last two weeks, and any time within two spans of thirty days.
hours_ago = (st.integers(-5, 24) | st.integers(0, 24 * 15) | st.integers(0, 24 * 62)).map(lambda n: NOW - n * HOUR)
some_moment = st.none() | st.integers(0, 100).map(lambda hours: NOW - hours * HOUR)
# Around midnight in three zones, and around a change of clocks.
some_start = (
    hours_ago
    | st.sampled_from([NOW.replace(hour=15, minute=0) - timedelta(days=1), NOW.replace(hour=5) - timedelta(days=1)])
    | st.integers(0, 30).map(lambda hours: NOW.replace(month=11, day=1, hour=0) + hours * HOUR)
)


def ledger_chat(status, start, contacted_after_h, recovered_after_h, **fields):
    contacted = start and start + contacted_after_h * HOUR if contacted_after_h is not None else None
    recovered = contacted + recovered_after_h * HOUR if contacted and recovered_after_h is not None else None
    return chat(status=status, started_at=start, contacted_at=contacted, recovered_at=recovered, **fields)


some_ledger_chat = st.builds(
    ledger_chat,
    st.sampled_from(["missed", "missed", "missed", "completed"]),
    st.none() | some_start,
    st.none() | st.integers(0, 90),
    st.none() | st.sampled_from([-1, 0, 5]),
    visitor_email=st.none() | st.just("rin@example.com"),
    visitor_phone=st.none() | st.none() | st.just("+4912345"),
    not_needed=st.none() | st.none() | st.just("spam"),
    came_back_at=some_moment,
    came_back_noticed_at=some_moment,
    missed_noticed_at=some_moment,
    visitor_wrote_at=some_moment,
    missed_past=st.sampled_from([None, False, False, True]),
    taken_in_at=st.none() | some_moment,
    reply_channel=st.sampled_from([None, None, "line"]),
    reply_closed_at=some_moment,
    due_derived_at=some_moment | st.just(NOW + HOUR),
    due_set_at=st.none() | some_moment,
    assignee=some_name,
    missed_cause=st.none() | st.sampled_from(["out_of_hours", "unknown"]),
    missed_repeats=st.none() | st.sampled_from([1, 3]),
    department=some_name,
    operators=st.lists(st.sampled_from(NAMES), max_size=3),
    deleted_at=st.sampled_from([None, None, None, NOW - HOUR, NOW - 50 * HOUR]),
)
ledger_worlds = st.lists(some_ledger_chat, max_size=14)


def is_missed(entry):
    return entry["status"] == "missed"


def is_reachable(entry):
    return can_be_reached(entry)


def is_recovered(entry):
    contacted, recovered = entry["contacted_at"], entry["recovered_at"]
    return contacted is not None and recovered is not None and recovered > contacted


def has_come_back(entry):
    return entry["contacted_at"] is None and entry["not_needed"] is None and entry["came_back_at"] is not None


def is_past(entry):
    return bool(entry["missed_past"]) and entry["taken_in_at"] is None


def is_open(entry):
    return (
        not is_past(entry)
        and is_reachable(entry)
        and entry["contacted_at"] is None
        and entry["not_needed"] is None
        and entry["came_back_at"] is None
    )


def due(entry):
    return entry["due_set_at"] or entry["due_derived_at"]
