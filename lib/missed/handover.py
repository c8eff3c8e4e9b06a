"""The hand-over: what the next shift has to know about missed chats, as plain text."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from lib.chats.accounts import accounts, names_told
from lib.chats.causes import CAUSE_NAMES
from lib.chats.clock import Clock
from lib.chats.filter.filter import ChatFilter
from lib.chats.filter.matching import matching
from lib.chats.filter.presets import NEWS
from lib.chats.filter.sentence import sentence
from lib.chats.listing import Sort
from lib.chats.states import DUE_SQL, QUEUE_SQL
from lib.language import _, moment, plural, zone_label
from lib.missed.news import Mark
from lib.store import Row, Store
from lib.text import one_line, shortened

MOST_CHATS = 50
LONGEST_QUESTION = 100
LONGEST_VALUE = 80
DUE_FIRST = Sort("due", descending=False)

_COUNTED = {
    "open": QUEUE_SQL["open"],
    "overdue": QUEUE_SQL["overdue"],
    "contacted": NEWS["contacted"].sql,
    "came_back": NEWS["came_back"].sql,
}
_LISTED = (
    f"id, visitor_name, visitor_email, visitor_phone, department, assignee, missed_cause, question, {DUE_SQL} AS due_at"
)


def hand_over(store: Store, chosen: ChatFilter, since: Mark, clock: Clock, page: str = "") -> str:
    """The text for the missed chats of a filter, in the current language; `since` is what the shift saw last.

    With the address of the `page`, each chat has its link.

    Which part of the queue is shown does not matter: the counts are of all missed chats, the list is of the open ones.
    """
    missed = replace(chosen.without("queue", "news", "since"), category="missed")
    found = matching(store, missed, clock)
    columns = ", ".join(f"count(*) FILTER ({sql}) AS {name}" for name, sql in _COUNTED.items())
    params = found.params | {"since": since.notice, "now": clock.now}
    counts = store.read(found.select(columns), params, found.tables)[0]
    lines = [
        _("Hand-over of missed chats, {moment}", moment=moment(clock.now, clock.zone)),
        _line(sentence(missed, clock, names_told(accounts(store))), 1000),
        _("Times in {zone}", zone=zone_label(clock.zone, clock.now)),
        "",
        *_summary(counts, since.moment, clock.zone),
    ]
    if counts["open"]:
        still_open = matching(store, replace(missed, queue="open"), clock)
        places = still_open.select("rowid", f"{DUE_FIRST.sql} LIMIT {MOST_CHATS}")
        sql = f"SELECT {_LISTED} FROM chats WHERE rowid IN ({places}) {DUE_FIRST.sql}"
        urgent = store.read(sql, still_open.params, still_open.tables)
        lines += ["", *_open_chats(urgent, counts["open"], clock, page)]
    return "\n".join(lines) + "\n"


def _summary(counts: Row, since: datetime, zone: str) -> Iterator[str]:
    yield plural("{n} chat waits to be contacted", "{n} chats wait to be contacted", counts["open"])
    if counts["overdue"]:
        yield "- " + plural("{n} of them is overdue", "{n} of them are overdue", counts["overdue"])
    if counts["contacted"] or counts["came_back"]:
        yield _("Since {moment}:", moment=moment(since, zone))
    if counts["contacted"]:
        yield "- " + plural("{n} chat was contacted", "{n} chats were contacted", counts["contacted"])
    if counts["came_back"]:
        yield "- " + plural("{n} visitor came back unasked", "{n} visitors came back unasked", counts["came_back"])


def _open_chats(chats: Sequence[Row], count: int, clock: Clock, page: str) -> Iterator[str]:
    yield _("To do, the most urgent first:")
    for number, chat in enumerate(chats, 1):
        yield f"{number}. {' · '.join(filter(None, _told(chat, clock)))}"
        if question := _line(chat["question"], LONGEST_QUESTION):
            yield f"   {question}"
        if page:
            yield f"   {page}?chat={chat['id']}"
    if count > len(chats):
        yield plural("… and {n} more", "… and {n} more", count - len(chats))


def _told(chat: Row, clock: Clock) -> Iterator[str]:
    if chat["due_at"] is None:
        yield _("without a due time")
    else:
        due = moment(chat["due_at"], clock.zone)
        yield _("OVERDUE since {moment}", moment=due) if chat["due_at"] < clock.now else _("due {moment}", moment=due)
    yield from (_line(chat[name], LONGEST_VALUE) for name in ("visitor_name", "visitor_email", "visitor_phone"))
    yield _line(chat["department"], LONGEST_VALUE)
    assignee = _line(chat["assignee"], LONGEST_VALUE)
    yield _("with {assignee}", assignee=assignee) if assignee else _("with nobody")
    yield _(CAUSE_NAMES[chat["missed_cause"]]) if chat["missed_cause"] else ""


def _line(text: str | None, longest: int) -> str:
    return shortened(one_line(text), longest, between_words=False)
