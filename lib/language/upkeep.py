"""The messages that the program's code holds, and keeping the catalogues in step with them.

`pybabel update` would date each file anew, forget the translation of what comes back into the code, and check no
fields in braces.
"""

import ast
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import BinaryIO, Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import write_po

from lib.language.wording import ids_of, read, strings_of

KEYWORDS: Final[dict[str, tuple[int | tuple[int, str], ...] | None]] = {
    "_": None,
    "plural": (1, 2),
    "_p": ((1, "c"), 2),
    "mark": None,
}
# Written here, not by Babel: its header holds dates, which would differ each time.
_HEADER: Final = """msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""


def template(root: Path, language: str) -> Catalog:
    """Return an untranslated catalogue for a language, of all messages under a project's folder."""
    catalogue = Catalog(locale=language)
    for path in sources(root):
        name = path.relative_to(root).as_posix()
        with path.open("rb") as file:
            for line, message, _comments, context in extract(_literals, file, keywords=KEYWORDS):
                texts = (message,) if isinstance(message, str) else message
                found = catalogue.get(texts[0], context)
                # A catalogue has one entry for both, and its translation can be right for one of them only.
                if found and len(ids_of(found)) != len(texts) and fields(ids_of(found)[-1]) != fields(texts[-1]):
                    raise ValueError(f"{name}:{line}: {texts[0]!r} is used both with and without a number")
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
            values = [each.value if isinstance(each, ast.Constant) else None for each in call.args]
            yield call.lineno, name, [value if isinstance(value, str) else None for value in values], []


def fields(text: str) -> set[tuple[str, str | None, str | None]] | None:
    """Return the name, format and conversion of each field in a text; None when its braces do not pair."""
    try:
        return {(name, form, conv) for _, name, form, conv in Formatter().parse(text) if name is not None}
    except ValueError:
        return None


def update(root: Path, path: Path, language: str, *, prune: bool = False) -> list[str]:
    """Return what a catalogue lacks after bringing its file up to date with the code."""
    merged = _merged(root, path, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_rendered(merged, language, prune=prune))
    return list(_faults(merged))


def faults(root: Path, path: Path, language: str) -> list[str]:
    """Return what is wrong with a catalogue's file, one sentence each; nothing when it is complete."""
    merged = _merged(root, path, language)
    stale = not path.exists() or path.read_bytes() != _rendered(merged, language)
    hint = "not up to date with the code: run python -m lib.language"
    return [*([hint] if stale else []), *_faults(merged)]


def _merged(root: Path, path: Path, language: str) -> Catalog:
    catalogue = read(path, language)
    # What was taken out of the code may be back.
    for message in catalogue.obsolete.values():
        catalogue[message.id] = message
    catalogue.obsolete.clear()
    catalogue.update(template(root, language), no_fuzzy_matching=True, update_header_comment=False)
    for key in [key for key, message in catalogue.obsolete.items() if not any(strings_of(message))]:
        del catalogue.obsolete[key]
    return catalogue


def _rendered(catalogue: Catalog, language: str, *, prune: bool = False) -> bytes:
    file = BytesIO()
    write_po(file, catalogue, width=0, omit_header=True, include_lineno=False, ignore_obsolete=prune)
    header = _HEADER.format(language=language, plurals=catalogue.plural_forms)
    return header.encode() + file.getvalue().strip() + b"\n"


def _faults(catalogue: Catalog) -> Iterator[str]:
    for message in catalogue:
        if message.id and (fault := _fault(message)):
            files = sorted({name for name, _ in message.locations})
            yield f"{fault}: {ids_of(message)[0]!r} ({', '.join(files)})"


def _fault(message: Message) -> str | None:
    if not all(strings_of(message)):
        return "not translated"
    if message.fuzzy:
        return "marked as fuzzy"
    # Singular English may leave {n} out ("one chat"); a language without a singular may not.
    wanted = fields(ids_of(message)[-1])
    if wanted is None:
        return "English text with broken braces"
    return None if all(fields(text) == wanted for text in strings_of(message)) else "fields differ"
