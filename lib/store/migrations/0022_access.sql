-- Who has which role, as administrators say in the app; `person` is in small letters. Roles may also come from who signs
-- people in, and are not kept then.
CREATE TABLE people (
    person VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    given_by VARCHAR NOT NULL,
    given_at TIMESTAMP NOT NULL
);

-- Who looked at what, came in, or was refused what; `address` is the network address from which. Events tell what was
-- done, and these what was seen: they go after some time, and nothing else depends on them.
CREATE TABLE accesses (
    id UUID NOT NULL,
    happened_at TIMESTAMP NOT NULL,
    actor VARCHAR NOT NULL,
    address VARCHAR,
    action VARCHAR NOT NULL,
    chat_id UUID,
    detail VARCHAR NOT NULL
);

-- Events and accesses that were rightly removed, and why.
CREATE TABLE removed_events (
    event_id UUID NOT NULL,
    reason VARCHAR NOT NULL,
    removed_at TIMESTAMP NOT NULL
);

-- The chain over the rows of `source` (events, accesses, removed_events): each hash is made of the one before and of the
-- digest of its row.
CREATE TABLE seals (
    number BIGINT NOT NULL,
    source VARCHAR NOT NULL,
    event_id UUID NOT NULL,
    digest VARCHAR NOT NULL,
    hash VARCHAR NOT NULL
);
INSERT INTO turns VALUES ('people', 0), ('seals', 0);
