"""Carries retention rules out: each night by itself, or at once where somebody asks for it.

A run goes in pieces, each a transaction with its event, so that nobody waits for it, and one that is broken off has
done what it says: it goes on with the next run.
"""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from lib.background import Loop
from lib.chats.clock import Clock
from lib.chats.filter.filter import ChatFilter
from lib.chats.removal import delete_in
from lib.commands import command
from lib.erasure.erasing import Erased, ErasedKind, keep_erased, remove
from lib.erasure.finding import forget, gather_chats
from lib.erasure.planning import held_by_rule, write_due
from lib.erasure.rules import Action, Rule, rules, rules_in, scope_of, scope_text
from lib.store import Cursor, Store, StoreError, insert, now, record_event, rows, take_turn
from lib.store.nightly import last_night

LOG = logging.getLogger(__name__)
# Who did it in the history, where nobody asked for it.
BY_ITSELF: Final = "Retention"
PIECE: Final = 5_000
LOOK_EVERY_S: Final = 60.0
# Of the zone's clock: before the backup of the night, so that it holds nothing of it any more.
FROM_HOUR: Final = 1


@dataclass(frozen=True)
class Run:
    """A run of a rule as the rule was then: with how many chats it was done, and how many were left alone because of a
    legal hold. Times are naive UTC; one without an end goes on, or was broken off."""

    id: UUID
    rule_id: UUID
    name: str
    scope: ChatFilter
    months: int
    action: Action
    run_by: str
    began_at: datetime
    finished_at: datetime | None
    chats: int
    held: int


@command("retention.run", "erase", "retention_run", "delete", "mail_cancelled")
def run_now(store: Store, rule_id: UUID, clock: Clock, actor: str) -> Run | None:
    """What came of a rule that is carried out at once; None where it is not there or not on. Raises StoreError."""
    return run(store, rule_id, clock, actor)


def run(store: Store, rule_id: UUID, clock: Clock, actor: str = BY_ITSELF, piece: int = PIECE) -> Run | None:
    """As `run_now`, by the app itself; of `piece` chats at once."""
    done: Run | None = None
    while True:
        before = done
        done = store.write(lambda cursor: _piece(cursor, store, rule_id, clock=clock, actor=actor, piece=piece))
        if done is None or done.finished_at:
            return done or before


def runs(store: Store, most: int = 200) -> list[Run]:
    """The newest runs of all rules, also of those that are gone, the newest first."""
    found = store.read(f"FROM retention_runs ORDER BY began_at DESC, id LIMIT {most}")
    return [Run(**row | {"scope": scope_of(row["scope"])}) for row in found]


def rule_behind(store: Store, anonymised_at: datetime) -> str | None:
    """The name of the rule by which chats were anonymised at a moment (naive UTC)."""
    sql = """SELECT json_extract_string(detail, '$.rule') AS rule FROM events
             WHERE action = 'retention_run' AND happened_at = $moment"""
    return next((row["rule"] for row in store.read(sql, {"moment": anonymised_at})), None)


def _piece(cursor: Cursor, store: Store, rule_id: UUID, *, clock: Clock, actor: str, piece: int) -> Run | None:
    """The run after the next piece of it; None where the rule does not hold any more."""
    # No import is merged meanwhile, and no hold put.
    take_turn(cursor, "import")
    holding = [rule for rule in rules_in(cursor) if rule.is_on]
    rule = next((each for each in holding if each.id == rule_id), None)
    if rule is None:
        return None
    moment = now()
    going = _going(cursor, rule, actor, moment)
    write_due(cursor, store, holding, clock)
    held = held_by_rule(cursor, rule)
    cursor.execute(
        """CREATE OR REPLACE TEMP TABLE taken AS
           SELECT id FROM due_chats WHERE rule = $rule AND NOT is_held ORDER BY ordinal LIMIT $piece""",
        {"rule": rule_id, "piece": piece},
    )
    chats, events = _carry_out(cursor, rule, going.id, actor, moment)
    done = replace(going, chats=going.chats + chats, held=held, finished_at=None if chats == piece else moment)
    cursor.execute(
        "UPDATE retention_runs SET chats = $chats, held = $held, finished_at = $finished_at WHERE id = $id",
        {"chats": done.chats, "held": held, "finished_at": done.finished_at, "id": done.id},
    )
    told = {"rule": rule.name, "does": rule.action, "chats": chats, "held": held, "events": events}
    record_event(cursor, "retention_run", actor, None, moment, run=str(done.id), **told)
    for table in ("taken", "covered", "due_chats", "held_chats"):
        cursor.execute(f"DROP TABLE IF EXISTS temp.{table}")
    return done


