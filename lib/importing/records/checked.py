"""Records that were checked, as the rows that are staged, and the ids of chats."""

import json
from collections.abc import Collection, Mapping
from hashlib import blake2b
from typing import Any, NamedTuple
from uuid import UUID

# Facts that were added later; where a chat has none of them, its digest is what it was before.
FIRST_FACTS = 23

Entry = tuple[Any, ...]  # see staging.ENTRY_COLUMNS
Facts = tuple[Any, ...]  # see staging.FACT_COLUMNS


class ChatRecord(NamedTuple):
    """A chat as given; `messages`, `notes` and `account` are None where the record gives none.

    `given` has a bit for each of the facts that the record gives, the lowest for the first one: the others change
    nothing. `weak` has the bits of those that are vague or were masked, which never take the place of what is known,
    nor do the entries of a record that is `masked`.
    `message_unknowns` (JSON by position) and what is known of the `visitor` otherwise only an export of ours gives.
    """

    id: UUID
    system: str
    account: str | None
    vendor_id: str
    facts: Facts
    given: int
    weak: int
    masked: bool
    updated_at: int | None
    question_search: str | None
    messages: list[Entry] | None
    notes: list[Entry] | None
    unknown_paths: Collection[str]
    message_unknowns: Mapping[int, str] | None = None
    visitor: "VisitorRecord | None" = None

    @property
    def facts_digest(self) -> str:
        """A digest that differs where any given fact differs."""
        first, later = self.facts[:FIRST_FACTS], self.facts[FIRST_FACTS:]
        told = repr(first) + repr(later) if any(fact is not None for fact in later) else repr(first)
        return blake2b(told.encode(), digest_size=16).hexdigest()


class MessageRow(NamedTuple):
    """A message of a file of messages; `unknown` is JSON of the fields that the contract does not name."""

    system: str
    account: str | None
    vendor_id: str
    entry: Entry
    unknown: str | None
    unknown_paths: Collection[str]


class VisitorRecord(NamedTuple):
    """A visitor's own record; `details` are name, e-mail, phone, country and IP address.

    `partial` says that those which are None may be known otherwise.
    """

    system: str
    account: str | None
    visitor_id: str
    details: tuple[str | None, ...]
    unknown_paths: Collection[str]
    partial: bool = False


class NameRecord(NamedTuple):
    """What a department or an agent (`kind`) is called whose id stands in chats."""

    system: str
    account: str | None
    kind: str
    id: str
    name: str


def chat_id(system: str, account: str | None, vendor_id: str) -> UUID:
    """The id of a chat: the same after a re-import and in every store, and telling nothing."""
    if not account:
        return UUID(bytes=blake2b(f"{system}\0{vendor_id}".encode(), digest_size=16).digest())
    told = f"{system}\0{account}\0{vendor_id}".encode()
    # An id of the first account may hold anything.
    return UUID(bytes=blake2b(told, digest_size=16, person=b"account").digest())


def made_id(row: Mapping[str, Any], visitor: Mapping[str, Any] | None = None) -> str:
    """An id by what stands in a row, its start and visitor too: the same whenever the row comes again.

    `visitor` is what only other rows of the chat tell of the visitor.
    """
    told = [{name: row[name] for name in sorted(row) if row[name] not in (None, "")}, visitor or {}]
    written = json.dumps(told, ensure_ascii=True, sort_keys=True, default=str)
    return "row-" + blake2b(written.encode(), digest_size=10).hexdigest()
