"""A store that was emptied for the next test is as a new one: no test sees what another one left."""

from lib.chats.hours import Hours
from lib.missed.settings import Rules, save_rules
from lib.missed.team import add_colleague
from lib.store import Store
from tests import worlds

# What only tells when a store was made, or how often something was done with it, and the views that a new one begins
# with.
KEPT = {"migrations", "turns", "saved_views", "tombstone_key"}


def content_of(store):
    tables = [row["name"] for row in store.read("SELECT table_name AS name FROM duckdb_tables() WHERE NOT temporary")]
    return {name: store.read(f"FROM {name} ORDER BY ALL") for name in tables if name not in KEPT}


def test_an_emptied_store_is_as_a_new_one(store, tmp_path):
    worlds.make_chat(store, "1", messages=["Hello"], notes=["x"], replies=["sent"], status="missed")
    save_rules(store, Rules(Hours({}), recovery_h=15), "Ann")
    add_colleague(store, "Mia", "Ann")
    worlds.empty(store)
    new = Store(str(tmp_path / "new.duckdb"))
    assert content_of(store) == content_of(new)
    new.close()
