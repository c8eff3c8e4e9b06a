"""A condition in SQL."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Clause:
    """A condition in SQL and the values bound in it."""

    sql: str
    params: dict[str, Any]
