"""Conditions that have a name of their own: what each means in SQL, and the part of the sentence that tells of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from lib.chats.categories import CATEGORY_SQL, Category
from lib.chats.filter.filter import News
from lib.chats.states import QUEUE_SQL, QueuePart
from lib.language import mark


@dataclass(frozen=True)
class Preset:
    """`sql` may name `$now` and `$since` (naive UTC), `words` the `{moment}` since when."""

    sql: str
    words: str


_BECAME_KNOWN = "missed_noticed_at > $since AND NOT coalesce(missed_past, FALSE)"
_MISSED_AT = "coalesce(visitor_wrote_at, missed_noticed_at)"
# What was past when it came in is no news, however much of it an import brings.
NEWS: dict[News, Preset] = {
    "missed": Preset(f"{_BECAME_KNOWN} AND {_MISSED_AT} > $since", mark("missed since {moment}")),
    "earlier": Preset(
        f"{_BECAME_KNOWN} AND {_MISSED_AT} <= $since", mark("missed before {moment} and known here since")
    ),
    "came_back": Preset(
        f"came_back_noticed_at > $since AND NOT coalesce(missed_past, FALSE) AND {QUEUE_SQL['came_back']}",
        mark("whose visitor came back since {moment}"),
    ),
    "contacted": Preset("contacted_noticed_at > $since", mark("contacted since {moment}")),
    "overdue": Preset(
        f"{QUEUE_SQL['overdue']} AND coalesce(due_set_at, due_derived_at) >= $since", mark("overdue since {moment}")
    ),
}
PARTS: dict[QueuePart, str] = {
    "open": mark("not contacted yet"),
    "overdue": mark("overdue"),
    "contacted": mark("contacted, without a new chat yet"),
    "came_back": mark("whose visitor came back by themselves"),
    "done": mark("recovered or not needed"),
    "past": mark("past when they first came in"),
    "no_contact": mark("without contact data"),
    "to_do": mark("not contacted yet and with nobody"),
    "assigned": mark("not contacted yet and assigned"),
    "reached": mark("contacted, recovered or not"),
    "recovered": mark("recovered"),
    "not_needed": mark("marked as not needed"),
    "reachable": mark("with contact data or a channel to answer in"),
}
# The subject of the sentence.
SUBJECTS: dict[Category, str] = {
    "all": mark("All chats"),
    "ongoing": mark("Ongoing chats"),
    "missed": mark("Missed chats"),
    "reopened": mark("Reopened chats"),
    "completed": mark("Completed chats"),
    "monitored": mark("Monitored chats"),
}


def _of_missed(preset: Preset) -> Preset:
    return Preset(f"status = 'missed' AND {preset.sql}", preset.words)


def _yes_or_no(fact: str, yes: str, no: str) -> dict[str, Preset]:
    return {"yes": Preset(fact, yes), "no": Preset(f"NOT ({fact})", no)}


# By the field of a filter, then by what it says there; "all" and "any" ask for nothing.
PRESETS: dict[str, Mapping[str, Preset]] = {
    "category": {code: Preset(CATEGORY_SQL[code], words) for code, words in SUBJECTS.items() if code != "all"},
    "email": _yes_or_no("visitor_email IS NOT NULL", mark("with an e-mail address"), mark("without an e-mail address")),
    "reply": _yes_or_no(
        "id IN (SELECT chat_id FROM mails WHERE state = 'sent')",
        mark("with a reply by e-mail"),
        mark("without a reply by e-mail"),
    ),
    "queue": {code: _of_missed(Preset(QUEUE_SQL[code], words)) for code, words in PARTS.items()},
    "repeated": _yes_or_no("coalesce(missed_repeats, 1) > 1", mark("missed repeatedly"), mark("missed once only")),
    "news": {code: _of_missed(preset) for code, preset in NEWS.items()},
    # Without it, more would be shown than a link meant that this version does not understand.
    "unreadable": {"yes": Preset("FALSE", mark("with a condition that cannot be read"))},
}
