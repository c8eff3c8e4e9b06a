"""Sentences and words in the current language; their English text, written in the code, is their key."""

from lib.language.catalogue import wording
from lib.language.choosing import current
from lib.language.numbers import number


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
