-- What the vendor says of a chat. The last columns, from deleted_at on, are our own work: an import never writes them.
-- `ordinal` grows with the start time inside each import; the messages of a chat carry it too, so that
-- a table scan skips all row groups but those of the chats that are asked for.
CREATE TABLE chats (
    id UUID NOT NULL,
    ordinal BIGINT NOT NULL,
    system VARCHAR NOT NULL,
    vendor_id VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    status_derived BOOLEAN NOT NULL,
    supervisors VARCHAR[] NOT NULL,
    started_at TIMESTAMP,
    ended_at TIMESTAMP,
    wait_s DOUBLE,
    duration_s DOUBLE,
    channel VARCHAR,
    website VARCHAR,
    department VARCHAR,
    operator VARCHAR,
    operators VARCHAR[] NOT NULL,
    visitor_id VARCHAR,
    visitor_name VARCHAR,
    visitor_email VARCHAR,
    visitor_phone VARCHAR,
    visitor_country VARCHAR,
    visitor_ip VARCHAR,
    page_url VARCHAR,
    page_title VARCHAR,
    language VARCHAR NOT NULL,
    question VARCHAR,
    question_search VARCHAR,
    rating TINYINT,
    comment VARCHAR,
    tags VARCHAR[] NOT NULL,
    message_count INTEGER NOT NULL,
    given_status VARCHAR,
    given_wait_s DOUBLE,
    given_operators VARCHAR[] NOT NULL,
    given_language VARCHAR,
    given_question VARCHAR,
    unknown_fields VARCHAR,
    facts_digest VARCHAR NOT NULL,
    messages_digest VARCHAR NOT NULL,
    import_id UUID NOT NULL,
    deleted_at TIMESTAMP,
    mails INTEGER NOT NULL DEFAULT 0
);

-- `kind` is visitor, operator, bot, system or note. `search_text` is the text in NFKC and case-folded.
CREATE TABLE messages (
    chat_id UUID NOT NULL,
    ordinal BIGINT NOT NULL,
    position INTEGER NOT NULL,
    sent_at TIMESTAMP,
    offset_s DOUBLE,
    kind VARCHAR NOT NULL,
    name VARCHAR,
    text VARCHAR,
    search_text VARCHAR,
    attachment_name VARCHAR,
    attachment_type VARCHAR,
    attachment_size BIGINT,
    attachment_url VARCHAR
);

-- Everything that our users did; rows are only ever added.
CREATE TABLE events (
    id UUID NOT NULL,
    happened_at TIMESTAMP NOT NULL,
    actor VARCHAR NOT NULL,
    action VARCHAR NOT NULL,
    chat_id UUID,
    detail VARCHAR NOT NULL
);

-- The outbox. `state` is queued, sending, sent, failed, unknown or cancelled.
CREATE TABLE mails (
    id UUID NOT NULL,
    chat_id UUID NOT NULL,
    number INTEGER NOT NULL,
    state VARCHAR NOT NULL,
    state_since TIMESTAMP NOT NULL,
    created_at TIMESTAMP NOT NULL,
    created_by VARCHAR NOT NULL,
    recipient VARCHAR NOT NULL,
    copies VARCHAR[] NOT NULL,
    subject VARCHAR NOT NULL,
    body VARCHAR NOT NULL,
    source BLOB NOT NULL,
    message_id VARCHAR NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    worker VARCHAR,
    problem VARCHAR
);

CREATE TABLE imports (
    id UUID NOT NULL,
    started_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP NOT NULL,
    actor VARCHAR NOT NULL,
    report VARCHAR NOT NULL
);

CREATE TABLE rejected_rows (
    import_id UUID NOT NULL,
    file VARCHAR NOT NULL,
    row_number BIGINT NOT NULL,
    field VARCHAR,
    value VARCHAR,
    reason VARCHAR NOT NULL,
    record VARCHAR
);

-- One row a name, made here and only ever updated: an update of it is how a writer takes its turn.
CREATE TABLE turns (
    name VARCHAR NOT NULL,
    taken INTEGER NOT NULL
);
INSERT INTO turns VALUES ('import', 0), ('sample', 0);
