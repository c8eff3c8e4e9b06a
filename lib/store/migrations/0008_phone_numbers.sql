-- A phone number in full width is found by its digits too.
UPDATE chats SET visitor_search = search_form(concat_ws(
    ' ', visitor_name, visitor_email, visitor_phone, regexp_replace(search_form(visitor_phone), '[^0-9]', '', 'g')
))
WHERE regexp_matches(visitor_phone, '[^ -~]');
