"""How an export of ours is known: by a field of each record, and by the manifest of its zip."""

from typing import Literal

# A record with this field is one of ours: only then are the fields below understood.
MARK, VERSION = "chat_history_export", 1
# What the chat system said where the other fields hold what was made of it; and what our own people did.
GIVEN, FOLLOW_UP = "given", "follow_up"
UNKNOWN_FIELDS = "unknown_fields"

MANIFEST, FORMAT = "manifest.json", "chat-history-export"
# In the order in which they are offered: most people open a spreadsheet.
Format = Literal["csv", "json_lines", "parquet"]
CHATS_FILES: dict[Format, str] = {"json_lines": "chats.jsonl", "csv": "chats.csv", "parquet": "chats.parquet"}
MESSAGES_FILE = "messages.csv"
# Columns of a CSV that are made of the others, for people.
FOR_PEOPLE = ("link", "category", "state", "started_local", "ended_local", "zone")
