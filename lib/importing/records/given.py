"""Which facts of a chat a record gives, and what in it an export of ours has masked."""

from collections.abc import Iterable, Mapping
from typing import Any

from lib.chats.own_files import MASKED, PLACEHOLDERS
from lib.importing.records.fields import STATUS_OF_WORD
from lib.importing.records.staging import FACT_BITS

# The field by which a vendor's module names the facts that it knows but vaguely: a frozen set, which no file can hold.
VAGUE = "vague"
_MASKS = frozenset(PLACEHOLDERS.values())
# The bit of a fact, its column, the name of its field, and whether that is one of the visitor.
_BITS = [
    (bit, column, column.removeprefix("visitor_").removeprefix("given_"), column.startswith("visitor_"))
    for column, bit in FACT_BITS.items()
]


def unmasked(value: str | None) -> str | None:
    """The value, unless it is what an export of ours puts in the place of one that is masked."""
    return None if value in _MASKS else value


def _is_masked(value: str) -> bool:
    return MASKED.search(value) is not None


def has_masks(entries: Iterable[tuple[Any, ...]] | None) -> bool:
    """Whether something is masked in the name or the text of an entry (see staging.ENTRY_COLUMNS)."""
    for entry in entries or ():
        name, words = entry[3], entry[4]
        if (words and "[" in words and _is_masked(words)) or (name and "[" in name and _is_masked(name)):
            return True
    return False


def facts_given(facts: Mapping[str, Any], record: Mapping[str, Any], empties: bool) -> tuple[int, int]:
    """The bits of the facts that a record gives, and of those that are vague or have something masked in them.

    An empty list is given. Where `empties`, so is null, which then empties the fact.
    """
    given = weak = 0
    vague, visitor = record.get(VAGUE), record.get("visitor")
    if not isinstance(visitor, Mapping):
        visitor = {}
    for bit, column, name, is_visitors in _BITS:
        value = facts[column]
        if value is not None and value != []:
            given |= bit
            if value.__class__ is str and "[" in value and _is_masked(value):
                weak |= bit
        else:
            place = visitor if is_visitors else record
            told = place.get(name)
            if told == [] or (empties and told is None and name in place):
                given |= bit
    if vague.__class__ is frozenset:
        weak |= sum(FACT_BITS[column] for column in vague) & given
    # It may be given by either name.
    if empties and "operators" not in record and "operator" in record and record["operator"] is None:
        given |= FACT_BITS["given_operators"]
    status = facts["given_status"]
    if status:
        # Whether a chat is missed is told by its status, so no other record's reason counts.
        given |= FACT_BITS["given_missed_reason"]
        # One that is open again without an end has none, whatever was told before.
        if STATUS_OF_WORD.get(status.strip().lower()) == "reopened":
            given |= FACT_BITS["ended_at"]
    return given, weak
