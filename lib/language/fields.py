"""The fields of a message: what stands in braces."""

from string import Formatter


def fields(text: str) -> set[tuple[str, str | None, str | None]] | None:
    """Return the name, format and conversion of each field in a text; None when its braces do not pair."""
    try:
        return {(name, form, conv) for _, name, form, conv in Formatter().parse(text) if name is not None}
    except ValueError:
        return None
