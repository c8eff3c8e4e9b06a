"""Why chats count as missed, and the switch of the rule for systems that know no missed chats."""

from dataclasses import dataclass
from datetime import datetime

from lib.importing.merge.verdict import APPLY_RULES, MARK_RULES_DUE, RULES_DUE
from lib.importing.vendors import VENDORS
from lib.store import Cursor, Store, changed, insert, record_event


@dataclass(frozen=True)
class MissedRule:
    """The rule "no human reply" for one system: whether it is on, and on how many chats it decides."""

    system: str
    enabled: bool
    chats: int


def missed_rules(store: Store) -> list[MissedRule]:
    """The rule of each system that knows no missed chats."""
    off = {row["system"] for row in store.read("SELECT system FROM missed_rules WHERE NOT enabled")}
    counts = store.read("SELECT system, count(*) AS n FROM chats WHERE judged AND rule_reason IS NOT NULL GROUP BY ALL")
    chats = {row["system"]: int(row["n"]) for row in counts}
    systems = [vendor.name for vendor in VENDORS.values() if vendor.judged]
    return [MissedRule(system, system not in off, chats.get(system, 0)) for system in systems]


def switch_rule(store: Store, system: str, enabled: bool, actor: str, moment: datetime) -> int:
    """Number of chats whose status changed, because the rule of a system was switched at `moment` (naive UTC)."""

    def work(cursor: Cursor) -> int:
        rule = {"system": system, "enabled": enabled}
        if not changed(cursor, "UPDATE missed_rules SET enabled = $enabled WHERE system = $system", rule):
            insert(cursor, "missed_rules", rule)
        count = _apply(cursor, moment)
        record_event(cursor, "switch_rule", actor, None, moment, system=system, enabled=enabled, chats=count)
        return count

    return store.write(work)


def apply_rules(store: Store, moment: datetime) -> int:
    """Number of chats whose status changed, because they have waited too long at `moment` (naive UTC)."""
    # A write makes every cached answer stale, so it is not done for nothing.
    if not bool(store.read(f"SELECT EXISTS ({RULES_DUE}) AS found", {"moment": moment})[0]["found"]):
        return 0
    return store.write(lambda cursor: _apply(cursor, moment))


def _apply(cursor: Cursor, moment: datetime) -> int:
    cursor.execute(MARK_RULES_DUE, {"moment": moment})
    return changed(cursor, APPLY_RULES, {"moment": moment})
