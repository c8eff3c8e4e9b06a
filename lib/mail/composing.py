"""Makes the finished mail out of a draft, and shows how it will look."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final
from uuid import UUID, uuid5

from lib.mail.addresses import MailAddress
from lib.mail.draft import Draft
from lib.mail.headers import LONGEST_NAME, LONGEST_SUBJECT, address_line, guard, header_block, header_text, subject_line
from lib.mail.letter import letter_html, letter_text
from lib.mail.transcript import Transcript

_MAILS: Final = UUID("5d0b0f0e-3f0a-4d0e-9a57-0c8f2b1f6a11")
# Of a mail that has no sender yet; the name can never exist (RFC 2606).
_NO_DOMAIN: Final = "chat-history.invalid"
# Every server takes ASCII bodies, so text is encoded rather than sent as eight-bit bytes.
_POLICY: Final = policy.SMTP.clone(cte_type="7bit")
_BODY_HEADERS: Final = ("MIME-Version", "Content-Type")


@dataclass(frozen=True)
class Preview:
    """A mail as the visitor will see it; `sender` is empty where none is set."""

    sender: str
    recipient: str
    copies: tuple[str, ...]
    subject: str
    text: str


def mail_id(chat_id: UUID, number: int) -> UUID:
    """Id of the `number`-th mail of a chat, the same in every tab and process."""
    return uuid5(_MAILS, f"{chat_id}/{number}")


def message_id(draft: Draft, sender: MailAddress | None) -> str:
    """The Message-ID of a draft's mail, with the angle brackets."""
    return f"<{mail_id(draft.chat_id, draft.number)}@{sender.domain if sender else _NO_DOMAIN}>"


def compose(draft: Draft, transcript: Transcript | None, sender: MailAddress | None, written_at: datetime) -> bytes:
    """The finished mail, written at a naive UTC time (a draft where it has no sender); raises ForgedHeader."""
    lines = [("From", address_line(sender))] if sender else []
    lines.append(("To", address_line(MailAddress(draft.recipient, draft.name))))
    if draft.copies:
        lines.append(("Cc", ",\r\n ".join(draft.copies)))
    lines += [
        ("Subject", subject_line(draft.subject)),
        ("Date", format_datetime(written_at.replace(tzinfo=UTC))),
        ("Message-ID", message_id(draft, sender)),
        ("Content-Language", draft.language),
    ]
    if not sender:
        # Mail programs open a saved mail with this header for editing.
        lines.append(("X-Unsent", "1"))
    body = EmailMessage(policy=_POLICY)
    body.set_content(letter_text(draft, transcript))
    body.add_alternative(letter_html(draft, transcript), subtype="html")
    message = header_block(lines) + body.as_bytes()
    addressed = {"To": [draft.recipient], "Cc": list(draft.copies), "From": [sender.address] if sender else []}
    guard(message, [*(name for name, _value in lines), *_BODY_HEADERS], addressed)
    return message


def preview(draft: Draft, transcript: Transcript | None, sender: MailAddress | None) -> Preview:
    """The mail as the visitor will see it, before it is made."""
    return Preview(
        sender=_shown(sender) if sender else "",
        recipient=_shown(MailAddress(draft.recipient, draft.name)),
        copies=draft.copies,
        subject=header_text(draft.subject, LONGEST_SUBJECT),
        text=letter_text(draft, transcript),
    )


def _shown(address: MailAddress) -> str:
    name = header_text(address.name, LONGEST_NAME)
    return f"{name} <{address.address}>" if name else address.address
