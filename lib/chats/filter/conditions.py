"""The conditions of a ChatFilter: one small object for each field, giving SQL with bound values and words.

The words are in `phrase`: the part of the sentence above the list that tells of the condition.
"""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from lib.chats.categories import CATEGORY_SQL
from lib.chats.clock import Clock
from lib.chats.filter.clause import Clause
from lib.chats.filter.filter import ChatFilter
from lib.chats.filter.list_conditions import LIST_CONDITIONS
from lib.chats.filter.periods import PRESETS
from lib.chats.filter.queue_conditions import HasNews, InQueue
from lib.chats.filter.rules_sql import rules_clause
from lib.chats.filter.rules_words import rules_in_words
from lib.chats.search.query import parse, words_in_words
from lib.language import _, _p, calendar_day, duration, mark


class Condition(Protocol):
    """What every condition can do; `field` is the name of its field in ChatFilter."""

    @property
    def field(self) -> str: ...

    def clause(self, chosen: ChatFilter, clock: Clock) -> Clause | None:
        """The condition in SQL, or None where the filter does not set it."""

    def phrase(self, chosen: ChatFilter, clock: Clock) -> str:
        """The condition in words; only asked for where it is set."""


@dataclass(frozen=True)
class InCategory:
    """The category of the open tab; its words are the subject of the sentence."""

    field: str = "category"

    def clause(self, chosen: ChatFilter, clock: Clock) -> Clause | None:
        """The status that the category stands for."""
        return None if chosen.category == "all" else Clause(CATEGORY_SQL[chosen.category], {})

    def phrase(self, chosen: ChatFilter, clock: Clock) -> str:
        """Nothing: see `sentence`."""
        return ""


@dataclass(frozen=True)
class Started:
    """The start lies within a range of days of the workspace's zone, or is unknown."""

    field: str = "period"

    def clause(self, chosen: ChatFilter, clock: Clock) -> Clause | None:
        """A half-open range of UTC times."""
        if chosen.period == "unknown":
            return Clause("started_at IS NULL", {})
        first, last = self.days(chosen, clock)
        parts, params = [], {}
        if first:
            parts.append("started_at >= $started_from")
            params["started_from"] = clock.start_of(first)
        if last:
            parts.append("started_at < $started_before")
            params["started_before"] = clock.end_of(last)
        return Clause(" AND ".join(parts), params) if parts else None

    def phrase(self, chosen: ChatFilter, clock: Clock) -> str:
        """The days, both ends included."""
        if chosen.period == "unknown":
            return _("without a start time")
        first, last = self.days(chosen, clock)
        if first and last and first == last:
            return _("on {day}", day=calendar_day(first))
        if first and last:
            return _("from {first} to {last}", first=calendar_day(first), last=calendar_day(last))
        if first:
            return _("since {day}", day=calendar_day(first))
        return _("until {day}", day=calendar_day(last)) if last else ""

    @staticmethod
    def days(chosen: ChatFilter, clock: Clock) -> tuple[date | None, date | None]:
        """First and last day of the chosen period; None where it is open."""
        if chosen.period in PRESETS:
            return PRESETS[chosen.period](clock)
        return (chosen.first_day, chosen.last_day) if chosen.period == "custom" else (None, None)


# A link may ask for more seconds than the engine can count.
LONGEST_WAIT_S = 10**12


@dataclass(frozen=True)
class WaitedLongerThan:
    """The visitor waited longer than a number of seconds."""

    field: str = "waited_longer_than_s"

    def clause(self, chosen: ChatFilter, clock: Clock) -> Clause | None:
        """A comparison that an unknown wait does not meet."""
        limit = chosen.waited_longer_than_s
        if limit is None:
            return None
        return Clause("wait_s > $waited_longer_than_s", {"waited_longer_than_s": min(limit, LONGEST_WAIT_S)})

    def phrase(self, chosen: ChatFilter, clock: Clock) -> str:
        """The limit as a duration."""
        return _("with a wait over {duration}", duration=duration(chosen.waited_longer_than_s))


