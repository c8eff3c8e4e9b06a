"""The wording of each language, read from its gettext catalogue."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from gettext import c2py
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from lib.language.choosing import SOURCE

FOLDER: Final = Path(__file__).parent / "catalogues"


@dataclass(frozen=True)
class Wording:
    """The translations of one language, by context and English text, and its rule for plurals."""

    forms: dict[tuple[str | None, str], tuple[str, ...]]
    form_of: Callable[[int], int]

    def text(self, message: str, context: str | None = None) -> str:
        """Return the translation of a message, or the message itself where there is none."""
        forms = self.forms.get((context, message))
        return forms[0] if forms else message

    def counted(self, one: str, many: str, n: int) -> str:
        """Return the wording for `n` things, in English where there is no translation."""
        forms = self.forms.get((None, one))
        # A form is missing when the text is also used without a number: then there is one form only.
        return forms[min(self.form_of(n), len(forms) - 1)] if forms else (one if n == 1 else many)


@cache
def wording(language: str) -> Wording:
    """Return the translations of a supported language, read once per process."""
    if language == SOURCE:
        return Wording({}, lambda n: int(n != 1))
    catalogue = read(path_of(language), language)
    forms = {(m.context, ids_of(m)[0]): strings_of(m) for m in catalogue if m.id and _usable(m)}
    return Wording(forms, c2py(str(catalogue.plural_expr)))


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


def _usable(message: Message) -> bool:
    return not message.fuzzy and all(strings_of(message))
