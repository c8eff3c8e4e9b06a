-- What a search reads besides the messages: the visitor, and our own notes; both in the form for search.
ALTER TABLE chats ADD COLUMN visitor_search VARCHAR;
UPDATE chats SET visitor_search = search_form(concat_ws(
    ' ', visitor_name, visitor_email, visitor_phone, regexp_replace(visitor_phone, '[^0-9]', '', 'g')
));
CREATE TABLE note_texts (
    chat_id UUID NOT NULL,
    search_text VARCHAR NOT NULL
);
INSERT INTO note_texts
SELECT chat_id, search_form(json_extract_string(detail, '$.text')) FROM events WHERE action = 'note';

-- What a link stands for that must not be read in the link itself: words, conditions on names and addresses, SQL.
CREATE TABLE kept_contents (
    id VARCHAR NOT NULL,
    content VARCHAR NOT NULL,
    kept_at TIMESTAMP NOT NULL,
    kept_by VARCHAR NOT NULL
);

-- Views that somebody saved, or that are there from the start (`code`, whose name is translated until it is renamed).
-- `page` is chats, missed or explore; `content` is JSON.
CREATE TABLE saved_views (
    id UUID NOT NULL,
    code VARCHAR,
    name VARCHAR,
    owner VARCHAR NOT NULL,
    shared BOOLEAN NOT NULL,
    page VARCHAR NOT NULL,
    content VARCHAR NOT NULL,
    threshold INTEGER,
    position INTEGER NOT NULL,
    saved_at TIMESTAMP NOT NULL,
    deleted_at TIMESTAMP
);
INSERT INTO turns VALUES ('views', 0);
INSERT INTO saved_views (id, code, owner, shared, page, content, position, saved_at)
SELECT uuid(), code, '', TRUE, page, content, position, now() AT TIME ZONE 'UTC'
FROM (VALUES
    (1, 'missed_today', 'missed',
        '{"query": {"category": ["missed"], "period": ["today"], "sort": ["start"], "order": ["desc"]}, "private": ""}'),
    (2, 'waiting_longest', 'missed',
        '{"query": {"category": ["missed"], "queue": ["open"], "sort": ["start"], "order": ["asc"]}, "private": ""}'),
    (3, 'low_ratings', 'chats',
        '{"query": {"rating": ["1", "2"], "where": ["[\"all\",[\"comment\",\"filled\"]]"], "sort": ["start"],'
        || ' "order": ["desc"]}, "private": ""}'),
    (4, 'reopened_lately', 'chats',
        '{"query": {"category": ["reopened"], "period": ["last_7"], "sort": ["start"], "order": ["desc"]},'
        || ' "private": ""}'),
    (5, 'no_contact', 'missed',
        '{"query": {"category": ["missed"], "queue": ["no_contact"], "sort": ["start"], "order": ["desc"]},'
        || ' "private": ""}')
) AS there_from_the_start(position, code, page, content);
