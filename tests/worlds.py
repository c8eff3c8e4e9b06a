"""States of the world that tests begin with, put into a store by SQL."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

import pyarrow as pa

from lib.access import accesses
from lib.chats import stale
from lib.chats.clock import Clock
from lib.chats.columns import COLUMNS
from lib.missed.settings import LIMITS, Rules
from lib.store import Cursor, Store
from lib.store.spellings import search_form
from lib.visitors.persons import renew

# Monday noon in Tokyo, and still Sunday evening in New York.
NOW = datetime(2026, 11, 23, 3, 0)
TOKYO = Clock(NOW, "Asia/Tokyo")
NEW_YORK = Clock(NOW, "America/New_York")

World = list[dict[str, Any]]

TABLES = (
    "replaced_chats", "replaced_messages", "replaced_visitors", "replaced_waiting", "replaced_names",
    "chats", "messages", "events", "mails", "imports", "rejected_rows", "waiting_messages", "visitors", "accounts",
    "known_names",
    "missed_rules", "column_mappings", "inbox_files", "ledger_due", "colleagues", "review_marks", "mail_templates",
    "do_not_contact", "holidays", "working_hours", "thresholds", "note_texts", "kept_contents", "saved_views",
    "shared_signs", "people", "confinements", "accesses", "removed_events", "seals",
    "erasures", "tombstones", "export_requests", "erasures_due", "retention_rules", "retention_runs",
    "holds", "persons", "person_chats", "person_joins", "persons_due",
)  # fmt: skip
_ordinals = count(1)

# Columns that `chat` and `insert` make themselves.
_MADE = {
    "id", "ordinal", "vendor_id", "operators", "question_search", "visitor_search", "message_count", "mails", "filled",
    "judged", "given_missed_reason", "given_answered", "rule_reason", "vendor_updated_at",
}  # fmt: skip
_CHAT: dict[str, Any] = {
    column.name: [] if column.kind == "list" else None
    for column in COLUMNS
    if not column.expression and column.name not in _MADE
} | {
    "system": "test",
    "status": "completed",
    "status_derived": False,
    "started_at": NOW - timedelta(days=1),
    "language": "en",
    "facts_digest": "",
    "messages_digest": "",
    "import_id": str(UUID(int=0)),
}
_MESSAGE: dict[str, Any] = {
    "sent_at": None,
    "offset_s": None,
    "kind": "visitor",
    "name": None,
    "text": None,
    "attachment_name": None,
    "attachment_type": None,
    "attachment_size": None,
    "attachment_url": None,
}


def id_of(name: str) -> UUID:
    """The id of the chat that a world calls by this name."""
    return uuid5(NAMESPACE_URL, name)


def chat(
    name: str | None = None,
    *,
    messages: Iterable[str | dict[str, Any]] = (),
    notes: Iterable[str] = (),
    replies: Iterable[str] = (),
    **fields: Any,
) -> dict[str, Any]:
    """A chat as a world holds it: a text among the messages is the visitor's, `replies` are states of mails."""
    unknown = fields.keys() - _CHAT.keys() - {"id", "operators", "ordinal"}
    assert not unknown, f"a chat has no {unknown}"
    name = name or uuid4().hex
    operator = fields.get("operator")
    entries = [_MESSAGE | (entry if isinstance(entry, dict) else {"text": entry}) for entry in messages]
    entries += [_MESSAGE | {"kind": "note", "text": text} for text in notes]
    noticed = {f"{what}_noticed_at": fields.get(f"{what}_at") for what in ("contacted", "deleted")}
    row = {"id": id_of(name), "vendor_id": name, "operators": [operator] if operator else []} | _CHAT | noticed | fields
    return row | {"messages": entries, "replies": list(replies)}


def make_chat(store: Store, name: str | None = None, **fields: Any) -> UUID:
    """Puts one chat into the store; the id of it."""
    made = chat(name, **fields)
    insert(store, [made])
    return made["id"]


def insert(store: Store, world: World) -> None:
    """Puts the chats of a world into the store, with messages and mails."""
    store.write(lambda cursor: _insert(cursor, world))


def insert_derived(store: Store, world: World) -> None:
    """Puts the chats of a world into the store with what they say of the ledger, which a page then leaves as it is."""
    insert(store, world)
    store.write(renew)


LARGE_LOG = 1 << 20


