"""Moves the sample in time, so that it ends now."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from .generating import RECENT
from .records import Record

ANCHOR = datetime(2026, 1, 5)
_WEEK = timedelta(weeks=1)


def shifted(records: Iterable[Record], now_local: datetime) -> Iterator[Record]:
    """Yield the records of the last 12 months before now; hours and weekdays stay, except in recent chats."""
    now = now_local.replace(microsecond=0, tzinfo=None)
    weeks, exact = -((ANCHOR - now) // _WEEK) * _WEEK, now - ANCHOR
    leap_day = (now.month, now.day) == (2, 29)
    oldest, newest = now.replace(year=now.year - 1, day=28 if leap_day else now.day).isoformat(), now.isoformat()
    for each in records:
        started = each.get("started_at")
        # One that is recent, or goes on, is to be as long ago as it was at the anchor.
        is_recent = started is not None and datetime.fromisoformat(started) >= ANCHOR - RECENT
        by = exact if is_recent or each.get("status") == "ongoing" else weeks
        moved = _with_times(each, ("started_at", "ended_at"), by)
        times = [moved[key] for key in ("started_at", "ended_at") if moved.get(key)]
        for key in ("messages", "notes"):
            if moved.get(key):
                moved[key] = [_with_times(item, ("at",), by) for item in moved[key]]
                times += [item["at"] for item in moved[key] if item.get("at")]
        if all(oldest <= time <= newest for time in times):
            yield moved


def _with_times(fields: dict[str, Any], keys: tuple[str, ...], by: timedelta) -> dict[str, Any]:
    times = {key: (datetime.fromisoformat(fields[key]) + by).isoformat() for key in keys if fields.get(key)}
    return {**fields, **times}
