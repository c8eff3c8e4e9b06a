"""Text that people wrote, fit for one line (nothing in it breaks the line or turns the direction of what follows), or
for a page in HTML."""

import re
import unicodedata
from collections.abc import Iterable
from html import escape
from typing import Final

# A name can hide another one with these; letters that run from right to left need none of them.
_TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_BREAKING: Final = frozenset({"Cc", "Zl", "Zp", "Cs"})
_JOINING: Final = frozenset({"Mn", "Me", "Cf", "Sk"})
_INVISIBLE: Final = frozenset({"Zs", "Cf", "Mn", "Me", "Cn"})


def is_unsafe(sign: str) -> bool:
    """Whether a character breaks a line or turns the direction of what follows."""
    return sign in _TURNING or unicodedata.category(sign) in _BREAKING


def one_line(text: str | None) -> str:
    """The text with single spaces in place of what is unsafe; empty where nothing of it can be seen."""
    blanked = "".join(" " if is_unsafe(sign) else sign for sign in text or "")
    if all(unicodedata.category(sign) in _INVISIBLE for sign in blanked):
        return ""
    return " ".join(blanked.split())


def shortened(text: str, longest: int, *, between_words: bool = True) -> str:
    """The text of at most `longest` characters, ended by an ellipsis where it is cut: between words where possible."""
    if len(text) <= longest:
        return text
    end = longest - 1
    # A combining mark, or one half of an emoji made of several characters, would be left behind by the cut.
    while end > 1 and (unicodedata.category(text[end]) in _JOINING or text[end - 1] == "\u200d"):
        end -= 1
    blank = text.rfind(" ", max(0, end - 30), end + 1) if between_words else 0
    return text[: blank if blank > 0 else end].rstrip() + "…"


_ADDRESS: Final = re.compile(r"[^\s@<>\"',;]+@[^\s@<>\"',;]+")


def is_like_address(text: str) -> bool:
    """Whether the text has the form of an e-mail address; whether one can write to it, mails are asked."""
    return bool(_ADDRESS.fullmatch(text))


# Nothing is loaded and nothing runs, whatever the texts hold.
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"


def as_html(text: str) -> str:
    """The text as it stands in HTML, in attributes too."""
    return escape(text, quote=True).replace("\0", "\ufffd")


def html_page(title: str, language: str, style: str, parts: Iterable[str]) -> bytes:
    """A page of its own to print, in UTF-8, of parts in HTML."""
    head = [
        f'<!DOCTYPE html>\n<html lang="{as_html(language)}"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        f"<title>{as_html(title)}</title><style>{style}</style></head><body>",
    ]
    return "\n".join([*head, *parts, "</body></html>\n"]).encode("utf-8", "replace")
