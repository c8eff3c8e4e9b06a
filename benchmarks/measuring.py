"""Asks each question some rounds, with other values each time, and keeps how long the answers took."""

import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.asking import Draw, World, look_around
from benchmarks.progress import done, tell
from benchmarks.question import Answer, Limit, Question
from lib.chats.clock import Clock
from lib.store import Store

SEED = 20260105
# Milliseconds at the median: issue 2 says so for a million chats, section 9 of the design for ten million.
MILLION = 1_000_000
TARGETS_MS: dict[Limit, float | None] = {
    "click": 50, "facets": 120, "histogram": 30, "words": 100, "all_words": 1500, "action": 20, "bulk": 3000,
    "report": 300, "long_report": 1000, "none": None,
}  # fmt: skip
TARGETS_BEYOND_MS: dict[Limit, float | None] = TARGETS_MS | {
    "click": 100, "facets": None, "histogram": None, "words": 300, "all_words": None, "action": 100,
    "report": 900, "long_report": 3000,
}  # fmt: skip


@dataclass(frozen=True)
class Result:
    """How long the answers to a question took, in milliseconds."""

    name: str
    median_ms: float
    p95_ms: float
    max_ms: float
    target_ms: float | None

    @property
    def passed(self) -> bool | None:
        """Whether the median is within the target; None where there is none."""
        return None if self.target_ms is None else self.median_ms <= self.target_ms


def measured(original: Path, clock: Clock, questions: Sequence[Question], rounds: int) -> list[Result]:
    """A result for each question, asked of a copy of the store, so that the next run begins with the same one."""
    results = []
    with copied(original) as store:
        world = look_around(store, clock, SEED)
        targets = TARGETS_MS if world.total <= MILLION else TARGETS_BEYOND_MS
        for number, question in enumerate(questions, 1):
            tell(f"{number} of {len(questions)}: {question.name}")
            times = timed(_prepared(question, world), rounds)
            results.append(result_of(question.name, times, targets[question.limit]))
        done()
    return results


@contextmanager
def copied(original: Path) -> Iterator[Store]:
    """A store to write into: a copy that lives as long as the block."""
    with tempfile.TemporaryDirectory(prefix="measured-", dir=original.parent) as folder:
        store = Store(shutil.copyfile(original, Path(folder) / original.name).as_posix())
        try:
            yield store
        finally:
            store.close()


def timed(prepare: Callable[[int], Answer], rounds: int) -> list[float]:
    """Milliseconds of each round after the first, which only warms up; `prepare` gives what a round asks."""
    times = []
    for number in range(rounds + 1):
        answer = prepare(number)
        began = time.perf_counter()
        answer()
        times.append(1000 * (time.perf_counter() - began))
    return times[1:]


def result_of(name: str, times: Sequence[float], target: float | None = None) -> Result:
    """The figures of some rounds, in milliseconds."""
    p95 = statistics.quantiles(times, n=20, method="inclusive")[-1] if len(times) > 1 else times[0]
    return Result(name, round(statistics.median(times), 1), round(p95, 1), round(max(times), 1), target)


def _prepared(question: Question, world: World) -> Callable[[int], Answer]:
    return lambda number: question.prepare(Draw(world, f"{question.name} {number}"))
