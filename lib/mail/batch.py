"""E-mails to several visitors at once, each with its own values; who gets none is named with the reason."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from lib.chats.channels import is_answered_in
from lib.commands import command
from lib.mail.addresses import AddressProblem, MailAddress, check_address
from lib.mail.batch_rows import finished, queue_all_in
from lib.mail.do_not_contact import blocked_among, folded
from lib.mail.draft import CAN_BE_ANSWERED, FACTS, ChatFacts, Draft, draft_for
from lib.mail.templates import Purpose, templates_of
from lib.missed.settings import rules_of
from lib.store import Cursor, Store, now, rows

MOST_AT_ONCE: Final = 500

Reason = Literal[
    "no_chat", "no_address", "in_channel", "bad_address", "do_not_contact", "on_its_way", "may_have_been_sent",
    "contacted", "same_address", "empty", "unfit", "changed",
]  # fmt: skip


class TooManyError(ValueError):
    """More than MOST_AT_ONCE chats were asked for."""


@dataclass(frozen=True)
class LeftOut:
    """A chat whose visitor gets no mail, and why."""

    chat_id: UUID
    visitor_name: str | None
    visitor_email: str | None
    reason: Reason


@dataclass(frozen=True)
class Batch:
    """The mails to several visitors before they are queued, and who is left out.

    `again` says whether visitors who were contacted before get one too.
    """

    drafts: tuple[Draft, ...]
    left_out: tuple[LeftOut, ...]
    again: bool

    @property
    def chat_ids(self) -> list[UUID]:
        """The chats to whose visitors they go."""
        return [draft.chat_id for draft in self.drafts]


@dataclass(frozen=True)
class QueuedBatch:
    """Ids of the mails that are in the outbox now, and who was left out."""

    mail_ids: tuple[UUID, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True)
class _Standing:
    """A chat as it is now, as far as it decides on a mail."""

    facts: ChatFacts
    deleted: bool
    contacted: bool
    mail_states: frozenset[str]
    blocked: bool = False

    @property
    def address(self) -> MailAddress | AddressProblem:
        """The visitor's address, or what is wrong with it."""
        return check_address(self.facts.visitor_email)


def drafts_for(
    store: Store,
    chat_ids: Sequence[UUID],
    person: str,
    zone: str,
    purpose: Purpose | None = None,
    *,
    again: bool = False,
) -> Batch:
    """Mails of `person` to the visitors of these chats, in the chats' languages; None: for each chat's own purpose.

    Raises TooManyError.
    """
    if len(chat_ids) > MOST_AT_ONCE:
        raise TooManyError
    with store.reading() as cursor:
        standings = _standings(cursor, chat_ids)
    reasons = _reasons(chat_ids, standings, again=again)
    templates = templates_of(store)
    drafts = [
        draft_for(standings[each].facts, person, zone, purpose, templates=templates)
        for each in dict.fromkeys(chat_ids)
        if each not in reasons
    ]
    reasons |= {draft.chat_id: "empty" for draft in drafts if not draft.body.strip()}
    return Batch(tuple(each for each in drafts if each.body.strip()), _left_out(reasons, standings), again)


@command("mail.queue_many", "mail", "mail_queued", undone_by="mail.cancel_all", chats="batch.chat_ids")
def queue_many(store: Store, batch: Batch, sender: MailAddress, zone: str, actor: str) -> QueuedBatch:
    """Puts all mails of a batch into the outbox in one transaction, but those that something stands against by now."""
    moment = now()
    messages = finished(store, batch.drafts, sender, zone, moment)
    chat_ids = [draft.chat_id for draft in batch.drafts]

    def work(cursor: Cursor) -> QueuedBatch:
        standings = _standings(cursor, chat_ids)
        reasons = _outdated(batch.drafts, messages, standings) | _reasons(chat_ids, standings, again=batch.again)
        drafts = [draft for draft in batch.drafts if draft.chat_id not in reasons]
        mail_ids = queue_all_in(cursor, drafts, messages, sender=sender, actor=actor, queued_at=moment)
        return QueuedBatch(mail_ids, (*batch.left_out, *_left_out(reasons, standings)))

    return store.write(work)


def _outdated(
    drafts: Iterable[Draft], messages: Collection[UUID], standings: Mapping[UUID, _Standing]
) -> dict[UUID, Reason]:
    """Why some drafts cannot be sent, as they were made before something else happened to their chats."""
    reasons: dict[UUID, Reason] = {}
    for draft in drafts:
        standing = standings.get(draft.chat_id)
        if draft.chat_id not in messages:
            reasons[draft.chat_id] = "unfit"
        elif standing and (draft.number != standing.facts.mails + 1 or _known(standing.address) != draft.recipient):
            reasons[draft.chat_id] = "changed"
    return reasons


