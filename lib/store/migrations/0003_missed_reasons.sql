-- Chats that were there before the reasons were kept.
UPDATE chats SET missed_reason = CASE WHEN status_derived THEN 'no_human_reply' ELSE 'vendor_status' END
WHERE status = 'missed';
