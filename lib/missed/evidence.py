"""Why a chat was missed, with the evidence, in words."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from lib.chats.causes import CAUSE_NAMES, Cause
from lib.chats.hours import Minutes
from lib.language import _, clock, day, duration, listing
from lib.missed.settings import Rules


class MissedChat(Protocol):
    """What the evidence is taken from: of a chat, times in naive UTC and durations in seconds."""

    @property
    def missed_cause(self) -> Cause | None: ...
    @property
    def started_at(self) -> datetime | None: ...
    @property
    def duration_s(self) -> float | None: ...
    @property
    def operators(self) -> Sequence[str]: ...
    @property
    def system(self) -> str: ...


def evidence(chat: MissedChat, rules: Rules, zone: str) -> str:
    """The cause and what shows it, in the reader's language; it holds names that people typed. Empty where no cause
    is derived yet."""
    if chat.missed_cause is None:
        return ""
    shown = _SHOWN[chat.missed_cause](chat, rules, zone)
    return _("{cause}: {evidence}", cause=_(CAUSE_NAMES[chat.missed_cause]), evidence=shown)


def clock_time(minute: int) -> str:
    """A minute of the day as people write it; the last one is 24:00."""
    return f"{minute // 60:02}:{minute % 60:02}"


def hours_range(minutes: Minutes) -> str:
    """Opening and closing time."""
    return "–".join(map(clock_time, minutes))


def _offline_form(chat: MissedChat, _rules: Rules, _zone: str) -> str:
    return _("the visitor left a message in the form that {system} shows while nobody is there.", system=chat.system)


def _out_of_hours(chat: MissedChat, rules: Rules, zone: str) -> str:
    try:
        local = chat.started_at.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date() if chat.started_at else None
    except OverflowError:  # The year 9999 in an export, east of Greenwich.
        local = None
    if local is None:
        return _("the chat did not begin in working hours.")
    when = {"day": day(chat.started_at, zone), "time": clock(chat.started_at, zone)}
    holiday, minutes = rules.hours.holidays.get(local), rules.hours.of_day(local)
    if holiday is not None:
        return _("it began on {day}, {time}; that day is a holiday ({name}).", name=holiday, **when)
    if minutes is None:
        return _("it began on {day}, {time}; that day is closed.", **when)
    return _("it began on {day}, {time}; that day the hours are {hours}.", hours=hours_range(minutes), **when)


def _left_early(chat: MissedChat, rules: Rules, _zone: str) -> str:
    return _(
        "after {duration} (limit {limit}).", duration=duration(chat.duration_s), limit=duration(rules.left_within_s)
    )


def _bot_handoff_failed(_chat: MissedChat, _rules: Rules, _zone: str) -> str:
    return _("a bot wrote, no operator is named, and none answered.")


def _assigned_silent(chat: MissedChat, _rules: Rules, _zone: str) -> str:
    return _("{names} had the chat and did not answer.", names=listing(chat.operators))


def _nobody_assigned(_chat: MissedChat, _rules: Rules, _zone: str) -> str:
    return _("it was in working hours, no operator is named, and none answered.")


def _unknown(chat: MissedChat, _rules: Rules, _zone: str) -> str:
    if chat.started_at is None:
        return _("the start is not known, so it cannot be told whether somebody should have been there.")
    return _("an operator answered, although the chat counts as missed.")


_SHOWN: dict[Cause, Callable[[MissedChat, Rules, str], str]] = {
    "offline_form": _offline_form,
    "out_of_hours": _out_of_hours,
    "left_early": _left_early,
    "bot_handoff_failed": _bot_handoff_failed,
    "assigned_silent": _assigned_silent,
    "nobody_assigned": _nobody_assigned,
    "unknown": _unknown,
}
