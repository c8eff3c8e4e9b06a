"""Sentences and words in the current language, from its gettext catalogue; their English text, written in the code, is
their key.
"""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from lib.language.choosing import SOURCE, current
from lib.language.numbers import number

FOLDER: Final = Path(__file__).parent / "catalogues"


@cache
def wording(language: str) -> NullTranslations:
    """Return the translations of a supported language, read once per process."""
    if language == SOURCE:
        return NullTranslations()
    catalogue = read(path_of(language), language)
    for message in [*catalogue]:
        # In place of a missing form, Babel would write the English one for a single thing.
        if message.id and not all(strings_of(message)):
            catalogue.delete(message.id, message.context)
    file = BytesIO()
    write_mo(file, catalogue)
    file.seek(0)
    return GNUTranslations(file)


def path_of(language: str) -> Path:
    """Return where the catalogue of a language lies."""
    return FOLDER / f"{language}.po"


def read(path: Path, language: str) -> Catalog:
    """Return the catalogue in a file, an empty one when there is no file."""
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def ids_of(message: Message) -> tuple[str, ...]:
    """Return the English text of an entry: one, or singular and plural."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def strings_of(message: Message) -> tuple[str, ...]:
    """Return the translated forms of an entry, empty text where one is missing."""
    string = message.string
    return (string or "",) if string is None or isinstance(string, str) else tuple(string)


def _(message: str, /, **fields: object) -> str:
    """Return the message in the current language, its `{named}` fields filled with the values as they are."""
    # For an empty one, gettext would return the header of the catalogue.
    return wording(current()).gettext(message).format(**fields) if message else ""


def _p(context: str, message: str, /, **fields: object) -> str:
    """Return the message as worded in one place (`context`), for English words with several meanings."""
    return wording(current()).pgettext(context, message).format(**fields)


def plural(one: str, many: str, /, n: int, **fields: object) -> str:
    """Return the wording for `n` things; `{n}` in it becomes the number as the language writes it."""
    return wording(current()).ngettext(one, many, n).format(n=number(n), **fields)


def mark(message: str, /) -> str:
    """Return the message unchanged: it enters the catalogue here, and `_` translates it where it is used."""
    return message
