"""What the figures were measured with."""

import os
import platform
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

ROOT = Path(__file__).parents[1]


def peak_memory_mib() -> int:
    """The most memory that this process held so far."""
    return _peak_mib(resource.RUSAGE_SELF)


def peak_memory_of_children_mib() -> int:
    """The most memory that any process held that this one started, of those that have ended."""
    return _peak_mib(resource.RUSAGE_CHILDREN)


def _peak_mib(who: int) -> int:
    peak = resource.getrusage(who).ru_maxrss
    return peak >> 20 if sys.platform == "darwin" else peak >> 10


def machine() -> dict[str, object]:
    """The size of the machine, and how busy it is; what cannot be read is None."""
    return {
        "cores": os.cpu_count(),
        "memory_gib": _memory_gib(),
        "cpu": _cpu(),
        "system": platform.platform(),
        "load": round(os.getloadavg()[0], 1),
    }


def versions() -> dict[str, str]:
    """The versions of what answers."""
    return {
        "python": platform.python_version(),
        "duckdb": duckdb.__version__,
        "pandas": pd.__version__,
        "pyarrow": pa.__version__,
    }


def commit() -> str | None:
    """The commit of the program, with a + where files differ from it; None without git."""
    head, changes = _git("rev-parse", "--short=12", "HEAD"), _git("status", "--porcelain", "--", "lib", "benchmarks")
    return f"{head}+" if head and changes else head


def _git(*words: str) -> str | None:
    try:
        done = subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, text=True, check=True, timeout=10)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip() or None


def _memory_gib() -> float | None:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1)
    except (ValueError, OSError):
        return None


def _cpu() -> str | None:
    return next(_cpu_names(), None) or platform.processor() or None


def _cpu_names() -> Iterator[str]:
    file = Path("/proc/cpuinfo")
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines() if file.is_file() else []:
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            yield value.strip()
