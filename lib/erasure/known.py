"""All that is known of a person, as they may ask for it: as JSON, and as a page to read or print."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from lib.chats.persons import Wanted
from lib.commands import command
from lib.erasure.finding import STEPS, Part, gather
from lib.language import _, in_language, mark, moment, number
from lib.store import Row, Store, explained, now, record_event, rows
from lib.text import as_html, html_page

# What the program makes for itself of what is known, and what tells of the people who work here.
_OWN_COLUMNS: Final = frozenset({
    "ordinal", "filled", "facts_given", "fact_times", "import_id", "status_derived", "source", "worker", "attempts",
    "claimed_at", "next_attempt_at", "follow_up_version",
})  # fmt: skip
_OWN_ENDINGS: Final = ("_search", "search_text", "_digest", "_noticed_at")
_GIVEN: Final[tuple[Part, ...]] = ("chats", "messages", "mails", "visitors", "waiting", "rejected", "do_not_contact")
_NOTES: Final = """
    SELECT chat_id, happened_at, actor AS author, json_extract_string(detail, '$.text') AS text
    FROM events WHERE action = 'note' AND chat_id IN (FROM erasing) ORDER BY happened_at
"""
Known = Mapping[str, list[Row]]
HEADINGS: Final[Mapping[str, str]] = {
    "notes": mark("Notes"),
    "mails": mark("E-mails"),
    "visitors": mark("Visitor records"),
    "waiting": mark("Messages that wait for their chat"),
    "rejected": mark("Rejected rows of imports"),
    "do_not_contact": mark("Addresses that are not written to"),
}
_STYLE: Final = """
:root { color-scheme: light }
body { font: 11pt/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; max-width: 48rem; margin: 2rem auto }
h1 { font-size: 1.3rem } h2 { font-size: 1.1rem; margin: 2rem 0 0.5rem; border-bottom: 1px solid #bbb }
dl { display: grid; grid-template-columns: 12rem 1fr; gap: 0 1rem; margin: 0.5rem 0 } dt { color: #555 }
dd { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate } .said { margin: 0.4rem 0 }
.who { font-weight: 600 } time { color: #555; font-weight: 400; margin-right: 0.5rem } .text { white-space: pre-wrap }
.text, .said { overflow-wrap: anywhere; unicode-bidi: isolate } @page { margin: 2cm }
@media print { body { margin: 0; max-width: none } }
"""


@command("person.take_along", "export", "person_taken")
def take_along(store: Store, wanted: Wanted, actor: str) -> Known:
    """Rows of each part that is known of the person, by part, with times in naive UTC; raises StoreError.

    The event tells how many chats they were, and of nobody.
    """
    known: dict[str, list[Row]] = {}
    with explained(store.path), store.reading() as cursor:
        cursor.execute("BEGIN")
        try:
            gather(cursor, wanted)
            for part, table, condition in STEPS:
                if part in _GIVEN:
                    found = rows(cursor.execute(f"FROM {table} WHERE {condition}"))
                    known[part] = known.get(part, []) + [_without_own(row) for row in found]
            known["notes"] = rows(cursor.execute(_NOTES))
        finally:
            cursor.execute("ROLLBACK")
    known["chats"].sort(key=lambda row: (row["started_at"] or datetime.max, str(row["id"])))  # noqa: DTZ901 - last
    known["messages"].sort(key=lambda row: (str(row["chat_id"]), row["position"]))
    counts = {"kind": wanted.kind, "chats": len(known["chats"])}
    store.write(lambda cursor: record_event(cursor, "person_taken", actor, None, now(), **counts), counts=False)
    return known


def as_json(known: Known, made_at: datetime) -> bytes:
    """It as an object of lists by part, in UTF-8; times are in UTC."""
    told = {"made_at": made_at, **known}
    return json.dumps(told, ensure_ascii=False, indent=2, default=_plain).encode("utf-8", "replace")


def as_page(known: Known, made_at: datetime, zone: str, language: str) -> bytes:
    """It as one page of its own in a language, with times in a zone; all of it is escaped."""
    with in_language(language):
        said: dict[UUID, list[Row]] = {}
        for row in known["messages"]:
            said.setdefault(row["chat_id"], []).append(row)
        title = _("All that is known of a person")
        parts = [f"<h1>{as_html(title)}</h1><p>{as_html(moment(made_at, zone))} ({as_html(zone)})</p>"]
        for place, chat in enumerate(known["chats"], 1):
            head = _("Chat {n} of {all}", n=number(place), all=number(len(known["chats"])))
            parts += [f"<h2>{as_html(head)}</h2>", _facts(chat, zone)]
            parts += [_said(row, zone) for row in said.get(chat["id"], [])]
        for part, heading in HEADINGS.items():
            if known.get(part):
                parts.append(f"<h2>{as_html(_(heading))}</h2>")
                parts += [_facts(row, zone) for row in known[part]]
        if len(parts) == 1:
            parts.append(f"<p>{as_html(_('There is nothing of it here.'))}</p>")
        return html_page(title, language, _STYLE, parts)


def _without_own(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in _OWN_COLUMNS and not name.endswith(_OWN_ENDINGS)}


def _facts(row: Row, zone: str) -> str:
    told = ((name, _shown(value, zone)) for name, value in row.items() if value not in (None, "", []))
    return "<dl>" + "".join(f"<dt>{as_html(name)}</dt><dd>{as_html(text)}</dd>" for name, text in told) + "</dl>"


def _said(row: Row, zone: str) -> str:
    time = f"<time>{as_html(moment(row['sent_at'], zone))}</time>" if row["sent_at"] else ""
    who = as_html(" · ".join(filter(None, [row["kind"], row["name"]])))
    texts: Iterable[Any] = (row["text"], row["attachment_name"], row["attachment_url"])
    text = as_html("\n".join(str(each) for each in texts if each))
    return f'<div class="said"><span class="who">{time}{who}</span><div class="text">{text}</div></div>'


def _shown(value: object, zone: str) -> str:
    if isinstance(value, datetime):
        return moment(value, zone)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _plain(value: object) -> str:
    return value.isoformat() + "Z" if isinstance(value, datetime) else str(value)
