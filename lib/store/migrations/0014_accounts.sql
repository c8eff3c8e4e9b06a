-- Whose chat it is within its system. NULL is the system's first account: the only one of most stores, and of older ones.
ALTER TABLE chats ADD COLUMN account VARCHAR;
-- Of what waits for its chat, '' is the first account, and NULL says that none was named.
ALTER TABLE waiting_messages ADD COLUMN account VARCHAR;
ALTER TABLE visitors ADD COLUMN account VARCHAR;

-- The accounts of systems, '' being the first. `told` is what files call the first one (the others they call as they are),
-- `name` what people call it.
CREATE TABLE accounts (
    system VARCHAR NOT NULL,
    account VARCHAR NOT NULL,
    told VARCHAR,
    name VARCHAR
);
