"""A whole conversation in one cell: splits it into its messages."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple, get_args

from lib.importing.columns.spellings import at_clock, iso_time, normal, sender_of, text_of
from lib.importing.records.spelled_times import DateOrder, moment_of, time_of_day

# What the first line of a message begins with.
Pattern = Literal["", "when_name", "name_when", "name"]
PATTERNS: tuple[Pattern, ...] = get_args(Pattern)

CLOCK = r"(?:[AaPp][Mm] ?|午[前後] ?)?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?: ?[AaPp]\.?[Mm]\.?)?"
DAY = r"(?:[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}|[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日)(?:,? |T)"
WHEN = rf"(?P<when>(?:{DAY})?{CLOCK}(?:Z| ?UTC| ?JST)?)"
NAME = r"(?P<name>[^\s:：\[\]()（）<>][^:：\[\]()（）<>!?！？。、\n]{0,39}?)"
# No address of a page, and no time of day.
TEXT = r"[:：](?!//|[0-9]{2}\b)[ \u3000]*(?P<text>.*)"
LINES: dict[Pattern, re.Pattern[str]] = {
    "when_name": re.compile(rf"[\[(]?{WHEN}[\])]?,?(?: [-–])? ?{NAME} ?{TEXT}"),
    "name_when": re.compile(rf"{NAME} ?[\[(（]{WHEN}[\])）] ?{TEXT}"),
    "name": re.compile(rf"(?![0-9 ]+[:：]){NAME} ?{TEXT}"),
}
HALF_A_DAY, DAY_LONG = timedelta(hours=12), timedelta(days=1)
FEWEST = 2


class Talk(NamedTuple):
    """What a row tells of the chat whose messages stand in one of its cells."""

    start: str | None = None
    visitors: frozenset[str] = frozenset()
    operators: frozenset[str] = frozenset()
    order: DateOrder = "ymd"


def talk_of(cells: dict[str, Any], order: DateOrder) -> Talk:
    """What the cells of a row tell."""
    visitors = (text_of(cells.get(f"visitor_{name}")) for name in ("name", "email", "id"))
    operators = [cells.get("operator"), *(cells["operators"] if isinstance(cells.get("operators"), list) else ())]
    return Talk(
        text_of(cells.get("started_at")),
        frozenset(normal(name) for name in visitors if name),
        frozenset(normal(name) for name in map(text_of, operators) if name),
        order,
    )


def pattern_of(values: Sequence[str]) -> Pattern:
    """The pattern that most conversations follow, each with several messages; empty where none does."""
    for pattern, line in LINES.items():
        begun = [[*filter(None, map(line.match, _lines(value)))] for value in values]
        talks = [found for value, found in zip(values, begun, strict=True) if follows(value, pattern)]
        several = [found for found in talks if len(found) >= FEWEST]
        names = [len({told["name"] for told in found}) for found in several]
        if (
            values
            and 2 * len(talks) > len(values)
            and 2 * len(several) >= len(talks)
            and max(names, default=0) >= FEWEST
        ):
            return pattern
    return ""


def follows(value: str, pattern: Pattern) -> bool:
    """Whether a conversation begins as the pattern says."""
    first = next((line for line in _lines(value) if line), "")
    return bool(pattern) and LINES[pattern].match(first) is not None


def split(value: str, pattern: Pattern, talk: Talk) -> list[dict[str, Any]]:
    """The messages of a conversation as records; one that does not follow the pattern is a single one, of nobody."""
    if not follows(value, pattern):
        return [{"sender_type": "system", "text": value.strip()}]
    messages: list[dict[str, Any]] = []
    before = talk.start
    for line in _lines(value):
        found = LINES[pattern].match(line)
        if found:
            told = found.groupdict()
            messages.append(
                {"sender_type": _sender(told["name"], talk), "sender_name": told["name"], "text": told["text"]}
            )
            if told.get("when"):
                before = messages[-1]["at"] = _time(told["when"], before, talk.order)
        elif messages:
            # A message may have lines of its own.
            messages[-1]["text"] += f"\n{line}"
    return [message | {"text": message["text"].strip()} for message in messages]


def _lines(value: str) -> list[str]:
    return [line.strip() for line in value.strip().splitlines()]


def _sender(name: str, talk: Talk) -> str:
    if normal(name) in talk.visitors:
        return "visitor"
    if normal(name) in talk.operators:
        return "operator"
    # Where the row names the operators and no visitor, all others are the visitor.
    stranger = "visitor" if talk.operators and not talk.visitors else "operator"
    return sender_of(name) or stranger


def _time(when: str, before: str | None, order: DateOrder) -> str:
    """A time; one of the day alone is of the day of the one before it, or of the next day."""
    at, last = time_of_day(when), moment_of(before) if before else None
    if at is None:
        return iso_time(when, order)
    if last is None:
        return at_clock(before or "", when)
    moment = datetime.combine(last, at, at.tzinfo or last.tzinfo)
    # Clocks differ by some seconds, and the one in the cell may show none.
    is_next = last.replace(tzinfo=None) - moment.replace(tzinfo=None) > HALF_A_DAY
    return (moment + DAY_LONG * is_next).isoformat()
