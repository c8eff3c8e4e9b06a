"""The project's own sample: believable, made-up chats in the import format."""

from .edge_cases import LONG_CHAT_ID, LONG_CHAT_MESSAGES
from .generating import RECENT, generate
from .shifting import ANCHOR, shifted

SAMPLE_DAYS = 53 * 7

__all__ = ["ANCHOR", "LONG_CHAT_ID", "LONG_CHAT_MESSAGES", "RECENT", "SAMPLE_DAYS", "generate", "shifted"]
