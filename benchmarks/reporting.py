"""Shows what was measured: as a table, as JSON, and in the README."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.building import Build
from benchmarks.machine import commit, machine, peak_memory_mib, versions
from benchmarks.measuring import Result

README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- figures: written by --readme -->", "<!-- end of figures -->"
HEADINGS = ("question", "median ms", "p95 ms", "max ms", "target ms", "")
VERDICTS = {True: "pass", False: "MISSED", None: ""}


@dataclass(frozen=True)
class Run:
    """All that a run found out."""

    date: str
    commit: str | None
    machine: dict[str, object]
    versions: dict[str, str]
    rounds: int
    build: Build
    peak_memory_mib: int
    results: Sequence[Result]

    @property
    def missed(self) -> list[Result]:
        """The questions whose median is over the target."""
        return [result for result in self.results if result.passed is False]


def finished(build: Build, results: Sequence[Result], rounds: int) -> Run:
    """The run that ends now, in this process."""
    date = datetime.now(UTC).isoformat(timespec="seconds")
    return Run(date, commit(), machine(), versions(), rounds, build, peak_memory_mib(), results)


def table(run: Run) -> str:
    """What was measured, as lines for a terminal."""
    rows = [HEADINGS, *(_cells(result) for result in run.results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    return "\n".join([*_facts(run), "", *(_aligned(row, widths) for row in rows), "", _summary(run)])


def to_json(run: Run) -> str:
    """What was measured, as JSON."""
    results = [asdict(result) | {"passed": result.passed} for result in run.results]
    return json.dumps(asdict(run) | {"results": results, "missed": len(run.missed)}, ensure_ascii=False, indent=2)


def write_readme(run: Run, readme: Path = README) -> None:
    """Puts the run between the two markers of the README, in place of the one before."""
    before, _, rest = readme.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    facts = [f"- {fact}" for fact in _facts(run)]
    lines = [BEGIN, "", *facts, "", *_markdown(run), "", _summary(run), "", END]
    readme.write_text(before + "\n".join(lines) + after, encoding="utf-8")


def _cells(result: Result) -> tuple[str, ...]:
    times = (f"{value:.1f}" for value in (result.median_ms, result.p95_ms, result.max_ms))
    target = "" if result.target_ms is None else f"{result.target_ms:.0f}"
    return (result.name, *times, target, VERDICTS[result.passed])


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *numbers, last = (
        f"{cell:<{width}}" if column in (0, len(widths) - 1) else f"{cell:>{width}}"
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return "  ".join([first, *numbers, last]).rstrip()


def _markdown(run: Run) -> list[str]:
    rows = [(*HEADINGS[:-1], "result"), ("---", "---:", "---:", "---:", "---:", "---")]
    return [f"| {' | '.join(row)} |" for row in [*rows, *(_cells(result) for result in run.results)]]


def _facts(run: Run) -> list[str]:
    size, build = run.machine, run.build
    used = ", ".join(f"{name} {version}" for name, version in run.versions.items())
    return [
        f"{run.date}, commit {run.commit or 'unknown'}",
        f"{size['cores']} cores, {size['memory_gib']} GiB, {size['cpu'] or 'unknown CPU'}, load {size['load']}; {used}",
        f"{build.chats:,} chats, {build.messages:,} messages, {build.store_mib:,} MiB; {run.rounds} rounds a line",
        f"built in {build.seconds:,.0f} s, of which {build.import_seconds:,.0f} s import: "
        f"{build.messages_a_second:,} messages/s ({build.first_part_messages_a_second:,} into the empty store, "
        f"{build.last_part_messages_a_second:,} into the full one), peak memory {build.peak_memory_mib:,} MiB",
    ]


def _summary(run: Run) -> str:
    judged = sum(result.passed is not None for result in run.results)
    return f"{judged - len(run.missed)} of {judged} within their target; peak memory {run.peak_memory_mib:,} MiB"
