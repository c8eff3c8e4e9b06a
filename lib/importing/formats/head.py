"""The beginning of a file, by which is found out what the file is."""

import io
from codecs import getincrementaldecoder
from itertools import islice
from typing import Any, BinaryIO

from lib.importing.formats.encoding import encoding_of
from lib.importing.formats.json_lines import BOM, DECODER, has_too_many_values
from lib.importing.formats.json_values import Lists, read_json
from lib.importing.problems import ImportRefused
from lib.importing.sources import unpacked
from lib.importing.vendors import VENDORS

HEAD_BYTES = 1 << 18
# A single record may be longer than that.
LONG_HEAD_BYTES = 32 << 20
# So many records are looked at.
LOOKED_AT = 50
ALL_LISTS = Lists(
    frozenset(path for vendor in VENDORS.values() for path in vendor.lists),
    frozenset(name for vendor in VENDORS.values() for name in vendor.maps),
)


def beginning(stream: BinaryIO) -> bytes:
    """The first whole lines of a file; more of them, where those of the usual size hold no record."""
    head = _head(stream, HEAD_BYTES)
    if len(head) > HEAD_BYTES // 2 and is_json(head) and not pieces(head):
        return _head(stream, LONG_HEAD_BYTES)
    return head


def is_json(head: bytes) -> bool:
    """Whether a file begins as JSON does."""
    codec = encoding_of(head)
    start = head[:HEAD_BYTES].decode(codec, "replace").encode() if codec else head
    return start.removeprefix(BOM).lstrip()[:1] in (b"{", b"[")


def is_lines(head: bytes, fewest: int = 1) -> bool:
    """Whether JSON has an object a line, in so many lines at least."""
    lines = [line for line in head.removeprefix(BOM).split(b"\n", LOOKED_AT)[:LOOKED_AT] if line.strip()]
    if len(lines) < fewest or not lines[0].startswith(b"{"):
        return False
    # In JSON that is laid out over lines, some of these may be objects by chance.
    return _is_object(lines[0]) or 2 * sum(map(_is_object, lines)) >= len(lines)


def pieces(head: bytes) -> list[dict[str, Any]]:
    """The first objects of JSON, as far as they are whole."""
    codec = encoding_of(head)
    text = head.decode(codec, "replace").encode() if codec else head
    items = islice(read_json(io.BytesIO(text), ALL_LISTS), LOOKED_AT)
    return [item.record for item in items if isinstance(item.record, dict)]


def text_of(head: bytes, name: str) -> str:
    """The beginning as text; raises ImportRefused where it is none."""
    first = head.removeprefix(BOM).lstrip().partition(b"\n")[0]
    try:
        # The end of a very long line may be cut inside a character.
        getincrementaldecoder("utf-8")().decode(first)
    except UnicodeDecodeError as error:
        raise ImportRefused("not_text", name) from error
    if b"\0" in first:
        raise ImportRefused("not_text", name)
    return head.removeprefix(BOM).decode("utf-8", "replace")


def _head(stream: BinaryIO, size: int) -> bytes:
    stream.seek(0)
    content = unpacked(stream)[0]
    head = content.read(size)
    if len(head) == size:
        # The whole lines of the head of a longer file, so that no character is cut, and a sign that it goes on.
        lines, _, begun = head.rpartition(b"\n")
        if lines:
            head = lines + b"\n" + _sign(begun)
        else:
            rest, begun = content.readline(LONG_HEAD_BYTES), content.read(1)
            head = head + rest + _sign(begun) if rest.endswith(b"\n") and begun else head
    stream.seek(0)
    return head


def _sign(begun: bytes) -> bytes:
    return begun[:1] if begun[:1].isascii() else b""


def _is_object(line: bytes) -> bool:
    if not line.startswith(b"{"):
        return False
    try:
        text = line.decode()
        # One that would fill the memory is rejected later; that it is one may be taken from its beginning.
        return has_too_many_values(text) or isinstance(DECODER.decode(text), dict)
    except (ValueError, RecursionError):
        return False
