-- Why nothing is sent for now: a fault of the mail account or the server, that every mail would meet. One row, whose
-- columns are NULL while there is no pause, so that two writers at once cannot miss each other.
CREATE TABLE outbox_pause (
    since TIMESTAMP,
    problem VARCHAR,
    attempts INTEGER,
    next_attempt_at TIMESTAMP
);
INSERT INTO outbox_pause VALUES (NULL, NULL, NULL, NULL);
