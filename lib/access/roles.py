"""What each role may do, and who has which: the setting names the first administrators, and they give roles to others.

A person's role is the first of: administrator by the setting; the one that an administrator gave here; the one that
whoever signs people in claims for them; the usual one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from lib.commands import RIGHTS, Right, command
from lib.language import mark
from lib.settings import CLAIMED_ROLES, ROLES, USUAL_ROLE, RoleSettings, SettingError
from lib.store import Cursor, Store, changed, insert, now, record_event, rows, take_turn
from lib.text import is_like_address

ADMINISTRATOR: Final = "administrator"
# Of people who may sign in, and see nothing.
NONE: Final = "none"
_OPERATOR: Final[frozenset[Right]] = frozenset({"read", "note", "follow_up", "mail"})
_LEAD: Final[frozenset[Right]] = _OPERATOR | {
    "delete", "export", "share_views", "templates", "team", "import", "explore", "activity",
}  # fmt: skip
USUAL_RIGHTS: Final[Mapping[str, frozenset[Right]]] = {
    "viewer": frozenset({"read"}),
    "operator": _OPERATOR,
    "lead": _LEAD,
    ADMINISTRATOR: frozenset(RIGHTS),
    NONE: frozenset(),
}
ROLE_NAMES: Final[Mapping[str, str]] = {
    "viewer": mark("Viewer"),
    "operator": mark("Operator"),
    "lead": mark("Lead"),
    ADMINISTRATOR: mark("Administrator"),
    NONE: mark("No access"),
}
LONGEST_PERSON: Final = 254

Source = Literal["setting", "given", "claim", "usual"]
Refusal = Literal["no_address", "unknown_role", "administrator", "own"]
# Why a person's access is not changed.
Unchangeable = Literal["no_address", "administrator", "own"]


@dataclass(frozen=True)
class Policy:
    """The roles of an installation: `rights` by role, from the least to the most, and how people get one."""

    rights: Mapping[str, frozenset[Right]]
    administrators: frozenset[str]
    claim: str | None
    claimed: Mapping[str, str]
    usual: str

    @property
    def is_in_force(self) -> bool:
        """Whether roles hold at all: somebody has to be able to give them."""
        return bool(self.administrators or self.claim)

    def claimed_role(self, user: Mapping[str, Any]) -> str | None:
        """The role that whoever signed this user in claims for them; of several the one with the most rights."""
        told = user.get(self.claim) if self.claim else None
        values = [told] if isinstance(told, str) else told if isinstance(told, list | tuple) else []
        roles = [self.claimed[value] for value in values if isinstance(value, str) and value in self.claimed]
        return max(roles, key=lambda role: len(self.rights[role]), default=None)


def policy_of(settings: RoleSettings) -> Policy:
    """The roles as the settings say; raises SettingError for a role or a right that there is not."""
    rights = dict(USUAL_RIGHTS)
    for role, named in settings.rights.items():
        unknown = named - set(RIGHTS)
        # Who could not give roles any more, or would see everything without one, would be so by mistake.
        if unknown or role in (ADMINISTRATOR, NONE):
            raise SettingError(ROLES, f"{role}={' '.join(sorted(unknown or named))}")
        rights[role] = frozenset(right for right in RIGHTS if right in named or right == "read")
    for setting, roles in ((CLAIMED_ROLES, settings.claimed.values()), (USUAL_ROLE, [settings.usual])):
        if unknown_roles := set(roles) - rights.keys():
            raise SettingError(setting, ", ".join(sorted(unknown_roles)))
    in_order = dict(sorted(rights.items(), key=lambda each: len(each[1])))
    return Policy(in_order, settings.administrators, settings.claim, settings.claimed, settings.usual)


@dataclass(frozen=True)
class Given:
    """The role that somebody gave a person, when (naive UTC)."""

    person: str
    role: str
    given_by: str
    given_at: datetime


@dataclass(frozen=True)
class Changed:
    """The person has another role now, or none of their own (None); `before` is what they had of their own."""

    person: str
    role: str | None
    before: str | None


def given_roles(store: Store) -> list[Given]:
    """The roles that administrators gave, by person."""
    return [Given(**row) for row in store.read("SELECT person, role, given_by, given_at FROM people ORDER BY person")]


def person_key(person: str) -> str:
    """A person as roles know them: capitals make no difference."""
    return " ".join(person.split()).lower()


def unchangeable(policy: Policy, person: str, actor: str) -> Unchangeable | None:
    """Why the actor does not change what this person may do or see; None: they may."""
    key = person_key(person)
    if not is_like_address(key) or len(key) > LONGEST_PERSON or not key.isprintable():
        return "no_address"
    if key in policy.administrators:
        return "administrator"
    # Whoever took it from themselves by mistake could not give it back.
    return "own" if key == person_key(actor) else None


@command("access.give", "access", "role_given", "role_taken", undone_by="access.give")
def give_role(store: Store, policy: Policy, person: str, role: str | None, actor: str) -> Changed | Refusal:
    """Gives a person a role of the policy, or takes it back (None); it holds from their next click."""
    if reason := unchangeable(policy, person, actor):
        return reason
    if role is not None and role not in policy.rights:
        return "unknown_role"
    key = person_key(person)

    def work(cursor: Cursor) -> Changed:
        take_turn(cursor, "people")
        found = rows(cursor.execute("SELECT role FROM people WHERE person = $person", {"person": key}))
        before = str(found[0]["role"]) if found else None
        if role == before:
            return Changed(key, role, before)
        moment = now()
        changed(cursor, "DELETE FROM people WHERE person = $person", {"person": key})
        if role is not None:
            insert(cursor, "people", {"person": key, "role": role, "given_by": actor, "given_at": moment})
        action = "role_taken" if role is None else "role_given"
        record_event(cursor, action, actor, None, moment, person=key, role=role, before=before)
        return Changed(key, role, before)

    return store.write(work)
