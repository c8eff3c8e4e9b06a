"""What becomes of old chats: rules, what they did, and what must not go."""

from lib.screen.frame.page import RETENTION, begin
from lib.screen.retention.history import history_part
from lib.screen.retention.holds import holds_part
from lib.screen.retention.rules import rules_part

with begin(RETENTION):
    rules_part()
    history_part()
    holds_part()
