-- Addresses and numbers that are nobody's, such as none@none.com, - and 0000000000, make nobody the same visitor any more.
INSERT INTO ledger_due
SELECT id FROM chats
WHERE status = 'missed' AND (
    regexp_matches(lower(visitor_email), '^(none|no|na|nil|null|nobody|unknown|anonymous|dummy|no-?e?mail|no-?reply|x+|a+|-+)@')
    OR NOT contains(visitor_email, '@')
    OR regexp_matches(visitor_phone, '^[^0-9]*(0[^0-9]*)*$|^[^0-9]*(1[^0-9]*)+$|^[^0-9]*(9[^0-9]*)+$')
);
