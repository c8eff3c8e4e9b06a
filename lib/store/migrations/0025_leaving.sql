-- Exports above what a person may export in a day, which wait for a second person. `what` is JSON: which chats (it may
-- hold words that were searched for), and how; `chats` is how many these were. Nobody has decided while `agrees` is NULL.
CREATE TABLE export_requests (
    id UUID NOT NULL,
    asked_at TIMESTAMP NOT NULL,
    asked_by VARCHAR NOT NULL,
    what VARCHAR NOT NULL,
    chats BIGINT NOT NULL,
    agrees BOOLEAN,
    decided_at TIMESTAMP,
    decided_by VARCHAR
);
