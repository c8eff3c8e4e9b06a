"""Texts that are not UTF-8: finds out how a file is written, and reads it as UTF-8."""

import codecs
import io
import re
from typing import Any, BinaryIO, cast

UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
# How the report calls them.
NAMES = {"utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "cp932": "Shift_JIS"}
FULL_WIDTH_KANA = re.compile("[ぁ-ゖァ-ヺ]")
# Two usual kanji side by side; in encodings of the West these bytes stand alone.
KANJI_IN_SHIFT_JIS = re.compile(rb"([\x88-\x9f][\x40-\x7e\x80-\xfc]){2}")
# A text with fewer kana for each wrong byte is something else.
KANA_FOR_AN_ERROR = 5
# So much of a text is looked at.
SAMPLE = 1 << 18
# Signs of the ASCII range, of which every export has some, have a zero in one of their two bytes.
LEAST_ZEROS = 0.1
SEPARATING = '",\n\t{}:'
BLOCK = 1 << 20


def encoding_of(head: bytes) -> str | None:
    """The codec of a text by its beginning, None for UTF-8 and for what is no text that we know."""
    if found := UTF_16.get(head[:2]):
        return found
    sample = head[:SAMPLE]
    return _utf_16_of(sample) or ("cp932" if _is_shift_jis(sample) else None)


def recoded(stream: BinaryIO, codec: str) -> BinaryIO:
    """The stream as UTF-8; bytes that are wrong in its own encoding are wrong in UTF-8 too."""
    return cast(BinaryIO, io.BufferedReader(cast(Any, _Recoded(stream, codec)), BLOCK))


def _utf_16_of(sample: bytes) -> str | None:
    """The UTF-16 of a text without a mark; where it could be either, the one with more signs that separate."""
    found: dict[str, int] = {}
    for codec, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        text = _decoded(sample, codec) if zeros.count(0) > LEAST_ZEROS * len(zeros) else None
        if text and "\0" not in text:
            found[codec] = sum(map(text.count, SEPARATING))
    return max(found, key=lambda codec: found[codec], default=None)


def _is_shift_jis(sample: bytes) -> bool:
    if _decoded(sample, "utf-8") is not None:
        return False
    as_utf_8 = sample.decode("utf-8", "replace")
    broken, sound = as_utf_8.count("\ufffd"), len(as_utf_8) - len(as_utf_8.encode("ascii", "ignore"))
    if broken * 2 <= sound:
        return False
    text = codecs.getincrementaldecoder("cp932")("replace").decode(sample)
    kana, errors = len(FULL_WIDTH_KANA.findall(text)), text.count("\ufffd")
    return kana > KANA_FOR_AN_ERROR * errors or (errors == 0 and KANJI_IN_SHIFT_JIS.search(sample) is not None)


def _decoded(sample: bytes, codec: str) -> str | None:
    """The sample, which may end inside a character, as text; None where it is none."""
    try:
        return codecs.getincrementaldecoder(codec)().decode(sample)
    except UnicodeDecodeError:
        return None


class _Recoded(io.RawIOBase):
    """Decodes and encodes again; knows its place in the file below it, so that progress can be told."""

    def __init__(self, stream: BinaryIO, codec: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(codec)("surrogateescape" if codec == "cp932" else "replace")
        self._ready = b""
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._ready and not self._ended:
            block = self._stream.read(BLOCK)
            self._ended = not block
            text = self._decoder.decode(block, final=self._ended).removeprefix("\ufeff")
            self._ready = text.encode("utf-8", "surrogateescape")
        taken = self._ready[: len(buffer)]
        buffer[: len(taken)] = taken
        self._ready = self._ready[len(taken) :]
        return len(taken)
