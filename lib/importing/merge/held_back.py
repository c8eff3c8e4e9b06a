"""Takes out of what is staged what was erased for good, so that no import brings it back."""

from lib.store import Cursor, changed
from lib.store.tombstones import EMAIL_FORM, PHONE_FORM, VENDOR_FORM, VISITOR_FORM, digest, is_erased

_VENDOR = VENDOR_FORM.format(system="system", vendor_id="vendor_id")
_VISITOR = VISITOR_FORM.format(system="system", account="account", visitor_id="visitor_id")
# Where a record names no account, the id of its chat is not known yet.
_CHAT_IS_ERASED = (
    f"({is_erased('chat', '{id}::VARCHAR')} OR (s.account IS NULL AND s.vendor_id IS NOT NULL"
    f" AND {is_erased('vendor', _VENDOR)})"
    # So an export of ours calls a chat that is anonymised.
    f" OR {is_erased('chat', 'vendor_id')})"
)
# Of a person, what began before they were erased; whoever comes again later is a visitor as any other.
_OF_ERASED_PERSON = " OR ".join(
    f"""EXISTS (SELECT 1 FROM tombstones AS t WHERE t.kind = '{kind}' AND t.digest = {digest(value)}
        AND (s.started_at <= t.erased_at OR (s.started_at IS NULL AND s.id NOT IN (SELECT id FROM chats))))"""
    for kind, value in (
        ("email", EMAIL_FORM.format(value="s.visitor_email")),
        ("phone", PHONE_FORM.format(value="s.visitor_phone")),
        ("phone", PHONE_FORM.format(value="p.form")),
        ("visitor", VISITOR_FORM.format(system="s.system", account="s.account", visitor_id="s.visitor_id")),
    )
)
_HELD = f"""
CREATE OR REPLACE TEMP TABLE held AS
SELECT DISTINCT s.number, s.id FROM staged_chats AS s
LEFT JOIN staged_phones AS p ON p.phone = s.visitor_phone AND p.country IS NOT DISTINCT FROM s.visitor_country
WHERE {_CHAT_IS_ERASED.replace("{id}", "s.id")} OR {_OF_ERASED_PERSON}
"""
_FORGET = (
    "DELETE FROM staged_messages WHERE chat_number IN (SELECT number FROM held)",
    f"""DELETE FROM staged_rows AS s
        WHERE s.chat_id IN (SELECT id FROM held) OR {_CHAT_IS_ERASED.replace("{id}", "s.chat_id")}""",
    "DELETE FROM staged_chats WHERE number IN (SELECT number FROM held)",
    f"""DELETE FROM staged_visitors AS v
        WHERE ({is_erased("visitor_record", _VISITOR)} OR {is_erased("email", EMAIL_FORM.format(value="email"))}
            OR {is_erased("phone", PHONE_FORM.format(value="phone"))})
        AND NOT EXISTS (SELECT 1 FROM staged_chats AS s WHERE s.system = v.system AND s.visitor_id = v.visitor_id)""",
    # The row is counted, as all that is rejected; what it says is not kept once more.
    f"UPDATE staged_rejects SET value = NULL, record = '' WHERE {is_erased('record', 'record')}",
)


def hold_back(cursor: Cursor) -> int:
    """Number of staged records of chats that were erased for good; they are gone with all that belongs to them."""
    if not cursor.execute("FROM tombstones LIMIT 1").fetchone():
        return 0
    held = changed(cursor, _HELD, {})
    for sql in _FORGET:
        cursor.execute(sql)
    cursor.execute("DROP TABLE held")
    return held
