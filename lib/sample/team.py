"""The operators, their shifts, and the hours at which visitors write and are missed."""

from bisect import bisect
from itertools import accumulate
from typing import NamedTuple

from .choices import Draw

HOUR = 3600
DAY = 24 * HOUR
WEEK_HOURS = 7 * 24
DEPARTMENTS = ("Orders", "Billing", "Support", "Sales")
SUPERVISORS = ("森 恵子", "Helen Carter")


class Operator(NamedTuple):
    """Somebody who answers chats, and when."""

    name: str
    called: dict[str, str]
    languages: tuple[str, ...]
    departments: tuple[str, ...]
    weekdays: str
    first_hour: int
    last_hour: int


def _operator(name: str, called: str, languages: str, departments: str, shift: str) -> Operator:
    in_japanese, in_english = called.split()
    days, hours = shift.split()
    first, last = map(int, hours.split("-"))
    return Operator(
        name,
        {"ja": in_japanese, "en": in_english},
        tuple(languages.split()),
        tuple(departments.split()),
        days,
        first,
        last,
    )


# Weekdays are digits from Monday (0) to Sunday (6); a shift that ends before it begins runs over midnight.
OPERATORS = (
    _operator("佐藤 美咲", "佐藤 Misaki", "ja", "Orders Support", "01234 9-18"),
    _operator("鈴木 健太", "鈴木 Kenta", "ja", "Billing", "01234 9-18"),
    _operator("高橋 彩", "高橋 Aya", "ja", "Orders", "12345 10-19"),
    _operator("田中 悠", "田中 Yu", "ja en", "Support", "60123 9-18"),
    _operator("伊藤 直樹", "伊藤 Naoki", "ja", "Support Billing", "01234 12-21"),
    _operator("渡辺 千尋", "渡辺 Chihiro", "ja", "Orders", "23456 9-18"),
    _operator("中村 翔太", "中村 Shota", "ja en", "Sales", "01234 9-18"),
    _operator("小林 由美子", "小林 Yumiko", "ja", "Orders Billing", "01234 10-16"),
    _operator("Emma Collins", "コリンズ Emma", "en", "Orders", "01234 9-18"),
    _operator("Daniel Fischer", "フィッシャー Daniel", "en ja", "Billing", "01234 10-19"),
    _operator("Olivia Bennett", "ベネット Olivia", "en", "Support", "12345 9-18"),
    _operator("Lucas Moreau", "モロー Lucas", "en", "Orders Support", "60123 12-21"),
    _operator("Priya Nair", "ナイル Priya", "en", "Support", "01234 19-4"),
    _operator("James Whitfield", "ウィットフィールド James", "en", "Sales Billing", "01234 9-18"),
)

_HOUR_WEIGHTS = (
    0.3,
    0.2,
    0.1,
    0.1,
    0.1,
    0.1,
    0.25,
    0.5,
    1.3,
    8.0,
    9.5,
    9.0,
    6.0,
    8.6,
    9.2,
    8.8,
    8.2,
    7.2,
    3.0,
    2.1,
    1.6,
    1.0,
    0.8,
    0.5,
)
_DAY_WEIGHTS = (1.2, 1.08, 1.0, 0.98, 1.02, 0.36, 0.27)
_WEEKDAY_MISSED = (0.7,) * 7 + (
    0.75,
    0.8,
    0.04,
    0.02,
    0.02,
    0.17,
    0.03,
    0.02,
    0.02,
    0.02,
    0.03,
    0.3,
    0.4,
    0.5,
    0.8,
    0.8,
    0.8,
)
_WEEKEND_MISSED = (0.95,) * 9 + (0.3, 0.16, 0.16, 0.3, 0.16, 0.16, 0.16, 0.2, 0.3) + (0.8,) * 6
_GROWTH = 0.25


def _on_duty(operator: Operator, hour_of_week: int) -> bool:
    day, hour = divmod(hour_of_week, 24)
    if operator.first_hour <= operator.last_hour:
        return str(day) in operator.weekdays and operator.first_hour <= hour < operator.last_hour
    late, early = hour >= operator.first_hour, hour < operator.last_hour
    return (late and str(day) in operator.weekdays) or (early and str((day - 1) % 7) in operator.weekdays)


def roster() -> dict[tuple[int, str, str | None], tuple[Operator, ...]]:
    """Return who can answer, for every hour of the week, language and department."""
    table: dict[tuple[int, str, str | None], tuple[Operator, ...]] = {}
    for hour in range(WEEK_HOURS):
        for language in ("ja", "en"):
            able = tuple(o for o in OPERATORS if language in o.languages and _on_duty(o, hour))
            table[hour, language, None] = able
            for department in DEPARTMENTS:
                table[hour, language, department] = tuple(o for o in able if department in o.departments) or able
    return table


def missed_shares() -> tuple[float, ...]:
    """Return for every hour of the week how many of the chats nobody answers."""
    return _WEEKDAY_MISSED * 5 + _WEEKEND_MISSED * 2


def wait_factors() -> tuple[float, ...]:
    """Return for every hour of the week how much longer than usual a visitor waits."""
    factors = [1.0] * WEEK_HOURS
    for hour in range(WEEK_HOURS):
        day, clock = divmod(hour, 24)
        factors[hour] = 1.5 if day > 4 or clock >= 18 else 1.8 if clock == 12 else 1.0
    for hour in (9, 10):
        factors[hour] = 1.4
    return tuple(factors)


def start_times(draw: Draw, count: int, first: int, last: int, weekday: int) -> list[int]:
    """Return the seconds at which chats begin, in order, between two times of a span that begins on a weekday."""
    hours = range(first // HOUR, max(first // HOUR + 1, last // HOUR))
    weights = []
    for hour in hours:
        growth = 1 + _GROWTH * (hour - hours.start) / len(hours)
        weights.append(_DAY_WEIGHTS[(weekday + hour // 24) % 7] * _HOUR_WEIGHTS[hour % 24] * growth)
    sums = list(accumulate(weights))
    begin, total, top = hours.start, sums[-1], len(sums) - 1
    times = [(begin + min(top, bisect(sums, draw() * total))) * HOUR + int(draw() * HOUR) for _ in range(count)]
    return sorted(max(first, time) for time in times)
