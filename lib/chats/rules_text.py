"""Rules as text, for links and saved views, and back."""

import json
from typing import Any

from lib.chats.rule_values import tidied_rules
from lib.chats.rules import Rule, Rules

MODES = ("all", "any")


def to_text(rules: Rules) -> str:
    """Compact JSON: `["all", ["wait", "more", "120"], ["any", …]]`."""
    return json.dumps(_plain(rules), ensure_ascii=False, separators=(",", ":"))


def from_text(text: str) -> Rules | None:
    """The rules that a text means; None where it makes no sense. What is no rule of today is left out."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    found = _item(value)
    return tidied_rules(found) if isinstance(found, Rules) else None


def _plain(item: Rule | Rules) -> list[Any]:
    if isinstance(item, Rule):
        return [item.field, item.operator, *item.values]
    return [item.mode, *(_plain(inner) for inner in item.items)]


def _item(value: Any, depth: int = 0) -> Rule | Rules | None:
    if not isinstance(value, list) or not value:
        return None
    return _rules(value, depth) if value[0] in MODES else _rule(value)


def _rules(value: list[Any], depth: int) -> Rules | None:
    if depth > 1:
        return None
    found = (_item(item, depth + 1) for item in value[1:])
    return Rules(value[0], tuple(item for item in found if item is not None))


def _rule(value: list[Any]) -> Rule | None:
    if len(value) < 2 or not all(isinstance(part, str) for part in value):
        return None
    return Rule(value[0], value[1], tuple(value[2:]))
