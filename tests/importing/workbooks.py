"""Workbooks to import, made in memory."""

import io
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from html import escape
from typing import Any

from lib.importing import Source

Rows = Iterable[Sequence[Any]]

FIRST_DAY = datetime(1899, 12, 30)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OASIS = "urn:oasis:names:tc:opendocument:xmlns"
# The number formats of what is no plain number: date and time, date, time of day, span.
STYLES = {datetime: (1, 22), date: (2, 14), time: (3, 21), timedelta: (4, 46)}


def xlsx(sheets: Mapping[str, Rows | str], name: str = "chats.xlsx") -> Source:
    """A workbook of Excel; a sheet may also be the XML of its rows."""
    names = list(sheets)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": _relations({"r": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        + "".join(f'<sheet name="{escape(name)}" sheetId="{n + 1}" r:id="r{n}"/>' for n, name in enumerate(names))
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _relations(
            {f"r{n}": ("worksheet", f"worksheets/{n}.xml") for n in range(len(names))}
        ),
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs count="5"><xf numFmtId="0"/>'
        + "".join(f'<xf numFmtId="{number}"/>' for _, number in STYLES.values())
        + "</cellXfs></styleSheet>",
    }
    for n, rows in enumerate(sheets.values()):
        data = rows if isinstance(rows, str) else "".join(map(_row, range(1, 1 << 20), rows))
        parts[f"xl/worksheets/{n}.xml"] = f'<worksheet xmlns="{MAIN}"><sheetData>{data}</sheetData></worksheet>'
    return _zip(parts, name)


def _relations(targets: Mapping[str, tuple[str, str]]) -> str:
    each = (f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{to}"/>' for key, (kind, to) in targets.items())
    return f'<Relationships xmlns="{PACKAGE}/relationships">{"".join(each)}</Relationships>'


def _row(number: int, cells: Sequence[Any]) -> str:
    written = (_cell(f"{_letters(column)}{number}", cell) for column, cell in enumerate(cells) if cell is not None)
    return f'<row r="{number}">{"".join(written)}</row>'


def _letters(column: int) -> str:
    return (_letters(column // 26 - 1) if column >= 26 else "") + chr(ord("A") + column % 26)


def _cell(place: str, cell: Any) -> str:
    if isinstance(cell, bool):
        return f'<c r="{place}" t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, str):
        return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
    style = STYLES[type(cell)][0] if type(cell) in STYLES else 0
    return f'<c r="{place}" s="{style}"><v>{_number(cell)!r}</v></c>'


def _number(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return (cell - FIRST_DAY) / timedelta(days=1)
    if isinstance(cell, date):
        return (datetime.combine(cell, time()) - FIRST_DAY).days
    if isinstance(cell, time):
        return (datetime.combine(FIRST_DAY, cell) - FIRST_DAY) / timedelta(days=1)
    return cell / timedelta(days=1) if isinstance(cell, timedelta) else cell


def ods(sheets: Mapping[str, Rows], name: str = "chats.ods") -> Source:
    """A workbook of LibreOffice."""
    tables = "".join(
        f'<table:table table:name="{escape(sheet)}">'
        + "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
        + "</table:table>"
        for sheet, rows in sheets.items()
    )
    spaces = " ".join(f'xmlns:{space}="{OASIS}:{space}:1.0"' for space in ("office", "table", "text"))
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    parts = {
        "mimetype": kind,
        "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{OASIS}:manifest:1.0"/>',
        "content.xml": f"<office:document-content {spaces}><office:body><office:spreadsheet>{tables}"
        "</office:spreadsheet></office:body></office:document-content>",
    }
    return _zip(parts, name)


def _ods_cell(cell: Any) -> str:
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, date):
        return f'<table:table-cell office:value-type="date" office:date-value="{cell.isoformat()}"/>'
    if isinstance(cell, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{cell!r}"/>'
    said = "".join(f"<text:p>{escape(line)}</text:p>" for line in cell.split("\n"))
    return f'<table:table-cell office:value-type="string">{said}</table:table-cell>'


def xls(sheet: str, rows: Rows, name: str = "chats.xls", *, locked: bool = False) -> Source:
    """A workbook of Excel 97 with one sheet of texts and numbers."""
    begin = _record(0x809, struct.pack("<HHHHII", 0x600, 0x5, 0, 0, 0, 0))
    lock = _record(0x2F, struct.pack("<H", 1) + bytes(52)) if locked else b""
    title = sheet.encode("utf-16-le")
    place = len(begin) + len(lock) + 4 + 8 + len(title) + 4
    listed = _record(0x85, struct.pack("<IHBB", place, 0, len(sheet), 1) + title)
    cells = b"".join(_xls_cell(y, x, cell) for y, row in enumerate(rows) for x, cell in enumerate(row))
    inside = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)) + cells + _record(0x0A, b"")
    return Source(name, data=compound({"Workbook": begin + lock + listed + _record(0x0A, b"") + inside}))


def _xls_cell(row: int, column: int, cell: Any) -> bytes:
    head = struct.pack("<HHH", row, column, 0)
    if isinstance(cell, str):
        return _record(0x204, head + struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le"))
    return _record(0x203, head + struct.pack("<d", cell)) if cell is not None else b""


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A document of older programs of Office with these streams."""
    size, end = 512, 0xFFFFFFFE
    padded = [content.ljust(max(4096, -(-len(content) // size) * size), b"\0") for content in streams.values()]
    table, entries, start = [0xFFFFFFFD, end], [_entry("Root Entry", 5, end, 0)], 2
    for name, content in zip(streams, padded, strict=True):
        entries.append(_entry(name, 2, start, len(content)))
        count = len(content) // size
        table += [*range(start + 1, start + count), end]
        start += count
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0, end, 0)
    head += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    sectors = struct.pack("<128I", *table, *[0xFFFFFFFF] * (128 - len(table)))
    return head + sectors + b"".join(entries).ljust(size, b"\0") + b"".join(padded)


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    letters = name.encode("utf-16-le")
    none = 0xFFFFFFFF
    inside = 1 if kind == 5 else none
    told = letters.ljust(64, b"\0") + struct.pack("<HBBIII", len(letters) + 2, kind, 1, none, none, inside)
    return told + bytes(36) + struct.pack("<IQ", start, size)


def _zip(parts: Mapping[str, str], name: str) -> Source:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return Source(name, data=stream.getvalue())
