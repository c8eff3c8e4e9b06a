"""The definitions of the ledger, read plainly: minute by minute, chat by chat."""

from bisect import bisect_left
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from lib.chats.hours import Hours
from lib.missed.settings import Rules
from lib.store import Store

MINUTE = timedelta(minutes=1)
REPEATED = timedelta(days=30)
DERIVED = (
    "missed_cause", "missed_repeats", "due_derived_at", "came_back_at", "came_back_chat", "recovered_at",
    "recovered_chat", "visitor_wrote_at", "missed_past", "reply_channel", "reply_until", "reply_closed_at",
)  # fmt: skip


def is_open(rules: Rules, zone: str, moment: datetime) -> bool:
    """Whether the clocks on the wall show working hours."""
    wall = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    span = rules.hours.weekdays.get(wall.isoweekday())
    if span is None or wall.date() in rules.hours.holidays:
        return False
    return span[0] <= wall.hour * 60 + wall.minute < span[1]


class Minutes:
    """All minutes between two moments in which people work, counted."""

    def __init__(self, rules: Rules, zone: str, first: datetime, last: datetime) -> None:
        self.open = []
        moment = first
        while moment < last:
            if is_open(rules, zone, moment):
                self.open.append(moment)
            moment += MINUTE

    def due(self, start: datetime, working: timedelta) -> datetime | None:
        """The end of the last of so many working minutes from a whole minute on; None where they do not suffice."""
        place = bisect_left(self.open, start) + working // MINUTE - 1
        return self.open[place] + MINUTE if place < len(self.open) else None


def keys(chat):
    found = {("email", chat["visitor_email"] and chat["visitor_email"].lower()), ("phone", chat["visitor_phone"])}
    found.add(("visitor", chat["visitor_id"] and (chat["system"], chat["visitor_id"])))
    return {key for key in found if key[1]}


def persons_of(chats, joined=()):
    """The number of the person of each chat, by its id: merged pair by pair; `joined` are sets of ids."""
    persons = {chat["id"]: number for number, chat in enumerate(chats)}

    def merge(ids):
        several = {persons[each] for each in ids if each in persons}
        for chat_id, person in persons.items():
            if person in several:
                persons[chat_id] = min(several)

    for key in {key for chat in chats for key in keys(chat)}:
        merge([chat["id"] for chat in chats if key in keys(chat)])
    for ids in joined:
        merge(ids)
    return persons


def read_derived(chats, messages, rules, zone, minutes, now):
    """By chat, what must be derived at a moment: of all chats and messages of a store."""
    missed = [chat for chat in chats if chat["status"] == "missed"]
    served = [
        chat for chat in chats
        if chat["status"] != "missed" and chat["operators"] and chat["deleted_at"] is None and chat["started_at"]
    ]  # fmt: skip
    persons = persons_of(chats)
    of_chat = {chat["id"]: [message for message in messages if message["chat_id"] == chat["id"]] for chat in missed}
    return {
        chat["id"]: _derived(
            chat,
            [other for other in missed if persons[other["id"]] == persons[chat["id"]]],
            [other for other in served if persons[other["id"]] == persons[chat["id"]]],
            of_chat[chat["id"]],
            rules,
            zone,
            minutes,
            now,
        )
        for chat in missed
    }


def _derived(chat, missed, served, messages, rules, zone, minutes, now):
    start, contacted = chat["started_at"], chat["contacted_at"]
    back = [s for s in served if start and start < s["started_at"] <= start + timedelta(hours=rules.recovery_h)]
    later = [s for s in served if contacted and contacted < s["started_at"]]
    near = [
        other for other in missed
        if other["deleted_at"] is None and start and other["started_at"]
        and abs(other["started_at"] - start) <= REPEATED
    ]  # fmt: skip
    cause = _cause(chat, wrote(messages, "operator"), wrote(messages, "bot"), rules, zone)
    said = [message["sent_at"] for message in messages if message["kind"] == "visitor" and message["sent_at"]]
    last = max([*said, *filter(None, [start])], default=None)
    is_past = bool(last) and (chat["missed_noticed_at"] or now) - last > timedelta(days=rules.past_after_d)
    since = chat["taken_in_at"] if is_past and start else start
    due = since and minutes.due(since, rules.due_after)
    code = {"facebook": "messenger", "WhatsApp": "whatsapp", "Channel::Line": "line"}.get(chat["channel"])
    closes = last + timedelta(hours=24) if last and code in ("messenger", "whatsapp") else None
    if closes and since and closes > since:
        due = min(filter(None, [due, closes]))
    answering = [
        last and code,
        closes if closes and closes > now else None,
        closes if closes and closes <= now else None,
    ]
    values = [cause, max(1, len(near)), due, *_first(back), *_first(later), last, is_past, *answering]
    return dict(zip(DERIVED, values, strict=True))


def wrote(messages, kind):
    """Whether an operator, or a bot, wrote by itself."""
    own = [message for message in messages if message["kind"] == kind and message["automatic"] is not True]
    return any(kind == "operator" or message["text"] is not None for message in own)


def _first(chats):
    first = min(chats, key=lambda chat: (chat["started_at"], chat["id"]), default=None)
    return (first["started_at"], first["id"]) if first else (None, None)


def _cause(chat, operator_wrote, bot_wrote, rules, zone):
    if chat["missed_reason"] == "offline_form":
        return "offline_form"
    if chat["started_at"] and not is_open(rules, zone, chat["started_at"]):
        return "out_of_hours"
    if chat["duration_s"] is not None and chat["duration_s"] <= rules.left_within_s and not operator_wrote:
        return "left_early"
    if bot_wrote and not operator_wrote and not chat["operators"]:
        return "bot_handoff_failed"
    if operator_wrote or chat["started_at"] is None:
        return "unknown"
    return "assigned_silent" if chat["operators"] else "nobody_assigned"


@cache
def minutes_of_tests(zone: str) -> Minutes:
    """The working minutes of the rules that a new store has, around the worlds of the tests."""
    rules = Rules(Hours(dict.fromkeys(range(1, 6), (9 * 60, 18 * 60))))
    return Minutes(rules, zone, datetime(2026, 9, 1), datetime(2027, 2, 1))


def read_store(store: Store, rules: Rules, zone: str, minutes: Minutes, now: datetime):
    """What must be derived in a store at a moment."""
    chats, messages = store.read("SELECT * FROM chats"), store.read("SELECT * FROM messages")
    return read_derived(chats, messages, rules, zone, minutes, now)


def derived_in(store: Store):
    """What is derived in a store, by missed chat."""
    found = store.read(f"SELECT id, {', '.join(DERIVED)} FROM chats WHERE status = 'missed'")
    return {row["id"]: {name: row[name] for name in DERIVED} for row in found}
