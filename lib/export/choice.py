"""What is to be exported, and how: one frozen value.

The first columns of a CSV are for people: the link of the chat, its category and state in words, its local times. They
are made of the other columns, and the way back does not look at them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, get_args
from uuid import UUID

from lib.chats.categories import STATUS_NAMES
from lib.chats.clock import Clock
from lib.chats.filter.filter import EMPTY, ChatFilter
from lib.chats.listing import NEWEST_FIRST, Sort
from lib.chats.own_files import FOR_PEOPLE, Format, Mask
from lib.chats.states import STATE_NAMES, STATE_SQL
from lib.export.columns import Field
from lib.language import _, in_language
from lib.store import literal

FORMATS: tuple[Format, ...] = get_args(Format)
MASKS: tuple[Mask, ...] = get_args(Mask)


@dataclass(frozen=True)
class ForPeople:
    """The address of the page that shows a chat, the zone of its times, and the language of its words."""

    page: str
    zone: str
    language: str

    def fields(self) -> tuple[Field, ...]:
        """The columns, in the order of FOR_PEOPLE."""
        with in_language(self.language):
            state = f"CASE WHEN c.status = 'missed' THEN {_words(STATE_SQL, STATE_NAMES)} END"
            values = (
                f"{literal(f'{self.page}?chat=')} || c.id::VARCHAR" if self.page else "NULL::VARCHAR",
                _words("c.status", STATUS_NAMES),
                state,
                self._local("c.started_at"),
                self._local("c.ended_at"),
                literal(self.zone),
            )
        return tuple(Field(name, sql) for name, sql in zip(FOR_PEOPLE, values, strict=True))

    def _local(self, column: str) -> str:
        local = f"timezone({literal(self.zone)}, timezone('UTC', {column}))"
        return f"strftime({local}, '%Y-%m-%d %H:%M:%S')"


def _words(value: str, names: Mapping[Any, str]) -> str:
    cases = " ".join(f"WHEN {literal(code)} THEN {literal(_(name))}" for code, name in names.items())
    return f"(CASE {value} {cases} END)"


@dataclass(frozen=True)
class Choice:
    """The format, whether messages come along, which columns (None: all), and what is masked.

    `for_people` are columns before all others, of a CSV.
    """

    format: Format = "json_lines"
    with_messages: bool = True
    columns: frozenset[str] | None = None
    masks: frozenset[Mask] = frozenset()
    for_people: ForPeople | None = None

    def has(self, code: str) -> bool:
        """Whether a column is exported."""
        return self.columns is None or code in self.columns


@dataclass(frozen=True)
class Request:
    """An export that a person asked for: exactly the chats of a filter, in the order of a sort.

    `link` is the address that shows the same chats on the screen, `language` the one of the sentence in the manifest,
    `browser` what the person's browser is known by: the file is for it alone. `reason` is why, in the person's words.
    With a `password` the file is encrypted; it stands nowhere else, and goes once the file is written.
    `agreed` is what a second person agreed to (see asking.py), if it needs one.
    """

    clock: Clock
    person: str
    chosen: ChatFilter = EMPTY
    sort: Sort = NEWEST_FIRST
    choice: Choice = field(default_factory=Choice)
    link: str = ""
    language: str = "en"
    browser: str = ""
    reason: str = ""
    password: str = field(default="", repr=False)
    agreed: UUID | None = None
