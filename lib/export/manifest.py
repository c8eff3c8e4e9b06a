"""The manifest: what an export holds and what it does not, so that its files can be trusted and checked."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lib.chats.accounts import AccountNames
from lib.chats.filter.sentence import sentence
from lib.chats.own_files import FORMAT, PLACEHOLDERS, VERSION
from lib.export.choice import MASKS, Choice, Request
from lib.export.columns import CHAT_COLUMNS, MESSAGE_COLUMNS
from lib.language import in_language

MASKING_NOTE = (
    "Masked are the visitor's fields, and in texts: e-mail addresses, phone numbers of seven digits or more and IP"
    " addresses in their usual forms, and the names, address and number that the chat gives of its own visitor. Not"
    " found are other people's names, nicknames, addresses spelled out in words, names inside pictures and files, and"
    " what stands in ids, tags and departments. Dates with times and long order numbers may be masked as phone numbers."
)


@dataclass(frozen=True)
class FileProof:
    """A file of the export: rows without the header, messages in it, bytes and SHA-256, all before it is zipped."""

    name: str
    rows: int
    messages: int
    bytes: int
    sha256: str


def manifest(
    request: Request, files: Sequence[FileProof], deleted_left_out: int, accounts: AccountNames
) -> dict[str, Any]:
    """The manifest of an export of these files; it tells of accounts by their names."""
    choice = request.choice
    masks = {mask: PLACEHOLDERS[mask] for mask in MASKS if mask in choice.masks}
    with in_language(request.language):
        words = sentence(request.chosen, request.clock, accounts)
    return {
        "format": FORMAT,
        "version": VERSION,
        "exported_at": request.clock.now.isoformat() + "Z",
        "exported_by": request.person,
        **({"reason": request.reason} if request.reason else {}),
        "filter": {"sentence": words, "language": request.language, "link": request.link},
        "sort": {"by": request.sort.key, "order": "descending" if request.sort.descending else "ascending"},
        "zone": request.clock.zone,
        "times": "UTC (ISO 8601 with Z; Parquet: timestamps in UTC). The screen shows them in the zone above.",
        "content": "chats and messages" if choice.with_messages else "chats",
        "chats": files[0].rows if files else 0,
        "messages": sum(file.messages for file in files),
        "deleted_chats_left_out": deleted_left_out,
        "columns": columns_of(choice),
        "masking": {"masked": masks, "note": MASKING_NOTE} if masks else {"masked": {}},
        "neutralised": choice.format == "csv",
        "files": [{"name": file.name, "rows": file.rows, "bytes": file.bytes, "sha256": file.sha256} for file in files],
    }


def to_bytes(found: dict[str, Any]) -> bytes:
    """The manifest as JSON in UTF-8; half characters of broken texts are replaced."""
    return json.dumps(found, ensure_ascii=False, indent=2).encode("utf-8", "replace") + b"\n"


def columns_of(choice: Choice) -> dict[str, list[str]]:
    """The codes of the chosen columns of chats and of messages."""
    chats = [code for code in CHAT_COLUMNS if choice.has(code)]
    said = [code for code in MESSAGE_COLUMNS if choice.has(code)] if choice.with_messages else []
    return {"chats": chats, "messages": said}
