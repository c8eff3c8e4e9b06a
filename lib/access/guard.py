"""Who may do what in the running app, asked at each command and before anything is drawn."""

from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any

from lib.access.confinements import ABOUT_ALL, confined_people
from lib.access.roles import ADMINISTRATOR, Policy, Source, person_key
from lib.commands import RIGHTS, NotAllowed, Right
from lib.store import Confinement, Store, explained, rows
from lib.store.confining import NOTHING

# Hears who was refused which command.
Refused = Callable[[str, str], None]


class Guard:
    """The roles of a store's people; a role that is taken away holds from the next question."""

    def __init__(self, store: Store, policy: Policy, refused: Refused = lambda _person, _command: None) -> None:
        self.policy = policy
        self._store, self._refused = store, refused
        # What was claimed last for whoever is signed in; it is not kept, since it may be otherwise at the next sign-in.
        self._claimed: dict[str, str | None] = {}
        self._given: tuple[int, dict[str, str], dict[str, Confinement]] = (-1, {}, {})
        self._reading = Lock()

    def __call__(self, person: str, right: Right, command: str) -> Confinement | None:
        """Raises NotAllowed where the person lacks the right, and tells of it; the result is which chats they see."""
        if right not in self.rights_of(person):
            self._refused(person, command)
            raise NotAllowed(right)
        return self.confinement_of(person)

    def claim(self, person: str, user: Mapping[str, Any]) -> None:
        """Takes down what is claimed for a person who is signed in."""
        self._claimed[person_key(person)] = self.policy.claimed_role(user)

    def rights_of(self, person: str) -> frozenset[Right]:
        """What the person may do; nothing, where nobody is there."""
        if not person_key(person):
            return frozenset()
        if not self.policy.is_in_force:
            return frozenset(RIGHTS)
        rights = self.policy.rights.get(self.role_of(person)[0], frozenset())
        return rights - ABOUT_ALL if self.confinement_of(person) else rights

    def confinement_of(self, person: str) -> Confinement | None:
        """Which chats the person sees: None for all; nothing, where nobody is there."""
        key = person_key(person)
        if not key:
            return NOTHING
        if not self.policy.is_in_force or key in self.policy.administrators:
            return None
        return self._now()[1].get(key)

    def role_of(self, person: str) -> tuple[str, Source]:
        """The role of a person, and whence it is."""
        key = person_key(person)
        if key in self.policy.administrators:
            return ADMINISTRATOR, "setting"
        # Only addresses have one: another name may be chosen by whoever has it.
        if role := self._now()[0].get(key):
            return role, "given"
        if role := self._claimed.get(key):
            return role, "claim"
        return self.policy.usual, "usual"

    def _now(self) -> tuple[dict[str, str], dict[str, Confinement]]:
        """Who has which role, and who sees only which chats."""
        generation = self._store.generation
        with self._reading:
            if self._given[0] != generation:
                # Not of the snapshot of whoever asks, which may be older.
                with explained(self._store.path), self._store.cursor() as cursor:
                    found = rows(cursor.execute("SELECT person, role FROM people"))
                    confined = {each.person: each.confinement for each in confined_people(cursor)}
                self._given = generation, {row["person"]: row["role"] for row in found}, confined
            return self._given[1:]
