"""Which language is spoken at this moment."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Final

from babel import Locale

LANGUAGES: Final = {"en": "English", "ja": "日本語"}
SOURCE: Final = "en"

Resolver = Callable[[], str | None]

_override: ContextVar[str | None] = ContextVar("language", default=None)
_resolver: Resolver | None = None


def choose_with(resolver: Resolver) -> None:
    """Return nothing; from now on, in every thread, `resolver` is asked for the language at each use."""
    global _resolver  # noqa: PLW0603 - one per process is what is wanted
    _resolver = resolver


def current() -> str:
    """Return the code of the language to speak now: the enclosing block's, else the resolver's, else "en"."""
    overriding = _override.get()
    if overriding is not None:
        return overriding
    return _supported(_resolver() if _resolver else None)


@contextmanager
def in_language(language: str | None) -> Iterator[None]:
    """Return a block that speaks `language` (unknown or None: "en"), in this thread or task only."""
    token = _override.set(_supported(language))
    try:
        yield
    finally:
        _override.reset(token)


def preferred(accept: str | None) -> str:
    """Return the supported language that a browser's locale ("ja-JP"), or a list of them, asks for first."""
    for locale in sorted((accept or "").split(","), key=_weight, reverse=True):
        code = re.split(r"[-_;]", locale.strip().lower())[0].strip()
        if code in LANGUAGES and _weight(locale) > 0:
            return code
    return SOURCE


@cache
def locale_of(language: str) -> Locale:
    """Return Babel's data for a supported language."""
    return Locale.parse(language)


def _supported(language: str | None) -> str:
    return language if language in LANGUAGES else SOURCE


def _weight(locale: str) -> float:
    weight = re.search(r";\s*q\s*=\s*([01](?:\.\d+)?)\s*$", locale)
    return float(weight[1]) if weight else 1.0
