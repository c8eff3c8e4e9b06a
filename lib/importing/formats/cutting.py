"""Cuts texts that are longer than what is kept."""

from typing import Any

from lib.importing import limits
from lib.importing.sources import Item


def cut(item: Item) -> Item:
    """The item with its long texts cut; it remembers where they stand, in paths such as `messages[3].text`."""
    # A text is never longer than the record that it stands in.
    if item.size <= limits.LONGEST_VALUE or not isinstance(item.record, dict):
        return item
    # Cuts the texts in place, and returns where they stand.
    found: list[str] = []
    waiting: list[tuple[Any, str]] = [(item.record, "")]
    while waiting:
        value, path = waiting.pop()
        if isinstance(value, dict):
            for name in [name for name in value if len(name) > limits.LONGEST_VALUE]:
                value[name[: limits.LONGEST_VALUE]] = value.pop(name)
                found.append(path or "…")
        inside = list(value.items() if isinstance(value, dict) else enumerate(value))
        for key, inner in inside:
            if isinstance(inner, str) and len(inner) > limits.LONGEST_VALUE:
                value[key] = inner[: limits.LONGEST_VALUE]
                found.append(_joined(path, key))
        waiting += [(inner, _joined(path, key)) for key, inner in inside[::-1] if isinstance(inner, dict | list)]
    return item._replace(cut=(*item.cut, *found)) if found else item


def _joined(path: str, key: str | int) -> str:
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{key}" if path else key