def _standings(cursor: Cursor, chat_ids: Sequence[UUID]) -> dict[UUID, _Standing]:
    """The chats as they are now, seen from the transaction of `cursor`."""
    ids = {"ids": [str(each) for each in chat_ids]}
    states: dict[UUID, frozenset[str]] = {
        row["chat_id"]: frozenset(row["states"]) for row in rows(cursor.execute(_MAIL_STATES, ids))
    }
    found = []
    for row in rows(cursor.execute(_CHATS, ids)):
        deleted, contacted = row.pop("deleted"), row.pop("contacted")
        found.append(_Standing(ChatFacts(**row), deleted, contacted, states.get(row["id"], frozenset())))
    addresses = {each.facts.id: each.address for each in found}
    usable = [each.address for each in addresses.values() if isinstance(each, MailAddress)]
    blocked = set(blocked_among(cursor, usable))
    return {each.facts.id: replace(each, blocked=_known(addresses[each.facts.id]) in blocked) for each in found}


_CHATS = f"""
    SELECT {FACTS}, NOT ({CAN_BE_ANSWERED}) AS deleted, contacted_at IS NOT NULL AS contacted
    FROM chats WHERE id IN (SELECT unnest($ids::UUID[]))
"""
_MAIL_STATES = """
    SELECT chat_id, list(state) AS states FROM mails WHERE chat_id IN (SELECT unnest($ids::UUID[])) GROUP BY chat_id
"""


def _reasons(chat_ids: Sequence[UUID], standings: Mapping[UUID, _Standing], *, again: bool) -> dict[UUID, Reason]:
    """Why some of the chats get no mail."""
    reasons: dict[UUID, Reason] = {}
    for chat_id in dict.fromkeys(chat_ids):
        standing = standings.get(chat_id)
        reason = _reason(standing, again=again) if standing else "no_chat"
        if reason:
            reasons[chat_id] = reason
    rest = [each for chat_id, each in standings.items() if chat_id not in reasons]
    # Where another, newer chat has the same address: one visitor is to get one mail.
    newest_first = sorted(rest, key=lambda each: str(each.facts.started_at or ""), reverse=True)
    seen: set[str] = set()
    repeated = []
    for each in newest_first:
        address = folded(_known(each.address))
        if address in seen:
            repeated.append(each.facts.id)
        seen.add(address)
    return reasons | dict.fromkeys(repeated, "same_address")


def _reason(standing: _Standing, *, again: bool) -> Reason | None:
    if standing.deleted:
        return "no_chat"
    if isinstance(standing.address, AddressProblem):
        return _without_address(standing.address, standing.facts.channel)
    if standing.blocked:
        return "do_not_contact"
    if standing.mail_states & {"queued", "sending"}:
        return "on_its_way"
    if "unknown" in standing.mail_states:
        return "may_have_been_sent"
    return "contacted" if standing.contacted and not again else None


def _without_address(problem: AddressProblem, channel: str | None) -> Reason:
    if problem.code != "empty":
        return "bad_address"
    return "in_channel" if is_answered_in(channel) else "no_address"


def _known(address: MailAddress | AddressProblem) -> str:
    return address.address if isinstance(address, MailAddress) else ""


def _left_out(reasons: Mapping[UUID, Reason], standings: Mapping[UUID, _Standing]) -> tuple[LeftOut, ...]:
    return tuple(
        LeftOut(chat_id, facts.visitor_name, facts.visitor_email, reason)
        if (standing := standings.get(chat_id)) and (facts := standing.facts)
        else LeftOut(chat_id, None, None, reason)
        for chat_id, reason in reasons.items()
    )


@dataclass(frozen=True)
class AgeAndCare:
    """When each of the chats began, which of them are older than `limit_d` days, and who has those of colleagues."""

    started_at: Mapping[UUID, datetime]
    old: Sequence[UUID]
    limit_d: float
    held_by: Mapping[UUID, str]

    @property
    def oldest(self) -> datetime | None:
        """When the oldest of them began; None where no start is known."""
        return min(self.started_at.values(), default=None)


def age_and_care(store: Store, chat_ids: Sequence[UUID], person: str, moment: datetime) -> AgeAndCare:
    """What to know of these chats before `person` writes; old is what would be past if it first came in now."""
    sql = """SELECT id, started_at, CASE WHEN lower(assignee) <> lower($person) THEN assignee END AS held_by
             FROM chats WHERE id IN (SELECT unnest($ids::UUID[])) ORDER BY started_at, id"""
    found = store.read(sql, {"ids": [str(each) for each in chat_ids], "person": person})
    started = {row["id"]: row["started_at"] for row in found if row["started_at"]}
    limit_d = rules_of(store).past_after_d
    limit = moment - timedelta(days=limit_d)
    held = {row["id"]: row["held_by"] for row in found if row["held_by"]}
    return AgeAndCare(started, [each for each, began in started.items() if began < limit], limit_d, held)
