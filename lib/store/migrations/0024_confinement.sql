-- Who sees only some chats; without a row, all. `sees` is JSON: by column of `chats` the values, null for none.
CREATE TABLE confinements (
    person VARCHAR NOT NULL,
    sees VARCHAR NOT NULL,
    given_by VARCHAR NOT NULL,
    given_at TIMESTAMP NOT NULL
);
