"""What an import would bring, before anything is written."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from lib.importing.loading import Prepared
from lib.importing.merge.entries import ENTRIES
from lib.importing.report import Report

if TYPE_CHECKING:  # As in the report.
    import pandas as pd

MOST_CHATS = 20
MOST_MESSAGES = 40
# So many characters of a text are shown.
SHOWN = 2_000
LOOKS = "id, status, missed_reason, visitor_name, visitor_email, started_at, operator, message_count, question"

# What the merge made of a chat, or what is stored where it leaves it as it is.
CHATS = f"""
SELECT
    c.id, c.state, n.status, n.missed_reason, n.visitor_name[:{SHOWN}] AS visitor_name,
    n.visitor_email[:{SHOWN}] AS visitor_email, n.started_at, n.operator[:{SHOWN}] AS operator, n.message_count,
    n.question[:{SHOWN}] AS question
FROM changes AS c
JOIN (
    SELECT {LOOKS} FROM merged UNION ALL SELECT {LOOKS} FROM chats ANTI JOIN merged ON merged.id = chats.id
) AS n ON n.id = c.id
ORDER BY NOT c.staged, abs(c.key) LIMIT {MOST_CHATS}
"""
MESSAGES = f"""
SELECT
    c.id, e.position, e.sent_at, e.kind, e.name[:{SHOWN}] AS name, coalesce(e.text, e.attachment_name)[:{SHOWN}] AS text
FROM {ENTRIES} AS e
JOIN changes AS c ON c.key = e.key
WHERE c.id IN (SELECT unnest($ids::UUID[])) AND e.position < {MOST_MESSAGES}
UNION
SELECT m.chat_id, m.position, m.sent_at, m.kind, m.name[:{SHOWN}], coalesce(m.text, m.attachment_name)[:{SHOWN}]
FROM messages AS m JOIN changes AS c ON c.ordinal = m.ordinal AND c.id = m.chat_id
WHERE c.state = 'unchanged' AND c.id IN (SELECT unnest($ids::UUID[])) AND m.position < {MOST_MESSAGES}
ORDER BY ALL
"""


REJECTED = f"""
SELECT file, row_number, field, value, reason, record FROM staged_rejects ORDER BY file, row_number LIMIT {MOST_CHATS}
"""


@dataclass(frozen=True)
class Preview:
    """The report as it would be, the first chats as they would look with their first messages, and rejected rows.

    Columns of `chats`: id, state (new, updated, unchanged), status, missed_reason, visitor_name, visitor_email,
    started_at, operator, message_count, question; of `messages`: id (of the chat), position, sent_at, kind, name, text;
    of `rejected`: as in `history.rejected_rows`, the first ones.
    """

    report: Report
    chats: "pd.DataFrame"
    messages: "pd.DataFrame"
    rejected: "pd.DataFrame"

    def messages_of(self, chat: UUID) -> "pd.DataFrame":
        """The first messages of one of the chats, in order."""
        return self.messages[self.messages["id"] == chat]


def preview(prepared: Prepared) -> Preview:
    """What storing these files would bring; nothing is written."""
    with prepared.tried() as (report, cursor):
        chats = cursor.execute(CHATS).df()
        ids = list(chats["id"])
        messages = cursor.execute(MESSAGES, {"ids": [str(chat) for chat in ids]}).df()
        return Preview(report, chats, messages, cursor.execute(REJECTED).df())
