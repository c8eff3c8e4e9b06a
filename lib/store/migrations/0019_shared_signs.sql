-- Before this, lib/store/renewing.py has made the numbers of all chats in pieces. See lib/chats/same_visitor.py.
INSERT INTO shared_signs
SELECT md5(key) FROM (
    SELECT 'e' || lower(trim(visitor_email)) AS key, visitor_name FROM chats
    UNION ALL SELECT 'p' || coalesce(visitor_phone_e164, visitor_phone), visitor_name FROM chats
)
WHERE key IS NOT NULL GROUP BY key HAVING count(DISTINCT lower(trim(visitor_name))) > 20;
INSERT INTO ledger_due SELECT id FROM chats WHERE status = 'missed'
    AND (visitor_phone IS NOT NULL OR md5('e' || lower(trim(visitor_email))) IN (SELECT digest FROM shared_signs));
