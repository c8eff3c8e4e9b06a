"""What stands for something that was erased, so that no import brings it back: a digest that tells nothing of it."""

# Digits alone, since a number is written in many ways; letters and spaces make no difference in an address.
EMAIL_FORM = "nullif(lower(trim({value})), '')"
PHONE_FORM = "nullif(regexp_replace({value}, '[^0-9]', '', 'g'), '')"
ACCOUNT_FORM = "coalesce({account}, '')"
VISITOR_FORM = "{system} || chr(31) || coalesce({account}, '') || chr(31) || {visitor_id}"
VENDOR_FORM = "{system} || chr(31) || {vendor_id}"


# Addresses that asked not to be written to, of people who were erased.
OPTED_OUT = "opted_out"


def digest(value: str) -> str:
    """SQL of the digest of a text (SQL), with the key of the store."""
    return f"sha256((SELECT value FROM tombstone_key) || chr(31) || {value})"


def is_erased(kind: str, value: str) -> str:
    """SQL of whether a text (SQL) of this kind was erased."""
    return f"{digest(value)} IN (SELECT digest FROM tombstones WHERE kind = '{kind}')"
