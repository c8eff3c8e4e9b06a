"""What an import does not say changes nothing, in whatever order and grouping the files come."""

import json
from contextlib import closing
from itertools import permutations
from pathlib import Path

import pytest

from lib.importing import Manner, Source, prepare, preview
from tests import worlds
from tests.export.exporting import export
from tests.importing.files import (
    CHAT,
    content,
    csv_file,
    json_file,
    json_lines,
    load,
    messages,
    only_chat,
)
from tests.importing.test_merging import changed, without
from tests.importing.vendors import chatwoot_answers
from tests.thorough import rarely

INPUTS = Path(__file__).parent / "field_inputs"


def inputs(*names: str) -> list[Source]:
    return [Source(name, INPUTS / name) for name in names]


def orders(*names: str) -> list[list[list[Source]]]:
    """The files together, and one by one in each order."""
    together = [[inputs(*order)] for order in permutations(names)]
    return [*together, *([inputs(name) for name in order] for order in permutations(names))]


def told(store, *names):
    chat = only_chat(store)
    return tuple(chat[name] for name in names)


def test_a_column_that_is_not_in_a_file_changes_nothing(store):
    load(store, *inputs("01-full.jsonl"))
    before, entries = only_chat(store), messages(store)
    assert (before["rating"], before["tags"], before["operator"]) == (5, ["vip"], before["operators"][0])
    report = load(store, *inputs("01-then-status-only.csv"))
    assert (report.new, report.rejected) == (0, 0)
    kept = ("started_at", "ended_at", "operators", "visitor_name", "visitor_email", "rating", "tags", "status")
    assert told(store, *kept) == tuple(before[name] for name in kept)
    assert messages(store) == entries


def test_a_preview_shows_what_will_be_stored(in_file):
    load(in_file, json_lines(changed(comment="old")))
    file = json_lines({"id": CHAT["id"], "operator": None, "visitor": {"name": None}, "question": "New?"})
    with closing(prepare(in_file, [file], Manner("UTC"))) as prepared:
        seen = preview(prepared).chats.iloc[0]
    load(in_file, file)
    chat = only_chat(in_file)
    assert (chat["visitor_name"], chat["question"]) == (None, "New?")
    for name in ("visitor_name", "visitor_email", "operator", "question", "status", "message_count"):
        assert seen[name] == chat[name] or (seen[name] is None and chat[name] is None), name


@pytest.mark.parametrize("files", orders("02-intercom-single.json", "02-then-intercom-list.json"))
def test_a_list_does_not_take_the_name_that_the_single_chat_gave(in_file, files):
    for given in files:
        load(in_file, *given)
    assert told(in_file, "visitor_name", "visitor_email") == ("Zoe Example", "zoe@example.com")


@pytest.mark.parametrize("files", orders("03-intercom-reopened-single.json", "03-then-intercom-list.json"))
def test_a_chat_that_was_closed_and_is_open_is_reopened_in_any_order(in_file, files):
    for given in files:
        load(in_file, *given)
    assert told(in_file, "status") == ("reopened",)


@pytest.mark.parametrize("files", orders("04-chatwoot-list.json", "04-chatwoot-messages.json"))
def test_a_rating_that_stands_in_a_message_is_of_the_chat(in_file, files):
    for given in files:
        load(in_file, *given)
    assert told(in_file, "status", "rating", "comment") == ("reopened", 2, "slow")


def test_webhooks_tell_what_a_list_tells(in_file, thorough):
    lines = (INPUTS / "07-chatwoot-webhooks-csat.jsonl").read_text(encoding="utf-8").splitlines()
    load(in_file, *inputs("07-chatwoot-webhooks-csat.jsonl"))
    assert told(in_file, "rating", "comment") == (1, "rude")
    for order in (lines, lines[::-1]) if thorough else (lines[::-1],):
        worlds.empty(in_file)
        for line in order:
            load(in_file, json_file(json.loads(line)))
        assert told(in_file, "rating", "comment") == (1, "rude")


DAYS = [{"id": "C-1", "updated_at": f"2026-03-0{day}T00:00:00Z"} for day in (1, 2, 3)]
OLDER = {**DAYS[0], "comment": "older", "rating": 1, "channel": "web", "tags": ["a"]}
NEWER = {**DAYS[1], "comment": "newer", "department": "Sales", "status": "closed"}
NEWEST = {**DAYS[2], "comment": None, "page_url": "https://example.com/", "mood": 1}


