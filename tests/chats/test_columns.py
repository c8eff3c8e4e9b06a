"""The table of columns says what the store has, and nothing else is a column."""

from dataclasses import fields

from lib.chats.chat import Chat
from lib.chats.columns import BY_NAME, COLUMNS, FIELDS, value_name
from lib.screen.chats.table import SHOWN


def test_every_column_of_the_store_is_named_with_its_type(store):
    # What somebody sees who sees only some chats has the name of the table.
    found = store.read(
        """SELECT column_name AS name, data_type AS type FROM duckdb_columns()
           WHERE table_name = 'chats' AND database_name <> 'confined'"""
    )
    assert {row["name"]: row["type"] for row in found} == {
        column.name: column.type for column in COLUMNS if not column.expression
    }


def test_names_and_codes_are_each_of_one_column():
    assert len(BY_NAME) == len(COLUMNS)
    assert len(FIELDS) == len([column for column in COLUMNS if column.label])


def test_what_is_made_of_columns_can_be_asked_for(store):
    for column in COLUMNS:
        store.read(f"SELECT {column.sql} FROM chats")


def test_a_chat_has_columns_of_the_store():
    stored = {column.name for column in COLUMNS if not column.expression}
    assert {each.name for each in fields(Chat)} <= stored


def test_the_list_shows_what_has_a_width_there():
    assert sorted(SHOWN) == sorted(column.name for column in COLUMNS if column.width)


def test_every_value_that_is_offered_by_name_has_one():
    for code, field in FIELDS.items():
        assert all(value_name(code, value) for value in field.choices or ())
