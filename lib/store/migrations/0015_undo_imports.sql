-- What an import replaced, as it was before, so that the import can be undone; forgotten after a while.
-- The columns are those of the tables themselves: whoever adds one there adds it here.
CREATE TABLE replaced_chats AS SELECT NULL::UUID AS by_import, * FROM chats LIMIT 0;
CREATE TABLE replaced_messages AS SELECT NULL::UUID AS by_import, * FROM messages LIMIT 0;
CREATE TABLE replaced_visitors AS SELECT NULL::UUID AS by_import, FALSE AS was_there, * FROM visitors LIMIT 0;
CREATE TABLE replaced_waiting AS SELECT NULL::UUID AS by_import, * FROM waiting_messages LIMIT 0;

-- Whether what it replaced was kept; NULL where an older version imported.
ALTER TABLE imports ADD COLUMN is_kept BOOLEAN;
ALTER TABLE imports ADD COLUMN undone_at TIMESTAMP;
ALTER TABLE imports ADD COLUMN undone_by VARCHAR;
