"""What is erased: some deleted chats, or all that is known of a person, in every table that can hold it.

The steps are said once, as conditions on tables. They are counted before somebody says yes, and carried out after.
"""

from dataclasses import dataclass
from typing import Any, Final, Literal
from uuid import UUID

from lib.store import Cursor, Store, explained, rows
from lib.store.tombstones import EMAIL_FORM, PHONE_FORM

Kind = Literal["chats", "email", "phone", "visitor"]
# What goes, as it is counted for people.
Part = Literal[
    "chats", "messages", "notes", "mails", "events", "accesses", "visitors", "waiting", "rejected", "replaced",
    "links", "views", "do_not_contact",
]  # fmt: skip
Table = Literal[
    "messages", "note_texts", "events", "accesses", "mails", "visitors", "waiting_messages", "replaced_chats",
    "replaced_messages", "replaced_waiting", "replaced_visitors", "rejected_rows", "kept_contents", "saved_views",
    "do_not_contact", "chats",
]  # fmt: skip
# A shorter text would be found in what is no person's.
SHORTEST_SIGN: Final = 6
SHORTEST_NAME: Final = 4


@dataclass(frozen=True)
class Wanted:
    """What is to be erased: the chats with these ids, or a person by an address, a number, or an id in a system."""

    kind: Kind
    chats: tuple[UUID, ...] = ()
    value: str = ""
    system: str = ""


