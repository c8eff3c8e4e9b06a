"""The fields of a chat and of a message, as the contract (docs/import-format.md) names them."""

CHAT_FIELDS = frozenset(
    [
        "id",
        "system",
        "account",
        "started_at",
        "ended_at",
        "updated_at",
        "status",
        "missed_reason",
        "judged",
        "answered",
        "deleted",
        "message_total",
        "supervisors",
        "channel",
        "website",
        "department",
        "operator",
        "operators",
        "visitor",
        "page_url",
        "page_title",
        "language",
        "question",
        "wait_s",
        "rating",
        "comment",
        "tags",
        "messages",
        "notes",
    ]
)
VISITOR_FIELDS = frozenset(["id", "name", "email", "phone", "country", "ip"])
MESSAGE_FIELDS = frozenset(
    ["id", "at", "offset_s", "sender_type", "sender_name", "text", "attachment", "automatic", "tells"]
)
ROW_FIELDS = MESSAGE_FIELDS | {"chat_id", "system", "account"}
ATTACHMENT_FIELDS = frozenset(["name", "type", "size", "url"])
# What a message may tell of its chat.
TOLD_FIELDS = frozenset(["event", "rating", "comment", "page_url", "page_title", "website"])
EVENTS = frozenset(["closed", "reopened", "campaign", "deleted"])
NOTE_FIELDS = frozenset(["at", "author", "text"])

SENDERS = frozenset(("visitor", "operator", "bot", "system", "note"))

# Columns of CSV files that stand for a field inside an object.
NESTED_COLUMNS = {f"visitor_{field}": ("visitor", field) for field in VISITOR_FIELDS} | {
    f"attachment_{field}": ("attachment", field) for field in ATTACHMENT_FIELDS
}
CHAT_COLUMNS = (CHAT_FIELDS - {"visitor", "messages", "notes"}) | {
    column for column, (parent, _) in NESTED_COLUMNS.items() if parent == "visitor"
}
ROW_COLUMNS = (ROW_FIELDS - {"attachment"}) | {
    column for column, (parent, _) in NESTED_COLUMNS.items() if parent == "attachment"
}

# Words of other systems for our statuses; for every other word the status is derived.
STATUS_OF_WORD = {
    **dict.fromkeys(("ongoing", "open", "active", "running", "connected", "waiting"), "ongoing"),
    **dict.fromkeys(("missed", "unanswered"), "missed"),
    **dict.fromkeys(("completed", "complete", "closed", "ended", "resolved", "finished"), "completed"),
    "reopened": "reopened",
}
