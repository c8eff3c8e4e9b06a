"""Moving the sample to now keeps it believable."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from lib.sample import ANCHOR, RECENT, SAMPLE_DAYS, generate, shifted

Record = dict[str, Any]
NOWS = [
    datetime(2026, 3, 5, 14, 20, 33, 5000),
    datetime(2028, 2, 29, 9, 0),
    datetime(2026, 11, 23),
    ANCHOR,
    datetime(2025, 6, 1, 12, 0),
]


@pytest.fixture(scope="module")
def chats() -> list[Record]:
    return list(generate(2100, 7, ANCHOR, SAMPLE_DAYS, with_edge_cases=True))


def parsed(time: str) -> datetime:
    return datetime.fromisoformat(time)


def is_recent(chat: Record) -> bool:
    return parsed(chat["started_at"]) >= ANCHOR - RECENT


@pytest.mark.parametrize("now", NOWS)
def test_weekday_and_time_of_day_stay(chats: list[Record], now: datetime) -> None:
    before = {chat["id"]: chat for chat in chats if not is_recent(chat)}
    for chat in shifted(chats, now):
        if chat["id"] in before:
            moved = parsed(chat["started_at"]) - parsed(before[chat["id"]]["started_at"])
            assert moved % timedelta(weeks=1) == timedelta()


@pytest.mark.parametrize("now", NOWS)
def test_nothing_lies_in_the_future_or_too_far_back(chats: list[Record], now: datetime) -> None:
    moved = list(shifted(chats, now))
    for chat in moved:
        found = [chat["started_at"], chat.get("ended_at", chat["started_at"])]
        found += [item["at"] for item in chat["messages"] + chat.get("notes", [])]
        assert now - timedelta(days=366) <= min(map(parsed, found)) and max(map(parsed, found)) <= now
    assert len(moved) > 1900
    assert min(parsed(chat["started_at"]) for chat in moved) < now - timedelta(days=360)


@pytest.mark.parametrize("now", NOWS)
def test_recent_chats_keep_their_distance(chats: list[Record], now: datetime) -> None:
    wanted = {chat["id"]: ANCHOR - parsed(chat["started_at"]) for chat in chats if is_recent(chat)}
    whole = now.replace(microsecond=0)
    moved = {chat["id"]: whole - parsed(chat["started_at"]) for chat in shifted(chats, now)}
    assert wanted.items() <= moved.items()


def test_all_time_fields_move_together(chats: list[Record]) -> None:
    before = {chat["id"]: chat for chat in chats}
    for chat in shifted(chats, NOWS[0]):
        old = before[chat["id"]]
        by = parsed(chat["started_at"]) - parsed(old["started_at"])
        pairs = [(chat["messages"], old["messages"]), (chat.get("notes", []), old.get("notes", []))]
        for new_items, old_items in pairs:
            expected = [parsed(item["at"]) + by for item in old_items]
            assert [parsed(item["at"]) for item in new_items] == expected
        if "ended_at" in old:
            assert parsed(chat["ended_at"]) == parsed(old["ended_at"]) + by


def test_records_are_not_changed(chats: list[Record]) -> None:
    copies = [dict(chat) for chat in chats]
    list(shifted(chats, NOWS[0]))
    assert chats == copies == list(generate(2100, 7, ANCHOR, SAMPLE_DAYS, with_edge_cases=True))


def test_missing_times_are_no_problem() -> None:
    bare = {"id": "1", "messages": [{"sender_type": "visitor", "text": "Hi"}]}
    assert list(shifted([bare], NOWS[0])) == [bare]
