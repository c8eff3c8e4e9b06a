-- Names of departments and agents that an import replaced; see replaced_chats.
CREATE TABLE replaced_names AS SELECT NULL::UUID AS by_import, * FROM known_names LIMIT 0;
-- The import since which too many names share an address or a number; NULL where an older version found it.
ALTER TABLE shared_signs ADD COLUMN by_import UUID;
