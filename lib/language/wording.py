"""Sentences and words in the current language; their English text, written in the code, is their key."""

from lib.language.catalogue import wording
from lib.language.choosing import current
from lib.language.numbers import number


def _(message: str, /, **fields: object) -> str:
    """Return the message in the current language, its `{named}` fields filled with the values as they are."""
    return wording(current()).text(message).format(**fields)


def _p(context: str, message: str, /, **fields: object) -> str:
    """Return the message as worded in one place (`context`), for English words with several meanings."""
    return wording(current()).text(message, context).format(**fields)


def plural(one: str, many: str, /, n: int, **fields: object) -> str:
    """Return the wording for `n` things; `{n}` in it becomes the number as the language writes it."""
    return wording(current()).counted(one, many, n).format(n=number(n), **fields)


def mark(message: str, /) -> str:
    """Return the message unchanged: it enters the catalogue here, and `_` translates it where it is used."""
    return message
