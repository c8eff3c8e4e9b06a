-- The number by which one person's are the same in all spellings: E.164, or only digits where no country is known.
ALTER TABLE chats ADD COLUMN visitor_phone_e164 VARCHAR;
ALTER TABLE replaced_chats ADD COLUMN visitor_phone_e164 VARCHAR;
-- Addresses and numbers that too many names share to be one person's, as digests.
CREATE TABLE shared_signs (digest VARCHAR NOT NULL);
