"""Reading exports into the store: what is right is stored, what is wrong is kept with the reason."""

from lib.importing.formats.archives import expanded
from lib.importing.formats.encoding import CODECS
from lib.importing.formats.feed import OWN, Known, Table
from lib.importing.formats.recognising import table_of
from lib.importing.inbox.done import UNMAPPED, InboxFile, inbox_files, try_again
from lib.importing.loading import Prepared, import_files, prepare
from lib.importing.merge.undoing import CannotUndo, Undone, obstacle, undo_import
from lib.importing.merge.verdict import MissedRule, missed_rules, switch_rule
from lib.importing.preview import Preview, preview
from lib.importing.problems import REFUSAL_REASONS, REJECTION_REASONS, FieldError, ImportRefused
from lib.importing.progress import Progress
from lib.importing.reading import Manner
from lib.importing.records.checked import chat_id
from lib.importing.report import (
    COMMAND_LINE,
    FileReport,
    PastImport,
    Report,
    Waiting,
    past_imports,
    rejected_rows,
    waiting_messages,
)
from lib.importing.sample_data import has_sample, load_sample, remove_sample, sample_parts
from lib.importing.sources import Source
from lib.importing.vendors import VENDORS

__all__ = [
    "CODECS",
    "COMMAND_LINE",
    "OWN",
    "REFUSAL_REASONS",
    "REJECTION_REASONS",
    "UNMAPPED",
    "VENDORS",
    "CannotUndo",
    "FieldError",
    "FileReport",
    "ImportRefused",
    "InboxFile",
    "Known",
    "Manner",
    "MissedRule",
    "PastImport",
    "Prepared",
    "Preview",
    "Progress",
    "Report",
    "Source",
    "Table",
    "Undone",
    "Waiting",
    "chat_id",
    "expanded",
    "has_sample",
    "import_files",
    "inbox_files",
    "load_sample",
    "missed_rules",
    "obstacle",
    "past_imports",
    "prepare",
    "preview",
    "rejected_rows",
    "remove_sample",
    "sample_parts",
    "switch_rule",
    "table_of",
    "try_again",
    "undo_import",
    "waiting_messages",
]
