"""Rules as text, for links and saved views, and back."""

import json
from typing import Any

from lib.chats.filter.rules import Rule, Rules
from lib.chats.filter.validate import whole_rules

MODES = ("all", "any")


def to_text(rules: Rules) -> str:
    """Compact JSON: `["all", ["wait", "more", "120"], ["any", …]]`."""
    return json.dumps(_plain(rules), ensure_ascii=False, separators=(",", ":"))


def from_text(text: str) -> Rules | None:
    """The rules that a text means; None where any of it makes no sense, or it asks for nothing."""
    try:
        return whole_rules(_rules(json.loads(text)))
    except (ValueError, RecursionError):
        return None


def _plain(item: Rule | Rules) -> list[Any]:
    if isinstance(item, Rule):
        return [item.field, item.operator, *item.values]
    return [item.mode, *(_plain(inner) for inner in item.items)]


def _rules(value: Any, depth: int = 0) -> Rules:
    if not isinstance(value, list) or value[:1] not in [[mode] for mode in MODES] or depth > 1:
        raise ValueError
    return Rules(value[0], tuple(_item(item, depth + 1) for item in value[1:]))


def _item(value: Any, depth: int) -> Rule | Rules:
    if not isinstance(value, list) or len(value) < 2 or value[0] in MODES:
        return _rules(value, depth)
    if not all(isinstance(part, str) for part in value):
        raise ValueError
    return Rule(value[0], value[1], tuple(value[2:]))
