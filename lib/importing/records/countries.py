"""Which country is meant, in whatever language or code it is named."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache

from babel import Locale
from babel.core import get_global

# English first, since some names are of different countries in different languages.
LANGUAGES = ("en", "ja", "zh", "zh_Hant", "ko", "de", "fr", "es", "pt", "it", "nl", "ru", "pl", "tr", "sv", "da", "nb",
             "fi", "uk", "cs", "hu", "ro", "el", "he", "ar", "fa", "hi", "id", "th", "vi")  # fmt: skip
# As databases of addresses, and people, call them otherwise than those languages do.
ALSO: Mapping[str, tuple[str, ...]] = {
    "BN": ("Brunei Darussalam",), "BO": ("Bolivia, Plurinational State of",), "CD": ("DR Congo",),
    "CI": ("Ivory Coast",), "CV": ("Cape Verde",), "CZ": ("Czech Republic",),
    "GB": ("Great Britain", "England", "Scotland", "Wales", "Northern Ireland", "英国"), "HK": ("Hong Kong", "香港"),
    "IR": ("Iran, Islamic Republic of",), "KP": ("Korea, Democratic People's Republic of",),
    "KR": ("Korea, Republic of", "Republic of Korea"), "LA": ("Lao People's Democratic Republic",),
    "MD": ("Moldova, Republic of",), "MK": ("Macedonia",), "MM": ("Burma",), "MO": ("Macau", "Macao", "マカオ"),
    "NL": ("Holland",), "PS": ("Palestinian Territory", "Palestine, State of"), "RU": ("Russian Federation",),
    "SY": ("Syrian Arab Republic",), "SZ": ("Swaziland",), "TR": ("Turkey",), "TW": ("Taiwan, Province of China",),
    "TZ": ("Tanzania, United Republic of",), "US": ("United States of America", "America", "米国", "アメリカ"),
    "VE": ("Venezuela, Bolivarian Republic of",), "VN": ("Viet Nam",),
}  # fmt: skip


@lru_cache(maxsize=10_000)
def country_code(text: str) -> str:
    """The two letters (ISO 3166-1) of the country that is named; what names none that is known, as it was written."""
    key = _key(text)
    if len(key) == 2 and key.isascii() and key.isalpha():
        return _replaced().get(key, key.upper())
    return _replaced().get(key) or _names().get(key) or text


def _key(name: str) -> str:
    letters = (sign for sign in unicodedata.normalize("NFKD", name.casefold()) if sign.isalnum())
    return re.sub("^the(?=.{4})", "", "".join(letters))


@cache
def _replaced() -> dict[str, str]:
    """Other codes: those of three letters, and UK."""
    others = get_global("territory_aliases")
    return {code.casefold(): now[0] for code, now in others.items() if code.isalpha() and len(now) == 1}


@cache
def _names() -> dict[str, str]:
    found = {_key(name): code for code, names in ALSO.items() for name in names}
    for language in LANGUAGES:
        for code, name in Locale.parse(language).territories.items():
            # Those of digits are parts of the world.
            if code.isalpha() and code not in ("ZZ", "EU", "EZ", "UN"):
                found.setdefault(_key(name), code)
    return found
