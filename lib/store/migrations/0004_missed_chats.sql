-- What is derived of a missed chat from what the chat systems say (lib/ledger/deriving.py); made anew whenever that
-- changes. `missed_noticed_at` is when it was first known here as missed; `missed_repeats` counts the missed chats of
-- the same visitor within 30 days, this one included. `came_back_chat` and `recovered_chat` are served by a person.
ALTER TABLE chats ADD COLUMN missed_noticed_at TIMESTAMP;
ALTER TABLE chats ADD COLUMN missed_cause VARCHAR;
ALTER TABLE chats ADD COLUMN missed_repeats INTEGER;
ALTER TABLE chats ADD COLUMN due_derived_at TIMESTAMP;
ALTER TABLE chats ADD COLUMN came_back_at TIMESTAMP;
ALTER TABLE chats ADD COLUMN came_back_chat UUID;
ALTER TABLE chats ADD COLUMN came_back_noticed_at TIMESTAMP;
ALTER TABLE chats ADD COLUMN recovered_at TIMESTAMP;
ALTER TABLE chats ADD COLUMN recovered_chat UUID;

-- Our own work on a missed chat, as its events tell it: an import never writes these. `follow_up_version` counts the
-- changes, so that nobody overwrites what they have not seen; `follow_up_by` and `follow_up_at` are of the last one.
ALTER TABLE chats ADD COLUMN assignee VARCHAR;
ALTER TABLE chats ADD COLUMN due_set_at TIMESTAMP;
ALTER TABLE chats ADD COLUMN contacted_at TIMESTAMP;
ALTER TABLE chats ADD COLUMN contacted_by VARCHAR;
ALTER TABLE chats ADD COLUMN contacted_how VARCHAR;
ALTER TABLE chats ADD COLUMN not_needed VARCHAR;
ALTER TABLE chats ADD COLUMN not_needed_text VARCHAR;
ALTER TABLE chats ADD COLUMN follow_up_version INTEGER;
ALTER TABLE chats ADD COLUMN follow_up_by VARCHAR;
ALTER TABLE chats ADD COLUMN follow_up_at TIMESTAMP;

-- Chats whose derived columns are out of date.
CREATE TABLE ledger_due (chat_id UUID NOT NULL);
INSERT INTO ledger_due SELECT id FROM chats WHERE status = 'missed';

-- When people work; a weekday (1 is Monday) without a row is closed. Minutes of the workspace's day.
CREATE TABLE working_hours (
    weekday INTEGER NOT NULL,
    opens_min INTEGER NOT NULL,
    closes_min INTEGER NOT NULL
);
INSERT INTO working_hours SELECT day, 9 * 60, 18 * 60 FROM range(1, 6) AS days(day);
CREATE TABLE holidays (
    day DATE NOT NULL,
    name VARCHAR NOT NULL
);
CREATE TABLE thresholds (
    name VARCHAR NOT NULL,
    value DOUBLE NOT NULL
);
INSERT INTO thresholds VALUES ('due_after_h', 4), ('recovery_h', 48), ('left_within_s', 30);

-- Whom chats can be assigned to; one who has left keeps what was theirs.
CREATE TABLE colleagues (
    name VARCHAR NOT NULL,
    added_at TIMESTAMP NOT NULL,
    added_by VARCHAR NOT NULL,
    left_at TIMESTAMP
);

-- Until when each person has seen what is new.
CREATE TABLE review_marks (
    person VARCHAR NOT NULL,
    seen_at TIMESTAMP NOT NULL
);

-- Mails: when the next attempt is due, when the last one began, and what the mail is for (a purpose of the templates).
ALTER TABLE mails ADD COLUMN next_attempt_at TIMESTAMP;
ALTER TABLE mails ADD COLUMN claimed_at TIMESTAMP;
ALTER TABLE mails ADD COLUMN purpose VARCHAR;

-- Templates that somebody changed; without a row the shipped one counts.
CREATE TABLE mail_templates (
    purpose VARCHAR NOT NULL,
    language VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    body VARCHAR NOT NULL,
    changed_at TIMESTAMP NOT NULL,
    changed_by VARCHAR NOT NULL
);
INSERT INTO turns VALUES ('templates', 0);

-- Addresses that are not written to, in lower case; `reason` is bounced, asked or other.
CREATE TABLE do_not_contact (
    address VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    detail VARCHAR NOT NULL,
    added_at TIMESTAMP NOT NULL,
    added_by VARCHAR NOT NULL
);

-- The first mail to a visitor is the contact; later ones do not change it.
UPDATE chats SET contacted_at = m.sent_at, contacted_by = m.actor, contacted_how = 'mail', follow_up_version = 1,
    follow_up_by = m.actor, follow_up_at = m.sent_at
FROM (
    SELECT chat_id, min(happened_at) AS sent_at, arg_min(actor, happened_at) AS actor
    FROM events WHERE action IN ('mail_sent', 'mail_resolved_sent') GROUP BY chat_id
) AS m
WHERE chats.id = m.chat_id;
INSERT INTO events
SELECT uuid(), contacted_at, contacted_by, 'follow_up', id, CAST(json_object(
    'change', 'mail', 'version', 1,
    'set', json_object('contacted_at', strftime(contacted_at, '%Y-%m-%dT%H:%M:%S.%f'), 'contacted_by', contacted_by,
        'contacted_how', 'mail'),
    'before', json_object('contacted_at', NULL, 'contacted_by', NULL, 'contacted_how', NULL)
) AS VARCHAR)
FROM chats WHERE contacted_at IS NOT NULL;
