"""Masking, as SQL: what names, addresses and numbers look like, and what stands in their place.

Patterns find what is written as it usually is, and what the chat says of its own visitor; they cannot know a name that
nobody entered, an address spelled out in words, or a picture. They rather take too much: a date with a time, or an
order number of seven digits, looks like a phone number.
"""

from collections.abc import Set
from typing import Final

from lib.chats.own_files import PLACEHOLDERS, Mask
from lib.export.choice import MASKS
from lib.export.columns import Field
from lib.store import literal
from lib.store.spellings import EMAIL_SQL, IP_SQL, PHONE_SQL, may_have_name_sql, plain_spellings_sql

PATTERNS: Final[dict[Mask, str]] = {"emails": EMAIL_SQL, "ips": IP_SQL, "phones": PHONE_SQL}
# Shorter ones would be found in every other word; of a longer one its beginning is enough.
SHORTEST_NAME, LONGEST_NAME, MOST_NAMES = 2, 200, 40
# Of an address or number that the chat names; what is shorter would be found everywhere.
SHORTEST_KNOWN: Final = 4
# How a field is masked as a text, and what is left as it is in it: an id of digits is hardly ever a phone number.
_TEXTS: Final[dict[str, frozenset[Mask]]] = {"text": frozenset(), "id": frozenset(["phones", "names"])}
_KNOWN: Final[dict[Mask, str]] = {"emails": "visitor_email", "ips": "visitor_ip", "phones": "visitor_phone"}
_BETWEEN_NAMES: Final = r"[\s\p{Z}\p{P}\p{S}]+"


def masked(field: Field, masks: Set[Mask]) -> str:
    """SQL of a field's value; the visitor's columns and names are those of the row `c`."""
    if not masks or not field.masked:
        return field.sql
    if field.masked in _TEXTS:
        return masked_text(field.sql, masks - _TEXTS[field.masked])
    if field.masked == "dropped":
        return "NULL::VARCHAR"
    # The field is nothing but a name, an address or a number.
    sign = next((PLACEHOLDERS[mask] for mask in MASKS if mask == field.masked and mask in masks), None)
    if sign is None:
        return field.sql
    whole = f"CASE WHEN {field.sql} IS NOT NULL THEN '{sign}' END"
    if field.path == "sender_name":
        return f"CASE WHEN m.kind = 'visitor' THEN {whole} ELSE {masked_text(field.sql, masks)} END"
    return whole


def masked_text(sql: str, masks: Set[Mask]) -> str:
    """SQL of a text without what is masked; what the chat itself says of its visitor is found in any form."""
    for mask, column in _KNOWN.items():
        if mask in masks:
            sign = f"'{PLACEHOLDERS[mask]}'"
            known = f"coalesce(CASE WHEN length(c.{column}) >= {SHORTEST_KNOWN} THEN c.{column} END, '')"
            sql = f"replace({sql}, {known}, {sign})"
            sql = f"regexp_replace({sql}, {literal(PATTERNS[mask])}, {sign}, 'gi')"
    if "names" in masks:
        pattern = "c.name_pattern"
        found = f"regexp_replace({sql}, {pattern}, '{PLACEHOLDERS['names']}', 'g')"
        # To look for the names costs a tenth of making a pattern of them, and few texts hold any.
        is_there = may_have_name_sql(sql, "c.plain_names")
        sql = f"CASE WHEN {is_there} THEN {found} ELSE {sql} END"
    return sql


# Of a relation `picked` of chats and the messages between two ordinals: a pattern for the names of each chat's visitor.
NAME_PATTERNS: Final = rf"""
known_names AS (
    SELECT id, visitor_name AS name FROM picked WHERE visitor_name IS NOT NULL
    UNION
    SELECT m.chat_id, m.name FROM messages AS m JOIN part AS p ON p.ordinal = m.ordinal AND p.id = m.chat_id
    WHERE m.ordinal BETWEEN $first AND $last AND m.kind = 'visitor' AND m.name IS NOT NULL
),
name_parts AS (
    SELECT DISTINCT id, left(trim(name), {LONGEST_NAME}) AS name
    FROM (
        SELECT id, name FROM known_names
        UNION ALL
        SELECT id, unnest(regexp_split_to_array(name, '{_BETWEEN_NAMES}')) FROM known_names
    )
    WHERE length(trim(name)) >= {SHORTEST_NAME}
    QUALIFY row_number() OVER (PARTITION BY id ORDER BY length(name) DESC, name) <= {MOST_NAMES}
),
name_patterns AS (
    SELECT
        id, list_distinct(flatten(list({plain_spellings_sql("name")}))) AS plain_names,
        '(?i)(?:' || string_agg(name_spellings(name), '|' ORDER BY length(name) DESC, name) || ')' AS name_pattern
    FROM name_parts GROUP BY id
)
"""
