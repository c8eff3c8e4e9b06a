"""Channels: one vocabulary over the spellings of all systems, in Python as in SQL."""

import duckdb
import pytest

from lib.chats.channels import ANSWERED_SQL, CHANNELS, CODE_SQL, NAMES, channel_code, channel_name, is_answered_in

SPELLINGS = {
    "Channel::FacebookPage": "messenger", "facebook": "messenger", "Facebook Messenger": "messenger",
    "Channel::Whatsapp": "whatsapp", "WhatsApp": "whatsapp", "whats_app": "whatsapp", "app: WhatsApp": "whatsapp",
    "Channel::Line": "line", "LINE": "line", "line": "line", "Channel::WebWidget": "web", "conversation": "web",
    "widget: Shop": None, "twitter": "twitter", "Channel::TwitterProfile": "twitter", "chat": "web",
    "Channel::Api": "api",
    "pigeon post": None, "ライン": None, "": None, "Channel::": None,
    "email": "email", "E-Mail": "email", "sms": "sms", "Channel::TwilioSms": "sms", "instagram": "instagram",
}  # fmt: skip


@pytest.mark.parametrize(("text", "code"), SPELLINGS.items())
def test_every_spelling_of_a_system_is_one_channel(text, code):
    assert channel_code(text) == code
    (found,) = duckdb.execute(f"SELECT {CODE_SQL}, {ANSWERED_SQL} FROM (SELECT $1 AS channel)", [text]).fetchall()
    assert found == (code, code if code and CHANNELS[code].is_answered else None)


def test_no_spelling_stands_for_two_channels():
    spellings = [spelling for channel in CHANNELS.values() for spelling in channel.spellings]
    assert len(spellings) == len(set(spellings))
    assert NAMES.keys() == CHANNELS.keys()


def test_a_channel_that_is_not_known_is_shown_as_it_came():
    assert channel_name("pigeon post") == "pigeon post"
    assert channel_name(None) is None
    assert channel_name("Channel::FacebookPage") == "Messenger"


def test_only_chat_apps_are_answered_without_other_contact_data():
    assert {text for text in SPELLINGS if is_answered_in(text)} == {
        text for text, code in SPELLINGS.items() if code in ("messenger", "whatsapp", "line", "sms", "instagram")
    }
