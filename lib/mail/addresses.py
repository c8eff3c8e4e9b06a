"""Checks the e-mail addresses that people type, without asking the network."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from email_validator import EmailNotValidError, validate_email

from lib.store.spellings import FULL_WIDTH

AddressCode = Literal["empty", "not_an_address", "too_long", "too_many"]

MOST_COPIES: Final = 20
# Limits of SMTP (RFC 5321), in bytes.
LONGEST_LOCAL_PART: Final = 64
LONGEST_ADDRESS: Final = 254

# A name that is no ASCII need not be quoted by those who type it, or copy it from their mail program.
_BARE_NAME: Final = re.compile(r'([^"(),.:;<>@\[\\\]]+?)\s*(<[^<>]*>)')
_ONE_COPY: Final = re.compile(r'(?:"[^"\r\n]*"|[^,;、\r\n])+')


@dataclass(frozen=True)
class MailAddress:
    """An address in the form in which mail is sent to it (domain in ASCII), with the name that stood beside it."""

    address: str
    name: str = ""
    needs_smtputf8: bool = False

    @property
    def domain(self) -> str:
        """What stands after the @."""
        return self.address.rpartition("@")[2]


@dataclass(frozen=True)
class AddressProblem:
    """Why a text cannot be used as an address; `value` is that text."""

    code: AddressCode
    value: str


@dataclass(frozen=True)
class Copies:
    """What a Cc line holds: usable addresses, each once, and what is wrong with the rest."""

    addresses: tuple[MailAddress, ...]
    problems: tuple[AddressProblem, ...]


def check_address(text: str | None) -> MailAddress | AddressProblem:
    """The address in `text`, which may be `Name <address>`, or why there is none."""
    typed = (text or "").translate(FULL_WIDTH).strip()
    if not typed:
        return AddressProblem("empty", "")
    try:
        named = _BARE_NAME.fullmatch(typed)
        found = validate_email(
            f'"{named[1]}" {named[2]}' if named and not typed.isascii() else typed,
            check_deliverability=False,
            allow_display_name=True,
        )
    except EmailNotValidError:
        return AddressProblem("too_long" if _is_too_long(typed) else "not_an_address", typed)
    address = MailAddress(f"{found.local_part}@{found.ascii_domain}", found.display_name or "", found.smtputf8)
    if _is_too_long(address.address):
        return AddressProblem("too_long", address.address)
    # Allowed by the grammar, but some mail programs decode it as an encoded word, which can hold a line break.
    return AddressProblem("not_an_address", address.address) if "=?" in address.address else address


def check_copies(text: str | None, recipient: str = "") -> Copies:
    """The addresses of a Cc line (separated by commas, semicolons or line breaks), without that of `recipient`."""
    checked = [check_address(part) for part in _ONE_COPY.findall((text or "").translate(FULL_WIDTH))]
    problems = [found for found in checked if isinstance(found, AddressProblem) and found.code != "empty"]
    # The first of equal ones stays, where it stood.
    once: dict[str, MailAddress] = {}
    for found in checked:
        if isinstance(found, MailAddress) and found.address.casefold() != recipient.casefold():
            once.setdefault(found.address.casefold(), found)
    if len(once) > MOST_COPIES:
        problems.append(AddressProblem("too_many", str(len(once))))
    return Copies(tuple(once.values()), tuple(problems))


def _is_too_long(address: str) -> bool:
    local, _at, _domain = address.rpartition("@")
    return len(local.encode(errors="replace")) > LONGEST_LOCAL_PART or (
        len(address.encode(errors="replace")) > LONGEST_ADDRESS
    )
