"""The generated chats: reproducible, valid, and believable in their numbers."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import mean, median
from typing import Any

import pytest

from lib.sample import ANCHOR, LONG_CHAT_ID, LONG_CHAT_MESSAGES, RECENT, SAMPLE_DAYS, generate
from lib.sample.team import OPERATORS

Record = dict[str, Any]
COUNT = 2100
CHAT_FIELDS = {
    "id": str,
    "started_at": str,
    "ended_at": str,
    "status": str,
    "supervisors": list,
    "channel": str,
    "website": str,
    "department": str,
    "operator": str,
    "operators": list,
    "visitor": dict,
    "page_url": str,
    "page_title": str,
    "language": str,
    "question": str,
    "wait_s": int,
    "rating": int,
    "comment": str,
    "tags": list,
    "messages": list,
    "notes": list,
}
VISITOR_FIELDS = {"id", "name", "email", "phone", "country", "ip"}
MESSAGE_FIELDS = {"at", "sender_type", "sender_name", "text", "attachment"}
STATUSES = {"ongoing", "missed", "reopened", "completed"}
SENDERS = {"visitor", "operator", "bot", "system", "note"}


@pytest.fixture(scope="module")
def chats() -> list[Record]:
    return list(generate(COUNT, 7, ANCHOR, SAMPLE_DAYS, with_edge_cases=True))


@pytest.fixture(scope="module")
def ordinary(chats: list[Record]) -> list[Record]:
    return [chat for chat in chats if chat["id"] < "S-9"]


def of_status(chats: list[Record], *statuses: str) -> list[Record]:
    return [chat for chat in chats if chat["status"] in statuses]


def senders(chat: Record) -> set[str]:
    return {message["sender_type"] for message in chat["messages"]}


def is_japanese(chat: Record) -> bool:
    return any("\u3040" <= letter <= "\u30ff" for message in chat["messages"] for letter in message["text"])


def times(chat: Record) -> list[str]:
    found = [chat["started_at"], *(message["at"] for message in chat["messages"])]
    found += [note["at"] for note in chat.get("notes", [])]
    return found + ([chat["ended_at"]] if "ended_at" in chat else [])


def seconds_between(first: str, last: str) -> float:
    return (datetime.fromisoformat(last) - datetime.fromisoformat(first)).total_seconds()


def is_recent(chat: Record) -> bool:
    return datetime.fromisoformat(chat["started_at"]) >= ANCHOR - RECENT


def test_same_seed_same_chats() -> None:
    first, again, other = (list(generate(300, seed, ANCHOR, SAMPLE_DAYS)) for seed in (3, 3, 4))
    assert first == again
    assert first != other


def test_count_and_ids(chats: list[Record]) -> None:
    assert len(chats) == COUNT
    assert len({chat["id"] for chat in chats}) == COUNT


@pytest.mark.parametrize("count", [0, 1, 5, 12, 40])
def test_small_counts(count: int) -> None:
    assert len(list(generate(count, 1, ANCHOR, 30))) == count
    assert len(list(generate(count, 1, ANCHOR, 371, with_edge_cases=True))) == count


def test_only_named_fields_of_the_right_type(chats: list[Record]) -> None:
    for chat in chats:
        assert all(type(value) is CHAT_FIELDS[key] for key, value in chat.items()), chat["id"]
        assert chat["visitor"].keys() <= VISITOR_FIELDS
        assert chat["status"] in STATUSES
        assert chat.get("language") in {"ja", "en", None}
        assert chat.get("rating", 3) in range(1, 6)
        assert chat.get("wait_s", 0) >= 0
        assert len(chat["visitor"].get("country", "JP")) == 2


def test_messages_have_only_named_fields(chats: list[Record]) -> None:
    for message in (message for chat in chats for message in chat["messages"]):
        assert message.keys() <= MESSAGE_FIELDS
        assert message["sender_type"] in SENDERS
        assert isinstance(message["text"], str) and message["text"]
        if "attachment" in message:
            assert message["attachment"].keys() == {"name", "type", "size", "url"}
            assert message["attachment"]["url"].startswith("https://files.example.com/")


def test_no_slot_is_left(ordinary: list[Record]) -> None:
    assert not [m["text"] for chat in ordinary for m in chat["messages"] if set("{}") & set(m["text"])]


def test_times_are_bare_in_order_and_inside(chats: list[Record]) -> None:
    for chat in chats:
        parsed = [datetime.fromisoformat(time) for time in times(chat)]
        assert all(time.tzinfo is None for time in parsed)
        assert ANCHOR - timedelta(days=SAMPLE_DAYS) <= min(parsed) and max(parsed) <= ANCHOR
        sent = [message["at"] for message in chat["messages"]]
        assert sent == sorted(sent)
        assert chat["started_at"] <= sent[0] and sent[-1] <= chat.get("ended_at", "9")


def test_chats_are_in_order_of_time(ordinary: list[Record]) -> None:
    starts = [chat["started_at"] for chat in ordinary if not is_recent(chat)]
    assert starts == sorted(starts)


def test_shares(chats: list[Record]) -> None:
    share = {status: count / COUNT for status, count in Counter(chat["status"] for chat in chats).items()}
    assert 0.77 < share["completed"] < 0.84
    assert 0.11 < share["missed"] < 0.15
    assert 0.03 < share["reopened"] < 0.05
    assert len(of_status(chats, "ongoing")) == 10
    assert 0.45 < mean(map(is_japanese, chats)) < 0.55


def test_running_chats(chats: list[Record]) -> None:
    running = of_status(chats, "ongoing")
    assert sum("supervisors" in chat for chat in running) == 3
    assert all(map(is_recent, running))
    assert all(seconds_between(chat["messages"][-1]["at"], ANCHOR.isoformat()) < 240 for chat in running)
    assert not any("ended_at" in chat for chat in running)
    assert sum(map(is_recent, chats)) == 15


def test_missed_chats(chats: list[Record]) -> None:
    missed = of_status(chats, "missed")
    for chat in missed:
        assert "operator" not in chat and "operators" not in chat
        assert "visitor" in senders(chat) and not senders(chat) & {"operator", "note"}
        assert 60 <= seconds_between(chat["started_at"], chat["ended_at"]) <= 20 * 60
    assert 0.5 < mean("email" in chat["visitor"] for chat in missed) < 0.65


def test_missed_chats_are_missed_when_teams_are_away(ordinary: list[Record]) -> None:
    def is_away(chat: Record) -> bool:
        time = datetime.fromisoformat(chat["started_at"])
        return time.weekday() > 4 or not 9 <= time.hour < 18 or time.hour == 12

    assert mean(map(is_away, of_status(ordinary, "missed"))) > 0.8
    assert mean(map(is_away, ordinary)) < 0.4


def test_answered_chats_have_a_known_operator(chats: list[Record]) -> None:
    names = {operator.name for operator in OPERATORS}
    assert len(names) == 14
    answered = of_status(chats, "completed", "reopened")
    assert {chat["operator"] for chat in answered} == names
    assert all("operator" in senders(chat) for chat in answered)


def test_reopened_chats_have_a_later_part(chats: list[Record]) -> None:
    for chat in of_status(chats, "reopened"):
        sent = [message["at"] for message in chat["messages"]]
        assert max(seconds_between(*pair) for pair in pairwise(sent)) > 20 * 60


def test_waits(ordinary: list[Record]) -> None:
    waits = []
    for chat in of_status(ordinary, "completed"):
        first = next(message["at"] for message in chat["messages"] if message["sender_type"] == "operator")
        waits.append(seconds_between(chat["started_at"], first))
        assert chat.get("wait_s", waits[-1]) == waits[-1]
    assert 32 <= median(waits) <= 50
    assert 400 < max(waits) <= 910


def test_lengths(ordinary: list[Record]) -> None:
    lengths = sorted(len(chat["messages"]) for chat in of_status(ordinary, "completed"))
    assert lengths[len(lengths) // 10] >= 6
    assert lengths[len(lengths) * 9 // 10] <= 18


def test_visitors_come_back(chats: list[Record]) -> None:
    visits = Counter(chat["visitor"]["id"] for chat in chats)
    assert 0.2 < sum(count for count in visits.values() if count > 1) / COUNT < 0.3
    emails: dict[str, set[str | None]] = {}
    for chat in chats:
        emails.setdefault(chat["visitor"]["id"], set()).add(chat["visitor"].get("email"))
    assert all(len(each) == 1 for each in emails.values())


def test_what_is_unknown_is_left_out(ordinary: list[Record]) -> None:
    for key in ("email", "name", "country"):
        assert 0.03 < mean(key not in chat["visitor"] for chat in ordinary) < 0.25
    for key in ("department", "website", "channel", "rating", "tags", "question", "wait_s", "language"):
        assert 0 < sum(key in chat for chat in ordinary) < len(ordinary)


def test_addresses_are_made_up(ordinary: list[Record]) -> None:
    hosts = {chat["visitor"]["email"].split("@")[1] for chat in ordinary if "email" in chat["visitor"]}
    assert hosts == {"example.com", "example.jp", "example.org"}
    assert len({chat.get("website") for chat in ordinary} - {None}) == 3
    assert 18 <= len({chat["visitor"].get("country") for chat in ordinary} - {None}) <= 24


def test_wording_varies(ordinary: list[Record]) -> None:
    first = [next(m["text"] for m in chat["messages"] if m["sender_type"] == "visitor") for chat in ordinary]
    openings = Counter(first)
    assert len(openings) > 400
    assert max(openings.values()) / len(ordinary) < 0.05


def test_unhappy_ratings_exist(ordinary: list[Record]) -> None:
    ratings = Counter(chat["rating"] for chat in ordinary if "rating" in chat)
    assert set(ratings) == {1, 2, 3, 4, 5}
    assert ratings[5] > ratings[4] > ratings[2]
    assert any("comment" in chat for chat in ordinary if chat.get("rating", 5) < 3)


def test_long_chat(chats: list[Record]) -> None:
    [long] = [chat for chat in chats if len(chat["messages"]) > 100]
    assert (long["id"], len(long["messages"])) == (LONG_CHAT_ID, LONG_CHAT_MESSAGES)


def test_hostile_texts_only_when_asked_for(chats: list[Record]) -> None:
    hostile = [chat for chat in chats if chat["id"].startswith("S-9000")]
    assert [chat["id"] for chat in hostile] == [f"S-90000{number}" for number in range(1, 10)]
    text = "\n".join(
        value
        for chat in hostile
        for value in [chat["visitor"]["name"], *(message["text"] for message in chat["messages"])]
    )
    for part in (
        "<script>",
        "onerror=",
        "![x](",
        "javascript:",
        "$$",
        ":red[",
        "=HYPERLINK",
        "DROP TABLE",
        "\u202e",
        "\u200b",
        "\x1b",
        "\r\nBcc:",
        "=?utf-8?q?",
        "👍🏿",
    ):
        assert part in text
    assert max(map(len, text.split())) == 600
    assert "\0" not in text
    assert not [chat for chat in generate(500, 7, ANCHOR, SAMPLE_DAYS) if chat["id"] >= "S-9"]


@pytest.mark.parametrize("wanted", [4.0, 10.0, 15.0])
def test_mean_of_messages(wanted: float) -> None:
    lengths = [len(chat["messages"]) for chat in generate(3000, 1, ANCHOR, 371, messages_per_chat=wanted)]
    assert mean(lengths) == pytest.approx(wanted, rel=0.02)
    assert len(set(lengths)) > 4


def test_any_end_and_span() -> None:
    end = datetime(2026, 3, 5, 14, 20)
    found = list(generate(200, 1, end, 20, ongoing=4))
    moments = [datetime.fromisoformat(time) for chat in found for time in times(chat)]
    assert end - timedelta(days=20) <= min(moments)
    assert max(moments) <= end
    assert len(of_status(found, "ongoing")) == 4
