"""Writes believable chats, always the same ones for the same seed."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from .choices import Draw, pick
from .conversation import Chat, Conversation
from .dialogue import Clock, Dialogue
from .edge_cases import edge_cases
from .people import People
from .records import Record, record
from .scripts import LANGUAGES, Language, load_language
from .slots import Slots
from .team import DAY, HOUR, missed_shares, start_times

RECENT = timedelta(minutes=40)
_RECENT_SECONDS = int(RECENT.total_seconds())
_MOST_RECENT_COMPLETED, _MOST_RECENT_MISSED = 4, 1
_REOPENED, _LEAVES_EARLY = 0.065, 0.12
_LEAVES_EMAIL_WHEN_MISSED = 0.4
_BUSY_HOUR = 10
_OFFICE_HOURS, _WEEKEND_HOURS = range(9, 18), range(10, 17)


class _Generator:
    """Writes one chat after the other."""

    def __init__(self, seed: int, end: datetime, days: int, mean_messages: float | None) -> None:
        self._draw: Draw = Random(seed).random
        self.clock = Clock(end - timedelta(days=days), days)
        self.end = int((end - self.clock.midnight).total_seconds())
        self._first = self.end - days * DAY
        self._languages = {code: load_language(code) for code in LANGUAGES}
        self._people, self._slots = People(self._draw), Slots(self._draw)
        self._conversation, self._missed = Conversation(self._draw), missed_shares()
        self._mean, self._owed = mean_messages, 0.0

    def starts(self, count: int) -> list[int]:
        """Return when the ordinary chats begin; they are over before the recent ones begin."""
        return start_times(self._draw, count, self._first, self.end - 2 * HOUR, self.clock.midnight.weekday())

    def recent_start(self, least: int) -> int:
        """Return a beginning within the last minutes, at least some seconds before the end."""
        return self.end - least - int(self._draw() * (_RECENT_SECONDS - least))

    def ordinary(self, number: int, start: int) -> Record:
        """Return a chat that is over, missed where nobody was there to answer."""
        language, hour = self._languages["ja" if self._draw() < 0.5 else "en"], self.clock.hour_of_week(start)
        is_missed = self._draw() < self._missed[hour]
        chat = self._chat(number, start, language, hour, missed=is_missed)
        if is_missed or not self._conversation.able(chat):
            self._conversation.missed(chat, hour % 24 not in (_WEEKEND_HOURS if hour >= 5 * 24 else _OFFICE_HOURS))
            return self._finished(chat)
        can_reopen = start + 2 * DAY < self.end and chat.scenario.department not in (None, "Sales")
        if can_reopen and self._draw() < _REOPENED:
            chat.status = "reopened"
        return self._answered(chat)

    def recent(self, number: int, missed: bool) -> Record:
        """Return a chat that ended a few minutes ago."""
        language = self._languages[LANGUAGES[number % 2]]
        chat = self._chat(number, self.recent_start(1500), language, _BUSY_HOUR, missed=missed, recent=True)
        if not missed:
            return self._answered(chat)
        self._conversation.missed(chat, False)
        return self._finished(chat)

    def running(self, number: int, monitored: bool) -> Record:
        """Return a chat that is still going on."""
        language = self._languages[LANGUAGES[number % 2]]
        chat = self._chat(number, self.end - _RECENT_SECONDS, language, _BUSY_HOUR, recent=True)
        chat.status, chat.monitored = "ongoing", monitored
        chat.talk.limit = 5 + int(self._draw() * 6)
        self._conversation.first_part(chat)
        # So that its last message is new.
        later = max(0, self.end - chat.talk.at - 5 - int(self._draw() * 150))
        for message in chat.talk.messages:
            message["at"] = (datetime.fromisoformat(message["at"]) + timedelta(seconds=later)).isoformat()
        chat.start += later
        return self._finished(chat)

    def _chat(
        self, number: int, start: int, language: Language, hour: int, *, missed: bool = False, recent: bool = False
    ) -> Chat:
        scenario = pick(self._draw, language.scenarios)
        visitor = self._people.visitor(language.code, _LEAVES_EMAIL_WHEN_MISSED if missed else None)
        words = self._slots.words(language, visitor, scenario.product_kind, hour, recent)
        talk = Dialogue(self._draw, self.clock, language.code, words, visitor.casual)
        talk.name("visitor", visitor.name)
        talk.name("bot", language.phrases["bot_name"][0])
        talk.at = start
        if recent:
            talk.latest = self.end - 5
        return Chat(number, start, hour, language, scenario, visitor, talk)

    def _answered(self, chat: Chat) -> Record:
        # How many messages keep the mean; the visitor leaves where there are too many.
        wanted = None
        if self._mean is not None:
            chat.talk.limit = max(2, int(self._mean * 2 + self._owed))
            wanted = self._owed + self._mean * (0.4 + self._draw())
        elif self._draw() < _LEAVES_EARLY:
            chat.talk.limit = 5 + int(self._draw() * 5)
        self._conversation.first_part(chat)
        self._conversation.follow_up(chat, wanted)
        self._conversation.close(chat)
        if chat.status == "reopened":
            self._conversation.second_part(chat)
        chat.end = min(chat.talk.at + int(self._draw() * 20), chat.talk.latest)
        return self._finished(chat)

    def _finished(self, chat: Chat) -> Record:
        if self._mean is not None:
            self._owed += self._mean - len(chat.talk.messages)
        return record(self._draw, self.clock, chat)


def generate(
    count: int,
    seed: int,
    end: datetime,
    days: int,
    *,
    ongoing: int = 10,
    messages_per_chat: float | None = None,
    with_edge_cases: bool = False,
) -> Iterator[Record]:
    """Yield chats of the days before an end, the running ones last; times are local and bare."""
    writer = _Generator(seed, end, days, messages_per_chat)
    special = edge_cases(writer.clock, writer.end, seed)[: count if with_edge_cases else 0]
    ongoing = min(ongoing, count - len(special))
    recent = min(_MOST_RECENT_COMPLETED + _MOST_RECENT_MISSED, (count - ongoing - len(special)) // 20)
    number = 0
    for number, start in enumerate(writer.starts(count - ongoing - recent - len(special)), 1):
        yield writer.ordinary(number, start)
    for index in range(recent):
        yield writer.recent(number + index + 1, index >= _MOST_RECENT_COMPLETED)
    number += recent
    for index in range(ongoing):
        yield writer.running(number + index + 1, index < round(ongoing * 0.3))
    yield from special
