"""Cases of a test that only `--thorough` tries: others like them are tried in each run."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest


def rarely(cases: Iterable[Any]) -> Iterator[Any]:
    """The cases, for a parameter of a test, each marked so that only `--thorough` tries it."""
    return (pytest.param(case, marks=pytest.mark.thorough) for case in cases)
