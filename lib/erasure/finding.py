"""What is erased: some deleted chats, or all that is known of a person, in every table that can hold it.

The steps are said once, as conditions on tables. They are counted before somebody says yes, and carried out after.
"""

from dataclasses import dataclass
from typing import Final, Literal

from lib.chats.holds import Held, held_of, write_held
from lib.chats.persons import Wanted, wanted_chats
from lib.erasure.naming import write_named
from lib.store import Cursor, Params, Store, explained, rows
from lib.store.tombstones import ACCOUNT_FORM, EMAIL_FORM

# What goes, as it is counted for people.
Part = Literal[
    "chats", "messages", "notes", "mails", "events", "visitors", "waiting", "rejected", "replaced", "links", "views",
    "do_not_contact", "requests", "later", "holds",
]  # fmt: skip
Table = Literal[
    "messages", "note_texts", "events", "mails", "visitors", "waiting_messages", "replaced_chats", "replaced_messages",
    "replaced_waiting", "replaced_visitors", "rejected_rows", "kept_contents", "saved_views", "do_not_contact", "chats",
    "export_requests", "erasures_due", "holds",
]  # fmt: skip
MOST_NAMES: Final = 5


@dataclass(frozen=True)
class Found:
    """How many rows of each part go; under how many names the visitors of the chats wrote, and the first of them; the
    names of saved views that go; in how many other chats something is written that names the person, and stays; the
    legal holds for which nothing goes; how many notes and e-mails about the person stay in other chats under hold."""

    counts: dict[Part, int]
    name_count: int
    names: tuple[str, ...]
    views: tuple[str, ...]
    named_elsewhere: int
    held: Held | None = None
    kept_by_holds: int = 0

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to be erased."""
        return not any(self.counts.values())


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
) WHERE sign IS NOT NULL GROUP BY sign
"""
_NAMES: Final = """
CREATE OR REPLACE TEMP TABLE erased_names AS
SELECT trim(visitor_name) AS called FROM chats WHERE id IN (FROM erasing) AND trim(visitor_name) <> ''
EXCEPT SELECT trim(visitor_name) FROM chats WHERE id NOT IN (FROM erasing)
"""
_OF_CHAT: Final = "chat_id IN (FROM erasing)"
EMAILS: Final = "(SELECT sign FROM erased_signs WHERE is_email)"
PHONES: Final = "(SELECT sign FROM erased_signs WHERE NOT is_email)"
_VISITOR: Final = f"(system, {ACCOUNT_FORM.format(account='account')}, visitor_id)"
_OWN_VISITOR: Final = f"""({_VISITOR} IN (
        SELECT {_VISITOR} FROM chats WHERE id IN (FROM erasing) AND visitor_id IS NOT NULL
        EXCEPT SELECT {_VISITOR} FROM chats WHERE id NOT IN (FROM erasing) AND visitor_id IS NOT NULL)
    OR lower(trim(email)) IN {EMAILS} OR lower(trim(phone)) IN {PHONES}
    OR phone IN (SELECT id FROM named_rows WHERE part = 'phones'))"""
_OWN_MAIL: Final = f"""({_OF_CHAT} OR lower(recipient) IN {EMAILS}
    OR id IN (SELECT id FROM (SELECT id, unnest(copies) AS copy FROM mails) WHERE lower(copy) IN {EMAILS}))"""
_ONCE_OWN_CHAT: Final = f"""(id IN (FROM erasing) OR {EMAIL_FORM.format(value="visitor_email")} IN {EMAILS}
    OR visitor_phone_e164 IN {PHONES})"""
# Who saved a transcript is nothing that is known of the visitor.
_OWN_EVENT: Final = f"""(({_OF_CHAT} AND action <> 'export_transcript')
    OR id::VARCHAR IN (SELECT id FROM named_rows WHERE part = 'events'))"""


def named(part: str, key: str) -> str:
    """SQL of whether a row, by its key (SQL), is one that names the person: see `naming.write_named`."""
    return f"{key} IN (SELECT id FROM named_rows WHERE part = '{part}')"


# Only those that were lifted: the others keep all of it. See lib/chats/holds.py.
_OWN_HOLD: Final = f"""lifted_at IS NOT NULL AND ({_OF_CHAT} OR lower(trim(value)) IN {EMAILS}
    OR value IN {PHONES} OR value IN (SELECT id FROM named_rows WHERE part = 'phones')
    OR (kind = 'visitor' AND (system, {ACCOUNT_FORM.format(account="account")}, value) IN (
        SELECT {_VISITOR} FROM chats WHERE id IN (FROM erasing) AND visitor_id IS NOT NULL
        EXCEPT SELECT {_VISITOR} FROM chats WHERE id NOT IN (FROM erasing) AND visitor_id IS NOT NULL)))"""
# What others wrote in chats that must not go stays with them.
_OF_NO_HELD: Final = "coalesce(chat_id NOT IN (SELECT chat_id FROM held_chats), TRUE)"


