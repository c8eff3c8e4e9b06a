"""Why a chat was missed: one cause a chat, the first of the list that fits."""

from typing import Literal, get_args

from lib.language import mark

Cause = Literal[
    "offline_form", "out_of_hours", "left_early", "bot_handoff_failed", "assigned_silent", "nobody_assigned", "unknown"
]
CAUSES: tuple[Cause, ...] = get_args(Cause)
CAUSE_NAMES: dict[Cause, str] = {
    "offline_form": mark("Offline form"),
    "out_of_hours": mark("Out of hours"),
    "left_early": mark("Visitor left at once"),
    "bot_handoff_failed": mark("Bot hand-off failed"),
    "assigned_silent": mark("Assigned but silent"),
    "nobody_assigned": mark("Nobody there"),
    "unknown": mark("Unknown"),
}

# It was in working hours, and the visitor stayed.
AVOIDABLE: tuple[Cause, ...] = ("bot_handoff_failed", "assigned_silent", "nobody_assigned")

# Of columns missed_reason, is_open (NULL where the start is unknown), duration_s, operators, operator_wrote, bot_wrote
# and the value $left_within_s. Automatic texts count for nobody.
CAUSE_SQL = """
CASE
    WHEN missed_reason = 'offline_form' THEN 'offline_form'
    WHEN NOT is_open THEN 'out_of_hours'
    WHEN duration_s <= $left_within_s AND NOT operator_wrote THEN 'left_early'
    WHEN bot_wrote AND NOT operator_wrote AND len(operators) = 0 THEN 'bot_handoff_failed'
    WHEN operator_wrote OR is_open IS NULL THEN 'unknown'
    WHEN len(operators) > 0 THEN 'assigned_silent'
    ELSE 'nobody_assigned'
END
"""
