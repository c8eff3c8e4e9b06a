"""States of the world that only page tests need."""

from datetime import timedelta
from typing import Any

from lib.chats.notes import add_note
from lib.chats.removal import delete_chat
from lib.store import Store
from tests.worlds import NOW, World, chat, id_of

OPERATOR: dict[str, Any] = {"kind": "operator", "name": "Aoi", "text": "I will look it up."}


def one() -> World:
    return [chat("only", visitor_name="Rin", visitor_email="rin@example.com", messages=["Hello", OPERATOR])]


def many() -> World:
    """250 chats, the newest called Visitor 000; every fifth is missed."""
    return [
        chat(
            f"chat {n}",
            visitor_name=f"Visitor {n:03}",
            visitor_phone=f"+81 3 0000 {n:04}",
            started_at=NOW - timedelta(minutes=n),
            wait_s=float(n),
            status="missed" if n % 5 == 0 else "completed",
            operator=None if n % 5 == 0 else "Aoi",
            messages=["Hello"] * (n % 3 + 1),
        )
        for n in range(250)
    ]


def lengths() -> World:
    """Chats with as many messages as their names say, each message telling its number."""
    return [
        chat(
            str(length),
            messages=[{"text": f"message {n};", "sent_at": NOW + timedelta(seconds=n)} for n in range(length)],
        )
        for length in (0, 1, 79, 80, 81, 100, 2500)
    ]


def turns() -> World:
    """One chat, in which two people say several things in a row."""
    said = [(0, "visitor", "one"), (100, "visitor", "two"), (110, "operator", "three"), (150, "visitor", "four"),
            (301, "visitor", "five"), (310, "visitor", "six"), (360, "system", "Aoi left")]  # fmt: skip
    names = {"visitor": "Rin", "operator": "Aoi", "system": None}
    return [
        chat(
            "turns",
            messages=[
                {"kind": kind, "name": names[kind], "text": text, "sent_at": NOW + timedelta(seconds=second)}
                for second, kind, text in said
            ],
        )
    ]


def review() -> World:
    """A few chats that differ in everything that a filter or a tab looks at."""
    day = timedelta(days=1)
    back: dict[str, Any] = {"visitor_id": "v-1", "visitor_name": "Rin", "visitor_email": "rin@example.com"}
    return [
        chat("running", status="ongoing", visitor_name="Uma", started_at=NOW - day / 24, operator="Aoi", wait_s=5.0),
        chat("watched", status="ongoing", visitor_name="Wim", started_at=NOW - day / 12, supervisors=["Ms Boss"]),
        chat("missed", status="missed", started_at=NOW - day, question="Where is my parcel?", wait_s=400.0, **back),
        chat("missed, no e-mail", status="missed", visitor_name="Mia", started_at=NOW - 2 * day, wait_s=90.0),
        chat("missed, answered", status="missed", visitor_name="Ada", started_at=NOW - 3 * day, replies=["sent"]),
        chat("missed long ago", status="missed", visitor_name="Old", started_at=NOW - 30 * day),
        chat("again", status="reopened", visitor_name="Ren", started_at=NOW - 4 * day, tags=["vip"], rating=2),
        chat(
            "done",
            started_at=NOW - 5 * day,
            ended_at=NOW - 5 * day + timedelta(minutes=12),
            duration_s=720.0,
            wait_s=30.0,
            operator="Aoi",
            department="Orders",
            website="shop.example.com",
            channel="web",
            visitor_country="JP",
            language="ja",
            rating=5,
            comment="Quick and kind",
            tags=["order", "vip"],
            messages=[
                {"text": "Do you sell umbrellas?", "sent_at": NOW - 5 * day},
                OPERATOR,
                {"kind": "system", "text": "Aoi joined the chat", "sent_at": NOW - 5 * day},
                {"kind": "bot", "name": "Robo", "text": "Beep", "offset_s": 75.0},
                {"text": None, "attachment_name": "bill.pdf", "attachment_size": 2048, "attachment_url": "ftp://x/y"},
            ],
            notes=["A regular"],
            unknown_fields='{"plan": "gold", "nested": {"a": [1, null], "b": {}}}',
            **back,
        ),
        chat("first", visitor_name="Rin K.", visitor_id="v-1", started_at=NOW - 60 * day, question="My first question"),
        chat("no start", visitor_name="Nil", started_at=None),
        chat("derived", status_derived=True, given_status="parked", visitor_name="Dee", started_at=NOW - 6 * day),
        chat("gone", visitor_name="Ghost", deleted_at=NOW, visitor_country="AQ"),
    ]


