"""A store from before the ledger: what was sent then is the contact, and missed chats are derived."""

from datetime import timedelta

from lib.missed.derive import derive_due, is_due
from lib.store import Store, opening, record_event
from tests.missed.replaying import replayed, stored
from tests.worlds import NOW, id_of

BEFORE = [file for file in opening.MIGRATIONS if file.name < "0004"]
CHAT = {
    "system": "test", "vendor_id": "1", "status": "missed", "status_derived": False, "supervisors": [],
    "started_at": NOW, "operators": [], "language": "en", "tags": [], "message_count": 0, "given_operators": [],
    "facts_digest": "", "messages_digest": "", "import_id": id_of("import"), "visitor_email": "rin@example.com",
}  # fmt: skip


def insert(cursor, name, ordinal):
    row = CHAT | {"id": id_of(name), "ordinal": ordinal}
    cursor.execute(f"INSERT INTO chats ({', '.join(row)}) VALUES ({', '.join(f'${column}' for column in row)})", row)


def work_of_older_days(cursor):
    for ordinal, name in enumerate(("written to", "waiting")):
        insert(cursor, name, ordinal)
    for hours, actor in ((1, "Ann"), (2, "Ken")):
        record_event(cursor, "mail_sent", actor, id_of("written to"), NOW + timedelta(hours=hours), mail="m")


def test_the_first_mail_sent_is_the_contact(location, monkeypatch):
    monkeypatch.setattr(opening, "MIGRATIONS", BEFORE)
    monkeypatch.setattr(opening, "NEWEST", len(BEFORE))
    older = Store(location)
    older.write(work_of_older_days)
    older.close()
    monkeypatch.undo()
    store = Store(location)
    try:
        (found,) = stored(store).values()
        assert (found["contacted_by"], found["contacted_at"]) == ("Ann", NOW + timedelta(hours=1))
        assert stored(store) == replayed(store)
        assert is_due(store, "Asia/Tokyo", NOW)
        assert derive_due(store, "Asia/Tokyo", NOW) == 2
        assert not is_due(store, "Asia/Tokyo", NOW)
    finally:
        store.close()
