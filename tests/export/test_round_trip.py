"""An export that is imported into an empty store gives the same chats and messages."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lib.chats.accounts import accounts, name_account
from lib.chats.columns import MISSED_REASONS
from lib.export.choice import FORMATS
from lib.importing import Source, import_files
from lib.importing.records.fields import SENDERS
from lib.store import Store
from tests import worlds
from tests.export.exporting import content, export, files_of, import_again
from tests.importing.files import csv_file, json_file, json_lines
from tests.importing.vendors.chatwoot_answers import BOB, conversation
from tests.importing.vendors.every_vendor import ANSWERS, sources
from tests.thorough import rarely

ROOT = Path(__file__).parents[2]

TEXT = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["=1+1", "'=1", "''@x", "\r\n-1", "\0", "a\0b", '"', '""', "返金", " padded ", "a;b", "[1]", "{}", "\n"]
    ),
    st.sampled_from(worlds.HOSTILE_TEXTS),
).filter(lambda text: max(text, default="a") < "\ud800" or max(text, default="a") > "\udfff")
TIMES = st.datetimes(worlds.NOW.replace(year=2001), worlds.NOW.replace(year=2099)).map(lambda t: t.isoformat() + "Z")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.floats(-1e9, 1e9) | TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)
NAMES = st.sampled_from(["Rin Kato", "Ann", "返金 太郎", "=cmd", ""])
MESSAGE = st.fixed_dictionaries(
    {"sender_type": st.sampled_from(sorted(SENDERS))},
    optional={
        "id": st.integers(0, 10**18) | TEXT, "at": TIMES, "offset_s": st.floats(0, 1e6), "sender_name": NAMES,
        "text": TEXT, "automatic": st.booleans(), "mood": JSON,
        "attachment": st.fixed_dictionaries({}, optional={
            "name": TEXT, "type": TEXT, "size": st.integers(0, 2**62), "url": TEXT, "hash": JSON,
        }),
    },
)  # fmt: skip
CHAT = st.fixed_dictionaries(
    {"id": st.integers(0, 6).map(str)},
    optional={
        "system": st.sampled_from(["import", "=sys", "B"]), "started_at": TIMES, "ended_at": TIMES, "updated_at": TIMES,
        "status": st.sampled_from(["ongoing", "missed", "Closed", "reopened", "odd", ""]), "judged": st.booleans(),
        "answered": st.booleans(), "missed_reason": st.sampled_from(sorted(MISSED_REASONS)),
        "supervisors": st.lists(TEXT, max_size=2), "channel": TEXT, "website": TEXT, "department": TEXT,
        "operator": NAMES, "operators": st.lists(NAMES, max_size=2), "page_url": TEXT, "page_title": TEXT,
        "language": st.sampled_from(["EN", "ja", "x y"]), "question": TEXT, "wait_s": st.floats(0, 1e6),
        "rating": st.integers(1, 5), "comment": TEXT, "tags": st.lists(TEXT, max_size=3),
        "messages": st.lists(MESSAGE, max_size=4), "plan": JSON,
        "notes": st.lists(st.fixed_dictionaries({}, optional={"at": TIMES, "author": NAMES, "text": TEXT}), max_size=2),
        "visitor": st.fixed_dictionaries({}, optional={
            "id": st.integers(0, 3), "name": NAMES, "email": TEXT, "phone": TEXT,
            "country": st.sampled_from(["jp", "X"]), "ip": TEXT, "vip": JSON,
        }),
    },
)  # fmt: skip
ROWS = st.lists(
    st.tuples(st.integers(0, 6).map(str), MESSAGE).map(lambda pair: {"chat_id": pair[0], **pair[1]}), max_size=5
)
MANY = settings(
    phases=(Phase.explicit, Phase.generate),
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def check_round_trip(store: Store, second: Store, **choice):
    packed, exported = export(store, **choice)
    worlds.empty(second)
    report = import_again(second, packed)
    assert (report.rejected, report.messages_rejected, report.zone_used) == (0, 0, False)
    assert (report.new, report.messages_stored) == (exported.chats, exported.messages)
    before, after = content(store), content(second)
    for table, rows in before.items():
        pairs = zip(rows, after[table], strict=True)
        assert [
            (name, own[name], found[name]) for own, found in pairs for name in own if own[name] != found[name]
        ] == []
    return report


@pytest.mark.parametrize("format", FORMATS)
@MANY
@given(st.lists(CHAT, max_size=6), ROWS, st.lists(CHAT, max_size=2))
def test_any_chats_come_back_as_they_were(one_store, second_store, format, chats, rows, later):
    worlds.empty(one_store)
    json_rows = [json.dumps(row) for row in rows]
    import_files(one_store, [json_lines(*chats)], zone="UTC", actor="Ann") if chats else None
    import_files(one_store, [json_lines(*json_rows, name="m.jsonl")], zone="UTC", actor="Ann") if rows else None
    import_files(one_store, [json_lines(*later)], zone="UTC", actor="Ann") if later else None
    check_round_trip(one_store, second_store, format=format)


@pytest.mark.parametrize("format", ["csv", *rarely(each for each in FORMATS if each != "csv")])
def test_the_sample_comes_back_as_it_was(one_store, second_store, format):
    worlds.empty(one_store)
    import_files(one_store, [Source("sample", path=ROOT / "data/sample.jsonl.gz")], zone="UTC", actor="Ann")
    report = check_round_trip(one_store, second_store, format=format)
    assert report.unknown_fields == {}


@pytest.mark.parametrize("format", ["parquet", *rarely(each for each in FORMATS if each != "parquet")])
def test_what_vendors_gave_comes_back_as_it_was(one_store, second_store, format):
    """Visitors' own records, pages of messages with ids, missed reasons, unknown fields."""
    worlds.empty(one_store)
    for code in ANSWERS:
        import_files(one_store, sources(code), zone="UTC", actor="Ann")
    assert one_store.read("SELECT count(*) AS n FROM chats WHERE filled IS NOT NULL")[0]["n"] > 0
    check_round_trip(one_store, second_store, format=format)


