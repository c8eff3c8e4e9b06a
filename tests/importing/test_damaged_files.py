"""A thousand damaged files: each is refused with a reason, or read as far as it is right."""

import io
import random
import re
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lib.chats.own_files import Format
from lib.export.choice import FORMATS
from lib.importing import REFUSAL_REASONS, ImportRefused, Source
from lib.importing.problems import REJECTION_REASONS
from lib.store import Store
from tests import worlds
from tests.export.exporting import export
from tests.importing.files import CHAT, csv_file, gzipped, json_file, json_lines, parquet, raw, staged, zipped
from tests.importing.vendors.every_vendor import sources


def checked_parquet(rows: list[dict[str, Any]]) -> Source:
    """Parquet whose pages have checksums."""
    stream = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), stream, write_page_checksum=True)
    return raw(stream.getvalue(), "chats.parquet")


RECORDS = [{**CHAT, "id": f"C-{n}", "comment": f"{n} " * 9} for n in range(30)]
ROWS = [{"id": f"C-{n}", "started_at": "2026-03-01T09:30:00Z", "comment": f"{n} " * 9} for n in range(30)]
GOOD = {
    "json lines": json_lines(*RECORDS),
    "json": json_file(RECORDS, indent=1),
    "csv": csv_file(ROWS),
    "parquet": parquet(ROWS),
    "parquet with checksums": checked_parquet(ROWS),
    "gzip": gzipped(json_lines(*RECORDS)),
    "zip": zipped(json_lines(*RECORDS), csv_file(ROWS)),
    "zendesk": sources("zendesk", ["export.json"])[0],
    "chatwoot": sources("chatwoot", ["conversations.json"])[0],
}
# What these hold has a checksum, though not the names of columns in Parquet: a value that differs is found.
PROVEN = {"gzip", "zip", "parquet with checksums"}
LINES = {"json lines", "csv"}
ID = re.compile(rb"(C-\d+)")


def flipped(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randint(1, 4)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def cut_at_the_end(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(len(data)) :]


def cut_at_the_beginning(data: bytearray, chance: random.Random) -> None:
    del data[: chance.randrange(1, len(data))]


def zeroed(data: bytearray, chance: random.Random) -> None:
    begin = chance.randrange(len(data))
    end = min(len(data), begin + chance.randint(1, 200))
    data[begin:end] = bytes(end - begin)


def deleted(data: bytearray, chance: random.Random) -> None:
    begin = chance.randrange(len(data))
    del data[begin : begin + chance.randint(1, 200)]


DAMAGES: list[Callable[[bytearray, random.Random], None]] = [
    flipped, cut_at_the_end, cut_at_the_beginning, zeroed, deleted,
]  # fmt: skip


Chat = dict[str, Any]


def read(source: Source) -> tuple[list[Chat], list[str]] | None:
    """The chats of a file with what was said, and why others were rejected; None where it is refused."""
    try:
        tables, _reading = staged(source)
    except ImportRefused as refusal:
        assert refusal.reason in REFUSAL_REASONS
        return None
    said: dict[int, list[Chat]] = {}
    for row in tables.get("staged_messages", []):
        said.setdefault(row.pop("chat_number"), []).append(row)
    chats = [row | {"said": said.get(row.pop("number"), [])} for row in tables.get("staged_chats", [])]
    return chats, [row["reason"] for row in tables.get("staged_rejects", [])]


def whole_lines(before: bytes, after: bytes) -> set[str]:
    """The ids of records whose lines are as they were; none where a damage may reach beyond its line."""
    if before.partition(b"\n")[0] != after.partition(b"\n")[0] and not before.startswith(b"{"):
        return set()
    if not before.startswith(b"{") and b'"' in after:
        return set()
    lines = {*after.split(b"\n")}
    return {match[1].decode() for line in before.split(b"\n") if line in lines and (match := ID.search(line))}


def check(form: str, good: Source, times: int) -> None:
    """Damages a file so many times, and reads each."""
    chance, begin, taken = random.Random(form), read(good), 0
    assert begin and not begin[1]
    for number in range(times):
        data, damage = bytearray(good.data), DAMAGES[number % len(DAMAGES)]
        damage(data, chance)
        found = read(raw(bytes(data), good.name))
        if found is None:
            continue
        chats, reasons = found
        right = [chat for chat in chats if chat in begin[0]]
        taken += len(right)
        assert set(reasons) <= set(REJECTION_REASONS)
        assert form not in PROVEN or right == chats, (number, damage)
        if form in LINES:
            assert whole_lines(good.data, bytes(data)) <= {chat["vendor_id"] for chat in right}, (number, damage)
    assert taken or form in PROVEN


@pytest.mark.parametrize("form", GOOD)
def test_a_damaged_file_is_refused_or_what_is_right_of_it_is_read(form: str, thorough: bool):
    # What Parquet says of itself is looked at in a process of its own, which takes time.
    times = 52 if form.startswith("parquet") else 128
    check(form, GOOD[form], times if thorough else times // 2)


@pytest.mark.parametrize("format", FORMATS)
def test_of_a_damaged_export_of_ours_nothing_comes_back_that_differs(in_file: Store, format: Format):
    worlds.insert(in_file, [worlds.chat(f"{n}", messages=["Hi", "Hello"]) for n in range(9)])
    packed, _exported = export(in_file, format=format)
    check("zip", raw(packed, "chats.zip"), 30)


# Found at random; the first ended the process that looked at what the file says of its columns.
CONTRADICTING = {
    "a column of another kind": {493: 1, 709: 4, 997: 41},
    "a text that is not there": {403: 52, 685: 173, 1100: 103},
    "a name that is no text": {386: 68, 732: 242, 1091: 67},
}


@pytest.mark.parametrize("contradiction", CONTRADICTING)
def test_parquet_that_contradicts_itself_is_refused(contradiction: str):
    data = bytearray(GOOD["parquet"].data)
    for place, byte in CONTRADICTING[contradiction].items():
        data[place] = byte
    with pytest.raises(ImportRefused) as refusal:
        staged(raw(bytes(data), "chats.parquet"))
    assert refusal.value.reason == "broken_parquet"
