"""What a server says of single addresses, and which of its words mean that there is no such mailbox."""

import re
from dataclasses import dataclass
from typing import Final

_ANSWER: Final = re.compile(r"(?P<code>[2-5]\d\d)[ -]?(?P<enhanced>[245]\.\d{1,3}\.\d{1,3})?", re.ASCII)
_BOUNCES: Final = frozenset(["550", "551", "553"])
# Of the recipient's mailbox (RFC 3463 and 7505): unknown, moved, ambiguous, malformed, or disabled.
_ENHANCED_BOUNCES: Final = frozenset(["5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.1.6", "5.1.10", "5.2.1"])
# A server without enhanced codes uses 550 for these too, and they say nothing about the mailbox.
_NOT_THE_MAILBOX: Final = re.compile(r"relay|spam|polic|blocked|black ?list|authenti|reputation|quota|full", re.I)


@dataclass(frozen=True)
class Refusal:
    """An address that was refused, with the server's words."""

    address: str
    reply: str

    @property
    def is_bounce(self) -> bool:
        """Whether the words mean that no mail will ever reach this address."""
        answer = _ANSWER.match(self.reply)
        if answer is None:
            return False
        if answer["enhanced"]:
            return answer["enhanced"] in _ENHANCED_BOUNCES
        return answer["code"] in _BOUNCES and not _NOT_THE_MAILBOX.search(self.reply)


def refusal(line: str) -> Refusal:
    """The refusal that a line (`address: words`) tells of."""
    address, _colon, reply = line.partition(": ")
    return Refusal(address, reply)
