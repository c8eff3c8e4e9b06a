-- When a chat was made one without its person: what it tells of nobody stays (lib/erasure/anonymising.py).
ALTER TABLE chats ADD COLUMN anonymised_at TIMESTAMP;
ALTER TABLE replaced_chats ADD COLUMN anonymised_at TIMESTAMP;

-- What is done with chats after how many months. `scope` says which chats, as JSON; `action` is delete, anonymise or
-- erase.
CREATE TABLE retention_rules (
    id UUID NOT NULL,
    name VARCHAR NOT NULL,
    scope VARCHAR NOT NULL,
    months INTEGER NOT NULL,
    action VARCHAR NOT NULL,
    is_on BOOLEAN NOT NULL,
    saved_at TIMESTAMP NOT NULL,
    saved_by VARCHAR NOT NULL
);

-- Each run of a rule as the rule was then, with how many chats it was about, and how many it left because of a hold.
-- One without an end was broken off, and goes on with the next run.
CREATE TABLE retention_runs (
    id UUID NOT NULL,
    rule_id UUID NOT NULL,
    name VARCHAR NOT NULL,
    scope VARCHAR NOT NULL,
    months INTEGER NOT NULL,
    action VARCHAR NOT NULL,
    run_by VARCHAR NOT NULL,
    began_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP,
    chats INTEGER NOT NULL,
    held INTEGER NOT NULL
);

-- What must not go: a chat (`kind` is chats), or all chats of a person, who is known as in lib/chats/persons.py.
CREATE TABLE holds (
    id UUID NOT NULL,
    kind VARCHAR NOT NULL,
    chat_id UUID,
    value VARCHAR NOT NULL,
    system VARCHAR NOT NULL,
    account VARCHAR,
    reason VARCHAR NOT NULL,
    held_at TIMESTAMP NOT NULL,
    held_by VARCHAR NOT NULL,
    lifted_at TIMESTAMP,
    lifted_by VARCHAR
);
