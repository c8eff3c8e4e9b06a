-- Whether chats of the person stay, without the person (lib/erasure/anonymising.py); NULL: they do not.
ALTER TABLE erasures_due ADD COLUMN keeps_chats BOOLEAN;
