"""Texts that are not UTF-8: finds out how a file is written, and reads it as UTF-8."""

import codecs
import io
import re
from collections import Counter
from typing import Any, BinaryIO, cast

UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
# What can be chosen, and its codec. The last ones are not found out: their bytes could be those of others.
CODECS = {
    "UTF-8": "utf-8",
    "UTF-16": "utf-16",
    "Shift_JIS": "cp932",
    "EUC-JP": "euc_jis_2004",
    "ISO-2022-JP": "iso2022_jp_ext",
    "Windows-1252": "cp1252",
    "Windows-1250": "cp1250",
    "Windows-1251": "cp1251",
    "Windows-1254": "cp1254",
    "EUC-KR": "cp949",
    "GB18030": "gb18030",
    "Big5": "cp950",
}
# How the report calls them.
NAMES = {codec: name for name, codec in CODECS.items()} | dict.fromkeys(UTF_16.values(), "UTF-16")
FULL_WIDTH_KANA = re.compile("[ぁ-ゖァ-ヺ]")
HALF_WIDTH_KANA = re.compile("[｡-ﾟ]{2,}")
# Two usual kanji side by side; in encodings of the West these bytes stand alone.
KANJI_IN_SHIFT_JIS = re.compile(rb"([\x88-\x9f][\x40-\x7e\x80-\xfc]){2}")
# What ISO-2022-JP, all of which is ASCII, puts before kanji and kana.
ESCAPE = 0x1B
TO_JAPANESE = re.compile(rb"\x1b(?:\$[@B]|\([IJ])")
# In EUC-JP signs have two bytes above ASCII, where the West has one; kana and usual kanji begin with these.
EUC_JP_SIGN = re.compile(rb"[\xa1-\xfe]{2}|\x8e[\xa1-\xdf]|\x8f[\xa1-\xfe]{2}")
EUC_JP = re.compile(rb"(?:" + EUC_JP_SIGN.pattern + rb")*")
KANA_IN_EUC_JP = b"\x8e\xa4\xa5"
USUAL_IN_EUC_JP = KANA_IN_EUC_JP + bytes([0xA1, 0xA3, 0xAD, *range(0xB0, 0xD0)])
KANA_AMONG_SIGNS, USUAL_AMONG_SIGNS = 0.2, 0.7
# From a byte that is not ASCII up to one that stands alone in each of these encodings.
PIECE = re.compile(rb"[\x1b\x80-\xff][^\x00-\x1a\x1c-#%-'\x29-?]*")
FOREIGN = re.compile(rb"[\x80-\xff]+")
# Letters with accents stand among letters of ASCII; quotation marks, dashes and the like stand with them.
WESTERN = re.compile(rb"[\xc0-\xfe\x80\x85\x91-\x97\xa0-\xbf]{1,2}")
MOST = 0.9
# A text with fewer kana for each wrong byte is something else.
KANA_FOR_AN_ERROR = 5
# So much is looked at of what is not ASCII.
SAMPLE = 1 << 18
# Signs of the ASCII range, of which every export has some, have a zero in one of their two bytes.
LEAST_ZEROS = 0.1
SEPARATING = '",\n\t{}:'
BLOCK = 1 << 20
WRONG = "chat_history.wrong"


def encoding_of(head: bytes) -> str | None:
    """The codec of a text by its beginning, None for UTF-8 and for what is no text that we know."""
    if found := UTF_16.get(head[:2]):
        return found
    sample = head[:SAMPLE]
    return _utf_16_of(sample) or _beside_ascii(sample)


def encoding_in(content: BinaryIO, head: bytes) -> str | None:
    """The codec of a whole text, of which `head` is the beginning, None as above; reads it where that does not tell."""
    found = encoding_of(head)
    if found in UTF_16.values() or (found is None and not head.isascii() and _decoded(head, "utf-8") is not None):
        return found
    return _beside_ascii(_foreign(content))


def codec_of(chosen: str, head: bytes) -> str | None:
    """The codec of a text that begins with `head`, in the chosen encoding; None where the beginning shows another."""
    utf_16 = UTF_16.get(head[:2]) or _utf_16_of(head[:SAMPLE])
    if chosen == "UTF-16":
        return utf_16
    return None if utf_16 else CODECS[chosen]


