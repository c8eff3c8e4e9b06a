"""Finds the first difference between what a peer answers and what the product does."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pandas as pd

from benchmarks.peers.answer import LISTED, Answer


class DifferenceError(Exception):
    """Two answers are not the same: the message names who was asked, the filter, the part and the first difference."""


def compare(product: Answer, peer: Answer, peer_name: str, filter_name: str) -> None:
    """Raises DifferenceError where any part of the two answers is not the same."""
    theirs = dict(_parts(peer))
    for part, ours in _parts(product):
        for what in dict.fromkeys((*ours, *theirs[part])):
            expected, found = ours.get(what, "nothing"), theirs[part].get(what, "nothing")
            if expected != found:
                raise DifferenceError(
                    f"{peer_name} differs from the product, filter “{filter_name}”, {part}, {what}: "
                    f"{found!r} instead of {expected!r}"
                )


def _parts(answer: Answer) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each part of the screen as single facts."""
    yield "tab counts", {str(name): n for name, n in answer.counts.items()}
    yield "first page of the list", dict(_cells(_rows(answer.page)))
    for name, facet in answer.facets.items():
        known = {f"{value} (place {place})": n for place, (value, n) in enumerate(facet.values, 1)}
        yield f"list “{name}” of the sidebar", known | {"all chats": facet.chats, "other values": facet.others}
    days = {f"day {day}": n for day, n in answer.days.items()}
    yield "histogram of the filter by day", days | {"without a start": answer.unknown}
    yield "histogram of all chats by day", {f"day {day}": n for day, n in answer.all_days.items()}


def _rows(page: Any) -> list[tuple[Any, ...]]:
    if isinstance(page, pd.DataFrame):
        return list(page[list(LISTED)].itertuples(index=False, name=None))
    return page if isinstance(page, list) else list(page.select(LISTED).rows())


def _cells(rows: list[tuple[Any, ...]]) -> Iterator[tuple[str, object]]:
    for number, row in enumerate(rows, 1):
        for name, value in zip(LISTED, row, strict=True):
            yield f"row {number}, {name}", _same_form(value)


def _same_form(value: Any) -> object:
    """Ids are texts, and what is missing is None; all other values of one meaning are equal."""
    if isinstance(value, UUID):
        return str(value)
    return None if pd.isna(value) else value
