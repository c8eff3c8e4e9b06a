"""Hands one finished mail to an SMTP server, and says what became of it."""

import re
import smtplib
import socket
import ssl
import time
from base64 import b64encode
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Final, Literal

from lib.mail.addresses import MailAddress, check_address
from lib.settings import Smtp
from lib.text import one_line

Code = Literal[
    "bad_certificate",
    "bad_sender",
    "certificates_unreadable",
    "lost_connection",
    "lost_connection_after_data",
    "needs_smtputf8",
    "no_sign_in",
    "no_starttls",
    "recipient_refused",
    "refused_connection",
    "rejected",
    "sender_refused",
    "sign_in_failed",
    "timeout",
    "tls_failed",
    "turned_away",
    "unknown_host",
]

# Of one answer.
TIMEOUT_S: Final = 30.0
# Of all that comes before the mail itself, so that no mail leaves long after it was claimed.
BEFORE_DATA_S: Final = 30.0
GOODBYE_S: Final = 2.0
LONGEST_REPLY: Final = 300

# Answers to a recipient that are about the account (RFC 4954).
_SIGN_IN_FIRST: Final = frozenset([530, 534, 535, 538])
# What an answer is about, where it says so (RFC 3463): the size of the mail, or the server, which has no room.
_SUBJECT: Final = re.compile(r"[45]\d\d [45]\.(\d{1,3}\.[1-9]\d{0,2})\b")
_SIZE: Final = frozenset(["2.3", "3.4"])
_NO_ROOM: Final = "3.1"
# Else a 552 to the sender is about the size that was told (RFC 1870), or about the account's own mailbox.
_TOO_BIG: Final = re.compile(r"523|552(?!.*(quota|full))", re.IGNORECASE | re.DOTALL)
# What may pass by itself; all else needs another address, another text or other settings.
PASSING: Final[frozenset[Code]] = frozenset(
    ["lost_connection", "refused_connection", "timeout", "tls_failed", "unknown_host"]
)


@dataclass(frozen=True)
class Delivered:
    """The server took the mail; `refused` names the copies that it did not take (`address: its words`)."""

    refused: tuple[str, ...] = ()


@dataclass(frozen=True)
class Undelivered:
    """The server did not take the mail, or, where `is_unknown`, may have taken it; `reply` is its cleaned answer.

    Where `is_temporary`, the same mail may well be taken later; where it `concerns_account`, the account or the server,
    every other mail would meet the same.
    """

    code: Code
    reply: str
    is_unknown: bool = False
    is_temporary: bool = False
    concerns_account: bool = False


class _Refusal(Exception):  # noqa: N818 - an answer, not an error
    def __init__(self, code: Code, reply: str = "", is_temporary: bool = False) -> None:
        super().__init__(code)
        self.code: Code = code
        self.reply = reply
        self.is_temporary = is_temporary


