"""Reading exports into the store: what is right is stored, what is wrong is kept with the reason."""

from lib.importing.history import PastImport, past_imports, rejected_rows
from lib.importing.loading import import_files
from lib.importing.problems import REFUSAL_REASONS, REJECTION_REASONS, FieldError, ImportRefused
from lib.importing.progress import Progress
from lib.importing.records import chat_id
from lib.importing.report import FileReport, Report
from lib.importing.sample_data import has_sample, load_sample, remove_sample
from lib.importing.sources import Source

__all__ = [
    "REFUSAL_REASONS",
    "REJECTION_REASONS",
    "FieldError",
    "FileReport",
    "ImportRefused",
    "PastImport",
    "Progress",
    "Report",
    "Source",
    "chat_id",
    "has_sample",
    "import_files",
    "load_sample",
    "past_imports",
    "rejected_rows",
    "remove_sample",
]
