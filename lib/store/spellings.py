"""What an e-mail address, a phone number, an IP address and a name may look like: for search, masking and mails alike.

People and input methods write them in full width, with any of a dozen dashes, in capitals, without accents. Patterns
for SQL are RE2's; those for Python are of the NFKC form, in which only dashes still differ. The form in which texts are
compared in a search is known to the store as the SQL function `search_form`.
"""

import re
from collections import defaultdict
from functools import lru_cache
from typing import Final
from unicodedata import category, combining, decomposition, normalize

import duckdb

# Dashes that stand between digits; the minus sign is what Japanese keyboards give.
DASHES: Final = "\\-‐‑‒–—―⁃−﹘﹣－ーｰ"
# Full width, as Japanese input methods leave it behind.
FULL_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}

LEAST_DIGITS: Final = 7
PHONE: Final = re.compile(rf"\+?[(0-9][0-9\s().·・/{DASHES}]*")
ADDRESS: Final = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")

_DOT: Final = "[.．｡]"
_AT: Final = "(?:[@＠﹫]|%40)"
# A text in Japanese has no blank before an address: hiragana is part of one only right before the sign.
_LOCAL: Final = r"[^\s\p{Z}\p{C}@＠﹫()（）\[\]<>＜＞,，、。;；:：\"“”「」…"
_LABEL: Final = r"[\p{L}\p{M}\p{N}\-－]"
_LATIN: Final = r"[\p{Latin}\p{N}]"
EMAIL_SQL: Final = (
    rf"(?:{_LOCAL}\p{{Hiragana}}]+|{_LOCAL}]*\p{{Hiragana}}){_AT}"
    rf"(?:{_LABEL}+{_DOT})*(?:{_LATIN}(?:[\p{{Latin}}\p{{N}}\-－]*{_LATIN})?|{_LABEL}+)"
)
PHONE_SQL: Final = (
    rf"[+＋]?[(（]?\p{{Nd}}(?:[\s\p{{Z}}\p{{Pd}}·‧・･./／()（）{DASHES}]{{0,3}}\p{{Nd}}){{{LEAST_DIGITS - 1},}}"
)
_V4: Final = rf"(?:[0-9０-９]{{1,3}}{_DOT}){{3}}[0-9０-９]{{1,3}}"
_GROUP: Final = "[0-9a-f０-９ａ-ｆ]{1,4}"
_COLON: Final = "[:：]"
IP_SQL: Final = (
    rf"(?:{_GROUP}{_COLON}){{7}}{_GROUP}"
    rf"|(?:{_GROUP}{_COLON}){{1,6}}{_COLON}(?:(?:{_GROUP}{_COLON}){{0,5}}(?:{_V4}|{_GROUP}))?"
    rf"|{_COLON}{{2}}(?:{_GROUP}{_COLON}){{0,6}}(?:{_V4}|{_GROUP})|{_V4}"
)

# Turkish has two letters i, and Greek two letters s; the cases of German ß are written with two letters.
_ALIKE: Final = ({*"iıİI"}, {*"σςΣ"})
_SHARP: Final = {"ß": "(?:ß|ẞ|ss)", "ẞ": "(?:ß|ẞ|ss)"}
# Letters of a text of which a name may have others.
_SPELLED: Final = r"[À-ɏ\x{300}-\x{36f}\x{370}-\x{3ff}\x{1e00}-\x{1fff}Ａ-Ｚａ-ｚ０-９＇ｦ-ﾟ]"
_WIDTHS: Final = ("<wide>", "<narrow>")
# Half-width kana carry their voicing as a sign of their own.
_VOICED: Final = {"\u3099": "[\u3099ﾞ゛]", "\u309a": "[\u309aﾟ゜]"}
# What a search reads of a visitor: name, e-mail address and phone number, the number without signs too.
VISITOR_SEARCH = """search_form(concat_ws(
    ' ', visitor_name, visitor_email, visitor_phone, regexp_replace(search_form(visitor_phone), '[^0-9]', '', 'g')
))"""