REJECTED_NAMES: Final = named("rejected", "concat_ws(chr(31), import_id, file, row_number)")
_OWN_NOTE: Final = f"({_OF_CHAT} OR {named('notes', 'concat_ws(chr(31), chat_id, search_text)')})"
# In this order: what names a chat goes before the chat.
STEPS: Final[tuple[tuple[Part, Table, str], ...]] = (
    ("messages", "messages", _OF_CHAT),
    ("notes", "note_texts", f"{_OWN_NOTE} AND {_OF_NO_HELD}"),
    ("events", "events", f"{_OWN_EVENT} AND {_OF_NO_HELD}"),
    ("mails", "mails", f"{_OWN_MAIL} AND {_OF_NO_HELD}"),
    ("visitors", "visitors", _OWN_VISITOR),
    ("waiting", "waiting_messages", _OF_CHAT),
    ("replaced", "replaced_chats", _ONCE_OWN_CHAT),
    ("replaced", "replaced_messages", _OF_CHAT),
    ("replaced", "replaced_waiting", _OF_CHAT),
    ("replaced", "replaced_visitors", _OWN_VISITOR),
    ("rejected", "rejected_rows", REJECTED_NAMES),
    ("links", "kept_contents", named("links", "id")),
    ("views", "saved_views", named("views", "id::VARCHAR")),
    ("requests", "export_requests", named("requests", "id::VARCHAR")),
    # The same person, known by something else.
    ("later", "erasures_due", named("later", "id::VARCHAR")),
    # Who asked not to be written to, and has a chat erased, is not written to: of a person it becomes a digest.
    ("do_not_contact", "do_not_contact", f"(lower(address) IN {EMAILS} AND (SELECT is_person FROM erasing_what))"),
    ("holds", "holds", _OWN_HOLD),
    ("chats", "chats", "id IN (FROM erasing)"),
)  # fmt: skip
_IN_CHATS: Final = (("note_texts", _OWN_NOTE), ("mails", _OWN_MAIL))
_GATHERED: Final = (
    "erasing", "erasing_rows", "erasing_what", "erased_signs", "erased_names", "needles", "named_rows", "held_chats",
)  # fmt: skip


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
            names = rows(
                cursor.execute(
                    """SELECT visitor_name AS name, count(*) AS n FROM chats
                       WHERE id IN (FROM erasing) AND visitor_name IS NOT NULL GROUP BY name ORDER BY n DESC, name"""
                )
            )
            views = f"SELECT coalesce(name, code) AS name FROM saved_views WHERE {named('views', 'id::VARCHAR')}"
            gone = tuple(sorted(str(each["name"]) for each in rows(cursor.execute(views))))
            elsewhere = 0 if wanted.kind == "chats" else _named_elsewhere(cursor)
            first = tuple(str(each["name"]) for each in names[:MOST_NAMES])
            return Found(
                counts, len(names), first, gone, elsewhere, held_of(cursor, "erasing", wanted), _kept_by_holds(cursor)
            )
        finally:
            cursor.execute("ROLLBACK")


def _named_elsewhere(cursor: Cursor) -> int:
    others = "chat_id NOT IN (FROM erasing) AND EXISTS (SELECT 1 FROM erased_signs WHERE contains(lower(text), sign))"
    return int(rows(cursor.execute(f"SELECT count(DISTINCT chat_id) AS n FROM messages WHERE {others}"))[0]["n"])


def _kept_by_holds(cursor: Cursor) -> int:
    kept = (f"SELECT count(*) AS n FROM {table} WHERE {own} AND NOT {_OF_NO_HELD}" for table, own in _IN_CHATS)
    return int(rows(cursor.execute(f"SELECT sum(n)::INTEGER AS n FROM ({' UNION ALL '.join(kept)})"))[0]["n"])


def gather(cursor: Cursor, wanted: Wanted) -> None:
    """Puts into temporary tables of the cursor which chats go, what their person is known by, what names them, and
    which chats are under legal hold."""
    condition, values = wanted_chats(cursor, wanted)
    if wanted.kind == "chats":
        condition += " AND deleted_at IS NOT NULL"
    gather_chats(cursor, f"SELECT id FROM chats WHERE {condition}", values, by=wanted)


def gather_chats(cursor: Cursor, chats: str, values: Params, by: Wanted | None = None) -> None:
    """As `gather`, for the chats whose ids a query finds; `by` is how their person is known besides."""
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE erasing AS {chats}", dict(values))
    # What else of the visitors is derived from these chats.
    cursor.execute("CREATE OR REPLACE TEMP TABLE erasing_rows AS SELECT ordinal FROM chats WHERE id IN (FROM erasing)")
    what = {"is_person": by is not None and by.kind != "chats"}
    cursor.execute("CREATE OR REPLACE TEMP TABLE erasing_what AS SELECT $is_person AS is_person", what)
    cursor.execute(_SIGNS)
    cursor.execute(_NAMES)
    if by and by.kind in ("email", "phone") and by.is_somebody:
        # The person is known by it whether or not there is a chat.
        cursor.execute(
            "INSERT INTO erased_signs SELECT lower(trim($value)), $is_email",
            {"value": by.value, "is_email": by.kind == "email"},
        )
    write_named(cursor)
    write_held(cursor)


def forget(cursor: Cursor) -> None:
    """Drops what `gather` left in the cursor."""
    for name in _GATHERED:
        cursor.execute(f"DROP TABLE temp.{name}")
