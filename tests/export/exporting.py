"""Exports for tests: made, opened, and imported again."""

import io
import json
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lib.chats.filter.filter import EMPTY, ChatFilter
from lib.chats.listing import NEWEST_FIRST, Sort
from lib.chats.own_files import Format
from lib.export.choice import Choice, Request
from lib.export.writing import Exported, write_export
from lib.importing import Source, import_files
from lib.store import Store
from tests.worlds import TOKYO

# What may differ although the store is the same is left out: by which import a chat came, where it lies, the digests
# (which tell unknown fields of messages in the order in which they came), and our own work.
CHATS = """
    SELECT id, system, account, vendor_id, status, status_derived, supervisors, started_at, ended_at, wait_s,
        duration_s, channel, website, department, operator, operators, visitor_id, visitor_name, visitor_email,
        visitor_phone, visitor_country, visitor_ip, page_url, page_title, language, question, question_search,
        visitor_search, rating, comment, tags, message_count, given_status, given_wait_s, given_operators,
        given_language, given_question, unknown_fields, missed_reason, given_missed_reason, judged, given_answered,
        rule_reason, vendor_updated_at, filled
    FROM chats WHERE deleted_at IS NULL ORDER BY id
"""
MESSAGES = "SELECT * EXCLUDE (ordinal) FROM messages ORDER BY chat_id, position"


def export(
    store: Store,
    chosen: ChatFilter = EMPTY,
    *,
    format: Format = "json_lines",
    sort: Sort = NEWEST_FIRST,
    tell: Any = lambda _progress: None,
    link: str = "https://chats.example/x",
    **choice: Any,
) -> tuple[bytes, Exported]:
    """The zip of an export, and what was told of it."""
    request = Request(TOKYO, "Ann", chosen, sort, Choice(format, **choice), link, "en")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "export.zip"
        exported = write_export(store, request, path, tell)
        return path.read_bytes(), exported


def files_of(packed: bytes) -> dict[str, bytes]:
    """The files of a zip by their names."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def manifest_of(packed: bytes) -> dict[str, Any]:
    """The manifest of an export."""
    return json.loads(files_of(packed)["manifest.json"])


def records(packed: bytes) -> list[dict[str, Any]]:
    """The chats of an export as JSON Lines."""
    return [json.loads(line) for line in files_of(packed)["chats.jsonl"].split(b"\n") if line]


def import_again(store: Store, packed: bytes, *, zone: str = "America/New_York"):
    """The report of the import of an export; its zone must not matter."""
    return import_files(store, [Source("export.zip", data=packed)], zone=zone, actor="Ann")


def content(store: Store) -> dict[str, list[dict[str, Any]]]:
    """All that chat systems said, as the store has it."""
    return {"chats": store.read(CHATS), "messages": store.read(MESSAGES)}
