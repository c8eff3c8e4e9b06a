"""What the figures on missed chats are called, and what they mean."""

from collections.abc import Mapping
from dataclasses import dataclass

from lib.language import mark
from lib.missed.figures import FigureCode

WHY_GREY = mark("A share of fewer than {few} chats says little, so it is grey.")


@dataclass(frozen=True)
class Words:
    """What a figure is called, and what it means."""

    name: str
    meaning: str


WORDS: Mapping[FigureCode, Words] = {
    "missed": Words(
        mark("Missed"), mark("Chats that nobody took, by the day on which they started; those that are past too.")
    ),
    "missed_rate": Words(
        mark("Missed rate"),
        mark(
            "Missed chats as a share of all chats that started on the same days and match the filters. "
            "Filters that only missed chats can match narrow the missed chats alone."
        ),
    ),
    "reachable": Words(
        mark("Reachable"),
        mark(
            "Missed chats with an e-mail address or a phone number, or that can be answered in their channel still, "
            "as a share of the missed ones."
        ),
    ),
    "contact_time": Words(
        mark("Time to contact"),
        mark("From the start of a missed chat to the first contact: half of the contacted ones took less (median)."),
    ),
    "contacted": Words(mark("Contacted"), mark("Missed chats that somebody contacted, as a share of the missed ones.")),
    "recovered": Words(
        mark("Recovered"),
        mark("Missed chats whose visitor was served by a person after the contact, as a share of the contacted ones."),
    ),
    "came_back": Words(
        mark("Came back"),
        mark(
            "Missed chats whose visitor was soon served by a person, before anybody contacted them, "
            "as a share of the missed ones."
        ),
    ),
}
