"""Which rows name a person, though they are of nobody's chat: links, views, notes elsewhere, rejected rows.

An address or a number names them wherever it stands whole, and a name where nobody else could be meant: as all of what
was searched for, or, of several words, within a text. What is a part of another word, address or number is another's.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final

import pyarrow as pa

from lib.chats.persons import digits_of, is_same_number
from lib.store import Cursor, rows
from lib.store.phone_numbers import LEAST_DIGITS
from lib.store.spellings import search_form

# Of what is done about visitors. What is done about colleagues, roles, imports and erasures names none of them.
_OF_VISITORS: Final = """(
    action IN ('note', 'follow_up', 'delete', 'restore', 'export', 'export_asked', 'explore_export')
    OR action LIKE 'mail\\_%' ESCAPE '\\' OR action LIKE 'view\\_%' ESCAPE '\\'
    OR (action LIKE 'do\\_not\\_contact\\_%' ESCAPE '\\' AND (SELECT is_person FROM erasing_what)))"""
# What people wanted, as JSON: the parts, their tables, and the columns that hold it.
_KEPT: Final = (
    ("links", "kept_contents", "content"), ("requests", "export_requests", "what"), ("later", "erasures_due", "wanted"),
)  # fmt: skip
# Before they are read: those in which the letters stand at all, as they are or as JSON may write them.
_LIKELY: Final = "EXISTS (SELECT 1 FROM needles WHERE contains(lower({text}), needle))"
# Of more letters, to look for each in each text takes longer than to read all texts.
MOST_NEEDLES: Final = 200
_WORD: Final = re.compile(r"\w+")


def write_named(cursor: Cursor) -> None:
    """Fills `named_rows` (part, id) of the cursor from its tables `erased_signs` and `erased_names`."""
    signs = rows(cursor.execute("SELECT sign, is_email FROM erased_signs"))
    names = [str(row["called"]) for row in rows(cursor.execute("SELECT called FROM erased_names"))]
    emails, phones = (
        [str(row["sign"]) for row in signs if bool(row["is_email"]) is is_email] for is_email in (True, False)
    )
    needles = {form.lower() for text in (*emails, *phones, *names) for form in _written(text)}
    cursor.register("needles_given", pa.table({"needle": pa.array(sorted(needles), pa.string())}))
    cursor.execute("CREATE OR REPLACE TEMP TABLE needles AS SELECT needle FROM needles_given")
    cursor.unregister("needles_given")
    likely = _LIKELY if len(needles) <= MOST_NEEDLES else "TRUE"
    found = [*_found(cursor, _Signs(emails, phones, names), likely)] if needles else []
    found += [("phones", phone) for phone in _same_phones(cursor, phones)]
    parts, ids = (pa.array([row[place] for row in found], pa.string()) for place in (0, 1))
    cursor.register("named_given", pa.table({"part": parts, "id": ids}))
    cursor.execute("CREATE OR REPLACE TEMP TABLE named_rows AS SELECT part, id FROM named_given")
    cursor.unregister("named_given")


class _Signs:
    """What people are known by, and where a text names one of them.

    Each sign is looked for only in texts that have its longest word: thousands of them cost no more than a few.
    """

    def __init__(self, emails: Iterable[str], phones: Iterable[str], names: Iterable[str]) -> None:
        self._names = {" ".join(name.split()).casefold() for name in names}
        self._patterns = defaultdict[str, list[str]](list)
        for email in emails:
            self._seek(email, rf"(?<![\w.%+-]){re.escape(email)}(?![\w-])(?!\.\w)")
        for phone in phones:
            if len(digits_of(phone)) >= LEAST_DIGITS:
                self._seek(phone, rf"(?<![\w+]){re.escape(phone)}(?!\w)")
        for name in self._names:
            if " " in name:
                # Around each blank there may be more of them.
                spaced = r"\s+".join(map(re.escape, name.split()))
                self._seek(name, rf"(?<!\w){spaced}(?!\w)")

    def named_in(self, texts: Iterable[str], wholes: Iterable[str] = ()) -> bool:
        """Whether one of the texts names somebody, or one of those that may be a name is theirs."""
        return any(self._is_within(text) for text in texts) or any(
            " ".join(text.split()).casefold() in self._names for text in wholes
        )

    def _seek(self, sign: str, pattern: str) -> None:
        self._patterns[max(_WORD.findall(sign.lower()), key=len, default="")].append(pattern)

    def _is_within(self, text: str) -> bool:
        words = self._patterns.keys() & {"", *_WORD.findall(text.lower())}
        return any(re.search(pattern, text, re.I) for word in words for pattern in self._patterns[word])


def _found(cursor: Cursor, signs: _Signs, is_likely: str) -> Iterator[tuple[str, str]]:
    gone, likely = set(), is_likely.format(text="concat_ws(chr(31), name, content)")
    for row in rows(cursor.execute(f"SELECT id, name, content FROM saved_views WHERE {likely}")):
        name = row["name"] or ""
        if signs.named_in([name, *_texts(row["content"])], [name, *_texts(row["content"], "words")]):
            gone.add(str(row["id"]))
            yield "views", str(row["id"])
    for part, table, column in _KEPT:
        likely = is_likely.format(text=column)
        for row in rows(cursor.execute(f"SELECT id::VARCHAR AS id, {column} AS content FROM {table} WHERE {likely}")):
            if signs.named_in(_texts(row["content"]), _texts(row["content"], "words")):
                yield part, row["id"]
    rejected = f"SELECT * FROM rejected_rows WHERE {is_likely.format(text='concat_ws(chr(31), value, record)')}"
    for row in rows(cursor.execute(rejected)):
        if signs.named_in([row["value"] or "", *_texts(row["record"])], _texts(row["record"], "name", "visitor_name")):
            yield "rejected", "\x1f".join(str(row[name]) for name in ("import_id", "file", "row_number"))
    # What was done with a view that goes names it, too.
    cursor.register("gone_views", pa.table({"id": pa.array(sorted(gone), pa.string())}))
    events = f"""SELECT id, action, chat_id, detail FROM events
        WHERE (chat_id IS NULL OR chat_id NOT IN (FROM erasing)) AND {_OF_VISITORS}
            AND ({is_likely.format(text="detail")} OR json_extract_string(detail, '$.view') IN (FROM gone_views))"""
    for row in rows(cursor.execute(events)):
        detail = json.loads(row["detail"])
        if detail.get("view") in gone or signs.named_in(_texts(row["detail"])):
            yield "events", str(row["id"])
            if row["action"] == "note":
                yield "notes", f"{row['chat_id']}\x1f{search_form(detail['text'])}"
    cursor.unregister("gone_views")


def _same_phones(cursor: Cursor, phones: Iterable[str]) -> Iterator[str]:
    """Numbers of visitors' records, and of holds that were lifted, that are one of these in another spelling."""
    alike = defaultdict[str, list[str]](list)
    for phone in phones:
        if phone.startswith("+"):
            alike[digits_of(phone)[-LEAST_DIGITS:]].append(phone)
    like = f"""SELECT DISTINCT phone, right(regexp_replace(phone, '[^0-9]', '', 'g'), {LEAST_DIGITS}) AS ending
        FROM (SELECT phone FROM visitors UNION ALL SELECT value FROM holds WHERE kind = 'phone')
        WHERE ending IN (SELECT unnest($endings))"""
    for row in rows(cursor.execute(like, {"endings": [*alike]})):
        if any(is_same_number(row["phone"], phone, phone) for phone in alike[row["ending"]]):
            yield str(row["phone"])


def _texts(content: str | None, *keys: str) -> Iterator[str]:
    """The texts in JSON, also in JSON that is itself a text in it, or only those with these keys; what is no JSON is a
    text without one."""
    yield from (text for key, text in _keyed(content or "", "") if not keys or key in keys)


def _keyed(content: str, key: str) -> Iterator[tuple[str, str]]:
    try:
        value: Any = json.loads(content)
    except ValueError:
        value = content
    if not isinstance(value, list | dict):
        yield key, content
        return
    for name, each in value.items() if isinstance(value, dict) else ((key, each) for each in value):
        yield from _keyed(each if isinstance(each, str) else json.dumps(each, ensure_ascii=False), name)


def _written(text: str) -> Iterator[str]:
    """How a text may stand in JSON."""
    yield text
    yield json.dumps(text)[1:-1]
    yield json.dumps(text, ensure_ascii=False)[1:-1]
    # Of a name of several words the first one is enough to look closer.
    yield text.split(maxsplit=1)[0] if text.split() else text
