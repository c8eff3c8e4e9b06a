"""Exports of ours on their way back: a zip with its manifest, and rows of messages beside their chats."""

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from lib.chats.own_files import (
    CHATS_FILES,
    FORMAT,
    MANIFEST,
    MARK,
    MESSAGES_FILE,
    VERSION,
)
from lib.importing.formats.archives import opened_member
from lib.importing.problems import ImportRefused
from lib.importing.sources import Export, Item, Source

LONGEST_MANIFEST = 1 << 20
OF_CHAT = frozenset(["chat_id", "system", "account", MARK])


def taken_together(source: Source, members: Sequence[Source]) -> list[Source]:
    """The files of a zip; those of an export without its manifest, and its messages with its chats."""
    named = {member.name.removeprefix(f"{source.name}/"): member for member in members}
    told: Any = None
    if manifest := named.get(MANIFEST):
        unfit = suppress(ValueError, RecursionError, ImportRefused)
        with unfit, manifest.open() as stream, opened_member(stream, manifest) as content:
            told = json.loads(content.read(LONGEST_MANIFEST))
    chats = named.get(next((name for name in CHATS_FILES.values() if name in named), ""))
    allowed = {MANIFEST, MESSAGES_FILE, *CHATS_FILES.values()}
    is_ours = isinstance(told, dict) and told.get("format") == FORMAT and told.get("version") == VERSION
    if not is_ours or chats is None or not allowed >= named.keys():
        return list(members)
    is_csv = CHATS_FILES["csv"] in named
    said = named.get(MESSAGES_FILE) if is_csv else None
    export = Export(neutralised=is_csv and told.get("neutralised") is True, messages=said)
    return [replace(chats, export=export)]


@dataclass
class Joined:
    """Rows of messages beside rows of chats, both in the order of the export."""

    rows: Iterator[Item]

    def chats(self, chats: Iterator[Item]) -> Iterator[Item]:
        """Each chat with its messages inside; then what is left of the messages, each as a row of its own."""
        row = next(self.rows, None)
        for chat in chats:
            said, size, is_record = list[Any](), chat.size, isinstance(chat.record, dict)
            whose = [chat.record.get(name) for name in ("id", "system", "account")] if is_record else None
            while row is not None and isinstance(row.record, dict):
                if [row.record.get(name) for name in ("chat_id", "system", "account")] != whose:
                    break
                said.append({name: value for name, value in row.record.items() if name not in OF_CHAT})
                size += row.size
                row = next(self.rows, None)
            yield chat._replace(record={**chat.record, "messages": said}, size=size) if is_record else chat
        while row is not None:
            yield row
            row = next(self.rows, None)
