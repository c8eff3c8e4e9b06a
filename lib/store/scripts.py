"""The language of a chat as far as the letters of its texts tell it, as SQL."""

from typing import Final

LATIN, HAN, OTHER, HANGUL, KANA = (1 << place for place in range(5))
# Letters of any other script than the Latin one.
_BEYOND_LATIN: Final = r"[^\P{L}\p{Latin}\p{Common}]"
_KANA_LETTER: Final = "[ぁ-ゖァ-ヺｦ-ﾝ]"
# Where kanji alone are Japanese; elsewhere they may be Chinese.
_JAPANESE_ZONES: Final = "('Asia/Tokyo', 'Japan')"


def script_sql(text: str) -> str:
    """SQL of the script that tells most of the language of a text, as a number; 0 where there are no letters.

    A name or an address in another script makes no other text of one in Latin letters, which are many beside it.
    """
    beyond = rf"length(regexp_replace({text}, '[\P{{L}}\p{{Latin}}\p{{Common}}]', '', 'g'))"
    latin = rf"length(regexp_replace({text}, '\P{{Latin}}', '', 'g'))"
    return rf"""CASE
        WHEN {text} IS NULL THEN 0
        WHEN NOT regexp_matches({text}, '{_BEYOND_LATIN}')
        THEN CASE WHEN regexp_matches({text}, '\p{{Latin}}') THEN {LATIN} ELSE 0 END
        WHEN regexp_matches({text}, '{_KANA_LETTER}') THEN {KANA}
        WHEN regexp_matches({text}, '\p{{Hangul}}') THEN {HANGUL}
        WHEN {latin} > 2 * {beyond} THEN {LATIN}
        WHEN regexp_matches({text}, '\p{{Han}}') THEN {HAN}
        ELSE {OTHER}
    END"""


def language_sql(scripts: str, zone: str) -> str:
    """SQL of the language of texts by all their scripts, in a workspace of this zone; NULL where it cannot be told."""
    return f"""CASE
        WHEN {scripts} & {KANA} > 0 THEN 'ja'
        WHEN {scripts} & {HANGUL} > 0 THEN 'ko'
        WHEN {scripts} = {LATIN} THEN 'en'
        WHEN {scripts} = {HAN} AND {zone} IN {_JAPANESE_ZONES} THEN 'ja'
    END"""
