"""Which chats are a person's, who is known by an e-mail address, a number in any spelling, or the id in a system."""

import re
from dataclasses import dataclass
from typing import Any, Final, Literal
from unicodedata import normalize
from uuid import UUID

import phonenumbers

from lib.store import Cursor, rows
from lib.store.phone_numbers import LEAST_DIGITS, phone_form
from lib.store.tombstones import ACCOUNT_FORM, EMAIL_FORM, PHONE_FORM
from lib.text import is_like_address

Kind = Literal["chats", "email", "phone", "visitor"]


@dataclass(frozen=True)
class Wanted:
    """Whom something is about: the chats with these ids, or a person by an address, a number in any spelling, or the id
    in an account (None: the first one) of a system."""

    kind: Kind
    chats: tuple[UUID, ...] = ()
    value: str = ""
    system: str = ""
    account: str | None = None

    @property
    def is_somebody(self) -> bool:
        """Whether it can be a person's at all: what is no address and no number would be found everywhere."""
        value = self.value.strip()
        return {
            "chats": bool(self.chats),
            "email": is_like_address(value),
            "phone": len(digits_of(value)) >= LEAST_DIGITS,
            "visitor": bool(value and self.system),
        }[self.kind]

    def is_same(self, other: "Wanted") -> bool:
        """Whether both are about the same, as far as their words tell."""
        if self.kind != other.kind:
            return False
        if self.kind == "phone":
            return is_same_number(self.value, other.value, None) or is_same_number(other.value, self.value, None)
        place = (self.system, self.account or "", self.chats) == (other.system, other.account or "", other.chats)
        own, others = self.value.strip(), other.value.strip()
        return place and (own.lower() == others.lower() if self.kind == "email" else own == others)


_CHOSEN: Final[dict[Kind, str]] = {
    "chats": "list_contains($chats::UUID[], id)",
    "email": f"{EMAIL_FORM.format(value='visitor_email')} = {EMAIL_FORM.format(value='$value')}",
    "phone": "(list_contains($phones, visitor_phone) OR list_contains($phones, visitor_phone_e164))",
    "visitor": f"system = $system AND {ACCOUNT_FORM.format(account='account')} = $account AND visitor_id = $value",
}
# Those that end like the number, of which the same in another spelling are found.
_LIKE_NUMBER: Final = f"""
    SELECT DISTINCT visitor_phone AS phone, visitor_phone_e164 AS form FROM chats
    WHERE visitor_phone IS NOT NULL AND (suffix({PHONE_FORM.format(value="visitor_phone")}, $ending)
        OR suffix({PHONE_FORM.format(value="visitor_phone_e164")}, $ending))
"""


def wanted_chats(cursor: Cursor, wanted: Wanted, among: str = "TRUE") -> tuple[str, dict[str, Any]]:
    """SQL of whether a chat is one that is wanted, and its values; asked of chats for which `among` (SQL) holds."""
    if not wanted.is_somebody:
        return "FALSE", {}
    return f"{_CHOSEN[wanted.kind]} AND {among}", _params(cursor, wanted, among)


def digits_of(text: str) -> str:
    """The digits of a number as people write it."""
    return re.sub("[^0-9]", "", normalize("NFKC", text))


def is_same_number(asked: str, phone: str, form: str | None) -> bool:
    """Whether a number that is stored, with its form in E.164, is the one that is asked for, in whatever spelling."""
    if digits_of(asked) in (digits_of(phone), digits_of(form or "")):
        return True
    try:
        region = phonenumbers.region_code_for_number(phonenumbers.parse(form or "", None))
    except phonenumbers.NumberParseException:
        return False
    return phone_form(asked, region, None) == form


def _params(cursor: Cursor, wanted: Wanted, among: str) -> dict[str, Any]:
    if wanted.kind == "chats":
        return {"chats": [str(each) for each in wanted.chats]}
    if wanted.kind == "phone":
        # The last digits are the same in all spellings.
        ending = digits_of(wanted.value)[-LEAST_DIGITS:]
        like = rows(cursor.execute(f"{_LIKE_NUMBER} AND {among}", {"ending": ending}))
        same = [row for row in like if is_same_number(wanted.value, row["phone"], row["form"])]
        return {"phones": [text for row in same for text in (row["phone"], row["form"]) if text]}
    if wanted.kind == "visitor":
        return {"value": wanted.value.strip(), "system": wanted.system, "account": wanted.account or ""}
    return {"value": wanted.value}
