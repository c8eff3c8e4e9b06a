"""Why chats count as missed: the SQL that decides it, and the switch of its rule for systems that know none."""

from dataclasses import dataclass
from datetime import datetime

from lib.chats.stale import mark_persons
from lib.commands import command
from lib.importing.records.fields import STATUS_OF_WORD
from lib.importing.vendors import VENDORS
from lib.store import Cursor, Store, changed, insert, looked_up, record_event

# An open chat of a system without missed chats counts as missed once it has waited this long for a person.
LONGEST_WAIT_H = 24

KNOWN_STATUS = looked_up(STATUS_OF_WORD, "lower(trim(given_status))")

# Of columns judged, is_unanswered_campaign, deleted_there, given_answered, given_missed_reason, known_status,
# operators, operator_wrote, bot_wrote, bot_spoke_last and message_count: why the rule "no human reply" would call the
# chat missed, NULL if it would not.
# A transcript that was not exported shows nothing; then a named operator counts as a reply.
RULE_REASON = """
CASE
    WHEN given_missed_reason IS NOT NULL OR known_status = 'missed' OR given_answered IS TRUE OR operator_wrote
        OR is_unanswered_campaign
        OR (deleted_there AND message_count = 0)
        OR (bot_spoke_last AND known_status IS DISTINCT FROM 'ongoing')
    THEN NULL
    WHEN judged IS TRUE AND (message_count > 0 OR len(operators) = 0) OR known_status IS NULL AND len(operators) = 0
    THEN CASE WHEN bot_wrote THEN 'bot_handoff_failed' ELSE 'no_human_reply' END
END
"""

# Of columns given_missed_reason, known_status, operator_wrote, bot_wrote, rule_reason, judged, started_at and system.
MISSED_REASON = f"""
CASE
    WHEN given_missed_reason = 'offline_form' THEN given_missed_reason
    WHEN given_missed_reason IS NOT NULL OR known_status = 'missed'
    THEN CASE
        WHEN bot_wrote AND NOT operator_wrote THEN 'bot_handoff_failed'
        ELSE coalesce(given_missed_reason, 'vendor_status')
    END
    WHEN judged IS NOT TRUE THEN rule_reason
    WHEN system IN (SELECT system FROM missed_rules WHERE NOT enabled) THEN NULL
    WHEN known_status = 'ongoing' AND started_at >= $moment - INTERVAL {LONGEST_WAIT_H} HOUR THEN NULL
    ELSE rule_reason
END
"""
STATUS = "CASE WHEN missed_reason IS NOT NULL THEN 'missed' ELSE coalesce(known_status, 'completed') END"
STATUS_DERIVED = "known_status IS NULL OR missed_reason IS NOT NULL AND rule_reason IS NOT NULL"

# Chats on which the rule decides differently by now: it was switched, or a chat has waited too long.
RULES_DUE = f"""
SELECT id, ordinal, missed_reason, {STATUS} AS status, {STATUS_DERIVED} AS status_derived
FROM (
    SELECT *, {MISSED_REASON} AS missed_reason
    FROM (
        SELECT id, ordinal, system, started_at, judged, given_missed_reason, rule_reason,
            missed_reason AS reason_before, {KNOWN_STATUS} AS known_status, FALSE AS bot_wrote,
            FALSE AS operator_wrote
        FROM chats WHERE judged AND rule_reason IS NOT NULL
    )
)
WHERE missed_reason IS DISTINCT FROM reason_before
"""
APPLY_RULES = f"""
UPDATE chats SET status = n.status, missed_reason = n.missed_reason, status_derived = n.status_derived
FROM ({RULES_DUE}) AS n
WHERE chats.ordinal = n.ordinal AND chats.id = n.id
"""
# They are out of date in the ledger of missed chats, and so are those whom the visitors' other chats tell about.
MARK_RULES_DUE = f"INSERT INTO ledger_due SELECT id FROM ({RULES_DUE})"


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


@command("missed_rule.switch", "import", "switch_rule", undone_by="missed_rule.switch")
def switch_rule(store: Store, system: str, enabled: bool, actor: str, moment: datetime) -> int:
    """Number of chats whose status changed, because the rule of a system was switched at `moment` (naive UTC)."""

    def work(cursor: Cursor) -> int:
        rule = {"system": system, "enabled": enabled}
        if not changed(cursor, "UPDATE missed_rules SET enabled = $enabled WHERE system = $system", rule):
            insert(cursor, "missed_rules", rule)
        count = decide_anew(cursor, moment)
        record_event(cursor, "switch_rule", actor, None, moment, system=system, enabled=enabled, chats=count)
        return count

    return store.write(work)


def apply_rules(store: Store, moment: datetime) -> int:
    """Number of chats whose status changed, because they have waited too long at `moment` (naive UTC)."""
    # A write makes every cached answer stale, so it is not done for nothing.
    if not bool(store.read(f"SELECT EXISTS ({RULES_DUE}) AS found", {"moment": moment})[0]["found"]):
        return 0
    return store.write(lambda cursor: decide_anew(cursor, moment))


def decide_anew(cursor: Cursor, moment: datetime) -> int:
    """Number of chats whose status changed, since the rule decides differently on them at `moment` (naive UTC)."""
    # There mostly are none, and an update takes the engine longer to understand.
    if not changed(cursor, MARK_RULES_DUE, {"moment": moment}):
        return 0
    mark_persons(cursor, f"SELECT ordinal FROM ({RULES_DUE})", {"moment": moment})
    return changed(cursor, APPLY_RULES, {"moment": moment})
