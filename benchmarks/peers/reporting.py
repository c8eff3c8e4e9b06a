"""Shows how long the product and its peers took: as a table, as JSON, and in the README."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.building import Build
from benchmarks.measuring import Result
from benchmarks.peers.product import NAME
from benchmarks.peers.running import PEERS, Line, Made
from benchmarks.reporting import README, Circumstances, aligned, markdown, now, write_between

BEGIN, END = "<!-- peers: written by --readme -->", "<!-- end of peers -->"
# Whose fastest the product is held against.
SIDES = {"frames": ("pandas", "Polars"), "databases": ("SQLite", "PostgreSQL")}
HEADINGS = ("filter", NAME, *PEERS, *(f"{NAME} : the faster of {' and '.join(side)}" for side in SIDES.values()))
# What is shorter was rounded away.
LEAST_MS = 0.05


@dataclass(frozen=True)
class PeersRun(Circumstances):
    """All that a run found out: seconds to read the chats and to fill each peer, who is missing, a line a filter."""

    read_s: float
    made_s: dict[str, float]
    missing: dict[str, str]
    lines: Sequence[Line]


def finished(build: Build, made: Made, lines: Sequence[Line], rounds: int) -> PeersRun:
    """The run that ends now, in this process."""
    known = vars(now(build, rounds))
    used = {"versions": known["versions"] | {peer.name: peer.version for peer in made.peers}}
    return PeersRun(**known | used, read_s=made.read_s, made_s=made.seconds, missing=made.missing, lines=lines)


def table(run: PeersRun) -> str:
    """What was measured, as lines for a terminal."""
    return "\n".join([*_facts(run), "", *aligned(_rows(run), [0])])


def to_json(run: PeersRun) -> str:
    """What was measured, as JSON; `ratios` are those of the product's median to the fastest one of each side."""
    lines = [
        asdict(line) | {"ratios": {side: _ratio(line, names) for side, names in SIDES.items()}} for line in run.lines
    ]
    return json.dumps(asdict(run) | {"lines": lines}, ensure_ascii=False, indent=2)


def write_readme(run: PeersRun, readme: Path = README) -> None:
    """Puts the run between its two markers of the README, in place of the one before."""
    facts = [f"- {fact}" for fact in _facts(run)]
    write_between(readme, BEGIN, END, [*facts, "", *markdown(_rows(run), [0])])


def _facts(run: PeersRun) -> list[str]:
    made = ", ".join(f"{name} {seconds:,.1f} s" for name, seconds in run.made_s.items())
    missing = [f"{name} is missing: {reason}" for name, reason in run.missing.items()]
    return [
        *run.facts,
        f"chats read in {run.read_s:.1f} s, and filled in: {made}",
        *missing,
        "median / 95th percentile of a screen in ms",
    ]


def _rows(run: PeersRun) -> list[tuple[str, ...]]:
    return [HEADINGS, *(_cells(line) for line in run.lines)]


def _cells(line: Line) -> tuple[str, ...]:
    times = (_time(line.results.get(name)) for name in (NAME, *PEERS))
    return (line.name, *times, *(_held_against(line, names) for names in SIDES.values()))


def _time(result: Result | None) -> str:
    return "–" if result is None else f"{result.median_ms:.1f} / {result.p95_ms:.1f}"


def _held_against(line: Line, names: Sequence[str]) -> str:
    ratio, fastest = _ratio(line, names), _fastest(line, names)
    if ratio is None or fastest is None:
        return "–"
    return f"{ratio:.2f}, {fastest} is faster" if ratio > 1 else f"{ratio:.2f}"


def _ratio(line: Line, names: Sequence[str]) -> float | None:
    fastest = _fastest(line, names)
    if fastest is None:
        return None
    return round(_median(line, NAME) / _median(line, fastest), 3)


def _fastest(line: Line, names: Sequence[str]) -> str | None:
    return min((name for name in names if name in line.results), key=lambda name: _median(line, name), default=None)


def _median(line: Line, name: str) -> float:
    return max(line.results[name].median_ms, LEAST_MS)
