"""Visitors who wrote in a chat app: they can be answered there, in some of them for 24 hours."""

from datetime import timedelta

import pytest

from lib.chats.states import STATE_SQL
from lib.missed.derive import derive_due, is_due
from tests.importing.files import json_lines, load
from tests.worlds import NOW

HOUR = timedelta(hours=1)


def import_some(store, channel, hours=5, wrote=None, **visitor):
    start = (NOW - hours * HOUR).isoformat() + "Z"
    said = [] if wrote is None else [{"sender_type": "visitor", "at": (NOW - wrote * HOUR).isoformat() + "Z"}]
    said = [entry | {"text": "Hello?"} for entry in said]
    record = {"id": 1, "status": "missed", "started_at": start, "channel": channel, "messages": said}
    load(store, json_lines(record | {"visitor": visitor} if visitor else record))


def told(store, now=NOW):
    derive_due(store, "Asia/Tokyo", now)
    sql = f"SELECT {STATE_SQL} AS state, reply_until, reply_closed_at, due_derived_at AS due FROM chats"
    return store.read(sql)[0]


@pytest.mark.parametrize("channel", ["facebook", "Channel::FacebookPage", "WhatsApp", "messenger"])
def test_a_visitor_without_an_address_can_be_answered_in_the_channel_for_24_hours(store, channel):
    import_some(store, channel)
    found = told(store)
    assert (found["state"], found["reply_until"]) == ("to_do", NOW + 19 * HOUR)
    assert not is_due(store, "Asia/Tokyo", NOW + 18 * HOUR)
    assert is_due(store, "Asia/Tokyo", NOW + 19 * HOUR)
    found = told(store, NOW + 19 * HOUR)
    assert (found["state"], found["reply_until"], found["reply_closed_at"]) == ("no_contact", None, NOW + 19 * HOUR)


def test_the_last_message_of_the_visitor_begins_the_24_hours_again(store):
    import_some(store, "whatsapp", hours=30)
    assert told(store)["state"] == "no_contact"
    import_some(store, "whatsapp", hours=30, wrote=2)
    found = told(store)
    assert (found["state"], found["reply_until"], found["reply_closed_at"]) == ("to_do", NOW + 22 * HOUR, None)


def test_a_visitor_of_line_can_be_answered_without_an_end(store):
    import_some(store, "Channel::Line", hours=200)
    found = told(store, NOW)
    assert (found["state"], found["reply_until"], found["reply_closed_at"]) == ("to_do", None, None)


def test_who_has_an_address_is_to_do_also_after_the_window_has_closed(store):
    import_some(store, "whatsapp", hours=30, email="rin@example.com")
    assert told(store)["state"] == "to_do"


def test_the_chat_is_due_no_later_than_its_window_closes(store):
    # Saturday noon in Tokyo: the working hours alone would leave it until Monday afternoon.
    import_some(store, "whatsapp", hours=48)
    assert told(store)["due"] == NOW - 24 * HOUR
    import_some(store, "web", hours=48)
    assert told(store)["due"] > NOW


def test_a_web_chat_without_contact_data_cannot_be_answered(store):
    import_some(store, "web")
    assert told(store)["state"] == "no_contact"
