"""Texts with named fields in braces: what is wrong with one, and what it says once the values are known.

`{name}` stands for a value. `[first|second]` is the first alternative whose values are all known. A line with a value
that is not known is left out. `{{`, `}}`, `[[` and `]]` are the characters themselves.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, get_args
from unicodedata import normalize

FieldName = Literal["name", "question", "date", "operator", "website"]
FIELDS: Final[tuple[FieldName, ...]] = get_args(FieldName)

Mistake = Literal[
    "unknown_field", "full_width", "brace_left_open", "stray_brace", "bracket_left_open", "stray_bracket", "nested",
    "no_text", "too_long",
]  # fmt: skip


@dataclass(frozen=True)
class TextProblem:
    """What is wrong with a text; `value` is the field or the character."""

    mistake: Mistake
    value: str


class UnfitTextError(ValueError):
    """The text cannot be filled, see `problems`."""


@dataclass(frozen=True)
class _Said:
    """Words of the text itself."""

    text: str


@dataclass(frozen=True)
class _Field:
    """A place for a value."""

    name: str


_Piece = _Said | _Field


@dataclass(frozen=True)
class _Choice:
    """Alternatives, of which the first possible one counts."""

    alternatives: tuple[tuple[_Piece, ...], ...]


_Line = tuple[_Piece | _Choice, ...]

_SIGN: Final = re.compile(r"\{\{|\}\}|\[\[|\]\]|\{[^{}\[\]|\n]*\}|[{}\[\]|\n]|[^{}\[\]|\n]+")
_DOUBLED: Final = frozenset({"{{", "}}", "[[", "]]"})
# What a Japanese input method makes of a field: it would stay in the mail as it stands.
_FULL_WIDTH: Final = re.compile("｛([^{}｛｝]*)｝")
_GAP: Final = re.compile(r"\n{3,}")


def problems(text: str) -> tuple[TextProblem, ...]:
    """What is wrong with a text, each once; empty where it can be filled."""
    wide = [
        TextProblem("full_width", found[0])
        for found in _FULL_WIDTH.finditer(text)
        if normalize("NFKC", found[1]).strip().casefold() in FIELDS
    ]
    return tuple(dict.fromkeys([*_read(text)[1], *wide]))


def fill(text: str, values: Mapping[str, str], blocks: Collection[str] = ()) -> str:
    """The text with its values, which are taken as they are; those that are absent or empty count as not known.

    Values of the fields named in `blocks` stand on lines of their own. Raises UnfitTextError.
    """
    lines, wrong = _read(text)
    if wrong:
        raise UnfitTextError(wrong[0].mistake)
    known = {name: value for name, value in values.items() if value}
    said = [line for line in (_filled(each, known, blocks) for each in lines) if line is not None]
    return _GAP.sub("\n\n", "\n".join(line.rstrip() for line in said)).strip("\n")


def _filled(line: _Line, known: Mapping[str, str], blocks: Collection[str]) -> str | None:
    """What a line says; None where a value is not known."""
    parts: list[tuple[str, bool]] = []
    for piece in line:
        alternatives = piece.alternatives if isinstance(piece, _Choice) else ((piece,),)
        for chosen in alternatives:
            if all(isinstance(each, _Said) or each.name in known for each in chosen):
                break
        else:
            return None
        parts += [
            (each.text, False) if isinstance(each, _Said) else (known[each.name], each.name in blocks)
            for each in chosen
        ]
    return _joined(parts)


def _joined(parts: Sequence[tuple[str, bool]]) -> str:
    """The parts one after the other, those that are blocks on lines of their own."""
    said, after_block = "", False
    for part, is_block in parts:
        apart = (is_block or after_block) and said and not said.endswith("\n") and not part.startswith("\n")
        said = f"{said.rstrip()}\n{part.lstrip()}" if apart else said + part
        after_block = is_block
    return said


@lru_cache(maxsize=64)
def _read(text: str) -> tuple[tuple[_Line, ...], tuple[TextProblem, ...]]:
    reader = _Reader()
    for sign in _SIGN.findall(text):
        reader.take(sign)
    return reader.finished()


class _Reader:
    """Takes a text to pieces, and collects what is wrong with it."""

    def __init__(self) -> None:
        self._lines: list[list[_Piece | _Choice]] = [[]]
        self._choice: list[list[_Piece]] | None = None
        self._wrong: list[TextProblem] = []

    def take(self, sign: str) -> None:
        """Adds what the next sign stands for."""
        if len(sign) > 1 and sign[0] == "{" and sign not in _DOUBLED:
            name = sign[1:-1].strip()
            if name not in FIELDS:
                self._wrong.append(TextProblem("unknown_field", sign))
            self._add(_Field(name))
        elif sign in _DOUBLED:
            self._add(_Said(sign[0]))
        elif sign in "{}":
            self._wrong.append(TextProblem("brace_left_open" if sign == "{" else "stray_brace", sign))
        elif sign in "[]":
            if sign == "[" and self._choice is None:
                self._choice = [[]]
            elif sign == "]" and self._choice is not None:
                self._lines[-1].append(_Choice(tuple(tuple(each) for each in self._choice)))
                self._choice = None
            else:
                self._wrong.append(TextProblem("nested" if sign == "[" else "stray_bracket", sign))
        elif sign == "|" and self._choice is not None:
            self._choice.append([])
        elif sign == "\n" and self._choice is None:
            self._lines.append([])
        else:
            self._add(_Said(sign))

    def finished(self) -> tuple[tuple[_Line, ...], tuple[TextProblem, ...]]:
        """The lines of the text, and what is wrong with it."""
        if self._choice is not None:
            self._wrong.append(TextProblem("bracket_left_open", "["))
        return tuple(tuple(line) for line in self._lines), tuple(self._wrong)

    def _add(self, piece: _Piece) -> None:
        if self._choice is None:
            self._lines[-1].append(piece)
        else:
            self._choice[-1].append(piece)
