"""What names one chat goes straight to it: its id, or an e-mail address or phone number that only one chat has."""

from dataclasses import dataclass
from uuid import UUID

from lib.chats.search.query import phone_digits
from lib.store import Store
from lib.store.search_form import search_form
from lib.store.spellings import ADDRESS


@dataclass(frozen=True)
class Straight:
    """The one chat that is meant; `by_id` where the words are its id, which a search for words would not find."""

    chat: UUID
    by_id: bool


def straight(store: Store, words: str) -> Straight | None:
    """The chat that the words name, deleted ones left out; None where it is none, or more than one."""
    typed = words.strip()
    by_id = _only(store, "vendor_id = $value", typed) or _by_uuid(store, typed)
    if by_id:
        return Straight(by_id, by_id=True)
    form = search_form(typed)
    contact = phone_digits(typed) or (form if ADDRESS.fullmatch(form) else "")
    found = _only(store, "contains(visitor_search, $value)", contact) if contact else None
    return Straight(found, by_id=False) if found else None


def _by_uuid(store: Store, typed: str) -> UUID | None:
    try:
        return _only(store, "id = $value::UUID", str(UUID(typed)))
    except ValueError:
        return None


def _only(store: Store, condition: str, value: str) -> UUID | None:
    sql = f"SELECT id FROM chats WHERE deleted_at IS NULL AND {condition} LIMIT 2"
    found = store.read(sql, {"value": value})
    return UUID(str(found[0]["id"])) if len(found) == 1 else None
