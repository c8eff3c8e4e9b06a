"""Conditions that lists cannot say: rows of field, operator and values, all or any of them, with one level inside."""

from dataclasses import dataclass
from typing import Literal

Mode = Literal["all", "any"]


@dataclass(frozen=True)
class Rule:
    """One row: a field (see fields.py), an operator (see operators.py), and values as texts."""

    field: str
    operator: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rules:
    """All or any of the items must hold; items of a group that is itself an item are rules only."""

    mode: Mode = "all"
    items: "tuple[Rule | Rules, ...]" = ()

    @property
    def size(self) -> int:
        """Number of rules, those in groups included."""
        return sum(item.size if isinstance(item, Rules) else 1 for item in self.items)
