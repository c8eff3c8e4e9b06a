from datetime import date, datetime

import pandas
import pytest

from lib.language import (
    UNKNOWN,
    calendar_day,
    clock,
    country,
    date_pattern,
    day,
    duration,
    file_size,
    in_language,
    language_name,
    listing,
    moment,
    moment_pattern,
    number,
    percent,
    zone_label,
)

NOON = datetime(2026, 11, 23, 5, 5, 9)
LATE = datetime(2026, 8, 31, 15, 0)
TOKYO = "Asia/Tokyo"

TABLE = [
    (lambda: moment(NOON, TOKYO), "23 Nov 2026, 14:05", "2026年11月23日 14:05"),
    (lambda: moment(LATE, TOKYO), "1 Sep 2026, 00:00", "2026年9月1日 00:00"),
    (lambda: moment(NOON, "America/New_York"), "23 Nov 2026, 00:05", "2026年11月23日 00:05"),
    (lambda: day(NOON, TOKYO), "Monday, 23 November 2026", "2026年11月23日月曜日"),
    (lambda: day(LATE, "UTC"), "Monday, 31 August 2026", "2026年8月31日月曜日"),
    (lambda: day(LATE, TOKYO), "Tuesday, 1 September 2026", "2026年9月1日火曜日"),
    (lambda: clock(NOON, TOKYO), "14:05", "14:05"),
    (lambda: clock(NOON, TOKYO, seconds=True), "14:05:09", "14:05:09"),
    (lambda: calendar_day(date(2026, 11, 1)), "1 Nov 2026", "2026年11月1日"),
    (lambda: duration(0), "0 s", "0秒"),
    (lambda: duration(0.5), "1 s", "1秒"),
    (lambda: duration(45), "45 s", "45秒"),
    (lambda: duration(60), "1 min", "1分"),
    (lambda: duration(125), "2 min 5 s", "2分5秒"),
    (lambda: duration(3599.6), "1 h", "1時間"),
    (lambda: duration(4800), "1 h 20 min", "1時間20分"),
    (lambda: duration(4850), "1 h 21 min", "1時間21分"),
    (lambda: duration(86_399), "1 d", "1日"),
    (lambda: duration(273_600), "3 d 4 h", "3日4時間"),
    (lambda: duration(1e9), "11,574 d 2 h", "11,574日2時間"),
    (lambda: duration(-45), "−45 s", "−45秒"),
    (lambda: duration(-0.2), "0 s", "0秒"),
    (lambda: number(1234567), "1,234,567", "1,234,567"),
    (lambda: number(2.5), "2.5", "2.5"),
    (lambda: number(2, decimals=1), "2.0", "2.0"),
    (lambda: number(1.26, decimals=1), "1.3", "1.3"),
    (lambda: number(-3), "-3", "-3"),
    (lambda: percent(0.256), "26%", "26%"),
    (lambda: percent(0.1234, 1), "12.3%", "12.3%"),
    (lambda: file_size(0), "0 bytes", "0バイト"),
    (lambda: file_size(1), "1 byte", "1バイト"),
    (lambda: file_size(999), "999 bytes", "999バイト"),
    (lambda: file_size(1000), "1 kB", "1 kB"),
    (lambda: file_size(1_234_567), "1.2 MB", "1.2 MB"),
    (lambda: file_size(999_960), "1 MB", "1 MB"),
    (lambda: file_size(10**16), "10,000 TB", "10,000 TB"),
    (lambda: country("JP"), "Japan", "日本"),
    (lambda: country("gb"), "United Kingdom", "イギリス"),
    (lambda: country("XQ"), "XQ", "XQ"),
    (lambda: country("001"), "001", "001"),
    (lambda: country("<b>"), "<b>", "<b>"),
    (lambda: language_name("de"), "German", "ドイツ語"),
    (lambda: language_name("la"), "Latin", "ラテン語"),
    (lambda: language_name("en-GB"), "English (United Kingdom)", "英語 (イギリス)"),
    (lambda: language_name("xx"), "xx", "xx"),
    (lambda: language_name("../../x"), "../../x", "../../x"),
    (lambda: listing([]), "", ""),
    (lambda: listing(["a"]), "a", "a"),
    (lambda: listing(["a", "b"]), "a and b", "a、b"),
    (lambda: listing(iter("abc")), "a, b and c", "a、b、c"),
    (lambda: listing("abc", style="or"), "a, b or c", "a、b、またはc"),
    (lambda: listing("ab", "or"), "a or b", "aまたはb"),
    (lambda: listing(["{0}", "{1}", "{", "}"]), "{0}, {1}, { and }", "{0}、{1}、{、}"),
    (lambda: zone_label(TOKYO), "Asia/Tokyo (UTC+9)", "Asia/Tokyo (UTC+9)"),
    (lambda: zone_label("Asia/Kolkata"), "Asia/Kolkata (UTC+5:30)", "Asia/Kolkata (UTC+5:30)"),
    (lambda: zone_label("Europe/Berlin", NOON), "Europe/Berlin (UTC+1)", "Europe/Berlin (UTC+1)"),
    (lambda: zone_label("Europe/Berlin", LATE), "Europe/Berlin (UTC+2)", "Europe/Berlin (UTC+2)"),
    (
        lambda: zone_label("America/St_Johns", NOON),
        "America/St_Johns (UTC−3:30)",
        "America/St_Johns (UTC−3:30)",
    ),
    (lambda: zone_label("UTC"), "UTC", "UTC"),
    (lambda: clock(LATE, "Europe/Berlin", before=NOON), "17:00 (UTC+2)", "17:00 (UTC+2)"),
    (lambda: clock(LATE, "Europe/Berlin", before=LATE), "17:00", "17:00"),
    (lambda: clock(LATE, TOKYO, before=NOON), "00:00", "00:00"),
    (date_pattern, "YYYY-MM-DD", "YYYY-MM-DD"),
    (moment_pattern, "D MMM YYYY, HH:mm", "YYYY年M月D日 HH:mm"),
]


@pytest.mark.parametrize(("shown", "english", "japanese"), TABLE)
def test_formats(shown, english, japanese):
    with in_language("en"):
        assert shown() == english
    with in_language("ja"):
        assert shown() == japanese


UNKNOWN_VALUES = [
    lambda: moment(None, TOKYO),
    lambda: moment(pandas.NaT, TOKYO),
    lambda: moment(datetime(9999, 12, 31, 23), TOKYO),
    lambda: day(None, TOKYO),
    lambda: clock(None, TOKYO),
    lambda: clock(None, TOKYO, seconds=True),
    lambda: calendar_day(None),
    lambda: calendar_day(pandas.NaT),
    lambda: duration(None),
    lambda: duration(float("nan")),
    lambda: duration(float("inf")),
    lambda: number(None),
    lambda: number(float("nan")),
    lambda: percent(None),
    lambda: percent(float("nan")),
    lambda: file_size(None),
    lambda: country(None),
    lambda: country(""),
    lambda: country(float("nan")),
    lambda: language_name(None),
]


@pytest.mark.parametrize("shown", UNKNOWN_VALUES)
def test_what_is_not_known_is_a_dash(shown):
    assert shown() == UNKNOWN == "–"


def test_pandas_times_are_formatted_like_others():
    assert moment(pandas.Timestamp(NOON), TOKYO) == moment(NOON, TOKYO)
