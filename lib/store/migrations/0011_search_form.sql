-- Before this, lib/store/renewing.py has made the forms for search of chats and messages anew, in pieces. What is left
-- is small: our notes, messages that wait for their chat, and the names in visitors' own records.
DELETE FROM note_texts;
INSERT INTO note_texts
SELECT chat_id, search_form(json_extract_string(detail, '$.text')) FROM events WHERE action = 'note';
UPDATE waiting_messages SET search_text = search_form(text) WHERE search_text IS DISTINCT FROM search_form(text);
UPDATE visitors SET name = unescaped(name) WHERE contains(name, '&');
