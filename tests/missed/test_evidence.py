"""Why a chat was missed, in words with the evidence, in both languages."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from lib.chats.causes import CAUSES
from lib.chats.chat import find_chat
from lib.chats.hours import Hours
from lib.language import in_language
from lib.missed.evidence import clock_time, evidence
from lib.missed.settings import Rules
from lib.store import Store
from tests.worlds import make_chat

TOKYO = "Asia/Tokyo"
RULES = Rules(Hours(dict.fromkeys(range(1, 6), (540, 1440)), {date(2026, 11, 23): "勤労感謝の日"}))
SATURDAY = datetime(2026, 11, 21, 13, 14)
HOLIDAY = datetime(2026, 11, 23, 3)
EARLY = datetime(2026, 11, 23, 23, 59)


@pytest.fixture(scope="module")
def chat(tmp_path_factory):
    """A missed chat as it comes out of a store."""
    store = Store(str(tmp_path_factory.mktemp("evidence") / "x.duckdb"))
    made = find_chat(store, make_chat(store, status="missed", operator="Aoi", duration_s=12.0, system="Zendesk Chat"))
    store.close()
    return made


SENTENCES = [
    (
        {"missed_cause": "out_of_hours", "started_at": SATURDAY},
        "Out of hours: it began on Saturday, 21 November 2026, 22:14; that day is closed.",
    ),
    (
        {"missed_cause": "out_of_hours", "started_at": HOLIDAY},
        "Out of hours: it began on Monday, 23 November 2026, 12:00; that day is a holiday (勤労感謝の日).",
    ),
    (
        {"missed_cause": "out_of_hours", "started_at": EARLY},
        "Out of hours: it began on Tuesday, 24 November 2026, 08:59; that day the hours are 09:00–24:00.",
    ),
    ({"missed_cause": "out_of_hours", "started_at": None}, "Out of hours: the chat did not begin in working hours."),
    ({"missed_cause": "left_early"}, "Visitor left at once: after 12 s (limit 30 s)."),
    ({"missed_cause": "assigned_silent"}, "Assigned but silent: Aoi had the chat and did not answer."),
    (
        {"missed_cause": "assigned_silent", "operators": ("Aoi", "Ben", "{x}")},
        "Assigned but silent: Aoi, Ben and {x} had the chat and did not answer.",
    ),
    (
        {"missed_cause": "nobody_assigned"},
        "Nobody there: it was in working hours, no operator is named, and none answered.",
    ),
    (
        {"missed_cause": "bot_handoff_failed"},
        "Bot hand-off failed: a bot wrote, no operator is named, and none answered.",
    ),
    (
        {"missed_cause": "offline_form"},
        "Offline form: the visitor left a message in the form that Zendesk Chat shows while nobody is there.",
    ),
    ({"missed_cause": "unknown"}, "Unknown: an operator answered, although the chat counts as missed."),
    (
        {"missed_cause": "unknown", "started_at": None},
        "Unknown: the start is not known, so it cannot be told whether somebody should have been there.",
    ),
    ({"missed_cause": None}, ""),
]


@pytest.mark.parametrize(("fields", "sentence"), SENTENCES)
def test_the_evidence(chat, fields, sentence):
    assert evidence(replace(chat, **fields), RULES, TOKYO) == sentence


def test_every_cause_has_evidence_in_both_languages(chat):
    for cause in CAUSES:
        missed = replace(chat, missed_cause=cause, started_at=SATURDAY, operators=("青井",), system="店")
        with in_language("ja"):
            japanese = evidence(missed, RULES, TOKYO)
        assert "：" in japanese
        assert japanese != evidence(missed, RULES, TOKYO)


@pytest.mark.parametrize("moment", [datetime(9999, 12, 31, 23), datetime(1, 1, 1)])
@pytest.mark.parametrize("zone", [TOKYO, "America/New_York"])
def test_a_moment_beyond_the_calendar_is_no_trouble(chat, moment, zone):
    assert evidence(replace(chat, missed_cause="out_of_hours", started_at=moment), RULES, zone)


@pytest.mark.parametrize(("minute", "text"), [(0, "00:00"), (545, "09:05"), (1440, "24:00")])
def test_minutes_of_the_day(minute, text):
    assert clock_time(minute) == text
