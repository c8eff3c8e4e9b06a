"""The form in which texts are compared in a search; the store knows it as the SQL function `search_form`."""

from unicodedata import normalize

import duckdb

# What a search reads of a visitor: name, e-mail address and phone number, the number without signs too.
VISITOR_SEARCH = """search_form(concat_ws(
    ' ', visitor_name, visitor_email, visitor_phone, regexp_replace(search_form(visitor_phone), '[^0-9]', '', 'g')
))"""


def search_form(text: str) -> str:
    """The text in NFKC, case-folded, with runs of white space as one blank."""
    if text.isascii():
        return " ".join(text.lower().split())
    return " ".join(normalize("NFKC", text).casefold().split())


def teach_search_form(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes `search_form` a function of SQL on this connection and all its cursors."""
    connection.create_function("search_form", search_form, ["VARCHAR"], "VARCHAR")