def empty(store: Store) -> None:
    """Takes everything out of a store."""

    def work(cursor: Cursor) -> None:
        for table in TABLES:
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute("UPDATE last_derivation SET noticed_at = '2000-01-01', zone = NULL")
        cursor.executemany("INSERT INTO working_hours VALUES (?, 540, 1080)", [(day,) for day in range(1, 6)])
        cursor.executemany("INSERT INTO thresholds VALUES (?, ?)", [(name, getattr(Rules(), name)) for name in LIMITS])

    store.write(work)
    # What was read once that day is not written twice, and is known without a look at the store.
    accesses._waiting.pop(store.location, None)
    # The app does it when nobody writes. Else a process that reads the file would read all that earlier tests wrote.
    if store.log_bytes > LARGE_LOG:
        store.write_back()


def held(store: Store) -> dict[str, pa.Table]:
    """All that a store holds, by its tables: for `put_back`, which takes less than doing all of it again."""
    with store.cursor() as cursor:
        return {table: cursor.execute(f"FROM {table}").to_arrow_table() for table in (*TABLES, "last_derivation")}


def put_back(store: Store, tables: dict[str, pa.Table]) -> None:
    """Makes a store hold what it held, and nothing else."""

    def work(cursor: Cursor) -> None:
        for table, rows in tables.items():
            cursor.execute(f"DELETE FROM {table}")
            if rows.num_rows:
                cursor.register("held_rows", rows)
                cursor.execute(f"INSERT INTO {table} BY NAME FROM held_rows")
                cursor.unregister("held_rows")

    store.write(work)


def _insert(cursor: Cursor, world: World) -> None:
    chats, messages, mails = [], [], []
    for entry in world:
        ordinal = entry.get("ordinal", next(_ordinals))
        chats.append(_chat_row(entry, ordinal))
        messages += [_message_row(entry["id"], ordinal, *numbered) for numbered in enumerate(entry["messages"])]
        mails += [_mail_row(entry["id"], *numbered) for numbered in enumerate(entry["replies"], 1)]
    _insert_rows(cursor, "chats", chats)
    stale.mark_persons(cursor, "SELECT unnest($new)", {"new": [row["ordinal"] for row in chats]})
    _insert_rows(cursor, "messages", messages)
    _insert_rows(cursor, "mails", mails)
    for column in ("missed", "came_back", "contacted", "deleted"):
        newest = f"SELECT max({column}_noticed_at) FROM chats"
        cursor.execute(f"UPDATE last_derivation SET noticed_at = greatest(noticed_at, ({newest}))")


def _chat_row(entry: dict[str, Any], ordinal: int) -> dict[str, Any]:
    return entry | {
        "id": str(entry["id"]),
        "came_back_chat": _uuid(entry["came_back_chat"]),
        "recovered_chat": _uuid(entry["recovered_chat"]),
        "ordinal": ordinal,
        "question_search": _search(entry["question"]),
        "visitor_search": _visitor_search(entry),
        "message_count": sum(message["kind"] != "note" for message in entry["messages"]),
        "mails": len(entry["replies"]),
    }


def _message_row(chat_id: UUID, ordinal: int, position: int, message: dict[str, Any]) -> dict[str, Any]:
    own = {"chat_id": str(chat_id), "ordinal": ordinal, "position": position}
    return message | own | {"search_text": _search(message["text"])}


def _mail_row(chat_id: UUID, number: int, state: str) -> dict[str, Any]:
    mail_id = uuid4()
    return {
        "id": str(mail_id),
        "chat_id": str(chat_id),
        "number": number,
        "state": state,
        "state_since": NOW,
        "created_at": NOW,
        "created_by": "Ann",
        "recipient": "visitor@example.com",
        "copies": [],
        "subject": "Your chat",
        "body": "Hello",
        "source": b"",
        "message_id": f"<{mail_id}@example.com>",
        "attempts": 1,
    }


def _uuid(value: UUID | None) -> str | None:
    return str(value) if value else None


def _visitor_search(entry: dict[str, Any]) -> str:
    digits = "".join(sign for sign in search_form(entry["visitor_phone"] or "") if sign in "0123456789")
    known = (entry["visitor_name"], entry["visitor_email"], entry["visitor_phone"], digits)
    return search_form(" ".join(filter(None, known)))


def _search(text: str | None) -> str | None:
    return None if text is None else search_form(text)


