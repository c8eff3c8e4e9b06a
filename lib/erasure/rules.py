"""Retention rules: which chats, after how many months, and what is done with them then.

A rule is said as a filter, so that what it is about is counted, listed and opened as any chats are. The months count
from the end of a chat, or where none is known from its start, by days of the workspace's zone. What runs is left alone,
however long it does, and so is a chat of which no time is known.
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal, get_args
from uuid import UUID, uuid4

from lib.chats.categories import Category
from lib.chats.clock import Clock
from lib.chats.filter.filter import ChatFilter, Condition, Conditions
from lib.chats.filter.times import months_before
from lib.commands import command
from lib.store import Cursor, Store, changed, insert, now, record_event, rows
from lib.text import one_line

# The strongest last: of several rules that are due for a chat, the strongest is carried out.
Action = Literal["delete", "anonymise", "erase"]
ACTIONS: Final[tuple[Action, ...]] = get_args(Action)
ScopeField = Literal["category", "department", "website", "channel"]
SCOPE: Final[tuple[ScopeField, ...]] = get_args(ScopeField)
# What is over can be kept or not; chats that run are left alone.
SCOPE_CATEGORIES: Final[tuple[Category, ...]] = ("all", "missed", "reopened", "completed")
MOST_MONTHS: Final = 1200
LONGEST_NAME: Final = 80
Refusal = Literal["no_name"]


@dataclass(frozen=True)
class Rule:
    """What is done with the chats of `scope` after so many months; `saved_at` is naive UTC."""

    id: UUID
    name: str
    scope: ChatFilter
    months: int
    action: Action
    is_on: bool = True
    saved_by: str = ""
    saved_at: datetime | None = None

    def due(self, clock: Clock) -> ChatFilter:
        """The chats that are as old by now, those too with which it was done before."""
        return self._old(clock)

    def left(self, clock: Clock) -> ChatFilter:
        """Of these, the ones with which it was not done yet."""
        return self._old(clock, *([Condition("anonymised", "empty")] if self.action == "anonymise" else []))

    def running(self, clock: Clock) -> ChatFilter:
        """The chats that began as long ago, and still run."""
        begun = Conditions("all", (Condition("status", "is", ("ongoing",)), self._before("start", clock)))
        return replace(self.scope, conditions=begun)

    def _old(self, clock: Clock, *more: Condition) -> ChatFilter:
        over = (Condition("status", "not", ("ongoing",)), *more)
        ended = Conditions("all", (*over, self._before("end", clock)))
        begun = Conditions("all", (*over, Condition("end", "empty"), self._before("start", clock)))
        return replace(self.scope, conditions=Conditions("any", (ended, begun)))

    def _before(self, field: str, clock: Clock) -> Condition:
        return Condition(field, "before", (months_before(clock.today, self.months).isoformat(),))


@command("retention.save", "erase", "retention_saved")
def save_rule(store: Store, rule: Rule, actor: str) -> Rule | Refusal:
    """The rule as it holds from now on, a new one or a changed one; or why it does not. Raises StoreError."""
    name = one_line(rule.name)[:LONGEST_NAME].strip()
    if not name:
        return "no_name"
    months = min(max(1, rule.months), MOST_MONTHS)

    def work(cursor: Cursor) -> Rule | Refusal:
        saved = replace(rule, name=name, months=months, saved_by=actor, saved_at=now())
        cursor.execute("DELETE FROM retention_rules WHERE id = $id", {"id": rule.id})
        row = {"id": rule.id, "name": name, "scope": scope_text(rule.scope), "months": months, "action": rule.action}
        row |= {"is_on": rule.is_on, "saved_by": actor, "saved_at": saved.saved_at}
        insert(cursor, "retention_rules", row)
        told = {"rule": name, "months": months, "does": rule.action, "is_on": rule.is_on}
        record_event(cursor, "retention_saved", actor, None, saved.saved_at or now(), **told)
        return saved

    return store.write(work)


@command("retention.remove", "erase", "retention_removed", undone_by="retention.save")
def remove_rule(store: Store, rule: Rule, actor: str) -> bool:
    """Whether the rule was there and holds no more; its runs stay in the history."""

    def work(cursor: Cursor) -> bool:
        if not changed(cursor, "DELETE FROM retention_rules WHERE id = $id", {"id": rule.id}):
            return False
        record_event(cursor, "retention_removed", actor, None, now(), rule=rule.name)
        return True

    return store.write(work)


def rules(store: Store) -> list[Rule]:
    """All rules, the strongest first."""
    with store.reading() as cursor:
        return rules_in(cursor)


def rules_in(cursor: Cursor) -> list[Rule]:
    """As `rules`, in the transaction of `cursor`."""
    found = rows(cursor.execute("SELECT * FROM retention_rules ORDER BY months, name, id"))
    return strongest_first([Rule(**row | {"scope": scope_of(row["scope"])}) for row in found])


def strongest_first(rules: list[Rule]) -> list[Rule]:
    """The rules in the order in which they are asked for each chat: the first one that is due is carried out."""
    return sorted(rules, key=lambda rule: -ACTIONS.index(rule.action))


def new_rule() -> Rule:
    """What a new rule begins with."""
    return Rule(uuid4(), "", ChatFilter(), 24, "anonymise")


def scope_text(scope: ChatFilter) -> str:
    """The scope of a rule as it is kept."""
    return json.dumps({name: getattr(scope, name) for name in SCOPE}, ensure_ascii=False)


def scope_of(text: str) -> ChatFilter:
    """The contrary of `scope_text`."""
    kept: dict[str, Any] = json.loads(text)
    fields: dict[str, Any] = {name: tuple(each) if isinstance(each, list) else each for name, each in kept.items()}
    return ChatFilter(**fields)
