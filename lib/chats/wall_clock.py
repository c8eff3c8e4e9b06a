"""The wall clock of the workspace's zone in SQL, by its distances from UTC: the engine's own zones take far longer."""

from datetime import date, datetime, timedelta

from lib.chats.clock import Clock

# Clocks are changed for longer than this; then once more to find the moment.
STEP = timedelta(days=7)
# Counted from long before 1970, since the engine rounds towards zero.
EPOCH_FROM = datetime(1800, 1, 1) - datetime(1970, 1, 1)


def bucket_sql(first: date, last: date, width: timedelta, clock: Clock) -> str:
    """SQL for the hour or day of the zone in which a chat started, as a number of them since 1970.

    It holds for starts from the first to the last day.
    """
    known = offsets(first, last, clock)
    steps = "".join(f"WHEN started_at >= TIMESTAMP '{start}' THEN {_us(offset)} " for start, offset in known[:0:-1])
    offset = f"CASE {steps}ELSE {_us(known[0][1])} END" if steps else str(_us(known[0][1]))
    return f"(epoch_us(started_at) + {offset} + {_us(-EPOCH_FROM)}) // {_us(width)} + {EPOCH_FROM // width}"


def _us(span: timedelta) -> int:
    return span // timedelta(microseconds=1)


def offsets(first: date, last: date, clock: Clock) -> list[tuple[datetime, timedelta]]:
    """The zone's distances from UTC during the days, each with the UTC moment from which it holds."""
    end = clock.end_of(last)
    found = [(clock.start_of(first), _offset(clock.start_of(first), clock))]
    while (start := found[-1][0]) < end:
        change = _next_change(start, end, clock)
        if change is None:
            break
        found.append((change, _offset(change, clock)))
    return found


def _next_change(start: datetime, end: datetime, clock: Clock) -> datetime | None:
    while start < end:
        step = min(start + STEP, end)
        if _offset(step, clock) != _offset(start, clock):
            return _moment_of_change(start, step, clock)
        start = step
    return None


def _moment_of_change(before: datetime, after: datetime, clock: Clock) -> datetime:
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        before, after = (before, middle) if _offset(middle, clock) != _offset(before, clock) else (middle, after)
    return after.replace(microsecond=0)


def _offset(moment: datetime, clock: Clock) -> timedelta:
    return clock.local(moment) - moment
