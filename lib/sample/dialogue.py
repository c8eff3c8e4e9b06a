"""Plays the scripts: one line after the other, with believable pauses between them."""

from datetime import datetime, timedelta
from typing import Any

from .choices import Draw, log_normal, pick
from .scripts import Line, Lines
from .team import DAY, HOUR

_VISITOR_PAUSES = log_normal(24, 0.75, 3, 240)
_OPERATOR_PAUSES = log_normal(26, 0.6, 4, 240)
_TYPING_SECONDS = {"ja": 0.35, "en": 0.14}
_OPTIONAL, _NOTE_SKIPPED = 0.6, 0.5
_FILES = {
    "photo": ("IMG_{number}.jpg", "image/jpeg", 420_000, 3_900_000),
    "screen": ("screenshot-{number}.png", "image/png", 60_000, 900_000),
    "label": ("return-label-{order}.pdf", "application/pdf", 38_000, 92_000),
    "invoice": ("invoice-{order}.pdf", "application/pdf", 45_000, 130_000),
    "quote": ("quote-{ticket}.pdf", "application/pdf", 52_000, 140_000),
}


class Clock:
    """Turns seconds since the first midnight into ISO times without an offset."""

    def __init__(self, first_day: datetime, days: int) -> None:
        self.midnight = first_day.replace(hour=0, minute=0, second=0, microsecond=0)
        self._days = [(self.midnight + timedelta(days=day)).strftime("%Y-%m-%dT") for day in range(days + 3)]
        self._seconds = [f"{s // HOUR:02d}:{s // 60 % 60:02d}:{s % 60:02d}" for s in range(DAY)]

    def text(self, second: int) -> str:
        """Return the time as text."""
        return self._days[second // DAY] + self._seconds[second % DAY]

    def hour_of_week(self, second: int) -> int:
        """Return the number of the hour, counted from Monday's midnight."""
        return (self.midnight.weekday() * 24 + second // HOUR) % (7 * 24)


class Dialogue:
    """The messages of one chat while they are being written."""

    def __init__(self, draw: Draw, clock: Clock, language: str, words: dict[str, Any], casual: bool) -> None:
        self._draw, self._clock, self._words = draw, clock, words
        self._typing = _TYPING_SECONDS[language]
        self._casual = casual
        self._names: dict[str, str] = {}
        self._choices: dict[str, int] = {}
        self._last = -1
        self._hasty = False
        self.question = ""
        self.at = 0
        self.limit = 1_000_000
        self.latest = 1 << 60
        self.messages: list[dict[str, Any]] = []

    def name(self, sender: str, name: str) -> None:
        """Set the name that a sender's messages carry; an empty one is left out."""
        self._names[sender] = name

    def fill(self, **words: str) -> None:
        """Set what further slots stand for."""
        self._words.update(words)

    def hasten(self) -> None:
        """Let both sides answer within seconds from now on."""
        self._hasty = True

    def open(self, line: Line) -> None:
        """Add a script's first line without a pause."""
        self._last = int(self._draw() * len(line.wordings))
        if line.label:
            self._choices[line.label] = self._last
        self.say(line.sender, line.wordings[self._last], line.attachment, 0)
        self.question = str(self.messages[-1]["text"])

    def play_anew(self, lines: Lines) -> None:
        """Add another script, whose choices are its own."""
        self._choices, self._last = {}, -1
        self.play(lines)

    def play(self, lines: Lines) -> None:
        """Add the lines of a script, each in one of its wordings."""
        for line in lines:
            if len(self.messages) >= self.limit:
                return
            choice = self._choice(line)
            self._last = choice
            if line.label:
                self._choices[line.label] = choice
            if choice >= 0:
                self.say(line.sender, line.wordings[choice], line.attachment)

    def _choice(self, line: Line) -> int:
        """Return which wording is said, -1 where the line is left out."""
        if line.follows:
            known = self._last if line.follows == "=" else self._choices[line.follows[1]]
            return known % len(line.wordings) if known >= 0 else -1
        if line.optional and self._draw() >= _OPTIONAL:
            return -1
        if line.sender == "note" and self._draw() < _NOTE_SKIPPED:
            return -1
        return int(self._draw() * len(line.wordings))

    def any_of(self, sender: str, wordings: tuple[str, ...], pause: int = -1) -> None:
        """Add one of the wordings, after a given pause or a usual one."""
        if len(self.messages) < self.limit:
            self.say(sender, wordings[int(self._draw() * len(wordings))], "", pause)

    def say(self, sender: str, text: str, attachment: str = "", pause: int = -1) -> None:
        """Add a message whose slots are filled."""
        text = self.filled(text)
        if sender == "visitor" and self._casual:
            text = _casual(text)
        if pause < 0:
            pauses = _VISITOR_PAUSES if sender == "visitor" else _OPERATOR_PAUSES
            pause = pauses[int(self._draw() * 1024)] + int(len(text) * self._typing)
        if self._hasty:
            pause = min(pause, 6 + len(text) // 8)
        self.at = min(self.at + pause, self.latest)
        message: dict[str, Any] = {"at": self._clock.text(self.at), "sender_type": sender}
        name = self._names.get(sender)
        if name:
            message["sender_name"] = name
        message["text"] = text
        if attachment:
            form, mime, least, most = _FILES[attachment]
            file_name = form.format_map({**self._words, "number": 1000 + int(self._draw() * 9000)})
            size = least + int(self._draw() * (most - least))
            folder = pick(self._draw, "0123456789abcdef") + self._words["ticket"][2:]
            address = f"https://files.example.com/{folder}/{file_name}"
            message["attachment"] = {"name": file_name, "type": mime, "size": size, "url": address}
        self.messages.append(message)

    def filled(self, text: str) -> str:
        """Return a text with its slots filled."""
        return text.format_map(self._words) if "{" in text else text


def _casual(text: str) -> str:
    if text[-1] == "。":
        return text[:-1]
    if text[-1] == ".":
        text = text[:-1]
    # A word such as "I'm" or an order number keeps its first letter.
    return text[0].lower() + text[1:] if text[1:2].islower() else text
