-- Which chats are one person's (lib/visitors/persons.py). A person is called by the least ordinal of their chats; those
-- marked in persons_due are looked at anew before the next page is drawn.
CREATE TABLE person_chats (ordinal BIGINT NOT NULL, person BIGINT NOT NULL);
-- By what lists are made: of chats that are not deleted.
CREATE TABLE persons (
    person BIGINT NOT NULL, is_contact BOOLEAN NOT NULL, chats BIGINT NOT NULL, missed BIGINT NOT NULL,
    first_at TIMESTAMP, last_at TIMESTAMP
);
CREATE TABLE persons_due (ordinal BIGINT NOT NULL);
INSERT INTO persons_due SELECT ordinal FROM chats;
-- Chats that people said are one person's.
CREATE TABLE person_joins (join_id UUID NOT NULL, chat_id UUID NOT NULL);
-- When people said that an address, a number or an id is not one person's.
ALTER TABLE shared_signs ADD COLUMN parted_at TIMESTAMP;
