"""Names of saved views: what may be one, and what those are called that are there from the start."""

import unicodedata
from collections.abc import Mapping
from typing import Final

from lib.language import LANGUAGES, _, in_language, mark
from lib.store.search_form import search_form
from lib.text import is_unsafe

LONGEST_NAME: Final = 80

DEFAULT_NAMES: Final[Mapping[str, str]] = {
    "missed_today": mark("Missed today"),
    "waiting_longest": mark("Waiting longest"),
    "low_ratings": mark("Low ratings with comment"),
    "reopened_lately": mark("Reopened in the last 7 days"),
    "no_contact": mark("Missed without contact data"),
}


def clean_name(typed: str) -> str:
    """A name without control characters and with single spaces; empty where nothing of it can be seen."""
    kept = "".join(sign for sign in " ".join(typed.split()) if not is_unsafe(sign))
    name = " ".join(kept.split())
    return name if any(unicodedata.category(sign)[0] not in "CZM" for sign in name) else ""


def name_of(code: str | None, name: str | None) -> str:
    """What a view is called in the current language."""
    return name if name is not None else _(DEFAULT_NAMES[code or ""])


def names_of(code: str | None, name: str | None) -> set[str]:
    """What a view is called in any of the languages, in a form in which names that look alike are the same."""
    if name is not None:
        return {search_form(name)}
    found = set()
    for language in LANGUAGES:
        with in_language(language):
            found.add(search_form(name_of(code, name)))
    return found
