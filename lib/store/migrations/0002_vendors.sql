-- What vendors' exports bring. `missed_reason` says why a missed chat counts as missed; `judged` that its system knows
-- no missed chats, so that `rule_reason` (why nobody helped) decides, as far as the rule is on (missed_rules);
-- `filled` names the visitor's columns that came from the visitor's own record.
ALTER TABLE chats ADD COLUMN missed_reason VARCHAR;
ALTER TABLE chats ADD COLUMN given_missed_reason VARCHAR;
ALTER TABLE chats ADD COLUMN judged BOOLEAN;
ALTER TABLE chats ADD COLUMN given_answered BOOLEAN;
ALTER TABLE chats ADD COLUMN rule_reason VARCHAR;
ALTER TABLE chats ADD COLUMN vendor_updated_at TIMESTAMP;
ALTER TABLE chats ADD COLUMN filled VARCHAR[];

-- The vendor's id of a message, by which pages of one transcript are united; and whether nobody wrote it by hand.
ALTER TABLE messages ADD COLUMN message_id VARCHAR;
ALTER TABLE messages ADD COLUMN automatic BOOLEAN;
ALTER TABLE messages ADD COLUMN unknown_fields VARCHAR;

-- Messages whose chat has not come yet.
CREATE TABLE waiting_messages (
    chat_id UUID NOT NULL,
    system VARCHAR NOT NULL,
    vendor_id VARCHAR NOT NULL,
    import_id UUID NOT NULL,
    file VARCHAR NOT NULL,
    row_number BIGINT NOT NULL,
    sent_at TIMESTAMP,
    offset_s DOUBLE,
    kind VARCHAR NOT NULL,
    name VARCHAR,
    text VARCHAR,
    search_text VARCHAR,
    attachment_name VARCHAR,
    attachment_type VARCHAR,
    attachment_size BIGINT,
    attachment_url VARCHAR,
    message_id VARCHAR,
    automatic BOOLEAN,
    unknown VARCHAR
);

-- Visitors' own records; they fill in what a chat does not say of its visitor.
CREATE TABLE visitors (
    system VARCHAR NOT NULL,
    visitor_id VARCHAR NOT NULL,
    name VARCHAR,
    email VARCHAR,
    phone VARCHAR,
    country VARCHAR,
    ip VARCHAR
);

-- Systems whose rule "no human reply" somebody switched; without a row it is on.
CREATE TABLE missed_rules (
    system VARCHAR NOT NULL,
    enabled BOOLEAN NOT NULL
);

-- Which column of an unknown table is which field, by the name that somebody gave it; JSON.
CREATE TABLE column_mappings (
    name VARCHAR NOT NULL,
    columns VARCHAR NOT NULL,
    mapping VARCHAR NOT NULL,
    saved_at TIMESTAMP NOT NULL,
    saved_by VARCHAR NOT NULL
);

-- Files of the inbox folder that are done with, by their content; `problem` is why one was refused.
CREATE TABLE inbox_files (
    digest VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    done_at TIMESTAMP NOT NULL,
    import_id UUID,
    problem VARCHAR
);
