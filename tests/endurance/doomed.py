"""A process that does everything that is stored, in threads at once, and tells each act before and after; it is killed.

Each line is JSON: `act`, `of` (the thread's number and the round), `done`, and what the act is to leave behind.
"""

import itertools
import json
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

from lib.chats.clock import Clock
from lib.chats.notes import add_note
from lib.chats.removal import delete_chat, restore_chats
from lib.export.choice import Request
from lib.export.jobs import record_export
from lib.export.writing import write_export
from lib.importing import Source, import_files
from lib.mail import MailAddress, compose, draft_for, facts_of
from lib.mail.queueing import queue
from lib.mail.sender import mail_sender
from lib.missed.apply import apply
from lib.missed.changes import assign
from lib.missed.derive import derive_due
from lib.settings import Smtp
from lib.store import Store, now
from lib.views import saving

ZONE = "Asia/Tokyo"
IMPORTED, ENTRIES = 40, 6
_OUT = threading.Lock()


def tell(act: str, *, done: bool, **what: object) -> None:
    """Tells what is begun or done."""
    with _OUT:
        print(json.dumps({"act": act, "done": done, **what}), flush=True)


def acted(act: str, work: Callable[[], object], **what: object) -> None:
    """Does it, and tells so before and after."""
    tell(act, done=False, **what)
    work()
    tell(act, done=True, **what)


def delete_and_restore(store: Store, chats: list[str], life: str) -> None:
    for n in itertools.count():
        chat = chats[n % len(chats)]
        acted("deleted", lambda chat=chat: delete_chat(store, UUID(chat), "Ann", "asked for"), key=chat, value=True)
        text = f"{life} note {n}"
        acted("note", lambda chat=chat, text=text: add_note(store, UUID(chat), text, "Ann"), key=text)
        acted("deleted", lambda chat=chat: restore_chats(store, [UUID(chat)], "Ann"), key=chat, value=False)


def take_many(store: Store, chats: list[str], life: str) -> None:
    versions = "SELECT id, coalesce(follow_up_version, 0) AS version FROM chats WHERE id IN (SELECT unnest($ids)::UUID)"
    for n in itertools.count():
        person = f"{life} {n}"
        seen = {row["id"]: row["version"] for row in store.read(versions, {"ids": chats})}
        acted(
            "taken", lambda person=person, seen=seen: apply(store, assign(person), seen, "Ann"), key="all", value=person
        )


def rename_view(store: Store, life: str) -> None:
    view = saving.save(store, f"view {life}", "chats", "category=missed", "Ann")
    tell("view", done=True, key=str(view.id), value=f"view {life}")
    for n in itertools.count():
        name = f"view {life} {n}"
        acted("view", lambda name=name: saving.rename(store, view.id, name, "Ann"), key=str(view.id), value=name)


def import_new(store: Store, folder: Path, life: str) -> None:
    for n in itertools.count():
        system = f"{life} {n}"
        file = folder / f"{life}-{n}.jsonl"
        file.write_text("".join(record(system, each) for each in range(IMPORTED)), encoding="utf-8")
        source = Source(file.name, file)
        acted("import", lambda source=source: import_files(store, [source], zone=ZONE, actor="Ann"), key=system)
        file.unlink()


def record(system: str, number: int) -> str:
    entries = [{"sender_type": "visitor", "text": f"{system}, chat {number}, line {n}"} for n in range(ENTRIES)]
    return json.dumps({"system": system, "id": number, "status": "missed", "messages": entries}) + "\n"


def export(store: Store, life: str) -> None:
    for n in itertools.count():
        request = Request(Clock(now(), ZONE), "Ann", link=f"{life} {n}")
        path = store.scratch.folder / f"{uuid4().hex}.zip"

        def work(request: Request = request, path: Path = path) -> None:
            record_export(store, request, write_export(store, request, path, lambda _progress: None))

        acted("export", work, key=f"{life} {n}")
        path.unlink()


def send_mails(store: Store, chats: list[str], smtp: Smtp) -> None:
    loop = mail_sender(lambda: store, smtp)
    loop.start()
    for n in itertools.count():
        draft = draft_for(facts_of(store, UUID(chats[n % len(chats)])), "Ken", "UTC")
        message = compose(draft, None, MailAddress("desk@example.com"), now())
        key = f"{draft.chat_id} {draft.number}"
        acted("mail", lambda draft=draft, message=message: queue(store, draft, message, "Ken", now()), key=key)
        time.sleep(0.02)


def write_back(store: Store) -> None:
    for n in itertools.count():
        time.sleep(0.15 + n % 5 / 10)
        store.write_back()
        derive_due(store, ZONE, now())


def main(location: str, life: str, smtp: str, chats: str) -> None:
    """Opens the store, says so, and works until it is killed."""
    store = Store(location)
    parts = json.loads(chats)
    print("open", flush=True)
    for work in (
        lambda: delete_and_restore(store, parts[0], life),
        lambda: take_many(store, parts[1], life),
        lambda: send_mails(store, parts[2], Smtp(**json.loads(smtp))),
        lambda: rename_view(store, life),
        lambda: import_new(store, Path(location).parent, life),
        lambda: export(store, life),
        lambda: write_back(store),
    ):
        threading.Thread(target=work).start()


if __name__ == "__main__":
    main(*sys.argv[1:])
