-- What is new is told by when it became known here: moments that only a derivation gives (lib/ledger/deriving.py), each
-- later than all that were given before. `noticed_at` is the newest one; `zone` is that of the working hours then.
CREATE TABLE last_derivation (
    noticed_at TIMESTAMP NOT NULL,
    zone VARCHAR
);
ALTER TABLE chats ADD COLUMN contacted_noticed_at TIMESTAMP;
ALTER TABLE chats ADD COLUMN deleted_noticed_at TIMESTAMP;
UPDATE chats SET contacted_noticed_at = contacted_at, deleted_noticed_at = deleted_at
WHERE status = 'missed' AND (contacted_at IS NOT NULL OR deleted_at IS NOT NULL);

-- The newest notice that a person has seen; `seen_at` is the moment of that look.
ALTER TABLE review_marks ADD COLUMN seen_notice TIMESTAMP;
UPDATE review_marks SET seen_notice = seen_at;

INSERT INTO last_derivation
SELECT greatest(
    TIMESTAMP '2000-01-01', max(missed_noticed_at), max(came_back_noticed_at), max(contacted_noticed_at),
    max(deleted_noticed_at), (SELECT max(seen_at) FROM review_marks)
), NULL
FROM chats;

-- A contact that was set, taken back or settled later did not have the chat derived anew.
INSERT INTO ledger_due SELECT id FROM chats WHERE status = 'missed';

-- A person who wrote to the visitor was overlooked where a bot wrote too.
UPDATE chats SET missed_reason = coalesce(given_missed_reason, 'vendor_status')
WHERE missed_reason = 'bot_handoff_failed' AND rule_reason IS NULL AND id IN (
    SELECT chat_id FROM messages WHERE kind = 'operator' AND automatic IS NOT TRUE
);
