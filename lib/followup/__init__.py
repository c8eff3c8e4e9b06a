"""The reply by e-mail to a visitor: drafting, composing and the outbox that sends it."""

from lib.followup.addresses import AddressProblem, Copies, MailAddress, check_address, check_copies
from lib.followup.composing import Preview, compose, mail_id, message_id, preview
from lib.followup.drafting import ChatFacts, Draft, draft_for, facts_of, readdressed
from lib.followup.explaining import address_sentence, mail_sentence
from lib.followup.headers import ForgedHeader
from lib.followup.mails import Mail, Problem, State, eml, mail, mails_of
from lib.followup.outbox import (
    AlreadyQueued,
    NotQueued,
    Queued,
    cancel,
    queue,
    resolve_unknown,
    retry,
    send,
    settle_abandoned,
)
from lib.followup.transcribing import Entry, Message, Transcript, transcript_of, transcript_text

__all__ = [
    "AddressProblem",
    "AlreadyQueued",
    "ChatFacts",
    "Copies",
    "Draft",
    "Entry",
    "ForgedHeader",
    "Mail",
    "MailAddress",
    "Message",
    "NotQueued",
    "Preview",
    "Problem",
    "Queued",
    "State",
    "Transcript",
    "address_sentence",
    "cancel",
    "check_address",
    "check_copies",
    "compose",
    "draft_for",
    "eml",
    "facts_of",
    "mail",
    "mail_id",
    "mail_sentence",
    "mails_of",
    "message_id",
    "preview",
    "queue",
    "readdressed",
    "resolve_unknown",
    "retry",
    "send",
    "settle_abandoned",
    "transcript_of",
    "transcript_text",
]