def unreadable_line(content: BinaryIO, codec: str) -> int | None:
    """The number of the first line that cannot be read with the codec; None where all can."""
    decoder = codecs.getincrementaldecoder(codec)()
    before = Counter[str]()
    while True:
        block = content.read(BLOCK)
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            text = error.object[: error.start].decode(codec, "replace")
            return 1 + max(before[end] + text.count(end) for end in "\r\n")
        if not block:
            return None
        before.update({end: text.count(end) for end in "\r\n"})


def _foreign(content: BinaryIO) -> bytes:
    """What is not ASCII, the first of it, piece by piece."""
    found, begun = bytearray(), b""
    while len(found) < SAMPLE and (block := content.read(BLOCK)):
        if not begun and block.isascii() and ESCAPE not in block:
            continue
        block, begun = begun + block, b""
        for piece in PIECE.finditer(block):
            if piece.end() == len(block) and len(block) < 2 * BLOCK:
                begun = piece[0]
            else:
                found += piece[0] + b"\n"
    return bytes(found + begun)[:SAMPLE]


def _beside_ascii(sample: bytes) -> str | None:
    """The codec of a text in which ASCII is as always."""
    if sample.isascii():
        return "iso2022_jp_ext" if TO_JAPANESE.search(sample) else None
    if _decoded(sample, "utf-8") is not None or _is_damaged_utf_8(sample):
        return None
    if _is_euc_jp(sample):
        return "euc_jis_2004"
    if _is_shift_jis(sample):
        return "cp932"
    runs = FOREIGN.findall(sample)
    return "cp1252" if sum(WESTERN.fullmatch(run) is not None for run in runs) >= MOST * len(runs) else None


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


def _is_damaged_utf_8(sample: bytes) -> bool:
    as_utf_8 = sample.decode("utf-8", "replace")
    broken, sound = as_utf_8.count("\ufffd"), len(as_utf_8) - len(as_utf_8.encode("ascii", "ignore"))
    return broken * 2 <= sound


def _is_shift_jis(sample: bytes) -> bool:
    text = codecs.getincrementaldecoder("cp932")("replace").decode(sample)
    kana, errors = len(FULL_WIDTH_KANA.findall(text)), text.count("\ufffd")
    if kana > KANA_FOR_AN_ERROR * errors:
        return True
    half_width = sum(map(len, HALF_WIDTH_KANA.findall(text)))
    foreign = len(text) - len(text.encode("ascii", "ignore"))
    return errors == 0 and (half_width >= MOST * foreign or KANJI_IN_SHIFT_JIS.search(sample) is not None)


def _is_euc_jp(sample: bytes) -> bool:
    runs = [(run, EUC_JP.match(run)) for run in FOREIGN.findall(sample)]
    # The end of the sample may cut a character.
    signs = [sign for _, found in runs if found for sign in EUC_JP_SIGN.findall(found[0])]
    if sum(map(len, signs)) < MOST * sum(len(run) for run, _ in runs):
        return False
    kana, usual = sum(sign[0] in KANA_IN_EUC_JP for sign in signs), sum(sign[0] in USUAL_IN_EUC_JP for sign in signs)
    return kana >= KANA_AMONG_SIGNS * len(signs) or usual >= USUAL_AMONG_SIGNS * len(signs)


def _decoded(sample: bytes, codec: str) -> str | None:
    """The sample, which may end inside a character, as text; None where it is none."""
    try:
        return codecs.getincrementaldecoder(codec)().decode(sample)
    except UnicodeDecodeError:
        return None


def _wrong(error: UnicodeError) -> tuple[str, int]:
    """Half a character for what is wrong: it becomes a byte that is wrong in UTF-8."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "\udc80", error.end


codecs.register_error(WRONG, _wrong)


class _Recoded(io.RawIOBase):
    """Decodes and encodes again; knows its place in the file below it, so that progress can be told."""

    def __init__(self, stream: BinaryIO, codec: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(codec)("replace" if codec in UTF_16.values() else WRONG)
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
