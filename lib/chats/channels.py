"""Which channel is meant by what a system calls it, and what it is called here; what is not known stays as it came."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from lib.language import _, mark
from lib.store import looked_up

DAY = timedelta(hours=24)


@dataclass(frozen=True)
class Channel:
    """A channel by its `spellings`, in lower case and letters alone.

    `is_answered` says that a visitor can be answered in it without other contact data, for `window` after the
    visitor's last message (None: without an end).
    """

    spellings: tuple[str, ...]
    is_answered: bool = False
    window: timedelta | None = None


CHANNELS: Mapping[str, Channel] = {
    "web": Channel(("web", "website", "webwidget", "widget", "livechat", "webchat", "conversation", "chat")),
    "app": Channel(("app", "mobile", "mobileapp", "ios", "android", "inapp", "sdk")),
    "email": Channel(("email", "mail")),
    "phone": Channel(("phone", "voice", "call", "phonecall")),
    "sms": Channel(("sms", "twiliosms", "textmessage", "twilio"), is_answered=True),
    "messenger": Channel(
        ("messenger", "facebook", "facebookpage", "facebookmessenger", "fb", "fbmessenger"),
        is_answered=True,
        window=DAY,
    ),
    "whatsapp": Channel(
        ("whatsapp", "whatsappbusiness", "whatsappcloud", "twiliowhatsapp", "wa"), is_answered=True, window=DAY
    ),
    "instagram": Channel(("instagram", "instagramdirect", "instagramdm", "ig"), is_answered=True, window=DAY),
    "line": Channel(("line", "lineofficial", "lineofficialaccount"), is_answered=True),
    "telegram": Channel(("telegram", "telegrambot"), is_answered=True),
    "api": Channel(("api",)),
    "twitter": Channel(("twitter", "twitterprofile")),
}
_CODES = {spelling: code for code, channel in CHANNELS.items() for spelling in channel.spellings}


def _key_sql(text: str) -> str:
    return f"regexp_replace(lower({text}), '^channel::|[^a-z]', '', 'g')"


# Some systems name the kind first, and after a colon the app that is meant.
CODE_SQL = f"""coalesce(
    {looked_up(_CODES, _key_sql("channel"))}, {looked_up(_CODES, _key_sql("regexp_extract(channel, ': *(.+)$', 1)"))}
)"""
# Of a chat, the code of a channel in which its visitor can be answered.
ANSWERED_SQL = looked_up({code: code for code, channel in CHANNELS.items() if channel.is_answered}, CODE_SQL)


def window_sql(code: str) -> str:
    """SQL for how many seconds after the last message of the visitor one can answer in the channel of a code."""
    ends = {code: str(int(each.window.total_seconds())) for code, each in CHANNELS.items() if each.window}
    return f"{looked_up(ends, code)}::BIGINT"


@lru_cache(maxsize=10_000)
def channel_code(text: str | None) -> str | None:
    """The code of the channel that a system calls so; None where it is not known."""
    parts = [text or "", (text or "").partition(":")[2]]
    keys = (re.sub("^channel::|[^a-z]", "", part.strip().lower()) for part in parts)
    return next((code for key in keys if (code := _CODES.get(key))), None)


def channel_of(text: str | None) -> str | None:
    """How a channel is kept that a system calls so: by its code, or as it came where it is not known."""
    return channel_code(text) or text


def is_answered_in(text: str | None) -> bool:
    """Whether a visitor can be answered, without other contact data, in the channel that a system calls so."""
    code = channel_code(text)
    return code is not None and CHANNELS[code].is_answered


NAMES: dict[str, str] = {
    "web": mark("Web chat"),
    "app": mark("App"),
    "email": mark("E-mail"),
    "phone": mark("Phone"),
    "sms": mark("SMS"),
    "messenger": mark("Messenger"),
    "whatsapp": mark("WhatsApp"),
    "instagram": mark("Instagram"),
    "line": mark("LINE"),
    "telegram": mark("Telegram"),
    "api": mark("API"),
    "twitter": mark("X (Twitter)"),
}


def channel_name(text: str | None) -> str | None:
    """What a channel is called, in the current language; `text` is what a system calls it."""
    code = channel_code(text)
    return _(NAMES[code]) if code else text
