"""Reads JSON of any layout: one value, a list of them, several one after another; a large one in slices.

A value is decoded when it lies whole in memory. Of a large object whose lists are named by the caller, each element is
given as an object of its own, `{"chats": [element]}` beside the members that came before, so that a file of any size is
read in little memory. The same is done with an object that breaks off, or that has a byte that is no text, so that
only the element with the fault is lost.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, NamedTuple

from lib.importing import limits
from lib.importing.formats.json_lines import DECODER, ends_early, has_too_many_values
from lib.importing.problems import FieldError
from lib.importing.sources import Item, clean, failed

BLOCK_BYTES = 4 << 20
# A larger object is sliced.
SLICED_FROM = 4 << 20
SPACES = " \t\r\n\ufeff\x1e"
NO_UTF_8 = re.compile("[\udc80-\udcff]")
# Half of a character that is written as two escapes, without its other half.
HALF = re.compile(r"\\u[dD][89abAB]..(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB]..)\\u[dD][c-fC-F]..")


class Slice(dict[str, Any]):
    """One element of a large answer, with what stood before it."""


class Rest(dict[str, Any]):
    """What stands in a large answer beside the lists whose elements were given as slices."""


@dataclass(frozen=True)
class Lists:
    """By which members a large object may be sliced: those that hold a list of records, and records by their ids.

    `data.payload` is a list inside an object.
    """

    lists: frozenset[str] = frozenset()
    maps: frozenset[str] = frozenset()

    def inside(self, name: str) -> "Lists":
        """Those of the object in a member."""
        return Lists(frozenset(path.removeprefix(f"{name}.") for path in self.lists if path.startswith(f"{name}.")))

    def __bool__(self) -> bool:
        return bool(self.lists or self.maps)


NO_LISTS = Lists()


class _Broken(Exception):  # noqa: N818 - where the text ends or breaks
    """The text at this place is no JSON, or not all of it; `reason` is a code of `problems`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _Value(NamedTuple):
    """A value, how many characters it has, and what is wrong with these (a code of `problems`)."""

    value: Any
    size: int
    problem: str | None = None


