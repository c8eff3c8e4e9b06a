"""Names of countries and languages, and lists of names, in the current language."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.lists import format_list

from lib.language.choosing import current, locale_of
from lib.language.numbers import UNKNOWN

_COUNTRY = re.compile(r"[A-Za-z]{2}")
# Babel opens a file named after the code, and codes come from visitors' browsers.
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}")


def country(code: str | None) -> str:
    """Return the name of a country given by its two-letter code; a code that is unknown, as it is."""
    if not isinstance(code, str) or not code:
        return UNKNOWN
    territories = locale_of(current()).territories
    return str(territories.get(code.upper(), code)) if _COUNTRY.fullmatch(code) else code


def language_name(code: str | None) -> str:
    """Return the name of a language given by a code such as "de" or "zh-TW"; an unknown code, as it is."""
    if not isinstance(code, str) or not code:
        return UNKNOWN
    return _language_name(code, current()) if _LANGUAGE.fullmatch(code) else code


def listing(items: Iterable[str], style: Literal["standard", "or"] = "standard") -> str:
    """Return the items in one phrase: "a, b and c", or "a, b or c" in the style "or"."""
    # "en" puts a comma before "and"; international English does not.
    return format_list(list(items), style=style, locale="en_001" if current() == "en" else current())


def joined(items: Iterable[str]) -> str:
    """Return the items side by side: "a, b, c"."""
    return ("、" if current() == "ja" else ", ").join(items)


@lru_cache(maxsize=1000)
def _language_name(code: str, language: str) -> str:
    locale = locale_of(language)
    try:
        name = Locale.parse(code.replace("-", "_")).get_display_name(locale)
    except (ValueError, UnknownLocaleError):
        name = locale.languages.get(code.lower())
    return str(name or code)
