-- What the chat system says of its own copy: that the chat was deleted there, and how many messages it has; and how many
-- of these are not here, NULL where none is known to be missing.
ALTER TABLE chats ADD COLUMN deleted_there BOOLEAN;
ALTER TABLE chats ADD COLUMN messages_there INTEGER;
ALTER TABLE chats ADD COLUMN messages_missing INTEGER;
ALTER TABLE replaced_chats ADD COLUMN deleted_there BOOLEAN;
ALTER TABLE replaced_chats ADD COLUMN messages_there INTEGER;
ALTER TABLE replaced_chats ADD COLUMN messages_missing INTEGER;
