"""How tables of other systems write times, spans, ratings and lists, and what they call columns
and senders (words.json).

A spelling that is not known stays as it is.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from lib.importing.problems import FieldError
from lib.importing.records.spelled_times import DateOrder, moment_of, time_of_day
from lib.importing.records.values import text_or_number

WORDS: dict[str, Any] = json.loads(Path(__file__).with_name("words.json").read_text(encoding="utf-8"))
# What the reader of times takes as it is, with or without a zone.
ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[-+][0-9:]+)?)?\Z")
SPAN = re.compile(r"([0-9]{1,4}):([0-5]?[0-9]):([0-5]?[0-9](?:\.[0-9]{1,6})?)")
SCORE = re.compile(r"([0-9]{1,3})(?:\.0+)?(?: ?/ ?5)?")
STARS = re.compile(r"(?:[★⭐]\ufe0f?)+☆*")
SEPARATORS = re.compile(r"[,;|、，；]")


def normal(text: str) -> str:
    """The letters and digits of a text, small and of the usual width; a text without any as it is."""
    small = unicodedata.normalize("NFKC", text).casefold()
    return "".join(filter(str.isalnum, small)) or small.strip()


def text_of(value: Any) -> str | None:
    """A text with a visible character, or a whole number as its digits; None for anything else."""
    try:
        return text_or_number(value, "")
    except FieldError:
        return None


def meanings(column: str) -> dict[str, int]:
    """The fields that a column of this name may be, each with a rank (0 is best); "" is something that is no field."""
    name = normal(column)
    found = {}
    for field, patterns in _patterns().items():
        rank = next((rank for rank, pattern in enumerate(patterns) if pattern.fullmatch(name)), None)
        if rank is not None:
            found[field] = rank
    return found


def sender_of(word: str) -> str | None:
    """Our sender type for a word of another system."""
    return SENDER_OF_WORD.get(normal(word))


def _by_word(lists: Mapping[str, list[str]]) -> dict[str, str]:
    return {normal(word): meaning for meaning, words in lists.items() for word in words}


SENDER_OF_WORD = _by_word(WORDS["senders"])
# An empty text is "not rated".
RATING_OF_WORD = _by_word(WORDS["ratings"])


@cache
def _patterns() -> dict[str, list[re.Pattern[str]]]:
    groups = {name: f"(?:{words})" for name, words in WORDS["groups"].items()}
    lists: dict[str, list[str]] = {**WORDS["fields"], "": WORDS["others"]}
    return {field: [re.compile(text.format(**groups)) for text in texts] for field, texts in lists.items()}


def iso_time(value: str, order: DateOrder | None) -> str:
    """A time as ISO 8601; the value itself where it is that already, or no time of a known spelling."""
    if ISO.match(value):
        return value
    moment = moment_of(value, order)
    return moment.isoformat() if moment else value


def at_clock(day: str, clock: str, *, is_end: bool = False) -> str:
    """The day of a time (as of `iso_time`) at a time of day; both as they are where they make no time.

    `is_end` says that `day` is a start, so that an earlier time of day is of the day after.
    """
    begin, at = moment_of(day), time_of_day(clock)
    if begin is None or at is None or (not is_end and begin.time() != time()):
        return f"{day} {clock}".strip()
    moment = datetime.combine(begin, at, at.tzinfo or begin.tzinfo)
    return (moment + timedelta(days=is_end and at.replace(tzinfo=None) < begin.time())).isoformat()


def seconds(value: str) -> float | str:
    """The seconds of a span such as 0:02:30."""
    found = SPAN.fullmatch(value.strip())
    return int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3]) if found else value


def rating(value: str) -> int | str | None:
    """1 to 5 for ratings such as 4/5, ★★★★ or "good"; None for "not rated"."""
    text = unicodedata.normalize("NFKC", value).strip()
    if found := SCORE.fullmatch(text):
        return int(found[1])
    if STARS.fullmatch(text):
        return text.count("★") + text.count("⭐")
    word = RATING_OF_WORD.get(normal(text))
    return value if word is None else int(word) if word else None


def listed(value: str) -> list[str] | str:
    """The items of a list; one that is written as JSON stays as it is."""
    if value.lstrip().startswith("["):
        return value
    return [item.strip() for item in SEPARATORS.split(value) if item.strip()]
