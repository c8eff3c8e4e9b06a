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

-- What is to be erased for good later, by whose wish and why. `wanted` is JSON and names the person, who could not be found
-- otherwise; the row goes with them.
CREATE TABLE erasures_due (
    id UUID NOT NULL,
    asked_at TIMESTAMP NOT NULL,
    asked_by VARCHAR NOT NULL,
    due_at TIMESTAMP NOT NULL,
    kind VARCHAR NOT NULL,
    wanted VARCHAR NOT NULL,
    reason VARCHAR NOT NULL
);
INSERT INTO turns VALUES ('erasing', 0);
