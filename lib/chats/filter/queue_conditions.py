"""The conditions of a ChatFilter that tell of the ledger of missed chats."""

from dataclasses import dataclass

from lib.chats.clock import Clock
from lib.chats.filter.clause import Clause
from lib.chats.filter.filter import ChatFilter, News
from lib.chats.states import QUEUE_SQL, QueuePart
from lib.language import _, mark, moment

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

_BECAME_KNOWN = "missed_noticed_at > $since AND NOT coalesce(missed_past, FALSE)"
_MISSED_AT = "coalesce(visitor_wrote_at, missed_noticed_at)"
# What was past when it came in is no news, however much of it an import brings.
NEWS_SQL: dict[News, str] = {
    "missed": f"{_BECAME_KNOWN} AND {_MISSED_AT} > $since",
    "earlier": f"{_BECAME_KNOWN} AND {_MISSED_AT} <= $since",
    "came_back": f"came_back_noticed_at > $since AND NOT coalesce(missed_past, FALSE) AND {QUEUE_SQL['came_back']}",
    "contacted": "contacted_noticed_at > $since",
    "overdue": f"{QUEUE_SQL['overdue']} AND coalesce(due_set_at, due_derived_at) >= $since",
}
NEWS: dict[News, str] = {
    "missed": mark("missed since {moment}"),
    "earlier": mark("missed before {moment} and known here since"),
    "came_back": mark("whose visitor came back since {moment}"),
    "contacted": mark("contacted since {moment}"),
    "overdue": mark("overdue since {moment}"),
}


@dataclass(frozen=True)
class InQueue:
    """The part of the queue in which a missed chat is."""

    field: str = "queue"

    def clause(self, chosen: ChatFilter, clock: Clock) -> Clause | None:
        """The part, among missed chats only."""
        if chosen.queue == "any":
            return None
        sql = QUEUE_SQL[chosen.queue]
        return Clause(f"status = 'missed' AND {sql}", {"now": clock.now} if "$now" in sql else {})

    def phrase(self, chosen: ChatFilter, clock: Clock) -> str:
        """What is true of a chat in the part."""
        return _(PARTS[chosen.queue])


@dataclass(frozen=True)
class HasNews:
    """Something has happened to a missed chat since a moment."""

    field: str = "news"

    def clause(self, chosen: ChatFilter, clock: Clock) -> Clause | None:
        """What, and since when."""
        if chosen.news == "any" or chosen.since is None:
            return None
        sql = NEWS_SQL[chosen.news]
        params = {"since": chosen.since} | ({"now": clock.now} if "$now" in sql else {})
        return Clause(f"status = 'missed' AND {sql}", params)

    def phrase(self, chosen: ChatFilter, clock: Clock) -> str:
        """What, and since when."""
        return _(NEWS[chosen.news], moment=moment(chosen.since, clock.zone))
