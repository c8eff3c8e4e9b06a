"""The pause of the outbox: while the mail account or the server is at fault, every mail would meet the same.

Then all mails stay queued, and one is tried now and then; whatever else comes of that attempt than the same kind of
fault ends the pause. It is kept in the store, so a restart does not forget it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lib.mail.mails import Problem, problem_in, problem_text
from lib.store import Cursor, Row, Store, rows

# After each attempt in vain until the next one; the last is kept to.
TRIED_AFTER_MIN: Final = (1, 5, 15, 60)

_SQL: Final = "SELECT since, problem, attempts, next_attempt_at FROM outbox_pause WHERE since IS NOT NULL"


@dataclass(frozen=True)
class Pause:
    """Why nothing is sent, since when, after how many attempts in vain, and when the next is due; naive UTC."""

    since: datetime
    problem: Problem
    attempts: int
    next_attempt_at: datetime


def pause_of(store: Store) -> Pause | None:
    """The pause of the outbox; None while mails are sent."""
    return _pause(store.read(_SQL))


def pause_in(cursor: Cursor) -> Pause | None:
    """The same, seen from the transaction of `cursor`."""
    return _pause(rows(cursor.execute(_SQL)))


def pause(cursor: Cursor, problem: Problem, moment: datetime) -> None:
    """Begins the pause, or goes on with it, after an attempt that ended at `moment`."""
    found = pause_in(cursor)
    attempts = found.attempts + 1 if found else 1
    wait = timedelta(minutes=TRIED_AFTER_MIN[min(attempts, len(TRIED_AFTER_MIN)) - 1])
    cursor.execute(
        "UPDATE outbox_pause SET since = $since, problem = $problem, attempts = $attempts, next_attempt_at = $next",
        {
            "since": found.since if found else moment,
            "problem": problem_text(problem),
            "attempts": attempts,
            "next": moment + wait,
        },
    )


def try_at(cursor: Cursor, moment: datetime) -> None:
    """Sets when the next attempt of a pause is due."""
    cursor.execute("UPDATE outbox_pause SET next_attempt_at = $at WHERE since IS NOT NULL", {"at": moment})


def go_on(cursor: Cursor) -> None:
    """Ends the pause, if there is one."""
    cursor.execute(
        "UPDATE outbox_pause SET since = NULL, problem = NULL, attempts = NULL, next_attempt_at = NULL"
        " WHERE since IS NOT NULL"
    )


def _pause(found: list[Row]) -> Pause | None:
    problem = problem_in(found[0]["problem"]) if found else None
    return Pause(**{**found[0], "problem": problem}) if problem else None
