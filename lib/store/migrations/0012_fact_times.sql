-- Which facts of a chat were ever given, a bit for each in the order of importing/records/staging.py, and when, where not all are
-- as new as the chat's newest record. NULL in older chats: all that have a value are taken for given.
ALTER TABLE chats ADD COLUMN facts_given BIGINT;
ALTER TABLE chats ADD COLUMN fact_times TIMESTAMP[];
-- JSON of what a message tells of its chat: that it was closed or reopened, or how it was rated.
ALTER TABLE messages ADD COLUMN tells VARCHAR;
ALTER TABLE waiting_messages ADD COLUMN tells VARCHAR;