def test_of_each_fact_the_newest_record_counts_that_gives_it(in_file):
    # A chat for each order.
    orders = [
        [{**record, "id": str(number)} for record in order]
        for number, order in enumerate(permutations((OLDER, NEWER, NEWEST)))
    ]
    for records in zip(*orders, strict=True):
        load(in_file, json_lines(*records))
    kept = ("comment", "rating", "channel", "tags", "department", "page_url", "status", "unknown_fields")
    wanted = (None, 1, "web", ["a"], "Sales", "https://example.com/", "completed", '{"mood": 1}')
    before = content(in_file)
    assert [tuple(chat[name] for name in kept) for chat in before[0]] == [wanted] * 6
    for records in zip(*orders, strict=True):
        assert load(in_file, json_lines(*records)).changed_nothing
    assert content(in_file) == before


def test_null_empties_a_fact_and_an_empty_cell_does_not(store):
    load(store, json_lines(changed(comment="Thanks")))
    load(store, csv_file([{"id": CHAT["id"], "comment": "", "rating": "", "tags": ""}]))
    assert told(store, "comment", "rating", "tags") == ("Thanks", CHAT["rating"], CHAT["tags"])
    load(store, json_lines({"id": CHAT["id"], "comment": None, "tags": []}))
    assert told(store, "comment", "rating", "tags") == (None, CHAT["rating"], [])
    load(store, json_lines({"id": CHAT["id"], "operator": None}))
    assert told(store, "given_operators") == ([],)


def test_a_reason_goes_with_the_status_that_it_explained(store):
    load(store, json_lines(without("messages", changed(status="missed", missed_reason="offline_form"))))
    assert told(store, "status", "missed_reason") == ("missed", "offline_form")
    load(store, json_lines({"id": CHAT["id"], "status": "closed"}))
    assert told(store, "status", "missed_reason") == ("completed", None)


def test_a_chat_that_runs_again_has_no_end(in_file):
    closed = {**DAYS[0], "status": "closed", "ended_at": "2026-03-01T09:00:00Z"}
    running = {**DAYS[1], "status": "open"}
    for order in permutations((closed, running)):
        worlds.empty(in_file)
        for record in order:
            load(in_file, json_lines(record))
        assert told(in_file, "status", "ended_at") == ("ongoing", None)


def test_of_what_is_known_but_vaguely_the_newer_counts(in_file):
    # Lists of Chatwoot, which tell of the end only when somebody did something last.
    records = [
        chatwoot_answers.conversation(
            101,
            "resolved",
            chatwoot_answers.BOB,
            updated_at=second,
            last_activity_at=second,
            first_reply_created_at=reply,
        )
        for second, reply in (
            (chatwoot_answers.second(10), chatwoot_answers.second(1)),
            (chatwoot_answers.second(20), chatwoot_answers.second(2)),
        )
    ]
    for order in permutations(map(json_file, records)):
        for imports in ([order], [[file] for file in order]):
            worlds.empty(in_file)
            for files in imports:
                load(in_file, *files)
            assert told(in_file, "ended_at", "wait_s") == (chatwoot_answers.at(20), 120)


MASKS = frozenset({"names", "emails", "phones", "ips"})


@pytest.mark.parametrize("form", ["csv", *rarely(["json_lines", "parquet"])])
def test_a_masked_export_that_comes_back_masks_nothing(in_file, form):
    person = {"name": "Rin Kato", "email": "rin@example.com", "phone": "+81 90 1234 5678", "ip": "192.0.2.7"}
    said = [{"sender_type": "visitor", "sender_name": "Rin Kato", "text": "Write to rin@example.com"}]
    load(in_file, json_lines(changed(visitor={"id": "v-1", **person}, messages=said, comment="From Rin Kato")))
    wanted = content(in_file)
    packed, _exported = export(in_file, format=form, masks=MASKS)
    for _ in range(2):
        load(in_file, Source("masked.zip", data=packed))
        assert content(in_file) == wanted
    worlds.empty(in_file)
    load(in_file, Source("masked.zip", data=packed))
    assert told(in_file, "visitor_name", "visitor_email", "visitor_phone", "visitor_ip") == (None,) * 4
    load(in_file, json_lines(changed(visitor={"id": "v-1", **person}, messages=said, comment="From Rin Kato")))
    assert told(in_file, "visitor_name", "visitor_email", "comment") == ("Rin Kato", "rin@example.com", "From Rin Kato")
    assert [row["text"] for row in messages(in_file)] == ["Write to rin@example.com"]