@dataclass(frozen=True)
class YesOrNo:
    """A fact that is true or false of each chat."""

    field: str
    sql: str
    yes: str
    no: str

    def clause(self, chosen: ChatFilter, clock: Clock) -> Clause | None:
        """The fact or its contrary."""
        asked = getattr(chosen, self.field)
        return None if asked == "any" else Clause(self.sql if asked == "yes" else f"NOT ({self.sql})", {})

    def phrase(self, chosen: ChatFilter, clock: Clock) -> str:
        """The fact or its contrary."""
        return _(self.yes if getattr(chosen, self.field) == "yes" else self.no)


@dataclass(frozen=True)
class HasWords:
    """What is typed as words (see lib/chats/search/query.py); `matching` finds the chats that have them first."""

    field: str = "words"

    def clause(self, chosen: ChatFilter, clock: Clock) -> Clause | None:
        """Membership in the table `word_hits`."""
        return Clause("id IN (SELECT id::UUID FROM word_hits)", {}) if parse(chosen.words).terms else None

    def phrase(self, chosen: ChatFilter, clock: Clock) -> str:
        """The words as they were typed where all may occur anywhere, else told one scope after the other."""
        return words_in_words(chosen.words)


@dataclass(frozen=True)
class HasRules:
    """All or any of the rules hold (see lib/chats/filter/filter.py)."""

    field: str = "rules"

    def clause(self, chosen: ChatFilter, clock: Clock) -> Clause | None:
        """The rules that make sense."""
        return rules_clause(chosen.rules, clock) if chosen.rules else None

    def phrase(self, chosen: ChatFilter, clock: Clock) -> str:
        """The rules, with brackets around groups."""
        return _("where {conditions}", conditions=rules_in_words(chosen.rules)) if chosen.rules else ""


@dataclass(frozen=True)
class CannotBeRead:
    """Something in a link that this version does not understand; without it, more would be shown than was meant."""

    field: str = "unreadable"

    def clause(self, chosen: ChatFilter, clock: Clock) -> Clause | None:
        """No chat."""
        return Clause("FALSE", {}) if chosen.unreadable else None

    def phrase(self, chosen: ChatFilter, clock: Clock) -> str:
        """That there is something."""
        return _("with a condition that cannot be read")


HAS_EMAIL = "visitor_email IS NOT NULL"
HAS_REPLY = "id IN (SELECT chat_id FROM mails WHERE state = 'sent')"

CONDITIONS: tuple[Condition, ...] = (
    InCategory(),
    Started(),
    *(LIST_CONDITIONS[name] for name in ("country", "department", "operator", "website", "channel", "tag", "rating")),
    WaitedLongerThan(),
    YesOrNo("email", HAS_EMAIL, mark("with an e-mail address"), mark("without an e-mail address")),
    YesOrNo("reply", HAS_REPLY, mark("with a reply by e-mail"), mark("without a reply by e-mail")),
    InQueue(),
    LIST_CONDITIONS["assignee"],
    LIST_CONDITIONS["cause"],
    YesOrNo("repeated", "coalesce(missed_repeats, 1) > 1", mark("missed repeatedly"), mark("missed once only")),
    HasNews(),
    HasRules(),
    HasWords(),
    CannotBeRead(),
)


def active(chosen: ChatFilter, clock: Clock) -> list[Condition]:
    """The conditions that the filter sets, the category left out."""
    return [c for c in CONDITIONS if c.field != "category" and c.clause(chosen, clock)]


def sentence(chosen: ChatFilter, clock: Clock) -> str:
    """What is shown, in words: "Missed chats from Japan, since 1 Nov 2026"."""
    phrases = [condition.phrase(chosen, clock) for condition in active(chosen, clock)]
    subject = _(SUBJECTS[chosen.category])
    if not phrases:
        return subject
    return _("{chats} {conditions}", chats=subject, conditions=_p("between conditions", ", ").join(phrases))


SUBJECTS = {
    "all": mark("All chats"),
    "ongoing": mark("Ongoing chats"),
    "missed": mark("Missed chats"),
    "reopened": mark("Reopened chats"),
    "completed": mark("Completed chats"),
    "monitored": mark("Monitored chats"),
}
