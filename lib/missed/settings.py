"""The rules of the ledger, as people set them: working hours, holidays and thresholds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from lib.chats.hours import DAY_MIN, Hours
from lib.chats.stale import mark_all_missed
from lib.commands import command
from lib.store import Cursor, Store, now, record_event

# Lowest and highest value of each threshold.
LIMITS: Mapping[str, tuple[float, float]] = {
    "due_after_h": (0.25, 200),
    "recovery_h": (1, 24 * 90),
    "left_within_s": (1, 3600),
    "past_after_d": (1, 36500),
}


class RulesError(ValueError):
    """The rules cannot be used; `field` says which: a weekday, or the name of a threshold."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True)
class Rules:
    """Working hours; working hours until a missed chat is due; hours in which a visitor counts as having come back;
    seconds within which a visitor who left counts as having left at once; days after which a chat that first comes in
    as missed is past."""

    hours: Hours = field(default_factory=lambda: Hours({}))
    due_after_h: float = 4
    recovery_h: float = 48
    left_within_s: float = 30
    past_after_d: float = 14

    @property
    def due_after(self) -> timedelta:
        """Working time until a missed chat is due."""
        return timedelta(hours=self.due_after_h)


def rules_of(store: Store) -> Rules:
    """The rules that hold now."""
    spans = store.read("SELECT weekday, opens_min, closes_min FROM working_hours ORDER BY weekday")
    days = store.read("SELECT day, name FROM holidays ORDER BY day")
    limits = store.read("SELECT name, value FROM thresholds")
    hours = Hours(
        {row["weekday"]: (row["opens_min"], row["closes_min"]) for row in spans},
        {row["day"]: row["name"] for row in days},
    )
    return Rules(hours, **{row["name"]: row["value"] for row in limits})


@command("rules.change", "team", "change_rules", undone_by="rules.change")
def save_rules(store: Store, rules: Rules, actor: str) -> None:
    """Keeps the rules; every missed chat is derived anew by them. Raises RulesError."""
    for field_name in problems_of(rules):
        raise RulesError(field_name)

    def work(cursor: Cursor) -> None:
        _replace(cursor, "working_hours", [(day, *minutes) for day, minutes in sorted(rules.hours.weekdays.items())])
        _replace(cursor, "holidays", sorted(rules.hours.holidays.items()))
        _replace(cursor, "thresholds", [(name, getattr(rules, name)) for name in LIMITS])
        mark_all_missed(cursor)
        weekdays = {str(day): list(minutes) for day, minutes in rules.hours.weekdays.items()}
        holidays = {str(day): name for day, name in rules.hours.holidays.items()}
        limits = {name: getattr(rules, name) for name in LIMITS}
        record_event(cursor, "change_rules", actor, None, now(), weekdays=weekdays, holidays=holidays, **limits)

    store.write(work)


def problems_of(rules: Rules) -> list[str]:
    """The fields that cannot be used: weekdays as text, and names of thresholds."""
    spans = rules.hours.weekdays.items()
    wrong = [str(weekday) for weekday, (opens, closes) in spans if not 0 <= opens < closes <= DAY_MIN]
    return wrong + [name for name, (low, high) in LIMITS.items() if not low <= getattr(rules, name) <= high]


def _replace(cursor: Cursor, table: str, values: list[tuple[Any, ...]]) -> None:
    cursor.execute(f"DELETE FROM {table}")
    if values:
        places = ", ".join("?" for _ in values[0])
        cursor.executemany(f"INSERT INTO {table} VALUES ({places})", values)
