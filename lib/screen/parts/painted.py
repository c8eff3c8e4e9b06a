"""Rows of a table with the looks of their cells."""

from collections.abc import Sequence

import pandas as pd
from pandas.io.formats.style import Styler


def painted(rows: pd.DataFrame, looks: Sequence[Sequence[str]]) -> Styler:
    """The rows, each cell with its look (CSS), which are given row by row."""
    table = pd.DataFrame(list(looks), index=rows.index, columns=rows.columns)
    return rows.style.apply(lambda _all: table, axis=None)
