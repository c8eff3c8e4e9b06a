"""Which rows name a person, though they are of nobody's chat: links, views, notes elsewhere, rejected rows.

An address or a number names them wherever it stands whole, and a name where nobody else could be meant: as all of what
was searched for, or, of several words, within a text. What is a part of another word, address or number is another's.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final
from unicodedata import normalize

import phonenumbers
import pyarrow as pa

from lib.store import Cursor, rows
from lib.store.phone_numbers import LEAST_DIGITS, phone_form
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


def digits_of(text: str) -> str:
    """The digits of a number as people write it."""
    return re.sub("[^0-9]", "", normalize("NFKC", text))


def is_same_number(asked: str, phone: str, form: str | None) -> bool:
    """Whether a number that is stored, with its form in E.164, is the one that is asked for, in whatever spelling."""
    if digits_of(asked) in (digits_of(phone), digits_of(form or "")):
        return True
    try:
        region = phonenumbers.region_code_for_number(phonenumbers.parse(form or "", None))
    except phonenumbers.NumberParseException:
        return False
    return phone_form(asked, region, None) == form


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
    found = [*_found(cursor, _Signs(emails, phones, names))] if needles else []
    found += [("phones", phone) for phone in _same_phones(cursor, phones)]
    parts, ids = (pa.array([row[place] for row in found], pa.string()) for place in (0, 1))
    cursor.register("named_given", pa.table({"part": parts, "id": ids}))
    cursor.execute("CREATE OR REPLACE TEMP TABLE named_rows AS SELECT part, id FROM named_given")
    cursor.unregister("named_given")


class _Signs:
    """What a person is known by, and where a text names them."""

    def __init__(self, emails: Iterable[str], phones: Iterable[str], names: Iterable[str]) -> None:
        self._names = {" ".join(name.split()).casefold() for name in names}
        bounded = [rf"(?<![\w.%+-]){re.escape(email)}(?![\w-])(?!\.\w)" for email in emails]
        bounded += [rf"(?<![\w+]){re.escape(phone)}(?!\w)" for phone in phones if len(digits_of(phone)) >= LEAST_DIGITS]
        whole = [name for name in self._names if " " in name]
        # Around each blank there may be more of them.
        spaced = [r"\s+".join(map(re.escape, name.split())) for name in whole]
        self._within = re.compile("|".join([*bounded, *(rf"(?<!\w){name}(?!\w)" for name in spaced)]) or r"(?!)", re.I)

    def named_in(self, texts: Iterable[str], wholes: Iterable[str] = ()) -> bool:
        """Whether one of the texts names the person, or one of those that may be a name is theirs."""
        return any(self._within.search(text) for text in texts) or any(
            " ".join(text.split()).casefold() in self._names for text in wholes
        )


def _found(cursor: Cursor, signs: _Signs) -> Iterator[tuple[str, str]]:
    gone, likely = set(), _LIKELY.format(text="concat_ws(chr(31), name, content)")
    for row in rows(cursor.execute(f"SELECT id, name, content FROM saved_views WHERE {likely}")):
        name = row["name"] or ""
        if signs.named_in([name, *_texts(row["content"])], [name, *_texts(row["content"], "words")]):
            gone.add(str(row["id"]))
            yield "views", str(row["id"])
    for part, table, column in _KEPT:
        likely = _LIKELY.format(text=column)
        for row in rows(cursor.execute(f"SELECT id::VARCHAR AS id, {column} AS content FROM {table} WHERE {likely}")):
            if signs.named_in(_texts(row["content"]), _texts(row["content"], "words")):
                yield part, row["id"]
    rejected = f"SELECT * FROM rejected_rows WHERE {_LIKELY.format(text='concat_ws(chr(31), value, record)')}"
    for row in rows(cursor.execute(rejected)):
        if signs.named_in([row["value"] or "", *_texts(row["record"])], _texts(row["record"], "name", "visitor_name")):
            yield "rejected", "\x1f".join(str(row[name]) for name in ("import_id", "file", "row_number"))
    # What was done with a view that goes names it, too.
    cursor.register("gone_views", pa.table({"id": pa.array(sorted(gone), pa.string())}))
    events = f"""SELECT id, action, chat_id, detail FROM events
        WHERE (chat_id IS NULL OR chat_id NOT IN (FROM erasing)) AND {_OF_VISITORS}
            AND ({_LIKELY.format(text="detail")} OR json_extract_string(detail, '$.view') IN (FROM gone_views))"""
    for row in rows(cursor.execute(events)):
        detail = json.loads(row["detail"])
        if detail.get("view") in gone or signs.named_in(_texts(row["detail"])):
            yield "events", str(row["id"])
            if row["action"] == "note":
                yield "notes", f"{row['chat_id']}\x1f{search_form(detail['text'])}"
    cursor.unregister("gone_views")


def _same_phones(cursor: Cursor, phones: Iterable[str]) -> Iterator[str]:
    """Numbers of visitors' records that are one of these in another spelling."""
    for phone in phones:
        if phone.startswith("+"):
            ending = {"ending": digits_of(phone)[-LEAST_DIGITS:]}
            like = "SELECT DISTINCT phone FROM visitors WHERE suffix(regexp_replace(phone, '[^0-9]', '', 'g'), $ending)"
            for row in rows(cursor.execute(like, ending)):
                if is_same_number(row["phone"], phone, phone):
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