@pytest.mark.parametrize("name", ["chats.jsonl", "chats.csv", "chats.parquet"])
def test_the_unpacked_file_alone_is_known_as_an_export(store, elsewhere, name):
    format = {"jsonl": "json_lines", "csv": "csv", "parquet": "parquet"}[name.partition(".")[2]]
    import_files(store, [json_lines({"id": "1", "messages": [{"sender_type": "visitor", "text": "Hi"}], "x": 1})],
                 zone="UTC", actor="Ann")  # fmt: skip
    packed, _exported = export(store, format=format)
    report = import_files(elsewhere, [Source(name, data=files_of(packed)[name])], zone="UTC", actor="Ann")
    assert (report.new, report.unknown_fields) == (1, {})
    assert elsewhere.read("SELECT status, given_status, given_question, unknown_fields FROM chats") == store.read(
        "SELECT status, given_status, given_question, unknown_fields FROM chats"
    )


def test_an_export_over_its_own_store_changes_nothing(store):
    import_files(store, [json_lines({"id": "1", "messages": [{"sender_type": "operator", "text": "Hi"}]}, {"id": "2"})],
                 zone="UTC", actor="Ann")  # fmt: skip
    for format in FORMATS:
        packed, _exported = export(store, format=format)
        assert import_again(store, packed).unchanged == 2


def test_only_the_manifest_says_that_quotes_are_taken_away(elsewhere):
    import_files(elsewhere, [csv_file([{"id": "1", "comment": "'=1"}])], zone="UTC", actor="Ann")
    assert elsewhere.read("SELECT comment FROM chats") == [{"comment": "'=1"}]


@pytest.mark.parametrize("format", FORMATS)
def test_accounts_come_along_with_their_names(one_store, second_store, format):
    worlds.empty(one_store)
    parts = [json_file(conversation(1, "open", BOB, account_id=number), f"{number}.json") for number in (1, 2)]
    import_files(one_store, parts, zone="UTC", actor="Ann")
    said = [json_lines({"id": "1", "messages": [{"sender_type": "visitor", "text": "Hi"}]})]
    import_files(one_store, said, zone="UTC", actor="Ann", account="shop")
    assert name_account(one_store, "Chatwoot", "2", "Osaka", "Ann")
    assert check_round_trip(one_store, second_store, format=format).unknown_fields == {}
    assert accounts(second_store) == accounts(one_store)
    assert import_files(second_store, parts, zone="UTC", actor="Ann").new == 0
    packed, _exported = export(one_store, format=format)
    assert import_again(one_store, packed).changed_nothing
