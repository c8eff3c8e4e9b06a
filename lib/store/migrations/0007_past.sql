-- Derived (lib/ledger/deriving.py): when the visitor last wrote, or else when the chat began; whether that was longer
-- ago than the threshold when the chat was first known here as missed; and the channel in which the visitor can be
-- answered, until when (NULL: without an end), and when that ended.
ALTER TABLE chats ADD COLUMN visitor_wrote_at TIMESTAMP;
ALTER TABLE chats ADD COLUMN missed_past BOOLEAN;
ALTER TABLE chats ADD COLUMN reply_channel VARCHAR;
ALTER TABLE chats ADD COLUMN reply_until TIMESTAMP;
ALTER TABLE chats ADD COLUMN reply_closed_at TIMESTAMP;

-- Our own work: when somebody first did something about the chat, which is never past from then on.
ALTER TABLE chats ADD COLUMN taken_in_at TIMESTAMP;
UPDATE chats SET taken_in_at = worked.first_at
FROM (SELECT chat_id, min(happened_at) AS first_at FROM events WHERE action = 'follow_up' GROUP BY chat_id) AS worked
WHERE chats.id = worked.chat_id;

INSERT INTO thresholds VALUES ('past_after_d', 14);
INSERT INTO ledger_due SELECT id FROM chats WHERE status = 'missed';
