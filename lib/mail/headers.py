"""Header lines of a mail: what people wrote is made harmless, and the finished bytes are read again."""

import re
from base64 import b64encode
from collections.abc import Sequence
from email import message_from_string, policy
from email.errors import MessageError
from email.headerregistry import AddressHeader
from email.message import EmailMessage
from typing import Final

from lib.mail.addresses import MailAddress
from lib.text import is_unsafe, one_line, shortened

LONGEST_SUBJECT: Final = 200
LONGEST_NAME: Final = 100

_PLAIN_SUBJECT: Final = re.compile(r"[!-~](?:[ -~]{0,58}[!-~])?")
_PLAIN_NAME: Final = re.compile(r"(?=.{1,60}\Z)[A-Za-z0-9]+(?: [A-Za-z0-9]+)*")
# 39 bytes make an encoded word of 64 characters, which leaves room for the header's name on a line of 76.
_WORD_BYTES: Final = 39


class ForgedHeader(Exception):  # noqa: N818 - the name says what happened
    """The finished mail has other headers or recipients than it was meant to have; `what` says which differ."""

    def __init__(self, what: str) -> None:
        super().__init__(f"the mail's headers are not as intended: {what}")
        self.what = what


def header_text(text: str | None, longest: int) -> str:
    """`text` fit for a header: one line of at most `longest` characters without `=?`, or empty."""
    return shortened(one_line(text).replace("=?", "= ?"), longest)


def subject_line(subject: str) -> str:
    """The value of a Subject header, in ASCII, folded."""
    clean = header_text(subject, LONGEST_SUBJECT)
    return clean if not clean or _PLAIN_SUBJECT.fullmatch(clean) else _encoded(clean)


def address_line(address: MailAddress) -> str:
    """The value of a From or To header: the address, after its name where it has one."""
    name = header_text(address.name, LONGEST_NAME)
    if not name:
        return address.address
    # Quoted strings are avoided: this Python's parser fails on some, see tests/mail/test_headers.py.
    return f"{name if _PLAIN_NAME.fullmatch(name) else _encoded(name)}\r\n <{address.address}>"


def header_block(lines: Sequence[tuple[str, str]]) -> bytes:
    """The header lines as bytes; addresses that need it stay in UTF-8."""
    return "".join(f"{name}: {value}\r\n" for name, value in lines).encode()


def guard(message: bytes, names: Sequence[str], addressed: dict[str, list[str]]) -> None:
    """Nothing if the mail has exactly these headers and, in From, To and Cc, these addresses; raises ForgedHeader."""
    block = message.partition(b"\r\n\r\n")[0]
    # Names are read without the library first; a stray line break or NUL is none that anybody expects.
    lines = block.split(b"\r\n")
    if any(byte in line for line in lines for byte in (b"\r", b"\n", b"\0")):
        raise ForgedHeader("\\n")
    begun = [line.partition(b":")[0] for line in lines if not line.startswith((b" ", b"\t"))]
    found = sorted(name.decode("ascii", "replace") for name in begun)
    if found != sorted(names):
        raise ForgedHeader(", ".join(found))
    # As text, since the library does not read addresses in UTF-8 out of bytes.
    parsed = message_from_string(block.decode() + "\r\n\r\n", policy=policy.default)
    if not isinstance(parsed, EmailMessage) or sorted(parsed.keys()) != sorted(names):
        raise ForgedHeader("read in different ways")
    for name in names:
        try:
            value = parsed[name]
            stated = [each.addr_spec for each in value.addresses] if isinstance(value, AddressHeader) else None
        except (MessageError, IndexError, ValueError) as error:
            raise ForgedHeader(name) from error
        if name in addressed and stated != addressed[name]:
            raise ForgedHeader(name)
        if any(is_unsafe(character) for character in str(value)):
            raise ForgedHeader(name)


def _encoded(text: str) -> str:
    """`text` as encoded words in base64, one a line, none of which splits a character."""
    words = [b""]
    for character in text:
        encoded = character.encode()
        if len(words[-1]) + len(encoded) > _WORD_BYTES:
            words.append(b"")
        words[-1] += encoded
    return "\r\n ".join(f"=?utf-8?b?{b64encode(word).decode()}?=" for word in words)