@dataclass
class _Attempt:
    """One try; `data_began` turns true when the server may have the mail.

    `concerns_account` says whether what goes wrong now would go wrong with every other mail.
    """

    smtp: Smtp
    deadline: float = field(default_factory=lambda: time.monotonic() + BEFORE_DATA_S)
    data_began: bool = False
    concerns_account: bool = True

    def left_s(self) -> float:
        """Seconds until the deadline; raises TimeoutError after it."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the server is too slow")
        return min(left, TIMEOUT_S)


def deliver(message: bytes, recipient: str, copies: Sequence[str], smtp: Smtp) -> Delivered | Undelivered:
    """What became of the mail after one attempt; takes two minutes at most and raises nothing."""
    attempt = _Attempt(smtp)
    try:
        timeout = attempt.left_s()
        server: smtplib.SMTP
        if smtp.security == "tls":
            server = smtplib.SMTP_SSL(smtp.host, smtp.port, _own_name(), timeout=timeout, context=_context(smtp))
        else:
            server = smtplib.SMTP(smtp.host, smtp.port, _own_name(), timeout=timeout)
        try:
            return _handed_over(server, attempt, message, [recipient, *copies])
        finally:
            # What became of the mail is known by now; a server that is slow to say goodbye must not change it.
            with suppress(OSError, ValueError):
                if server.sock:
                    server.sock.settimeout(GOODBYE_S)
                    server.quit()
            server.close()
    except _Refusal as refusal:
        reply, is_account = _clean(refusal.reply, smtp), attempt.concerns_account
        return Undelivered(refusal.code, reply, is_temporary=refusal.is_temporary, concerns_account=is_account)
    except (OSError, ValueError) as error:  # smtplib.SMTPException is an OSError
        return _undelivered(error, attempt)


def _handed_over(
    server: smtplib.SMTP, attempt: _Attempt, message: bytes, recipients: Sequence[str]
) -> Delivered | Undelivered:
    sender = check_address(attempt.smtp.sender)
    if not isinstance(sender, MailAddress):
        raise _Refusal("bad_sender", attempt.smtp.sender)
    _secure(server, attempt)
    _sign_in(server, attempt)
    _offer_sender(server, attempt, sender.address, [sender.address, *recipients], len(message))
    refused = _offer_recipients(server, attempt, recipients)
    _limit(server, attempt)
    _hand_over(server, attempt, message)
    return Delivered(tuple(_clean(words, attempt.smtp) for words in refused))


def _secure(server: smtplib.SMTP, attempt: _Attempt) -> None:
    _limit(server, attempt)
    server.ehlo_or_helo_if_needed()
    if attempt.smtp.security != "starttls":
        return
    if not server.has_extn("starttls"):
        raise _Refusal("no_starttls")
    _limit(server, attempt)
    # smtplib checks no certificate unless it is given a context that does.
    server.starttls(context=_context(attempt.smtp))
    _limit(server, attempt)
    server.ehlo_or_helo_if_needed()


def _sign_in(server: smtplib.SMTP, attempt: _Attempt) -> None:
    smtp = attempt.smtp
    if smtp.user is None:
        return
    if not server.has_extn("auth"):
        raise _Refusal("no_sign_in")
    _limit(server, attempt)
    try:
        server.login(smtp.user, smtp.password or "")
    except UnicodeError as error:
        raise _Refusal("sign_in_failed") from error


def _offer_sender(server: smtplib.SMTP, attempt: _Attempt, sender: str, everybody: Sequence[str], size: int) -> None:
    options = [f"size={size}"] if server.has_extn("size") else []
    if not all(address.isascii() for address in everybody):
        if not server.has_extn("smtputf8"):
            attempt.concerns_account = False
            raise _Refusal("needs_smtputf8")
        options += ["SMTPUTF8", "BODY=8BITMIME"]
    _limit(server, attempt)
    code, reply = server.mail(sender, options)
    if code // 100 != 2:
        answer = _reply(code, reply)
        subject = _SUBJECT.match(answer)
        # Whether it is about the size of the mail, which the server was told or not.
        is_too_big = subject[1] in _SIZE if subject else server.has_extn("size") and _TOO_BIG.match(answer)
        attempt.concerns_account = not is_too_big
        is_sender = attempt.concerns_account and not _has_no_room(answer)
        raise _Refusal("sender_refused" if is_sender else "rejected", answer, _is_passing(code))


def _offer_recipients(server: smtplib.SMTP, attempt: _Attempt, recipients: Sequence[str]) -> list[str]:
    """Words about each refused copy; without the recipient itself there is no mail at all."""
    refused = []
    attempt.concerns_account = False
    for position, address in enumerate(recipients):
        _limit(server, attempt)
        code, reply = server.rcpt(address)
        if code in _SIGN_IN_FIRST:
            attempt.concerns_account = True
            raise _Refusal("sign_in_failed", _reply(code, reply))
        if _has_no_room(_reply(code, reply)):
            attempt.concerns_account = True
            raise _Refusal("rejected", _reply(code, reply), _is_passing(code))
        if code // 100 != 2:
            refused.append(f"{address}: {_reply(code, reply)}")
        if refused and position == 0:
            raise _Refusal("recipient_refused", refused[0], _is_passing(code))
    return refused


def _hand_over(server: smtplib.SMTP, attempt: _Attempt, message: bytes) -> None:
    if server.sock:
        server.sock.settimeout(TIMEOUT_S)
    attempt.data_began = True
    try:
        code, words = server.data(message)
        answer = _reply(code, words)
    except smtplib.SMTPDataError as error:
        # The refusal of the command itself counts as that of the mail.
        code, answer = error.smtp_code, _words(error)
    if 400 <= code < 600:
        attempt.concerns_account = _has_no_room(answer)
        raise _Refusal("rejected", answer, _is_passing(code))
    # An answer that is none leaves open what became of the mail.
    if code // 100 != 2:
        raise smtplib.SMTPServerDisconnected(answer)


def _limit(server: smtplib.SMTP, attempt: _Attempt) -> None:
    left = attempt.left_s()
    if server.sock:
        server.sock.settimeout(left)


def _context(smtp: Smtp) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=smtp.certificates)
    except OSError as error:
        raise _Refusal("certificates_unreadable", str(error)) from error


def _undelivered(error: OSError | ValueError, attempt: _Attempt) -> Undelivered:
    reply = _clean(_words(error), attempt.smtp)
    # What the server refused it refused in words; all else is the absence of an answer.
    if attempt.data_began:
        return Undelivered("lost_connection_after_data", reply, is_unknown=True)
    cause: BaseException = error
    if isinstance(error, smtplib.SMTPServerDisconnected) and isinstance(error.__context__, OSError):
        # smtplib hides a timeout behind "connection unexpectedly closed".
        cause = error.__context__
    kinds: list[tuple[type[BaseException], Code]] = [
        (ssl.SSLCertVerificationError, "bad_certificate"),
        (ssl.SSLError, "tls_failed"),
        (TimeoutError, "timeout"),
        (ConnectionRefusedError, "refused_connection"),
        (socket.gaierror, "unknown_host"),
        (smtplib.SMTPAuthenticationError, "sign_in_failed"),
        (smtplib.SMTPServerDisconnected, "lost_connection"),
        (smtplib.SMTPConnectError, "turned_away"),
        (smtplib.SMTPHeloError, "turned_away"),
        (smtplib.SMTPException, "rejected"),
        (OSError, "lost_connection"),
    ]
    code: Code = next((code for kind, code in kinds if isinstance(cause, kind)), "rejected")
    passing = _is_passing(error.smtp_code) if isinstance(error, smtplib.SMTPResponseException) else code in PASSING
    return Undelivered(code, reply, is_temporary=passing, concerns_account=attempt.concerns_account)


def _has_no_room(answer: str) -> bool:
    """Whether the server has no room for any mail."""
    subject = _SUBJECT.match(answer)
    return subject is not None and subject[1] == _NO_ROOM


def _is_passing(code: int) -> bool:
    """Whether an answer that is no consent may become one; what is no answer at all (-1) may."""
    return code // 100 != 5


def _words(error: OSError | ValueError) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _reply(error.smtp_code, error.smtp_error)
    return str(error)


def _reply(code: int, text: bytes | str) -> str:
    return f"{code} {text.decode('utf-8', 'replace') if isinstance(text, bytes) else text}"


def _clean(text: str, smtp: Smtp) -> str:
    """`text` in one line, cut, and without the account's secrets, which some servers repeat."""
    if smtp.password:
        forms = [smtp.password, f"\0{smtp.user}\0{smtp.password}"]
        for secret in [*(b64encode(form.encode()).decode() for form in forms), smtp.password]:
            text = text.replace(secret, "***")
    return one_line(text)[:LONGEST_REPLY]


@cache
def _own_name() -> str:
    """Name to greet with; asked for once, since the answer can take seconds where there is no name service."""
    name = socket.getfqdn()
    return name if "." in name and name.isascii() else "[127.0.0.1]"
