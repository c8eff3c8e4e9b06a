"""Phone numbers in the form by which one person's are the same in all spellings: E.164, such as +819012345678."""

import re
from functools import lru_cache
from unicodedata import normalize

import phonenumbers
import pyarrow as pa
from babel.core import get_global

from lib.store.statements import Cursor

# Shorter ones are services that each country has, such as 117, or a part of a number.
LEAST_DIGITS = 7
REMEMBERED = 100_000
SIGNS = frozenset(" ()-./+")
ABROAD = re.compile("^00(?=[1-9])")
_FORMS = pa.schema([("phone", pa.string()), ("country", pa.string()), ("form", pa.string())])


@lru_cache(maxsize=REMEMBERED)
def phone_form(phone: str, country: str | None, zone: str | None) -> str | None:
    """The number in E.164; only its digits where no country is known in which it could be one; None for other words.

    `country` is the visitor's, two letters; after it the country of the time zone is tried.
    """
    written = normalize("NFKC", phone).strip()
    # Many write 00 for + wherever they are.
    known = dict.fromkeys(((country or "").strip().upper(), _country_of(zone or "")))
    regions = [region for region in known if region in phonenumbers.SUPPORTED_REGIONS]
    spelled = [(written, region) for region in regions] + [(ABROAD.sub("+", written), None)]
    for words, region in spelled:
        try:
            number = phonenumbers.parse(words, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            form = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            # Behind one number of a company there are many people.
            return f"{form};{number.extension}" if number.extension else form
    digits = "".join(sign for sign in written if sign.isdecimal())
    others = set(written) - set(digits) - SIGNS
    return digits if len(digits) >= LEAST_DIGITS and not others else None


def write_phone_forms(
    cursor: Cursor, table: str, zone: str | None, condition: str = "TRUE", known: str | None = None
) -> None:
    """Writes `visitor_phone_e164` of those chats of a table that meet a condition, where it is another one by now.

    `known` is a table of forms that were made already: phone, country, form.
    """
    found = cursor.execute(
        f"""SELECT DISTINCT visitor_phone, visitor_country FROM {table} WHERE visitor_phone IS NOT NULL AND {condition}
            {f"EXCEPT SELECT phone, country FROM {known}" if known else ""}"""
    ).fetchall()
    forms = [(*place, phone_form(*place, zone)) for place in found]
    columns = [pa.array([row[place] for row in forms], field.type) for place, field in enumerate(_FORMS)]
    cursor.register("phone_forms", pa.table(columns, _FORMS))
    cursor.execute(
        f"""UPDATE {table} SET visitor_phone_e164 = n.form
            FROM (FROM phone_forms {f"UNION SELECT phone, country, form FROM {known}" if known else ""}) AS n
            WHERE {condition} AND visitor_phone = n.phone AND visitor_country IS NOT DISTINCT FROM n.country
                AND visitor_phone_e164 IS DISTINCT FROM n.form"""
    )
    cursor.unregister("phone_forms")


@lru_cache(maxsize=10)
def _country_of(zone: str) -> str:
    """The country in which the zone is, two letters; empty where none is."""
    name = get_global("zone_aliases").get(zone, zone)
    return str(get_global("zone_territories").get(name) or "")
