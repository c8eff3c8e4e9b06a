"""The first columns of a CSV, for people: the link of the chat, its category and state in words, its local times.

They are made of the other columns, and the way back does not look at them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lib.chats.categories import STATUS_NAMES
from lib.chats.export_marks import FOR_PEOPLE
from lib.chats.states import STATE_NAMES, STATE_SQL
from lib.export.columns import Field
from lib.language import _, in_language
from lib.store import literal


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
