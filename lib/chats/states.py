"""The state of a missed chat, derived from what is known of it; and the parts of the queue.

```
to_do ──▶ assigned ──▶ contacted ──▶ recovered
  └──────────┴──▶ not_needed
by themselves: came_back (served by a person before anybody wrote), past (too old when it first came in, and nobody
has done anything about it), no_contact (neither e-mail nor phone, and not to be answered in the chat's channel)
```
"""

from typing import Literal, get_args

from lib.language import mark

FollowUpState = Literal[
    "to_do", "assigned", "contacted", "recovered", "not_needed", "came_back", "past", "no_contact"
]  # fmt: skip
STATES: tuple[FollowUpState, ...] = get_args(FollowUpState)
STATE_NAMES: dict[FollowUpState, str] = {
    "to_do": mark("To do"),
    "assigned": mark("Assigned"),
    "contacted": mark("Contacted"),
    "recovered": mark("Recovered"),
    "not_needed": mark("Not needed"),
    "came_back": mark("Came back"),
    "past": mark("Past"),
    "no_contact": mark("No contact data"),
}

Reason = Literal["spam", "test", "duplicate", "other"]
REASONS: tuple[Reason, ...] = get_args(Reason)
REASON_NAMES: dict[Reason, str] = {
    "spam": mark("Spam"),
    "test": mark("Test"),
    "duplicate": mark("Duplicate"),
    "other": mark("Other"),
}

# Tabs of the page Missed chats, then the parts that figures open.
QueuePart = Literal[
    "any", "open", "overdue", "contacted", "came_back", "done", "past", "no_contact",
    "to_do", "assigned", "reached", "recovered", "not_needed", "reachable",
]  # fmt: skip
QUEUE_PARTS: tuple[QueuePart, ...] = get_args(QueuePart)

REACHABLE_SQL = """(visitor_email IS NOT NULL OR visitor_phone IS NOT NULL
    OR (reply_channel IS NOT NULL AND reply_closed_at IS NULL))"""
PAST_SQL = "(coalesce(missed_past, FALSE) AND taken_in_at IS NULL)"
DUE_SQL = "coalesce(due_set_at, due_derived_at)"
STATE_SQL = f"""
CASE
    WHEN contacted_at IS NOT NULL THEN CASE WHEN recovered_at > contacted_at THEN 'recovered' ELSE 'contacted' END
    WHEN not_needed IS NOT NULL THEN 'not_needed'
    WHEN came_back_at IS NOT NULL THEN 'came_back'
    WHEN {PAST_SQL} THEN 'past'
    WHEN NOT {REACHABLE_SQL} THEN 'no_contact'
    WHEN assignee IS NOT NULL THEN 'assigned'
    ELSE 'to_do'
END
"""
_WAITING = "contacted_at IS NULL AND not_needed IS NULL AND came_back_at IS NULL"
_OPEN = f"{_WAITING} AND NOT {PAST_SQL} AND {REACHABLE_SQL}"
_RECOVERED = "contacted_at IS NOT NULL AND coalesce(recovered_at > contacted_at, FALSE)"
_NOT_NEEDED = "contacted_at IS NULL AND not_needed IS NOT NULL"

# Of missed chats; the same as by STATE_SQL, in the form that is read fastest. `$now` is naive UTC.
QUEUE_SQL: dict[QueuePart, str] = {
    "any": "true",
    "open": f"({_OPEN})",
    "overdue": f"({_OPEN} AND {DUE_SQL} < $now)",
    "contacted": "(contacted_at IS NOT NULL AND NOT coalesce(recovered_at > contacted_at, FALSE))",
    "came_back": "(contacted_at IS NULL AND not_needed IS NULL AND came_back_at IS NOT NULL)",
    "done": f"({_RECOVERED} OR {_NOT_NEEDED})",
    "past": f"({_WAITING} AND {PAST_SQL})",
    "no_contact": f"({_WAITING} AND NOT {PAST_SQL} AND NOT {REACHABLE_SQL})",
    "to_do": f"({_OPEN} AND assignee IS NULL)",
    "assigned": f"({_OPEN} AND assignee IS NOT NULL)",
    "reached": "(contacted_at IS NOT NULL)",
    "recovered": f"({_RECOVERED})",
    "not_needed": f"({_NOT_NEEDED})",
    "reachable": REACHABLE_SQL,
}
