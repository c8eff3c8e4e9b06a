"""Keeping the catalogues in step with the code.

`pybabel update` would date each file anew, forget the translation of what comes back into the code, and check no
fields in braces.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import write_po

from lib.language.catalogue import ids_of, read, strings_of
from lib.language.extracting import fields, template

# Written here, not by Babel: its header holds dates, which would differ each time.
_HEADER: Final = """msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""


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
