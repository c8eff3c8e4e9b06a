"""Conditions read in plain Python, and random ones; what is read is a chat of a world."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
from hypothesis import strategies as st

from lib.chats.categories import STATUSES
from lib.chats.causes import CAUSES
from lib.chats.columns import CONTACTED_HOW, FIELDS, MISSED_REASONS
from lib.chats.filter.filter import Condition, Conditions
from lib.chats.filter.operators import operators_of
from lib.chats.states import REASONS
from lib.chats.states import STATE_NAMES as STATES
from tests.worlds import NOW

TEXTS = ["Aoi", "aoi", "AO", "O'Brien", "o'b", "100%", "%", "_", "\\", "返金", "返", "a_i", "x"]
NUMBERS = ["0", "1", "2", "3.5", "30", "30.5", "60", "-1", "3600", "9" * 40]
DAYS = ["2026-11-22", "2026-11-23", "2026-11-01", "2026-10-31", "2026-11-10", "1900-01-01", "9999-12-31"]
SPANS = [
    ("1", "hours"),
    ("30", "hours"),
    ("1", "days"),
    ("2", "days"),
    ("1", "weeks"),
    ("1", "months"),
    ("9999", "weeks"),
]

some_text = st.none() | st.sampled_from(["Aoi", "AOI", "O'Brien", "100%", "返金する", "a_i", "axi", "back\\slash", ""])
some_moment = st.none() | st.integers(-50, 900).map(lambda hours: NOW - timedelta(hours=hours, seconds=1))
# Columns of a chat that only conditions ask for.
more_columns = {
    "visitor_id": some_text,
    "visitor_ip": some_text,
    "page_url": some_text,
    "page_title": some_text,
    "comment": some_text,
    "system": st.sampled_from(["test", "Zendesk"]),
    "language": st.sampled_from(["en", "ja", "JA"]),
    "missed_reason": st.none() | st.sampled_from(list(MISSED_REASONS)),
    "contacted_by": some_text,
    "contacted_how": st.none() | st.sampled_from(list(CONTACTED_HOW)),
    "follow_up_by": some_text,
    "follow_up_at": some_moment,
    "anonymised_at": some_moment,
    "missed_past": st.sampled_from([None, False, False, True]),
    "taken_in_at": some_moment,
    "visitor_wrote_at": some_moment,
    "reply_channel": st.sampled_from([None, None, "line", "whatsapp"]),
    "reply_closed_at": st.none() | some_moment,
}

CHOICES = {
    "status": STATUSES,
    "missed_reason": list(MISSED_REASONS),
    "cause": CAUSES,
    "contacted_how": list(CONTACTED_HOW),
    "not_needed": list(REASONS),
    "state": list(STATES),
}
BY_KIND = {"number": NUMBERS, "duration": [n for n in NUMBERS if n != "-1"], "moment": DAYS}


def _values(field, shape):
    pool = st.sampled_from(CHOICES.get(field) or BY_KIND.get(FIELDS[field].kind) or TEXTS)
    return {
        "none": st.just(()),
        "one": st.tuples(pool),
        "two": st.tuples(pool, pool),
        "many": st.lists(pool, min_size=1, max_size=3).map(tuple) | _far_too_many(pool),
        "span": st.sampled_from(SPANS),
        "weekdays": st.lists(st.sampled_from("1234567"), min_size=1, max_size=3).map(tuple),
        "hours": st.tuples(st.integers(0, 23), st.integers(1, 24)).filter(lambda h: h[0] != h[1]).map(_texts),
    }[shape]


def _texts(numbers):
    return tuple(map(str, numbers))


def _far_too_many(pool):
    return st.tuples(pool, pool).map(lambda found: (*found, *(f"{n}" for n in range(100, 120))))


def _condition(field):
    by_operator = [
        st.builds(Condition, st.just(field), st.just(code), _values(field, operator.shape))
        for code, operator in operators_of(field).items()
    ]
    return st.one_of(by_operator)


some_condition = st.one_of([_condition(field) for field in FIELDS])
modes = st.sampled_from(["all", "any"])
groups = st.builds(Conditions, modes, st.lists(some_condition, min_size=1, max_size=3).map(tuple))
some_conditions = st.builds(Conditions, modes, st.lists(some_condition | groups, min_size=1, max_size=3).map(tuple))

MOMENTS = {
    "start": "started_at",
    "end": "ended_at",
    "contacted_at": "contacted_at",
    "came_back_at": "came_back_at",
    "recovered_at": "recovered_at",
    "changed_at": "follow_up_at",
    "anonymised": "anonymised_at",
}
COLUMNS = MOMENTS | {
    "status": "status",
    "wait": "wait_s",
    "duration": "duration_s",
    "question": "question",
    "rating": "rating",
    "comment": "comment",
    "tag": "tags",
    "channel": "channel",
    "website": "website",
    "department": "department",
    "operator": "operators",
    "supervisor": "supervisors",
    "language": "language",
    "country": "visitor_country",
    "page_address": "page_url",
    "page_title": "page_title",
    "visitor_name": "visitor_name",
    "visitor_email": "visitor_email",
    "visitor_phone": "visitor_phone",
    "visitor_ip": "visitor_ip",
    "visitor_id": "visitor_id",
    "system": "system",
    "account": "account",
    "chat_id": "vendor_id",
    "missed_reason": "missed_reason",
    "cause": "missed_cause",
    "repeats": "missed_repeats",
    "assignee": "assignee",
    "contacted_by": "contacted_by",
    "contacted_how": "contacted_how",
    "not_needed": "not_needed",
    "changed_by": "follow_up_by",
}


def holds(entry, item, clock):
    """Whether a chat of a world meets a condition, or conditions."""
    if isinstance(item, Conditions):
        met = [holds(entry, inner, clock) for inner in item.items]
        return all(met) if item.mode == "all" else any(met)
    contrary = {"not": "is", "none": "any", "lacks": "has", "unworked": "worked", "filled": "empty", "no": "yes"}.get(
        item.operator
    )
    if contrary:
        return not holds(entry, Condition(item.field, contrary, item.values), clock)
    return is_so(value_of(entry, item.field), item, clock)


def can_be_reached(entry):
    """Whether somebody can write to the visitor, or call."""
    in_channel = entry["reply_channel"] is not None and entry["reply_closed_at"] is None
    return entry["visitor_email"] is not None or entry["visitor_phone"] is not None or in_channel


def state_of(entry):
    """The state of a missed chat."""
    contacted, recovered = entry["contacted_at"], entry["recovered_at"]
    if contacted:
        return "recovered" if recovered and recovered > contacted else "contacted"
    if entry["not_needed"]:
        return "not_needed"
    if entry["came_back_at"]:
        return "came_back"
    if entry["missed_past"] and not entry["taken_in_at"]:
        return "past"
    if not can_be_reached(entry):
        return "no_contact"
    return "to_do" if entry["assignee"] is None else "assigned"


def value_of(entry, field):
    if field == "state":
        return state_of(entry) if entry["status"] == "missed" else None
    if field == "monitored":
        return entry["status"] == "ongoing" and entry["supervisors"] != []
    if field == "messages":
        return len([message for message in entry["messages"] if message["kind"] != "note"])
    # No chat of the world has any.
    if field in ("messages_missing", "deleted_there"):
        return None
    if field == "mails":
        return len(entry["replies"])
    return (entry["due_set_at"] or entry["due_derived_at"]) if field == "due" else entry[COLUMNS[field]]


def is_so(value, condition, clock):
    if condition.operator == "yes":
        return value
    if condition.operator == "empty":
        return value is None or value in ("", [])
    if value is None:
        return False
    if isinstance(value, list):
        return any(text_is_so(part, condition) for part in value)
    if isinstance(value, datetime):
        return moment_is_so(value, condition, clock)
    return text_is_so(value, condition) if isinstance(value, str) else number_is_so(value, condition)


def text_is_so(text, condition):
    first, text = condition.values[0].lower(), text.lower()
    return {
        "is": text == first,
        "any": text in [value.lower() for value in condition.values],
        "has": first in text,
        "begins": text.startswith(first),
    }[condition.operator]


def number_is_so(number, condition):
    numbers = [float(value) for value in condition.values]
    return {
        "is": number == numbers[0],
        "any": number in numbers,
        "more": number > numbers[0],
        "less": number < numbers[0],
        "least": number >= numbers[0],
        "most": number <= numbers[0],
        "between": min(numbers) <= number <= max(numbers),
    }[condition.operator]


def moment_is_so(moment, condition, clock):
    local = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(clock.zone))
    today = clock.now.replace(tzinfo=UTC).astimezone(ZoneInfo(clock.zone)).date()
    if condition.operator == "weekday":
        return str(local.isoweekday()) in condition.values
    if condition.operator == "worked":
        opens, closes = clock.working_hours().of_day(local.date()) or (0, 0)
        return opens <= local.hour * 60 + local.minute < closes
    if condition.operator == "hours":
        first, last = map(int, condition.values)
        return first <= local.hour < last if first < last else local.hour >= first or local.hour < last
    if condition.operator == "last":
        return moment <= clock.now and is_within(moment, local, condition.values, clock.now, today)
    days = sorted(map(date.fromisoformat, condition.values))
    return {
        "before": local.date() < days[0],
        "after": local.date() > days[0],
        "is": local.date() == days[0],
        "between": days[0] <= local.date() <= days[-1],
    }[condition.operator]


def is_within(moment, local, span, now, today):
    count, unit = int(span[0]), span[1]
    if unit == "hours":
        return moment >= now - timedelta(hours=count)
    if unit == "months":
        return local.date() > (pd.Timestamp(today) - pd.DateOffset(months=count)).date()
    return local.date() > today - timedelta(days=min(count * (7 if unit == "weeks" else 1), 36_526))
