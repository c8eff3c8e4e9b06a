"""The course of a chat: opening, greeting, script, follow-ups, closing, and a second part."""

from dataclasses import dataclass, field

from .choices import Draw, log_normal, pick
from .dialogue import Dialogue
from .people import Visitor
from .scripts import Language, Scenario
from .team import DAY, HOUR, Operator, roster, wait_factors

_WAITS = log_normal(31, 1.0, 3, 840)
_LONGEST_WAIT, _LATE = 880, 240
_BOT, _TRANSFER, _FOLLOW_UP = 0.3, 0.06, 0.16
_JOINED, _LEFT, _HELLO = 0.45, 0.3, 0.14


@dataclass(slots=True)
class Chat:
    """What is known about a chat while it is written; times are seconds of the clock."""

    number: int
    start: int
    hour: int
    language: Language
    scenario: Scenario
    visitor: Visitor
    talk: Dialogue
    status: str = "completed"
    end: int | None = None
    served: list[Operator] = field(default_factory=list)
    wait: int | None = None
    monitored: bool = False


class Conversation:
    """Plays whole chats."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw
        self._factors = wait_factors()
        self.roster = roster()

    def able(self, chat: Chat) -> tuple[Operator, ...]:
        """Return the operators who are on duty and can answer this chat."""
        return self.roster[chat.hour, chat.language.code, chat.scenario.department]

    def first_part(self, chat: Chat) -> None:
        """Play the chat up to the end of its scenario's script."""
        path, transfer = pick(self._draw, chat.scenario.paths), self._draw() < _TRANSFER
        anybody = self.roster[chat.hour, chat.language.code, None]
        operator = pick(self._draw, anybody if transfer else self.able(chat))
        talk, phrases = chat.talk, chat.language.phrases
        with_bot = self._draw() < _BOT
        if with_bot:
            talk.any_of("bot", phrases["bot_ask"], 0)
            talk.at += 5 + int(self._draw() * 14)
        elif self._draw() < _HELLO and "{hello}" not in path[0].wordings[0]:
            talk.any_of("visitor", phrases["hello"], 0)
            talk.at += 6
        talk.open(path[0])
        if with_bot:
            talk.any_of("bot", phrases["bot_hand"], 1)
        chat.talk.at += min(_LONGEST_WAIT, int(pick(self._draw, _WAITS) * self._factors[chat.hour]))
        chat.wait = chat.talk.at - chat.start
        chat.served = [operator]
        self._take(chat, operator)
        if self._draw() < _JOINED:
            talk.any_of("system", phrases["joined"], 0)
        # Said whatever the limit is: a chat without it would not be an answered one.
        talk.say("operator", pick(self._draw, phrases["greet_late" if chat.wait > _LATE else "greet"]), pause=0)
        if transfer:
            self._transfer(chat)
        chat.talk.play(path[1:])

    def _take(self, chat: Chat, operator: Operator) -> None:
        chat.talk.name("operator", operator.name)
        chat.talk.name("note", operator.name)
        chat.talk.fill(op=operator.name, op_name=operator.called[chat.language.code])

    def _transfer(self, chat: Chat) -> None:
        colleague = pick(self._draw, self.able(chat))
        if colleague is chat.served[0]:
            return
        talk, phrases = chat.talk, chat.language.phrases
        talk.any_of("operator", phrases["transfer"])
        talk.fill(op2=colleague.name)
        talk.any_of("system", phrases["transferred"], 4)
        chat.served.append(colleague)
        self._take(chat, colleague)
        talk.any_of("operator", phrases["taken"])

    def follow_up(self, chat: Chat, wanted: float | None) -> None:
        """Play further questions, until the wanted number of messages is reached or by chance."""
        if chat.scenario.unhappy or (wanted is None and self._draw() >= _FOLLOW_UP):
            return
        goal = len(chat.talk.messages) + 1 if wanted is None else wanted
        topics, place = chat.language.follow_ups, int(self._draw() * 100)
        for step in range(len(topics)):
            if len(chat.talk.messages) >= goal:
                return
            if step == 0:
                chat.talk.any_of("operator", chat.language.phrases["anything"])
            chat.talk.play_anew(topics[(place + step * 3) % len(topics)])

    def close(self, chat: Chat) -> None:
        """Play the goodbye, unless the visitor just leaves."""
        talk, phrases, unhappy, chance = chat.talk, chat.language.phrases, chat.scenario.unhappy, self._draw()
        if chance < 0.5 and not unhappy:
            talk.any_of("operator", phrases["anything"])
            talk.any_of("visitor", phrases["no_more"])
        if chance < 0.8:
            talk.any_of("operator", phrases["bye_bad" if unhappy else "bye"])
        if self._draw() < _LEFT:
            talk.any_of("system", phrases["left"], 5 + int(self._draw() * 40))

    def second_part(self, chat: Chat) -> None:
        """Play what follows after the visitor has come back to a closed chat."""
        talk, phrases = chat.talk, chat.language.phrases
        talk.limit = len(talk.messages) + 8
        talk.any_of("system", phrases["closed"], 10)
        # Later on the same day, or the next morning if the office is closed by then.
        day, later = talk.at // DAY, talk.at + 25 * 60 + int(self._draw() * 4 * HOUR)
        if not 9 * HOUR <= later % DAY < 17 * HOUR or later // DAY != day:
            later = (day + 1) * DAY + 9 * HOUR + int(self._draw() * 2 * HOUR)
        talk.at = later
        talk.any_of("system", phrases["reopened"], 0)
        talk.play_anew(chat.language.second_part)
        talk.any_of("operator", phrases["bye"])

    def missed(self, chat: Chat, closed: bool) -> None:
        """Play a chat that nobody answers."""
        talk, phrases = chat.talk, chat.language.phrases
        lines = pick(self._draw, chat.scenario.paths)
        talk.at += int(self._draw() * 4)
        talk.open(lines[0])
        if self._draw() < 0.6:
            talk.any_of("bot", phrases["bot_closed" if closed else "bot_busy"], 2)
        if chat.visitor.email and self._draw() < 0.6:
            talk.any_of("visitor", phrases["leave_email"])
        for _ in range(int(self._draw() * 2.6)):
            talk.any_of("visitor", phrases["nudge"], 25 + int(self._draw() * 150))
        if self._draw() < _LEFT:
            talk.any_of("system", phrases["left"], 20)
        patience = 60 + int(self._draw() * self._draw() * 19 * 60)
        chat.status = "missed"
        chat.end = min(max(talk.at, chat.start + patience), chat.start + 20 * 60, talk.latest)
