"""Addresses that are not written to: they bounced, or somebody asked for it. Asked before every mail."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args
from uuid import UUID

from lib.commands import command
from lib.mail.addresses import AddressProblem, check_address
from lib.store import Cursor, Store, changed, insert, now, record_event, rows
from lib.store.tombstones import OPTED_OUT, is_erased

Reason = Literal["bounced", "asked", "other"]
REASONS: tuple[Reason, ...] = get_args(Reason)

LONGEST_DETAIL = 300


@dataclass(frozen=True)
class Blocked:
    """An address (in lower case) that is not written to: why, in whose words, since when (naive UTC), by whom."""

    address: str
    reason: Reason
    detail: str
    added_at: datetime
    added_by: str


def blocked_addresses(store: Store) -> list[Blocked]:
    """All addresses that are not written to, last added first."""
    sql = "SELECT address, reason, detail, added_at, added_by FROM do_not_contact ORDER BY added_at DESC, address"
    return [Blocked(**row) for row in store.read(sql)]


def is_blocked(store: Store, addresses: Iterable[str]) -> tuple[str, ...]:
    """Those of the addresses that are not written to, as they were given."""
    with store.reading() as cursor:
        return blocked_among(cursor, addresses)


@command("do_not_contact.add", "mail", "do_not_contact_added", undone_by="do_not_contact.remove")
def block(store: Store, typed: str, reason: Reason, detail: str, actor: str) -> Literal["added", "present", "invalid"]:
    """Puts an address on the list; `present` where it was there before, `invalid` where the text is no address."""
    address = check_address(typed)
    if isinstance(address, AddressProblem):
        return "invalid"
    is_new = store.write(lambda cursor: block_in(cursor, address.address, reason, detail, actor=actor))
    return "added" if is_new else "present"


@command("do_not_contact.remove", "mail", "do_not_contact_removed", undone_by="do_not_contact.put_back")
def unblock(store: Store, addresses: Sequence[str], actor: str) -> list[str]:
    """Those of the addresses that were on the list and are not any more."""

    def work(cursor: Cursor) -> list[str]:
        sql = "DELETE FROM do_not_contact WHERE address = $address"
        removed = [each for each in addresses if changed(cursor, sql, {"address": folded(each)})]
        for each in removed:
            record_event(cursor, "do_not_contact_removed", actor, None, now(), address=folded(each))
        return removed

    return store.write(work)


@command("do_not_contact.put_back", "mail", "do_not_contact_added", undone_by="do_not_contact.remove")
def put_back(store: Store, removed: Sequence[Blocked], actor: str) -> list[str]:
    """The addresses of those that were taken off the list and are on it again; not of those that were back before."""

    def work(cursor: Cursor) -> list[str]:
        return [
            each.address for each in removed if block_in(cursor, each.address, each.reason, each.detail, actor=actor)
        ]

    return store.write(work)


def blocked_among(cursor: Cursor, addresses: Iterable[str]) -> tuple[str, ...]:
    """Those of the addresses that are not written to, seen from the transaction of `cursor`."""
    wanted = {address: folded(address) for address in addresses}
    sql = "SELECT address FROM do_not_contact WHERE list_contains($wanted, address)"
    found = {row["address"] for row in rows(cursor.execute(sql, {"wanted": list(wanted.values())}))}
    # Whoever asked for it, and was erased, is known by a digest alone.
    if cursor.execute(f"FROM tombstones WHERE kind = '{OPTED_OUT}' LIMIT 1").fetchone():
        gone = f"SELECT each FROM (SELECT unnest($wanted) AS each) WHERE {is_erased(OPTED_OUT, 'each')}"
        found |= {row["each"] for row in rows(cursor.execute(gone, {"wanted": list(wanted.values())}))}
    return tuple(address for address, key in wanted.items() if key in found)


def block_in(
    cursor: Cursor, address: str, reason: Reason, detail: str, *, actor: str, chat_id: UUID | None = None
) -> bool:
    """Puts an address on the list in the transaction of `cursor`; whether it was not there before."""
    if blocked_among(cursor, [address]):
        return False
    moment, words = now(), " ".join(detail.split())[:LONGEST_DETAIL]
    row = {"address": folded(address), "reason": reason, "detail": words, "added_at": moment, "added_by": actor}
    insert(cursor, "do_not_contact", row)
    record_event(
        cursor, "do_not_contact_added", actor, chat_id, moment, address=folded(address), reason=reason, words=words
    )
    return True


def folded(address: str) -> str:
    """An address in the form in which two are compared."""
    return address.strip().lower()