class _Text:
    """The text of a stream, as much of it as is needed."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self.text = ""
        self.at = 0
        self.odd = self.escaped = False
        self.ended = False

    def more(self) -> bool:
        """Whether there was more to read; what lies behind `at` is forgotten."""
        if self.ended:
            return False
        held = len(self.text) - self.at
        block = self._stream.read(max(BLOCK_BYTES, min(held, limits.LONGEST_RECORD - held)))
        self.ended = not block
        added = self._decoder.decode(block, final=self.ended)
        self.odd = self.odd or (not added.isascii() and bool(NO_UTF_8.search(added)))
        # A sign of an escape may lie across two blocks.
        seen = self.text[-2:] + added
        self.escaped = self.escaped or "\\ud" in seen or "\\uD" in seen
        self.text = self.text[self.at :] + added
        self.at = 0
        return True

    def peek(self, skipped: str = SPACES) -> str:
        """The next character that is none of the skipped ones; empty at the end."""
        while True:
            text, at = self.text, self.at
            while at < len(text) and text[at] in skipped:
                at += 1
            self.at = at
            if at < len(text) or not self.more():
                return text[at : at + 1]

    def value(self, most: int | None = None) -> _Value:
        """The value that begins here; raises _Broken and stays where it was if there is none within `most`."""
        most = most or limits.LONGEST_RECORD
        self.peek()
        while True:
            try:
                found, end = DECODER.raw_decode(self.text, self.at)
                # A number at the end of what was read may go on.
                if end < len(self.text) or isinstance(found, dict | list | str) or not self.more():
                    return self._value(found, end)
            except RecursionError:
                raise _Broken("not_json") from None
            except ValueError as error:
                if not ends_early(error, self.text):
                    raise _Broken("not_json") from None
                if len(self.text) - self.at >= most:
                    raise _Broken("too_long") from None
                # All that is held is of this one value, since it does not end in it.
                if has_too_many_values(self.text, self.at):
                    raise _Broken("too_many_values") from None
                if not self.more():
                    raise _Broken("cut_off") from None

    def _value(self, found: Any, end: int) -> _Value:
        at, self.at = self.at, end
        problem = "not_text" if self.odd and NO_UTF_8.search(self.text, at, end) else None
        if not problem and not (self.escaped and HALF.search(self.text, at, end)):
            return _Value(found, end - at)
        try:
            return _Value(clean(found), end - at, problem)
        except RecursionError:
            return _Value(None, end - at, "not_json")

    def take(self, wanted: str) -> None:
        """Passes the wanted character; raises _Broken where there is another."""
        if (found := self.peek()) != wanted:
            raise _Broken("not_json" if found else "cut_off")
        self.at += 1


def read_json(stream: BinaryIO, lists: Lists = NO_LISTS) -> Iterator[Item]:
    """An item for each object, also of lists at the top; `lists` tells by what a large object may be sliced."""
    text, number = _Text(stream), 0
    try:
        while sign := text.peek():
            for found in _elements(text, lists) if sign == "[" else _whole_or_slices(text, lists):
                number += 1
                record: Any = found.value
                if found.problem:
                    record = FieldError(None, None, found.problem)
                elif not isinstance(found.value, dict):
                    record = FieldError(None, found.value, "not_object")
                yield Item(number, record, found.value, found.size)
    except _Broken as broken:
        rest = text.text[text.at : text.at + SLICED_FROM]
        yield failed(number + 1, rest.encode("utf-8", "surrogateescape"), broken.reason)


def _elements(text: _Text, lists: Lists = NO_LISTS) -> Iterator[_Value]:
    text.take("[")
    while text.peek() != "]":
        yield from _whole_or_slices(text, lists)
        if text.peek() != "]":
            text.take(",")
    text.take("]")


def _whole_or_slices(text: _Text, lists: Lists) -> Iterator[_Value]:
    if text.peek() != "{" or not lists:
        yield text.value()
        return
    try:
        found = text.value(SLICED_FROM)
    except _Broken:
        yield from _sliced(text, lists)
        return
    if not found.problem:
        yield found
        return
    text.at -= found.size
    yield from _sliced(text, lists)


def _sliced(text: _Text, lists: Lists) -> Iterator[_Value]:
    is_sliced = False
    for found in _slices(text, lists):
        is_rest = isinstance(found.value, Rest)
        yield found._replace(value=dict(found.value)) if is_rest and not is_sliced else found
        is_sliced = True


def _members(text: _Text) -> Iterator[_Value]:
    """The name of each member of an object; the caller reads the value."""
    text.take("{")
    while text.peek() != "}":
        name = text.value()
        text.take(":")
        yield name._replace(value=str(name.value))
        if text.peek() != "}":
            text.take(",")
    text.take("}")


def _slices(text: _Text, lists: Lists) -> Iterator[_Value]:
    """The elements of the lists of an object, each as a slice of it, and what remains."""
    rest, problem = Rest(), None
    for member in _members(text):
        name, sign, problem = member.value, text.peek(), problem or member.problem
        given = _records(text, name, sign, lists)
        if given is None:
            found = text.value()
            rest[name], problem = found.value, problem or found.problem
            continue
        rest[name] = [] if sign == "[" else {}
        for found in given:
            if isinstance(found.value, Rest):
                rest[name], problem = found.value, problem or found.problem
            else:
                yield found._replace(value=Slice({**rest, name: found.value}))
    yield _Value(rest, 0, problem)


def _records(text: _Text, name: str, sign: str, lists: Lists) -> Iterator[_Value] | None:
    """The records in a member of an object, each in a list or an object of its own; None where it holds none."""
    if sign == "[" and name in lists.lists:
        return (found._replace(value=[found.value]) for found in _elements(text))
    if sign == "{" and name in lists.maps:
        return _by_key(text)
    inside = lists.inside(name)
    return _slices(text, inside) if sign == "{" and inside else None


def _by_key(text: _Text) -> Iterator[_Value]:
    for key in _members(text):
        found = text.value()
        yield found._replace(value={key.value: found.value}, problem=key.problem or found.problem)
