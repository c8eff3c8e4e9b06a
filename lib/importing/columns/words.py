"""What columns, senders and ratings are called in tables of other systems: the words of words.json."""

import json
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from lib.importing.problems import FieldError
from lib.importing.values import text_or_number

WORDS: dict[str, Any] = json.loads(Path(__file__).with_name("words.json").read_text(encoding="utf-8"))


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
