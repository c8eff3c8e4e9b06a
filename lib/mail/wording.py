"""Sentences for what can be wrong with an address or a mail."""

from typing import Final

from lib.language import _, mark
from lib.mail.addresses import AddressCode, AddressProblem
from lib.mail.mails import Problem

_ADDRESSES: Final[dict[AddressCode, str]] = {
    "empty": mark("Enter an e-mail address."),
    "not_an_address": mark("{value} is not an e-mail address."),
    "too_long": mark("{value} is too long for an e-mail address."),
    "too_many": mark("These are {value} copies; at most 20 can be sent."),
}

_MAILS: Final[dict[str, str]] = {
    "abandoned": mark("The program stopped while it was sending. The mail may have been sent."),
    "bad_certificate": mark("The mail server's certificate could not be verified, so nothing was sent."),
    "bad_sender": mark("The sender's address in the settings is not an e-mail address."),
    "certificates_unreadable": mark("The file of trusted certificates in the settings cannot be read."),
    "chat_deleted": mark("The chat was deleted, so nothing was sent."),
    "copies_refused": mark("The mail was sent, but the server refused some of the copies."),
    "do_not_contact": mark("An address is on the do-not-contact list (see Outbox), so nothing was sent."),
    "lost_connection": mark("The connection to the mail server broke before the mail was handed over."),
    "lost_connection_after_data": mark("The connection broke while the mail was handed over. It may have been sent."),
    "needs_smtputf8": mark("The mail server cannot send to an address with characters outside ASCII before the @."),
    "no_sign_in": mark("The mail server offers no sign-in, but the settings name a user."),
    "no_starttls": mark("The mail server offers no encryption (STARTTLS), so nothing was sent."),
    "not_needed": mark("The chat was marked as not needed after the e-mail was written, so nothing was sent."),
    "recipient_refused": mark("The mail server refused the recipient's address."),
    "refused_connection": mark("The mail server does not answer at the host and port in the settings."),
    "rejected": mark("The mail server refused the mail."),
    "sender_refused": mark("The mail server refused the sender's address."),
    "sign_in_failed": mark("The mail server refused the user or the password in the settings."),
    "timeout": mark("The mail server took too long to answer."),
    "tls_failed": mark("No encrypted connection to the mail server could be made."),
    "turned_away": mark("The mail server does not let this program connect."),
    "unknown_host": mark("The mail server in the settings cannot be found."),
}


def address_sentence(problem: AddressProblem) -> str:
    """What is wrong with an address, in the current language; holds what was typed, so it is no Markdown."""
    return _(_ADDRESSES[problem.code], value=problem.value)


def mail_sentence(problem: Problem) -> str:
    """Why a mail is not, or not wholly, sent, in the current language and without the server's words."""
    return _(_MAILS.get(problem.code, _MAILS["rejected"]))
