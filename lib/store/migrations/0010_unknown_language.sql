-- The language of a chat is unknown where its texts do not tell it.
ALTER TABLE chats ALTER COLUMN language DROP NOT NULL;
