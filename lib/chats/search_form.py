"""The form in which texts are compared in a search."""

import unicodedata


def search_form(text: str) -> str:
    """The text in NFKC, case-folded, with runs of white space as one blank."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
