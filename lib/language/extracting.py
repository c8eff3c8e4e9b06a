"""The messages that the program's code holds."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import BinaryIO, Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract

from lib.language.catalogue import ids_of

KEYWORDS: Final[dict[str, tuple[int | tuple[int, str], ...] | None]] = {
    "_": None,
    "plural": (1, 2),
    "_p": ((1, "c"), 2),
    "mark": None,
}


def template(root: Path, language: str) -> Catalog:
    """Return an untranslated catalogue for a language, of all messages under a project's folder."""
    catalogue = Catalog(locale=language)
    for path in sources(root):
        name = path.relative_to(root).as_posix()
        with path.open("rb") as file:
            for line, message, _comments, context in extract(_literals, file, keywords=KEYWORDS):
                key = message if isinstance(message, str) else message[0]
                _refuse_clash(catalogue.get(key, context), message, f"{name}:{line}")
                catalogue.add(message, locations=[(name, line)], context=context)
    return catalogue


def sources(root: Path) -> Iterator[Path]:
    """Return the files whose wording is translated, in the order of the catalogue."""
    yield from (path for path in [root / "app.py"] if path.exists())
    for folder in ("pages", "lib"):
        yield from sorted((root / folder).rglob("*.py"))


def keyword(call: ast.Call) -> str:
    """Return which of the translating functions a call calls, by name or as `language.name`; else ""."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(value=ast.Name(id="language"), attr=name) if name in KEYWORDS:
            return name
    return ""


def _literals(file: BinaryIO, *_: object, **__: object) -> Iterator[tuple[int, str, list[str | None], list[str]]]:
    # Babel's own reader goes by tokens: from _(a if b == "yes" else c) it would take "yes".
    calls = [node for node in ast.walk(ast.parse(file.read(), file.name)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        if name := keyword(call):
            yield call.lineno, name, [_literal(argument) for argument in call.args], []


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _refuse_clash(found: Message | None, message: str | tuple[str, ...], place: str) -> None:
    # A catalogue has one entry for both, and its translation can be right for one of them only.
    texts = (message,) if isinstance(message, str) else message
    if found and len(ids_of(found)) != len(texts) and fields(ids_of(found)[-1]) != fields(texts[-1]):
        raise ValueError(f"{place}: {texts[0]!r} is used both with and without a number")


def fields(text: str) -> set[tuple[str, str | None, str | None]] | None:
    """Return the name, format and conversion of each field in a text; None when its braces do not pair."""
    try:
        return {(name, form, conv) for _, name, form, conv in Formatter().parse(text) if name is not None}
    except ValueError:
        return None
