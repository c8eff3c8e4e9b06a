-- What was erased for good, by whom and why, with counts and without a name. `compacted_at` is when the last of it left
-- the file: until then it may lie in blocks that nothing refers to.
CREATE TABLE erasures (
    id UUID NOT NULL,
    erased_at TIMESTAMP NOT NULL,
    erased_by VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    counts VARCHAR NOT NULL,
    compacted_at TIMESTAMP
);

-- What no import brings back: digests with the key of this store, which tell nothing of whom they are. `kind` is chat,
-- vendor (a chat by its system and number), record (a rejected one), email, phone or visitor; of a person, chats that
-- began after `erased_at` are others.
CREATE TABLE tombstones (
    kind VARCHAR NOT NULL,
    digest VARCHAR NOT NULL,
    erased_at TIMESTAMP NOT NULL
);
CREATE TABLE tombstone_key (value VARCHAR NOT NULL);
INSERT INTO tombstone_key VALUES (uuid()::VARCHAR || uuid()::VARCHAR);
