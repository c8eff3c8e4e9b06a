-- What departments and agents are called whose ids stand in chats; `account` is '' for the first one, as in `accounts`.
CREATE TABLE known_names (
    system VARCHAR NOT NULL,
    account VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    import_id UUID NOT NULL
);