def _insert_rows(cursor: Cursor, table: str, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    schema = cursor.execute(f"SELECT * FROM {table} LIMIT 0").to_arrow_table().schema
    cursor.register("new_rows", pa.Table.from_pylist(rows, schema=schema))
    cursor.execute(f"INSERT INTO {table} BY NAME SELECT * FROM new_rows")
    cursor.unregister("new_rows")


ROUTINE = frozenset(f"routine-{n:02}" for n in range(36))


def sample_like() -> World:
    """About sixty chats over all statuses, each named after what is special in it; the routine ones are alike."""
    return [*(_routine(name, n) for n, name in enumerate(sorted(ROUTINE))), *_special()]


def _routine(name: str, n: int) -> dict[str, Any]:
    start = NOW - timedelta(days=2 + n, minutes=n)
    return chat(
        name,
        started_at=start,
        ended_at=start + timedelta(minutes=5),
        duration_s=300.0,
        wait_s=20.0,
        channel="web",
        website="shop.example.com",
        department="Orders",
        operator="Routine",
        visitor_id=f"v-{n}",
        visitor_name=f"Visitor {n % 10}",
        visitor_email=f"visitor{n}@example.com",
        visitor_country="DE",
        question="Where is my parcel?",
        rating=3,
        tags=["order"],
        messages=["Where is my parcel?", {"kind": "operator", "name": "Routine", "text": "On its way."}],
    )


def _special() -> World:
    recent = NOW - timedelta(minutes=10)
    return [
        chat("ongoing", status="ongoing", started_at=recent, operator="Aoi", wait_s=5.0),
        chat("monitored", status="ongoing", started_at=recent, operator="Aoi", supervisors=["Ms Boss"]),
        chat("missed", status="missed"),
        chat("missed, watched", status="missed", supervisors=["Ms Boss"], website="b.example.com"),
        chat("reopened", status="reopened", operator="Ben", operators=["Ben", "Aoi"], tags=["vip", "urgent"], rating=1),
        chat("no start", started_at=None, tags=["vip"]),
        chat("from Japan", visitor_country="JP", department="Returns", language="ja", question="返金をお願いします"),
        chat("from Wakanda", visitor_country="Wakanda", channel="line", visitor_email="shuri@example.com"),
        chat("answered", status="missed", replies=["failed", "sent"], visitor_email="a@example.com"),
        chat("mail failed", status="missed", replies=["failed"], visitor_email="b@example.com"),
        chat("noted", messages=["A zebra crossing"], notes=["The visitor is a spy"]),
        chat("deleted", deleted_at=NOW, visitor_country="JP", rating=5, tags=["vip"], question="返金 zebra umbrella"),
        chat("rated 5", rating=5, comment="Great"),
        chat("waited 60", wait_s=60.0),
        chat("waited 61", wait_s=61.0, duration_s=9000.0),
        chat("waited 600", status="missed", wait_s=600.0),
        chat("two speakers", messages=["I bought a LAMP", {"kind": "operator", "name": "Ben", "text": "Refunded"}]),
        chat("wide", messages=["ＡＢＣ１２３", "ｶﾞﾗｽのｺｯﾌﾟ"]),
        chat("special characters", messages=[r"cost (50%) [a-z]* c:\temp under_score ^.+$ it's"]),
        chat("question only", question="Do you sell umbrellas?"),
        chat("file only", messages=[{"text": None, "attachment_name": "umbrellas.pdf", "attachment_size": 7}]),
        chat("bot and system", messages=[{"kind": "bot", "text": "Beep"}, {"kind": "system", "text": "Ann joined"}]),
        chat("long", messages=[f"line {n}" + (" haystack-needle" if n == 200 else "") for n in range(400)]),
        chat("odd unknown fields", unknown_fields='{"plan": "gold", "nested": {"a": [1, null]}}'),
    ]


# Each is hostile to something: SQL, LIKE, regular expressions, str.format, %-formatting, Markdown, HTML, the screen.
HOSTILE_TEXTS = (
    "O'Brien",
    "'; DROP TABLE chats; --",
    'say "hello"',
    "100%",
    "%",
    "_",
    "under_score",
    "back\\slash\\",
    "{0} {values} {",
    "%s %(a)s %d",
    "$operator_0 ? :x",
    "(a|b)*[^c]+.$",
    "🎉👩‍👩‍👧",
    "\x01\x1b[31m\x7f\u202e\u200b",
    "line\nbreak\ttab",
    " padded ",
    "<img src=x onerror=alert(1)>",
    "[link](javascript:alert(1)) **bold** :red[x]",
    "=1+1",
    "NULL",
    "ÅÅ",  # the second is the Ångström sign
    "返金",
    "x" * 5000,
)


def hostile() -> World:
    """One chat for each hostile text, with that text in every field that takes one."""
    return [
        chat(
            f"hostile {n}",
            operator=text,
            department=text,
            website=text,
            channel=text,
            visitor_country=text,
            visitor_name=text,
            visitor_email=text,
            visitor_phone=text,
            visitor_id=text,
            question=text,
            comment=text,
            tags=[text],
            rating=n % 5 + 1,
            messages=[{"name": text, "text": text, "attachment_name": text, "attachment_url": text}],
        )
        for n, text in enumerate(HOSTILE_TEXTS)
    ]