def phone_digits(words: str) -> str:
    """The digits of a phone number in NFKC; empty where the words are none."""
    digits = "".join(sign for sign in words if sign.isdecimal())
    return digits if len(digits) >= LEAST_DIGITS and PHONE.fullmatch(words) else ""


def plain_spellings_sql(name: str) -> str:
    """SQL of a list of the usual spellings of a name, in lower case: as it stands, and without width and accents."""
    bare = f"replace(strip_accents(search_form({name})), 'ı', 'i')"
    return f"[lower({name}), search_form({name}), {bare}]"


def may_have_name_sql(text: str, names: str) -> str:
    """SQL of whether a text may have a name in any spelling, by names of `plain_spellings_sql`: a fast look."""
    found = f"list_bool_or(list_transform({names}, lambda part: contains(lower({text}), part)))"
    return f"({found} OR regexp_matches({text}, '{_SPELLED}'))"


@lru_cache(maxsize=10_000)
def name_spellings(name: str) -> str:
    """A pattern, for RE2 without regard to case, of all spellings of a name."""
    # NFKC would take letters apart that the text has whole, as the Catalan one with a dot.
    usual = (normalize("NFKC", sign) if decomposition(sign).startswith(_WIDTHS) else sign for sign in name)
    return "".join(map(_sign_spellings, normalize("NFC", "".join(usual))))


@lru_cache(maxsize=10_000)
def _sign_spellings(sign: str) -> str:
    decomposed = normalize("NFKD", sign)
    base, marks = decomposed[0], decomposed[1:]
    if sign.isspace():
        return r"[\s\p{Z}]+"
    if sign in _SHARP:
        return _SHARP[sign]
    alike = sorted(_all_alike().get(_base(sign), set()) | {sign})
    one = "[" + "".join(map(_escaped, alike)) + "]"
    if voiced := [_VOICED[mark] for mark in marks if mark in _VOICED]:
        plain = "[" + "".join(map(_escaped, sorted(_all_alike().get(base, set()) | {base}))) + "]"
        return f"(?:{one}|{plain}{''.join(voiced)})"
    # What carries an accent may carry it as a sign of its own.
    return one + (r"[\x{300}-\x{36f}]*" if category(sign)[0] == "L" else "")


def _escaped(sign: str) -> str:
    return f"\\x{{{ord(sign):x}}}"


def _base(sign: str) -> str:
    plain = "".join(part for part in normalize("NFKD", sign.lower()) if not "\u0300" <= part <= "\u036f")
    folded = normalize("NFC", plain.casefold())
    return next((min(each) for each in _ALIKE if folded in each), folded)


@lru_cache(maxsize=1)
def _all_alike() -> dict[str, set[str]]:
    """Letters by what is left of them without case, accents and width."""
    found: dict[str, set[str]] = defaultdict(set)
    for code in (*range(0x21, 0x600), *range(0x1E00, 0x2000), *range(0x3041, 0x3100), *range(0xFF01, 0xFFA0)):
        sign = chr(code)
        kind = decomposition(sign).partition(" ")[0]
        if not combining(sign) and category(sign)[0] in "LNPS" and (not kind.startswith("<") or kind in _WIDTHS):
            found[_base(sign)].add(sign)
    for each in _ALIKE:
        found[min(each)] |= each
    return found


def teach_spellings(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes `name_spellings` a function of SQL on this connection and all its cursors."""
    connection.create_function("name_spellings", name_spellings, ["VARCHAR"], "VARCHAR")


def search_form(text: str) -> str:
    """The text in NFKC, case-folded, with runs of white space as one blank."""
    if text.isascii():
        return " ".join(text.lower().split())
    return " ".join(normalize("NFKC", text).casefold().split())


def teach_search_form(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes `search_form` a function of SQL on this connection and all its cursors."""
    connection.create_function("search_form", search_form, ["VARCHAR"], "VARCHAR")
