"""What our files hold, for who writes and who reads them: cells that no spreadsheet takes for formulas, and marks by
which an export of ours is known.
"""

import re
from typing import Literal

# What makes a spreadsheet take a cell for a formula (OWASP ASVS 5.0, 1.2.10), and the same signs in full width.
_SIGNS = r"[=+\-@\t\r\n\x00＝＋－＠]"
# A text that a quote was put before, and one that looks so, begin with a quote and one of the signs.
_RUNS = re.compile(f"'*{_SIGNS}")
_QUOTED = re.compile(f"'+{_SIGNS}")
# A record with this field is one of ours: only then are the fields below understood.
MARK, VERSION = "chat_history_export", 1
# What the chat system said where the other fields hold what was made of it; and what our own people did.
GIVEN, FOLLOW_UP = "given", "follow_up"
UNKNOWN_FIELDS = "unknown_fields"
# What the account of a chat is called, beside its key.
ACCOUNT = "account_name"
MANIFEST, FORMAT = "manifest.json", "chat-history-export"
# In the order in which they are offered: most people open a spreadsheet.
Format = Literal["csv", "json_lines", "parquet"]
CHATS_FILES: dict[Format, str] = {"json_lines": "chats.jsonl", "csv": "chats.csv", "parquet": "chats.parquet"}
MESSAGES_FILE = "messages.csv"
# What may be masked, and what stands in its place. A value or a text with it is not known by an export.
Mask = Literal["names", "emails", "phones", "ips"]
PLACEHOLDERS: dict[Mask, str] = {"names": "[name]", "emails": "[email]", "phones": "[phone]", "ips": "[ip]"}
MASKED = re.compile("|".join(map(re.escape, PLACEHOLDERS.values())))
# Columns of a CSV that are made of the others, for people.
FOR_PEOPLE = ("link", "category", "state", "started_local", "ended_local", "zone")


def for_spreadsheets(cell: object) -> object:
    """The cell, with a quote before a text that a spreadsheet would run; numbers stay as they are.

    A text that looks as if it had got one gets one more, so that `from_spreadsheets` gives every text back.
    """
    return f"'{cell}" if isinstance(cell, str) and _RUNS.match(cell) else cell


def from_spreadsheets(cell: str) -> str:
    """The text that `for_spreadsheets` made the cell of."""
    return cell[1:] if _QUOTED.match(cell) else cell


def for_spreadsheets_sql(expression: str) -> str:
    """SQL of what `for_spreadsheets` makes of the text of an expression."""
    return f"regexp_replace({expression}, '^(''*{_SIGNS})', '''\\1')"
