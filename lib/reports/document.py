"""A report as one file in HTML, to print or to send: its numbers as they were, and nothing that runs or is loaded; and
its tables as CSV."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal
from zipfile import ZIP_DEFLATED, ZipFile

from lib.chats.own_files import for_spreadsheets
from lib.text import as_html, html_page

# Both also without colours: what was missed is darker.
_CHATS, _MISSED = "#8fb0e8", "#b3261e"
_WIDTH, _HEIGHT, _GAP = 720, 140, 1
_STYLE: Final = """
:root { color-scheme: light }
body { font: 10pt/1.45 system-ui, sans-serif; color: #1a1a1a; background: #fff; max-width: 60rem; margin: 2rem auto }
h1 { font-size: 1.3rem; margin: 0 } h2 { font-size: 1rem; margin: 1.6rem 0 0.5rem; break-after: avoid }
p { margin: 0.2rem 0 } .facts, .meaning, figcaption { color: #555 } figure { margin: 0 }
.figures { display: grid; grid-template-columns: repeat(12, 1fr); gap: 0.5rem; margin-top: 1rem }
.figure { grid-column: span 3 } .figure:nth-child(-n+6) { grid-column: span 2 }
.figure { border: 1px solid #ccc; border-radius: 4px; padding: 0.5rem 0.7rem; break-inside: avoid }
.value { font-size: 1.5rem } .green { color: #0c6b45 } .red { color: #b3261e } .gray { color: #555 }
.meaning { font-size: 0.8rem } .small { color: #888 }
table { border-collapse: collapse; width: 100%; font-size: 0.72rem }
th, td { border: 1px solid #ddd; padding: 0.15rem 0.4rem; text-align: right; unicode-bidi: isolate }
td { white-space: nowrap } tr { break-inside: avoid }
th:first-child, td:first-child { text-align: left }
td:first-child { min-width: 5.5rem; max-width: 14rem; white-space: normal; word-break: keep-all }
td:first-child { overflow-wrap: break-word }
.week { table-layout: fixed; font-size: 0.85rem } .week th:first-child { width: 6rem }
.week td, .week th { text-align: center; padding: 0.15rem 0 } .week .open { outline: 2px solid #1f5fbf }
svg { width: 100%; height: auto }
* { print-color-adjust: exact; -webkit-print-color-adjust: exact }
@page { margin: 1.5cm; size: A4 landscape } @media print { body { margin: 0; max-width: none } }
"""


@dataclass(frozen=True)
class PrintedFigure:
    """A figure in words; `change` is how much more it is than before, in the colour of its sense. A small one is of so
    few chats that it says little."""

    name: str
    value: str
    chats: str
    change: str
    colour: Literal["green", "red", "gray"]
    meaning: str
    is_small: bool = False


@dataclass(frozen=True)
class Cell:
    """What stands in a table, and the number that it is, for spreadsheets; what is of few chats is pale."""

    text: str
    is_small: bool = False
    number: float | None = None


@dataclass(frozen=True)
class Heading:
    """What stands above a column, and in what its numbers are: `{name} (min)`, for spreadsheets."""

    text: str
    with_unit: str = ""


@dataclass(frozen=True)
class Hour:
    """An hour of the week: what stands in it, how dark it is (0 to 1), and whether people work."""

    label: str
    shade: float
    is_open: bool


@dataclass(frozen=True)
class Bar:
    """All chats of a time, and those of them that were missed."""

    name: str
    chats: int
    missed: int


@dataclass(frozen=True)
class Table:
    """A table, below bars of what it counts, where there are any, and with what is to be known of it; `name` is that of
    its file."""

    name: str
    title: str
    header: Sequence[Heading]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str] = ()
    bars: Sequence[Bar] = ()
    bars_note: str = ""


@dataclass(frozen=True)
class Report:
    """What a report says, in words of its language; `week` has the hours of each weekday by its name."""

    heading: str
    facts: Sequence[str]
    figures: Sequence[PrintedFigure]
    week_title: str
    week: Sequence[tuple[str, Sequence[Hour]]]
    week_note: str
    tables: Sequence[Table]
    language: str


def report_html(report: Report) -> bytes:
    """The report as a page of its own, in UTF-8. All texts are escaped."""
    return html_page(report.heading, report.language, _STYLE, _parts(report))


def report_csv(report: Report) -> bytes:
    """A zip of the tables of a report as CSV, in UTF-8 with a byte order mark; a spreadsheet runs nothing of it."""
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as files:
        for table in report.tables:
            told = io.StringIO(newline="")
            writer = csv.writer(told)
            writer.writerow([for_spreadsheets(each.with_unit or each.text) for each in table.header])
            for name, *cells in table.rows:
                writer.writerow([for_spreadsheets(name.text), *(cell.number for cell in cells)])
            files.writestr(f"{table.name}.csv", told.getvalue().encode("utf-8-sig", "replace"))
    return packed.getvalue()


def _parts(report: Report) -> Iterator[str]:
    yield f"<h1>{as_html(report.heading)}</h1>"
    yield from (f'<p class="facts">{as_html(fact)}</p>' for fact in report.facts)
    yield '<div class="figures">'
    for figure in report.figures:
        yield (
            f'<div class="figure"><p>{as_html(figure.name)}</p>'
            f'<p class="value{" small" if figure.is_small else ""}">{as_html(figure.value)}</p>'
            f'<p><span class="{figure.colour}">{as_html(figure.change)}</span> · {as_html(figure.chats)}</p>'
            f'<p class="meaning">{as_html(figure.meaning)}</p></div>'
        )
    yield "</div>"
    if report.week:
        hours = range(len(report.week[0][1]))
        yield f'<h2>{as_html(report.week_title)}</h2><table class="week">'
        yield f"<tr><th></th>{''.join(f'<th>{hour}</th>' for hour in hours)}</tr>"
        for name, cells in report.week:
            yield f"<tr><th>{as_html(name)}</th>{''.join(map(_hour, cells))}</tr>"
        yield f'</table><p class="facts">{as_html(report.week_note)}</p>'
    for table in report.tables:
        yield from _table(table)


def _table(table: Table) -> Iterator[str]:
    yield f"<h2>{as_html(table.title)}</h2>"
    if table.bars:
        yield f"<figure>{_bars(table.bars)}<figcaption>{as_html(table.bars_note)}</figcaption></figure>"
    yield f"<table><thead><tr>{''.join(f'<th>{as_html(each.text)}</th>' for each in table.header)}</tr></thead><tbody>"
    yield from (f"<tr>{''.join(map(_cell, row))}</tr>" for row in table.rows)
    yield "</tbody></table>"
    yield from (f'<p class="facts">{as_html(note)}</p>' for note in table.notes)


def _cell(cell: Cell) -> str:
    return f'<td class="small">{as_html(cell.text)}</td>' if cell.is_small else f"<td>{as_html(cell.text)}</td>"


def _hour(hour: Hour) -> str:
    shade = f' style="background: rgb(179 38 30 / {hour.shade:.2f})"' if hour.shade else ""
    kind = ' class="open"' if hour.is_open else ""
    return f"<td{kind}{shade}>{as_html(hour.label)}</td>"


def _bars(bars: Sequence[Bar]) -> str:
    most, width = max(bar.chats for bar in bars) or 1, _WIDTH / len(bars)
    drawn = []
    for place, bar in enumerate(bars):
        for count, colour in ((bar.chats, _CHATS), (bar.missed, _MISSED)):
            height = _HEIGHT * count / most
            drawn.append(
                f'<rect x="{place * width:.1f}" y="{_HEIGHT - height:.1f}" width="{max(width - _GAP, 0.5):.1f}"'
                f' height="{height:.1f}" fill="{colour}"><title>{as_html(bar.name)}: {count}</title></rect>'
            )
    axis = (
        f'<text x="0" y="10">{most}</text>'
        f'<text x="0" y="{_HEIGHT + 14}">{as_html(bars[0].name)}</text>'
        f'<text x="{_WIDTH}" y="{_HEIGHT + 14}" text-anchor="end">{as_html(bars[-1].name)}</text>'
    )
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT + 18}" role="img" font-size="11" fill="#555">{"".join(drawn)}{axis}</svg>'
    )
