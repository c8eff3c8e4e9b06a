"""A line of the table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from benchmarks.asking import Draw

ACTOR = "benchmark"

Limit = Literal["click", "facets", "histogram", "words", "all_words", "action", "bulk", "report", "long_report", "none"]
Answer = Callable[[], object]


@dataclass(frozen=True)
class Question:
    """A line of the table. `prepare` draws a round's values and returns what is timed; `limit` names its target."""

    name: str
    prepare: Callable[[Draw], Answer]
    limit: Limit = "click"
