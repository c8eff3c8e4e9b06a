"""Shows what was measured: as a table, as JSON, and in the README."""

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.building import Build
from benchmarks.machine import commit, machine, peak_memory_mib, versions
from benchmarks.measuring import Result

README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- figures: written by --readme -->", "<!-- end of figures -->"
HEADINGS = ("question", "median ms", "p95 ms", "max ms", "target ms", "")
# The columns that hold words.
LEFT = (0, len(HEADINGS) - 1)
VERDICTS = {True: "pass", False: "MISSED", None: ""}


@dataclass(frozen=True)
class Circumstances:
    """When, with what and of which store a run measures."""

    date: str
    commit: str | None
    machine: dict[str, object]
    versions: dict[str, str]
    rounds: int
    build: Build

    @property
    def facts(self) -> list[str]:
        """All of it in a few lines."""
        size, build = self.machine, self.build
        used = ", ".join(f"{name} {version}" for name, version in self.versions.items())
        memory, cpu = f"{size['memory_gib']} GiB", size["cpu"] or "unknown CPU"
        return [
            f"{self.date}, commit {self.commit or 'unknown'}",
            f"{size['cores']} cores, {memory}, {cpu}, load {size['load']}; {used}",
            f"{build.chats:,} chats, {build.messages:,} messages, {build.store_mib:,} MiB; {self.rounds} rounds a line",
        ]


@dataclass(frozen=True)
class Run(Circumstances):
    """All that a run found out."""

    peak_memory_mib: int
    results: Sequence[Result]

    @property
    def missed(self) -> list[Result]:
        """The questions whose median is over the target."""
        return [result for result in self.results if result.passed is False]


def now(build: Build, rounds: int) -> Circumstances:
    """Those of this moment, in this process."""
    date = datetime.now(UTC).isoformat(timespec="seconds")
    return Circumstances(date, commit(), machine(), versions(), rounds, build)


def finished(build: Build, results: Sequence[Result], rounds: int) -> Run:
    """The run that ends now, in this process."""
    return Run(**vars(now(build, rounds)), peak_memory_mib=peak_memory_mib(), results=results)


def table(run: Run) -> str:
    """What was measured, as lines for a terminal."""
    rows = [HEADINGS, *(_cells(result) for result in run.results)]
    return "\n".join([*_facts(run), "", *aligned(rows, LEFT), "", _summary(run)])


def to_json(run: Run) -> str:
    """What was measured, as JSON."""
    results = [asdict(result) | {"passed": result.passed} for result in run.results]
    return json.dumps(asdict(run) | {"results": results, "missed": len(run.missed)}, ensure_ascii=False, indent=2)


def write_readme(run: Run, readme: Path = README) -> None:
    """Puts the run between the two markers of the README, in place of the one before."""
    rows = [(*HEADINGS[:-1], "result"), *(_cells(result) for result in run.results)]
    facts = [f"- {fact}" for fact in _facts(run)]
    write_between(readme, BEGIN, END, [*facts, "", *markdown(rows, LEFT), "", _summary(run)])


def write_between(readme: Path, begin: str, end: str, lines: Sequence[str]) -> None:
    """Puts lines between two markers of a file, in place of what was there."""
    before, _, rest = readme.read_text(encoding="utf-8").partition(begin)
    after = rest.partition(end)[2]
    readme.write_text(before + "\n".join([begin, "", *lines, "", end]) + after, encoding="utf-8")


def aligned(rows: Sequence[Sequence[str]], left: Collection[int]) -> list[str]:
    """The rows of a table for a terminal; columns that are not `left` stand at the right, as numbers do."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if place in left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def markdown(rows: Sequence[Sequence[str]], left: Collection[int]) -> list[str]:
    """The rows of a table in Markdown, the first of which is its heading."""
    ruler = ["---" if place in left else "---:" for place in range(len(rows[0]))]
    return [f"| {' | '.join(row)} |" for row in (rows[0], ruler, *rows[1:])]


def _cells(result: Result) -> tuple[str, ...]:
    times = (f"{value:.1f}" for value in (result.median_ms, result.p95_ms, result.max_ms))
    target = "" if result.target_ms is None else f"{result.target_ms:.0f}"
    return (result.name, *times, target, VERDICTS[result.passed])


def _facts(run: Run) -> list[str]:
    build = run.build
    return [
        *run.facts,
        f"built in {build.seconds:,.0f} s, of which {build.import_seconds:,.0f} s import: "
        f"{build.messages_a_second:,} messages/s ({build.first_part_messages_a_second:,} into the empty store, "
        f"{build.last_part_messages_a_second:,} into the full one), peak memory {build.peak_memory_mib:,} MiB",
    ]


def _summary(run: Run) -> str:
    judged = sum(result.passed is not None for result in run.results)
    return f"{judged - len(run.missed)} of {judged} within their target; peak memory {run.peak_memory_mib:,} MiB"