@dataclass(frozen=True)
class Found:
    """How many rows of each part go, and the names of the saved views among them; in how many other chats something is
    written that names the person, and stays."""

    counts: dict[Part, int]
    views: tuple[str, ...]
    named_elsewhere: int

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to be erased."""
        return not any(self.counts.values())


_OF_PERSON: Final[dict[Kind, str]] = {
    "chats": "list_contains($chats::UUID[], id)",
    "email": f"{EMAIL_FORM.format(value='visitor_email')} = {EMAIL_FORM.format(value='$value')}",
    "phone": f"""{PHONE_FORM.format(value="$value")} IN (
        {PHONE_FORM.format(value="visitor_phone")}, {PHONE_FORM.format(value="visitor_phone_e164")})""",
    "visitor": "system = $system AND visitor_id = trim($value)",
}
# Addresses and numbers of these chats that no other chat has, so that nobody else's links and rows go with them.
_SIGNS: Final = f"""
CREATE OR REPLACE TEMP TABLE erased_signs AS
SELECT sign, max(is_email) AS is_email FROM (
    SELECT unnest([{EMAIL_FORM.format(value="visitor_email")}, lower(trim(visitor_phone)), visitor_phone_e164]) AS sign,
        unnest([TRUE, FALSE, FALSE]) AS is_email
    FROM chats WHERE id IN (FROM erasing)
    EXCEPT
    SELECT unnest([{EMAIL_FORM.format(value="visitor_email")}, lower(trim(visitor_phone)), visitor_phone_e164]),
        unnest([TRUE, FALSE, FALSE])
    FROM chats WHERE id NOT IN (FROM erasing)
) WHERE length(sign) >= {SHORTEST_SIGN} GROUP BY sign
"""
_NAMES: Final = """
CREATE OR REPLACE TEMP TABLE erased_names AS
SELECT lower(trim(visitor_name)) AS called FROM chats WHERE id IN (FROM erasing)
EXCEPT SELECT lower(trim(visitor_name)) FROM chats WHERE id NOT IN (FROM erasing)
"""
_NAMED: Final = "(EXISTS (SELECT 1 FROM erased_signs WHERE contains(lower({text}), sign)))"
_NAMED_OR_CALLED: Final = (
    f"(EXISTS (SELECT 1 FROM erased_signs WHERE contains(lower({{text}}), sign)) OR EXISTS (SELECT 1 FROM erased_names"
    f" WHERE length(called) >= {SHORTEST_NAME} AND contains(lower({{text}}), called)))"
)
_WRITTEN: Final = "concat_ws(' ', name, text)"
_OF_CHAT: Final = "chat_id IN (FROM erasing)"
_OWN_VISITOR: Final = """(
    (system, coalesce(account, ''), visitor_id) IN (
        SELECT (system, coalesce(account, ''), visitor_id) FROM chats
            WHERE id IN (FROM erasing) AND visitor_id IS NOT NULL
        EXCEPT SELECT (system, coalesce(account, ''), visitor_id) FROM chats
            WHERE id NOT IN (FROM erasing) AND visitor_id IS NOT NULL)
    OR lower(trim(email)) IN (SELECT sign FROM erased_signs WHERE is_email)
    OR lower(trim(phone)) IN (SELECT sign FROM erased_signs WHERE NOT is_email))"""
_OWN_MAIL: Final = """(chat_id IN (FROM erasing)
    OR lower(recipient) IN (SELECT sign FROM erased_signs WHERE is_email)
    OR EXISTS (SELECT 1 FROM erased_signs WHERE is_email AND contains(lower(array_to_string(copies, ' ')), sign)))"""
REJECTED_NAMES: Final = _NAMED_OR_CALLED.format(text="concat_ws(' ', value, record)")
_NAMES_VIEW: Final = _NAMED_OR_CALLED.format(text="concat_ws(' ', name, content)")
_OWN_EVENT: Final = f"""({_OF_CHAT} OR {_NAMED_OR_CALLED.format(text="detail")}
    OR json_extract_string(detail, '$.view') IN (SELECT id::VARCHAR FROM saved_views WHERE {_NAMES_VIEW}))"""
# In this order: what names a chat goes before the chat.
STEPS: Final[tuple[tuple[Part, Table, str], ...]] = (
    ("messages", "messages", _OF_CHAT),
    ("notes", "note_texts", _OF_CHAT),
    ("events", "events", _OWN_EVENT),
    ("accesses", "accesses", _OF_CHAT),
    ("mails", "mails", _OWN_MAIL),
    ("visitors", "visitors", _OWN_VISITOR),
    ("waiting", "waiting_messages", f"({_OF_CHAT} OR {_NAMED_OR_CALLED.format(text=_WRITTEN)})"),
    ("replaced", "replaced_chats", "id IN (FROM erasing)"),
    ("replaced", "replaced_messages", _OF_CHAT),
    ("replaced", "replaced_waiting", f"({_OF_CHAT} OR {_NAMED_OR_CALLED.format(text=_WRITTEN)})"),
    ("replaced", "replaced_visitors", _OWN_VISITOR),
    ("rejected", "rejected_rows", REJECTED_NAMES),
    ("links", "kept_contents", _NAMED_OR_CALLED.format(text="content")),
    ("views", "saved_views", _NAMES_VIEW),
    ("do_not_contact", "do_not_contact", "lower(address) IN (SELECT sign FROM erased_signs WHERE is_email)"),
    ("chats", "chats", "id IN (FROM erasing)"),
)


def find(store: Store, wanted: Wanted) -> Found:
    """What would be erased as things stand; nothing is changed. Raises StoreError."""
    with explained(store.path), store.cursor() as cursor:
        cursor.execute("BEGIN")
        try:
            gather(cursor, wanted)
            counts: dict[Part, int] = {}
            for part, table, condition in STEPS:
                (row,) = rows(cursor.execute(f"SELECT count(*) AS n FROM {table} WHERE {condition}"))
                counts[part] = counts.get(part, 0) + int(row["n"])
            views = rows(
                cursor.execute(
                    f"SELECT coalesce(name, code) AS name FROM saved_views WHERE {_NAMES_VIEW} ORDER BY name"
                )
            )
            named = 0 if wanted.kind == "chats" else _named_elsewhere(cursor)
            return Found(counts, tuple(str(each["name"]) for each in views), named)
        finally:
            cursor.execute("ROLLBACK")


def _named_elsewhere(cursor: Cursor) -> int:
    others = f"chat_id NOT IN (FROM erasing) AND {_NAMED.format(text='text')}"
    return int(rows(cursor.execute(f"SELECT count(DISTINCT chat_id) AS n FROM messages WHERE {others}"))[0]["n"])


def gather(cursor: Cursor, wanted: Wanted) -> None:
    """Puts into temporary tables of the cursor which chats go, and what their person is known by."""
    params: dict[str, Any] = {"chats": [str(each) for each in wanted.chats]} if wanted.kind == "chats" else {}
    if wanted.kind != "chats":
        params = {"value": wanted.value} | ({"system": wanted.system} if wanted.kind == "visitor" else {})
    only_deleted = " AND deleted_at IS NOT NULL" if wanted.kind == "chats" else ""
    sql = f"CREATE OR REPLACE TEMP TABLE erasing AS SELECT id FROM chats WHERE {_OF_PERSON[wanted.kind]}{only_deleted}"
    cursor.execute(sql, params)
    # What else of the visitors is derived from these chats.
    cursor.execute("CREATE OR REPLACE TEMP TABLE erasing_rows AS SELECT ordinal FROM chats WHERE id IN (FROM erasing)")
    cursor.execute(_SIGNS)
    cursor.execute(_NAMES)
    if wanted.kind in ("email", "phone") and len(wanted.value.strip()) >= SHORTEST_SIGN:
        # The person is known by it whether or not there is a chat.
        cursor.execute(
            "INSERT INTO erased_signs SELECT lower(trim($value)), $is_email",
            {"value": wanted.value, "is_email": wanted.kind == "email"},
        )
