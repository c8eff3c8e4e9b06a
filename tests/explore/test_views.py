"""The documented views: what is in them, and what is not."""

from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pytest

from lib.chats.notes import add_note
from lib.chats.removal import delete_chat
from lib.explore.checking import check
from lib.explore.running import Result, run
from lib.explore.views import VIEWS, make_views
from tests.worlds import chat, id_of, insert

DOCUMENT = Path(__file__).parents[2] / "docs" / "explore.md"
INTERNAL = {
    "ordinal",
    "facts_digest",
    "messages_digest",
    "import_id",
    "deleted_at",
    "source",
    "unknown_fields",
    "worker",
}


def rows(store, sql, zone="Asia/Tokyo"):
    found = run(store, check(store, sql), {}, zone)
    assert isinstance(found, Result), found
    columns = {column.name: found.cells.table.column(f"v{place}") for place, column in enumerate(found.cells.columns)}
    return pa.table(columns).to_pylist()


@pytest.mark.parametrize("name", VIEWS)
def test_columns_are_what_is_documented(sample_like, name):
    with sample_like.cursor() as cursor:
        make_views(cursor, frozenset(VIEWS), "UTC")
        found = [(row[0], row[1]) for row in cursor.execute(f"DESCRIBE {name}").fetchall()]
    assert found == [(column.name, column.type) for column in VIEWS[name].columns]
    assert not INTERNAL & {column.name for column in VIEWS[name].columns}


def test_nothing_of_a_deleted_chat_is_in_any_view(store):
    world = [
        chat(name, status="missed", operator="Aoi", tags=["order"], messages=["Hello"], notes=["Hm"], replies=["sent"])
        for name in ("kept", "gone")
    ]
    insert(store, world)
    for each in world:
        add_note(store, each["id"], "Ours", "Ann")
    delete_chat(store, id_of("gone"), "Ann", "")
    for name in VIEWS:
        key = "id" if name == "chats" else "chat_id"
        assert {row["key"] for row in rows(store, f"SELECT {key}::VARCHAR AS key FROM {name}")} == {str(id_of("kept"))}
    assert rows(store, "SELECT (SELECT count(*) FROM messages) AS m, (SELECT count(*) FROM notes) AS n") == [
        {"m": 2, "n": 1}
    ]


def test_local_times_are_those_of_the_workspace(store):
    insert(store, [chat("one", started_at=datetime(2026, 1, 31, 20, 30))])
    sql = "SELECT started_at, started_local FROM chats"
    assert rows(store, sql)[0]["started_local"] == datetime(2026, 2, 1, 5, 30)
    assert rows(store, sql, "America/New_York")[0]["started_local"] == datetime(2026, 1, 31, 15, 30)
    assert rows(store, sql)[0]["started_at"] == datetime(2026, 1, 31, 20, 30)


def test_a_follow_up_has_the_state_of_its_chat(store):
    moment = datetime(2026, 1, 1)
    insert(
        store,
        [
            chat("served"),
            chat("new", status="missed", visitor_email="a@example.com"),
            chat("written", status="missed", visitor_email="a@example.com", contacted_at=moment, due_set_at=moment),
            chat("unknown", status="missed"),
        ],
    )
    found = rows(store, "SELECT chat_id::VARCHAR AS id, state, due_at FROM follow_ups")
    states = {row["id"]: (row["state"], row["due_at"]) for row in found}
    assert states == {
        str(id_of("new")): ("to_do", None),
        str(id_of("written")): ("contacted", moment),
        str(id_of("unknown")): ("no_contact", None),
    }


def test_the_document_lists_each_view_with_its_columns():
    text = DOCUMENT.read_text(encoding="utf-8")
    for view in VIEWS.values():
        lines = [f"| `{column.name}` | {column.type} | {column.meaning} |" for column in view.columns]
        head = [f"### `{view.name}`", "", f"{view.meaning}.", "", "| column | type | meaning |", "| --- | --- | --- |"]
        assert "\n".join([*head, *lines]) in text
