"""Erases for good, in one transaction; what is left is how much, why, and digests that keep it from coming back."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID, uuid4

from lib.chats.holds import Held, held_of
from lib.chats.persons import Kind, Wanted
from lib.chats.stale import mark_persons
from lib.commands import command
from lib.erasure.anonymising import anonymise
from lib.erasure.finding import EMAILS, REJECTED_NAMES, STEPS, Part, forget, gather
from lib.store import Cursor, Store, changed, insert, now, record_event, remove_events, take_turn
from lib.store.tombstones import EMAIL_FORM, OPTED_OUT, PHONE_FORM, VENDOR_FORM, VISITOR_FORM, digest

LONGEST_REASON: Final = 500
Refusal = Literal["no_reason", "nobody", "nothing"]
# Chats that stay, without their person, stand among it.
ErasedKind = Literal[Kind, "anonymised"]

_SELECTED: Final = "FROM chats WHERE id IN (FROM erasing)"
_VENDOR: Final = VENDOR_FORM.format(system="system", vendor_id="vendor_id")
_VISITOR: Final = VISITOR_FORM.format(system="system", account="account", visitor_id="visitor_id")
_OTHERS: Final = "FROM chats WHERE id NOT IN (FROM erasing)"
_OF_CHATS: Final[Sequence[tuple[str, str]]] = (
    ("chat", f"SELECT id::VARCHAR AS value {_SELECTED}"),
    ("vendor", f"SELECT {_VENDOR} AS value {_SELECTED}"),
    # Not the visitor: that chats of theirs begin again is no erased one that comes back.
    ("visitor_record", f"SELECT {_VISITOR} AS value {_SELECTED} EXCEPT SELECT {_VISITOR} {_OTHERS}"),
    ("record", f"SELECT record AS value FROM rejected_rows WHERE {REJECTED_NAMES}"),
)
# A person is known by what no other chat has.
_OF_PERSON: Final[Sequence[tuple[str, str]]] = (
    ("email", f"SELECT {EMAIL_FORM.format(value='sign')} AS value FROM erased_signs WHERE is_email"),
    ("phone", f"SELECT {PHONE_FORM.format(value='sign')} AS value FROM erased_signs WHERE NOT is_email"),
    ("visitor", f"SELECT {_VISITOR} AS value {_SELECTED} EXCEPT SELECT {_VISITOR} {_OTHERS}"),
    (OPTED_OUT, f"SELECT lower(address) AS value FROM do_not_contact WHERE lower(address) IN {EMAILS}"),
)


@dataclass(frozen=True)
class Erased:
    """What was erased: `counts` by part; of whom, nothing is known any more. Times are naive UTC.

    `compacted_at` is when the last of it left the database's file; None: it may still lie there.
    """

    id: UUID
    erased_at: datetime
    erased_by: str
    kind: ErasedKind
    reason: str
    counts: dict[Part, int]
    compacted_at: datetime | None = None


@command("erasure.erase", "erase", "erased")
def erase(
    store: Store, wanted: Wanted, reason: str, actor: str, *, keeps_chats: bool = False
) -> Erased | Refusal | Held:
    """What was erased for good, everywhere and in one transaction; or why nothing was, such as a legal hold on a chat
    of it. Raises StoreError.

    With `keeps_chats` the chats stay, without their person: see anonymising.py. The reason stays, so it should name
    nobody. Imports bring none of it back (lib/importing/merge/held_back.py).
    """
    why = reason_of_erasing(reason)
    if not why:
        return "no_reason"
    if not wanted.is_somebody:
        return "nobody"

    def work(cursor: Cursor) -> Erased | Refusal | Held:
        # No import is merged meanwhile: it would not know yet what to hold back.
        take_turn(cursor, "import")
        return carry_out(cursor, wanted, why, actor, keeps_chats=keeps_chats, only_if_any=True) or "nothing"

    return store.write(work)


def reason_of_erasing(typed: str) -> str:
    """A reason as it is kept; empty where there is none."""
    return " ".join(typed.split())[:LONGEST_REASON]


def carry_out(
    cursor: Cursor,
    wanted: Wanted,
    why: str,
    actor: str,
    *,
    keeps_chats: bool,
    asked_at: datetime | None = None,
    only_if_any: bool = False,
) -> Erased | Held | None:
    """What was erased in the transaction of `cursor`, for which imports wait; `asked_at` is told if it was before.

    None where there was nothing, and `only_if_any`: then nothing is left of it either.
    """
    moment = now()
    gather(cursor, wanted)
    if held := held_of(cursor, "erasing", wanted):
        forget(cursor)
        return held
    counts = remove(cursor, wanted.kind, moment, because="erased", keeps_chats=keeps_chats)
    forget(cursor)
    if only_if_any and not any(counts.values()):
        cursor.execute("DELETE FROM tombstones WHERE erased_at = $moment", {"moment": moment})
        return None
    kind: ErasedKind = "anonymised" if keeps_chats else wanted.kind
    erased = Erased(uuid4(), moment, actor, kind, why, counts)
    keep_erased(cursor, erased)
    told = {"chats": counts["chats"], "events": counts["events"]} | ({"keeps_chats": True} if keeps_chats else {})
    before = {"asked_at": asked_at.isoformat(timespec="seconds")} if asked_at else {}
    record_event(cursor, "erased", actor, None, moment, kind=wanted.kind, **told, **before)
    return erased


def remove(cursor: Cursor, kind: Kind, moment: datetime, *, because: str, keeps_chats: bool = False) -> dict[Part, int]:
    """How many rows of each part are gone that `gather` found; with `keeps_chats`, those of the chats are anonymised.

    `because` is why events were removed: see lib/access/verifying.py.
    """
    _bury(cursor, kind, moment)
    mark_persons(cursor, "FROM erasing_rows")
    counts: dict[Part, int] = {}
    for part, table, condition in STEPS:
        if table == "events":
            gone = remove_events(cursor, table, condition, {}, reason=because, moment=moment)
        elif table == "chats" and keeps_chats:
            gone = anonymise(cursor, condition, moment)
        else:
            gone = changed(cursor, f"DELETE FROM {table} WHERE {condition}", {})
        counts[part] = counts.get(part, 0) + gone
    cursor.execute("DELETE FROM ledger_due WHERE chat_id IN (FROM erasing)")
    cursor.execute("DELETE FROM person_joins WHERE chat_id IN (FROM erasing)")
    return counts


def keep_erased(cursor: Cursor, erased: Erased) -> None:
    """Keeps that it was erased, and that it may still lie in the file; of the same id, more was erased since."""
    cursor.execute("DELETE FROM erasures WHERE id = $id", {"id": erased.id})
    insert(cursor, "erasures", asdict(erased) | {"counts": json.dumps(erased.counts)})


def erasures(store: Store) -> list[Erased]:
    """All that was erased, newest first."""
    found = store.read("FROM erasures ORDER BY erased_at DESC, id")
    return [Erased(**row | {"counts": json.loads(row["counts"])}) for row in found]


def _bury(cursor: Cursor, kind: Kind, moment: datetime) -> None:
    for name, values in (*_OF_CHATS, *(() if kind == "chats" else _OF_PERSON)):
        cursor.execute(
            f"""INSERT INTO tombstones SELECT DISTINCT '{name}', {digest("value")}, $moment
                FROM ({values}) WHERE value IS NOT NULL AND value <> ''""",
            {"moment": moment},
        )
