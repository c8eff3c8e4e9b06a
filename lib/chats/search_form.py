"""The form in which texts are compared in a search."""

from unicodedata import normalize


def search_form(text: str) -> str:
    """The text in NFKC, case-folded, with runs of white space as one blank."""
    if text.isascii():
        return " ".join(text.lower().split())
    return " ".join(normalize("NFKC", text).casefold().split())