def _going(cursor: Cursor, rule: Rule, actor: str, moment: datetime) -> Run:
    """The run of the rule that has not come to its end, or a new one."""
    same = {"rule": rule.id, "saved": rule.saved_at}
    sql = "FROM retention_runs WHERE rule_id = $rule AND finished_at IS NULL AND began_at >= $saved"
    for row in rows(cursor.execute(f"{sql} ORDER BY began_at DESC", same)):
        return Run(**row | {"scope": scope_of(row["scope"])})
    run = Run(uuid4(), rule.id, rule.name, rule.scope, rule.months, rule.action, actor, moment, None, 0, 0)
    insert(cursor, "retention_runs", vars(run) | {"scope": scope_text(rule.scope)})
    return run


def _carry_out(cursor: Cursor, rule: Rule, run_id: UUID, actor: str, moment: datetime) -> tuple[int, int]:
    """With how many of the chats in `taken` it was done, and how many events went with them."""
    taken = [row["id"] for row in rows(cursor.execute("SELECT id FROM taken"))]
    if not taken:
        return 0, 0
    if rule.action == "delete":
        return delete_in(cursor, taken, actor, moment, rule.name), 0
    gather_chats(cursor, "SELECT id FROM taken", {})
    counts = remove(cursor, "chats", moment, because="retention", keeps_chats=rule.action == "anonymise")
    forget(cursor)
    taken_now = counts["chats"], counts["events"]
    # All that the run has taken so far stands among what was erased: it has to leave the file.
    before = rows(cursor.execute("SELECT counts FROM erasures WHERE id = $id", {"id": run_id}))
    for part, count in (json.loads(before[0]["counts"]) if before else {}).items():
        counts[part] = counts.get(part, 0) + count
    kind: ErasedKind = "chats" if rule.action == "erase" else "anonymised"
    keep_erased(cursor, Erased(run_id, moment, actor, kind, rule.name, counts))
    return taken_now


class _Nights:
    """Looks every minute whether a rule that held when the night began was not carried out yet."""

    def __init__(self, zone: str, after: Callable[[], None]) -> None:
        self._zone, self._after = zone, after

    def look(self, store: Store) -> bool:
        """Carries one of them out, the strongest first; whether there may be more."""
        moment = now()
        night = last_night(moment, self._zone, FROM_HOUR)
        done = {row["rule_id"] for row in store.read(_FINISHED, {"night": night})}
        # What was saved since then can be thought over until the next night.
        waiting = [
            rule
            for rule in rules(store)
            if rule.is_on and rule.id not in done and rule.saved_at and rule.saved_at < night
        ]
        if not waiting:
            return False
        try:
            found = run(store, waiting[0].id, Clock(moment, self._zone))
        except StoreError as error:
            LOG.error("The retention rule %s was not carried out: %s", waiting[0].id, error)
            return False
        if found and found.chats:
            self._after()
        return True


_FINISHED: Final = "SELECT rule_id FROM retention_runs WHERE finished_at >= $night"


def retention(open_store: Callable[[], Store], zone: str, after: Callable[[], None]) -> Loop:
    """What does it by night until it is stopped; `after` each run by which something is gone it calls this."""
    return Loop("retention", open_store, _Nights(zone, after).look, LOOK_EVERY_S)
