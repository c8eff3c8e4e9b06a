"""Tables of unknown make: which of their columns are which of our fields, guessed, corrected by hand, remembered."""

from lib.importing.columns.applying import mapped
from lib.importing.columns.dialect import COMMAS, Dialect, sniff
from lib.importing.columns.guessing import guess
from lib.importing.columns.header import Header, find_header, header_names, zone_above
from lib.importing.columns.mapping import FIELDS, TABLE_KINDS, ColumnMapping, Field, TableKind
from lib.importing.columns.remembering import Remembered, forget, matching, remember, remembered
from lib.importing.columns.spellings import iso_time
from lib.importing.columns.transcripts import PATTERNS, Pattern, follows, pattern_of
from lib.importing.records.spelled_times import DATE_ORDERS, DateOrder

__all__ = [
    "COMMAS",
    "DATE_ORDERS",
    "FIELDS",
    "PATTERNS",
    "TABLE_KINDS",
    "ColumnMapping",
    "DateOrder",
    "Dialect",
    "Field",
    "Header",
    "Pattern",
    "Remembered",
    "TableKind",
    "find_header",
    "follows",
    "forget",
    "guess",
    "header_names",
    "iso_time",
    "mapped",
    "matching",
    "pattern_of",
    "remember",
    "remembered",
    "sniff",
    "zone_above",
]