def queue() -> World:
    """Missed chats in every state of the ledger; NOW is Monday noon in Tokyo, and people work from nine to six."""
    day, hour = timedelta(days=1), timedelta(hours=1)

    def missed(name: str, **fields: Any) -> dict[str, Any]:
        known = {"visitor_name": name.title(), "visitor_email": f"{name}@example.com", "started_at": NOW - 4 * day}
        return chat(name, **{"status": "missed", "question": f"A question of {name}", **known, **fields})

    rin = {"visitor_name": "Rin", "visitor_email": "rin@example.com"}
    return [
        missed("early", started_at=NOW - 5 * day, department="Orders", visitor_country="JP"),
        missed("late", started_at=NOW - hour),
        missed("held", assignee="Ann", follow_up_version=1, follow_up_by="Ann", follow_up_at=NOW),
        missed("written", contacted_at=NOW - day, contacted_by="Ken", contacted_how="by_hand", follow_up_version=1),
        missed("spammed", not_needed="spam", follow_up_version=1, follow_up_by="Ken", follow_up_at=NOW),
        missed("mute", visitor_email=None, operator="Aoi"),
        chat("returned", status="missed", started_at=NOW - 2 * day, **rin),
        chat("served", started_at=NOW - 2 * day + hour, operator="Aoi", **rin),
        missed("twice", started_at=NOW - 6 * day, visitor_name="Tom", visitor_email="tom@example.com"),
        missed("twice again", started_at=NOW - 3 * day, visitor_name="Tom", visitor_email="Tom@example.com"),
        chat("plain", visitor_name="Pia", started_at=NOW - day),
    ]


def history() -> World:
    """The queue, and a chat that was long ago when it first came in."""
    long_ago: dict[str, Any] = {"started_at": NOW - timedelta(days=400), "visitor_email": "old@example.com"}
    return [*queue(), chat("old", status="missed", visitor_name="Old", **long_ago)]


def evil(field: str) -> str:
    """A text that would fetch an image if the field took Markdown; each field has a text of its own."""
    return f"![x](https://evil.example/{field}.png) :red[{field}] <img src=x>"


MARKED_FIELDS = (
    *("operator", "department", "website", "channel", "visitor_country", "visitor_name", "visitor_email"),
    *("visitor_phone", "visitor_id", "visitor_ip", "page_url", "page_title", "language", "comment", "given_status"),
    *("system", "question"),
)


def marked() -> World:
    """Chats in which each text tells its field, and would do harm if it was taken for Markdown."""
    own = {field: evil(field) for field in MARKED_FIELDS}
    message = {
        "name": evil("name"),
        "text": evil("text"),
        "attachment_name": evil("attachment_name"),
        "attachment_type": evil("attachment_type"),
        "attachment_url": evil("attachment_url"),
    }
    shared: dict[str, Any] = own | {"tags": [evil("tag")], "supervisors": [evil("supervisor")], "rating": 3}
    vendor_id = {"vendor_id": evil("vendor_id")}
    return [
        chat(
            "marked",
            **shared,
            status="missed",
            messages=[{**message, "kind": kind} for kind in ("visitor", "operator", "bot", "system")],
            notes=[evil("vendor_note")],
            replies=["failed", "unknown", "queued", "cancelled"],
            unknown_fields='{"%s": {"deep": "%s"}}' % (evil("unknown_name"), evil("unknown_value")),  # noqa: UP031
        )
        | vendor_id,
        chat("marked before", **shared, started_at=NOW - timedelta(days=2)),
        chat("marked and gone", **shared, started_at=NOW - timedelta(days=3)),
    ]


def mark_everything_else(store: Store) -> None:
    """Lets people of ours write harmful texts too, and a mail server answer with one."""
    add_note(store, id_of("marked"), evil("note"), evil("author"))
    delete_chat(store, id_of("marked and gone"), evil("deleter"), evil("reason"))
    columns = {"subject": "subject", "body": "body", "recipient": "recipient", "created_by": "sender_of_mail"}
    changes = ", ".join(f"{column} = '{evil(field)}'" for column, field in columns.items())
    lists = f"copies = ['{evil('copies')}'], problem = 'rejected: {evil('reply_of_server')}'"
    store.write(lambda cursor: cursor.execute(f"UPDATE mails SET {changes}, {lists}"))


def japanese() -> World:
    """Chats without a single Latin letter, so that any on the screen is wording."""
    shared: dict[str, Any] = {
        "system": "一",
        "operator": "青井",
        "department": "注文",
        "website": "店",
        "channel": "窓口",
        "visitor_name": "加藤",
        "visitor_email": "加藤",
        "visitor_phone": "123",
        "visitor_id": "7",
        "visitor_ip": "1.2.3.4",
        "visitor_country": "JP",
        "page_url": "頁",
        "page_title": "題",
        "language": "ja",
        "question": "返金をお願いします",
        "comment": "良い",
        "tags": ["常連"],
        "rating": 4,
        "wait_s": 4000.0,
        "given_status": "済",
        "status_derived": True,
        "unknown_fields": '{"欄": "値"}',
        "messages": [
            {"kind": kind, "name": "誰か", "text": "返金", "offset_s": 90.0, "attachment_size": 2048}
            for kind in ("visitor", "operator", "bot", "system")
        ],
        "notes": ["覚え書き"],
    }
    chats = [
        *(chat(f"chat {status}", status=status, **shared) for status in ("ongoing", "missed", "reopened", "completed")),
        chat("watched", status="ongoing", supervisors=["長"], **shared),
        chat("deleted", deleted_at=NOW, **shared),
        chat("long", **shared | {"messages": ["返金"] * 200}),
        chat("mailed", replies=["queued", "sending", "sent", "failed", "unknown", "cancelled"], **shared),
        chat(
            "bare",
            **dict.fromkeys(("visitor_name", "visitor_email", "operator", "started_at")),
            system="一",
            language="ja",
            given_status="済",
        ),
    ]
    return [made | {"vendor_id": str(number)} for number, made in enumerate(chats)]
