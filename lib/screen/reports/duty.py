"""The share of chats that were missed while an operator was seen, for the table of operators."""

from collections.abc import Mapping

from lib.chats.filter.filter import ChatFilter, as_chosen
from lib.language import mark
from lib.reports.duty import Duty, duty
from lib.reports.groups import GroupBy, Key
from lib.screen.frame.answers import answer
from lib.screen.parts.figure import Words

ON_DUTY = Words(
    mark("Missed on duty"),
    mark(
        "Of the chats that began in an hour in which the operator was seen answering, whoever took them, the share "
        "that was missed."
    ),
)
DUTY_NOTE = mark(
    "An operator is seen in each hour in which they wrote a message of their own, as in the coverage; no filter finds "
    "the chats of these hours, so a row opens those that the operator took part in."
)


def duties_of(by: GroupBy, chosen: ChatFilter) -> Mapping[Key, Duty]:
    """What came while each operator was seen, by the key of the group; nothing where the groups are no operators."""
    found = answer(duty, chosen) if by == "operator" else {}
    return {as_chosen(name): each for name, each in found.items()}
