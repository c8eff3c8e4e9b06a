"""Who sees only some chats: those of their departments, websites or accounts. All else looks as if it did not exist."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from lib.access.roles import Policy, Unchangeable, person_key, unchangeable
from lib.commands import Right, command
from lib.store import Confinement, Cursor, Store, changed, insert, now, record_event, rows, take_turn

Field = Literal["department", "website", "account"]
FIELDS: Final[tuple[Field, ...]] = ("department", "website", "account")
# By field the values of `chats`, None for a chat without one; a field without values does not count.
Sees = Mapping[Field, Sequence[str | None]]
# What is about all chats, or gives rights over them, is not for who sees only some.
ABOUT_ALL: Final[frozenset[Right]] = frozenset({"import", "access", "erase"})


@dataclass(frozen=True)
class Confined:
    """What a person sees, who said so, and when (naive UTC)."""

    person: str
    sees: Sees
    given_by: str
    given_at: datetime

    @property
    def confinement(self) -> Confinement:
        """It as the store keeps to it."""
        return Confinement(tuple((field, tuple(values)) for field, values in self.sees.items()))


@dataclass(frozen=True)
class Changed:
    """The person sees these chats now; empty: all. `before` is what they saw."""

    person: str
    sees: Sees
    before: Sees


def confined_people(cursor: Cursor) -> list[Confined]:
    """As `confinements`, seen from a cursor."""
    found = rows(cursor.execute("SELECT person, sees, given_by, given_at FROM confinements ORDER BY person"))
    return [Confined(**row | {"sees": json.loads(row["sees"])}) for row in found]


def confinements(store: Store) -> list[Confined]:
    """Everybody who sees only some chats, by person."""
    with store.reading() as cursor:
        return confined_people(cursor)


@command("access.confine", "access", "confined", "not_confined", undone_by="access.confine")
def confine(store: Store, policy: Policy, person: str, sees: Sees, actor: str) -> Changed | Unchangeable:
    """Has a person see only the chats that have, in each field with values, one of these; it holds from the next click.

    Without values they see all.
    """
    if reason := unchangeable(policy, person, actor):
        return reason
    key = person_key(person)
    after: Sees = {field: list(dict.fromkeys(sees[field])) for field in FIELDS if sees.get(field)}

    def work(cursor: Cursor) -> Changed:
        take_turn(cursor, "people")
        before: Sees = next((each.sees for each in confined_people(cursor) if each.person == key), {})
        if after == before:
            return Changed(key, after, before)
        moment = now()
        changed(cursor, "DELETE FROM confinements WHERE person = $person", {"person": key})
        if after:
            told = json.dumps(after, ensure_ascii=False)
            insert(cursor, "confinements", {"person": key, "sees": told, "given_by": actor, "given_at": moment})
        action = "confined" if after else "not_confined"
        record_event(cursor, action, actor, None, moment, person=key, sees=after, before=before)
        return Changed(key, after, before)

    return store.write(work)
