"""What an e-mail address, a phone number, an IP address and a name may look like: for search, masking and mails alike.

People and input methods write them in full width, with any of a dozen dashes, in capitals, without accents. Patterns
for SQL are RE2's; those for Python are of the NFKC form, in which only dashes still differ. The form in which texts are
compared in a search is known to the store as the SQL function `search_form`.
"""

import html
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
# Country codes as E.164 gives them: none begins another, and those that are not here have three digits.
_COUNTRY: Final = re.compile(r"[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3}")
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
# Letters that no accent can be taken from.
_LETTERS: Final = {"ı": "i", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "æ": "ae", "œ": "oe", "þ": "th"}
# Signs that people and keyboards write for the last one of each.
_SIGNS: Final = ("‘’‚‛′‵ʹʻʼʽ`‹›❛❜'", '“”„‟〝〞〟«»❝❞"', "‐‒–—―⁃−-", "〜∼⁓~")
# Kanji of names, after the usual one: the older forms that the list of kanji for common use (常用漢字表) gives in
# brackets, and variants that family registers keep (俗字: 髙 﨑 𠮷 …); of each only what is met in names.
_KANJI: Final = """
    亜亞 会會 円圓 塩鹽 学學 県縣 剣劍劔 関關 巌巖 亀龜 気氣 恵惠 継繼 渓溪 広廣 高髙 国國 黒黑 斎齋斉齊 崎﨑嵜 桜櫻
    応應 栄榮 沢澤 実實 寿壽 渋澁 条條 将將 真眞 慎愼 穂穗 浅淺 静靜 瀬瀨 曽曾 荘莊 総總 蔵藏 滝瀧 団團 徳德 島嶋嶌
    浜濱濵 富冨 辺邊邉 宝寶 豊豐 翠翆 万萬 峰峯 弥彌 柳栁 与與 吉𠮷 来來 頼賴 竜龍 緑綠 礼禮 郎郞 桑桒 館舘 淵渕渊
    槙槇 尭堯 遥遙 桧檜 鉄鐵 昇曻
"""
# What makes no difference of meaning: accents, and the choice of one picture for a sign.
_DROPPED: Final = "\u0300-\u036f\ufe00-\ufe0f\U000e0100-\U000e01ef"
_CJK: Final = "\u3001-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_ONE_CJK: Final = re.compile(f"[{_CJK}]")
_BETWEEN_CJK: Final = re.compile(f" (?<=[{_CJK}] )(?=[{_CJK}])")
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
# What a search reads of a visitor: name, e-mail address and phone number, the number without signs too.
VISITOR_SEARCH = """search_form(concat_ws(
    ' ', visitor_name, visitor_email, visitor_phone, regexp_replace(search_form(visitor_phone), '[^0-9]', '', 'g')
))"""


def phone_digits(words: str) -> str:
    """The digits by which a phone number, in NFKC, is found in all its spellings; empty where the words are none.

    They are what 090…, +81 90…, 0081 90… and +81 (0)90… have in common: no country code, no 0 before the rest. That
    takes no library of numbering plans, since no number is made of it: it is only looked for inside of others, of which
    few exports say the country.
    """
    digits = "".join(sign for sign in words if sign.isdecimal())
    if len(digits) < LEAST_DIGITS or not PHONE.fullmatch(words):
        return ""
    known = digits.lstrip("0")
    if digits.startswith("00") or "+" in words:
        known = _COUNTRY.sub("", known, count=1).lstrip("0")
    return known if len(known) >= LEAST_DIGITS else digits


def plain_spellings_sql(name: str) -> str:
    """SQL of a list of the usual spellings of a name, in lower case: as it stands, and without width and accents."""
    bare = f"replace(strip_accents(plain_form({name})), 'ı', 'i')"
    return f"[lower({name}), plain_form({name}), {bare}]"


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
    """Makes `name_spellings`, `plain_form` and `unescaped` functions of SQL on this connection and all its cursors."""
    for function in (name_spellings, plain_form, unescaped):
        connection.create_function(function.__name__, function, ["VARCHAR"], "VARCHAR")


def plain_form(text: str) -> str:
    """The text in NFKC, case-folded, with runs of white space as one blank."""
    return " ".join(normalize("NFKC", text).casefold().split())


def unescaped(name: str) -> str:
    """The name with the signs that HTML entities in it stand for, which nobody's name has, however often escaped."""
    while "&" in name and (plain := _ENTITY.sub(lambda entity: html.unescape(entity[0]), name)) != name:
        name = plain
    return name


def _alike() -> dict[str, str]:
    """What stands in the form for search for a sign of the case-folded NFKC form, where it is another one."""
    found = dict(_LETTERS)
    # Latin and Greek letters; of others only ё is written without its accent.
    for code in (*range(0xC0, 0x250), *range(0x370, 0x400), *range(0x1E00, 0x2000), 0x451):
        sign = chr(code)
        bare = "".join(part for part in normalize("NFD", sign) if not "\u0300" <= part <= "\u036f")
        if bare != sign == normalize("NFKC", sign).casefold():
            found[sign] = _LETTERS.get(bare, bare)
    found |= {sign: signs[-1] for signs in _SIGNS for sign in signs[:-1]}
    return found | {sign: signs[0] for signs in _KANJI.split() for sign in signs[1:]}


_ALIKE_SIGNS: Final = _alike()
_OTHER_SIGN: Final = re.compile(f"[{''.join(map(re.escape, _ALIKE_SIGNS))}{_DROPPED}]")


def lone_accents(text: str) -> str:
    """The text with the quote and the wave for which an accent alone is typed; NFKC would make a blank of it."""
    return text.replace("´", "'").replace("˜", "~")


def folded(text: str) -> str:
    """The form for search but for white space, each piece of which is still there."""
    if text.isascii():
        return text.lower().replace("`", "'")
    form = normalize("NFKC", lone_accents(text)).casefold()
    # Most texts have few of them, each more than once.
    for sign in set(_OTHER_SIGN.findall(form)):
        form = form.replace(sign, _ALIKE_SIGNS.get(sign, ""))
    return form


def search_form(text: str) -> str:
    """The text in NFKC, case-folded, without accents, and with one sign for all that are written one for the other.

    Runs of white space are one blank, and between kanji and kana none.
    """
    form = " ".join(folded(text).split())
    return form if form.isascii() else _BETWEEN_CJK.sub("", form)


def is_cjk(sign: str) -> bool:
    """Whether white space beside such a sign, and before or after another one, does not count in a search."""
    return _ONE_CJK.match(sign) is not None


def teach_search_form(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes `search_form` a function of SQL on this connection and all its cursors."""
    connection.create_function("search_form", search_form, ["VARCHAR"], "VARCHAR")
