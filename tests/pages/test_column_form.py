"""A table of unknown make: its columns are shown with a guess, corrected, used and remembered."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from lib.importing.columns import FIELDS, ColumnMapping, remembered
from lib.importing.wording import REFUSALS
from lib.language import LANGUAGES, _, in_language
from lib.store import Store
from tests.importing.files import Source, csv_file, json_file, json_lines, raw, zipped
from tests.importing.workbooks import xlsx
from tests.pages.driving import click, has, run
from tests.pages.import_page import choose, column_key, columns, count, drop, edit, figures, files, first_chats, said

SAID = "Where is my parcel? I have been waiting for days"
CHATS = csv_file(
    [
        {"Ticket": "T-1", "Customer": "Rin", "Opened": "03/04/2026 10:00", "Agent": "Aoi", "Plan": "gold"},
        {"Ticket": "T-2", "Customer": "Mia", "Opened": "25/04/2026 11:00", "Agent": "", "Plan": "free"},
    ],
    "tickets.csv",
)
MESSAGES = csv_file(
    [
        {"Conversation ID": "C-1", "Sent at": "2026-03-01 10:00", "From": "customer", "Body": SAID},
        {
            "Conversation ID": "C-1",
            "Sent at": "2026-03-01 10:01",
            "From": "helpdesk",
            "Body": "It is on its way to you",
        },
    ],
    "lines.csv",
)
NO_ID = "Say which column is the chat's id, or at least which is its time."


@pytest.fixture
def store(world) -> Store:
    return world("empty")


def saved(store: Store) -> dict[str, ColumnMapping]:
    return {found.name: found.mapping for found in remembered(store)}


def used(source: Source, at: AppTest | None = None, **fields: str) -> AppTest:
    """The page after the columns of a table were corrected and used."""
    at = drop(source, at=at)
    return click(edit(at, 0, **fields) if fields else at, "use_columns")


def test_an_unknown_table_is_no_refusal_but_a_question(store: Store):
    at = drop(CHATS)
    assert [info.value for info in at.info] == [REFUSALS["unknown_columns"]]
    assert said(at, "tickets.csv")
    assert not at.error
    assert not has(at, "import")


def test_each_column_stands_beside_examples_and_a_guess(store: Store):
    at = drop(CHATS)
    assert columns(at) == {
        "Ticket": "–",
        "Customer": "Visitor's name",
        "Opened": "Start",
        "Agent": "Operator",
        "Plan": "–",
    }
    samples = at.data_editor[0].value.set_index("column")["samples"]
    assert samples["Ticket"] == "T-1 · T-2"
    assert samples["Agent"] == "Aoi"
    assert at.selectbox(key=column_key(at, "order")).value == "dmy"
    assert at.segmented_control(key=column_key(at, "kind")).value == "chats"


def test_nested_values_are_shown_as_json(store: Store):
    at = drop(json_lines({"key": "1", "who": {"name": "凛"}, "open": True}))
    samples = at.data_editor[0].value.set_index("column")["samples"]
    assert samples["who"] == '{"name": "凛"}'
    assert samples["open"] == "true"


def test_without_id_and_time_the_columns_cannot_be_used(store: Store):
    at = edit(drop(CHATS), 0, r2="–")
    assert [warning.value for warning in at.warning] == [NO_ID]
    at = click(at, "use_columns")
    assert [warning.value for warning in at.warning] == [NO_ID]
    at = edit(at, 0, r0="Chat id")
    assert not at.warning


def test_a_table_without_ids_is_used_and_gives_the_same_chats_again(store: Store):
    at = drop(CHATS)
    words = "No column is the chat's id. Each row is given one that is made of it; the same row gives the same id."
    assert words in [caption.value for caption in at.caption]
    at = click(at, "use_columns")
    assert figures(at)["New"] == "2"
    click(at, "import")
    assert count(store) == 2
    assert figures(drop(CHATS))["Unchanged"] == "2"


def test_how_the_messages_of_a_transcript_begin_is_shown_and_can_be_corrected(store: Store):
    talk = "[10:00:05] Rin: Hi\n[10:01:00] Aoi: Hello"
    row = {"Chat ID": "1", "Started": "2026-03-01 10:00", "Visitor": "Rin", "Transcript": talk}
    at = drop(csv_file([row]))
    assert at.selectbox(key=column_key(at, "pattern_Transcript")).value == "when_name"
    words = "1 of the first 1 conversations begin like this; all others stay one message each."
    assert words in [caption.value for caption in at.caption]
    at.selectbox(key=column_key(at, "pattern_Transcript")).set_value("name_when")
    at = run(at)
    words = "0 of the first 1 conversations begin like this; all others stay one message each."
    assert words in [caption.value for caption in at.caption]
    at.selectbox(key=column_key(at, "pattern_Transcript")).set_value("when_name")
    at = click(run(at), "use_columns")
    assert figures(at)["Messages read"] == "2"
    assert [found.pattern for found in saved(store).values()] == ["when_name"]


def test_the_sheets_of_a_workbook_are_told_one_by_one(store: Store):
    tickets, guests = (
        [["Ticket", "Opened"], ["T-1", "2026-03-01 10:00"]],
        [["Code", "Met on"], ["A", "2026-03-02 10:00"]],
    )
    book = xlsx({"Tickets": tickets, "Guests": guests, "Empty": []}, "book.xlsx")
    at = drop(book)
    assert said(at, "book.xlsx/Tickets")
    at = click(edit(at, 0, r0="Chat id"), "use_columns")
    assert said(at, "Not read, as no chats are recognised in them: book.xlsx/Guests, book.xlsx/Empty")
    at = run(at.selectbox(key="import_format").set_value("table"))
    at = run(next(box for box in at.selectbox if box.label == "Table").set_value(1))
    at = click(edit(at, 0, r0="Chat id", r1="Start"), "use_columns")
    assert list(files(at)["name"]) == ["book.xlsx/Tickets", "book.xlsx/Guests"]
    assert figures(at)["New"] == "2"


def test_a_field_cannot_be_two_columns(store: Store):
    at = edit(drop(CHATS), 0, r0="Chat id", r4="Operator")
    assert [warning.value for warning in at.warning] == ["A field was chosen for two columns. Choose it for one."]
    assert has(click(at, "use_columns"), "use_columns")


def test_messages_need_a_text(store: Store):
    at = edit(drop(CHATS), 0, r0="Chat id")
    at = run(at.segmented_control(key=column_key(at, "kind")).select("messages"))
    assert [warning.value for warning in at.warning] == ["Say which column is the text of the message."]


def test_columns_need_a_name_to_be_remembered_by(store: Store):
    at = edit(drop(CHATS), 0, r0="Chat id")
    at.text_input(key=column_key(at, "name")).input("  ")
    at = click(at, "use_columns")
    assert [warning.value for warning in at.warning] == ["Give these columns a name first."]
    at.text_input(key=column_key(at, "name")).input("Typed last")
    at = click(at, "use_columns")
    assert list(files(at)["read_as"]) == ["CSV, columns as in “Typed last”"]


def test_used_columns_lead_to_the_preview_and_the_import(store: Store):
    at = used(CHATS, r0="Chat id")
    assert list(files(at)["read_as"]) == ["CSV, columns as in “tickets”"]
    shown = first_chats(at)
    assert list(shown["visitor_name"]) == ["Rin", "Mia"]
    assert [str(moment) for moment in shown["started_at"]] == ["2026-04-03 10:00:00", "2026-04-25 11:00:00"]
    assert list(shown["why"]) == ["", "No human reply"]
    assert count(store) == 0
    at = click(at, "import")
    assert figures(at)["New"] == "2"
    kept = store.read("SELECT unknown_fields AS kept FROM chats ORDER BY vendor_id")
    assert [json.loads(row["kept"]) for row in kept] == [{"Plan": "gold"}, {"Plan": "free"}]


def test_the_next_file_with_the_same_columns_goes_straight_to_the_preview(store: Store):
    at = click(used(CHATS, r0="Chat id"), "import")
    header, first, _second = CHATS.data.decode().splitlines()
    at = drop(raw(f"{header}\n{first.replace('T-1', 'T-3')}\n", "tickets-2.csv"), at=at)
    assert not at.data_editor
    assert list(files(at)["read_as"]) == ["CSV, columns as in “tickets”"]
    assert figures(click(at, "import"))["New"] == "1"


def test_a_table_of_messages_is_read_by_its_words_for_senders(store: Store):
    at = drop(MESSAGES)
    assert at.segmented_control(key=column_key(at, "kind")).value == "messages"
    assert columns(at) == {
        "Conversation ID": "Chat id",
        "Sent at": "Message time",
        "From": "Sender's role",
        "Body": "Message text",
    }
    words = at.data_editor[1].value
    assert dict(zip(words["word"], words["sender"], strict=True)) == {"customer": "Visitor", "helpdesk": "–"}
    at = click(edit(at, 1, r1="Operator"), "use_columns")
    assert figures(at)["New"] == "1"
    click(at, "import")
    assert store.read("SELECT kind FROM messages ORDER BY position") == [{"kind": "visitor"}, {"kind": "operator"}]
    assert saved(store)["lines"].senders == (("customer", "visitor"), ("helpdesk", "operator"))


def test_two_unknown_tables_are_asked_for_one_after_the_other(store: Store):
    at = drop(CHATS, MESSAGES)
    assert said(at, "tickets.csv")
    at = click(edit(at, 0, r0="Chat id"), "use_columns")
    assert said(at, "lines.csv")
    at = click(edit(at, 1, r1="Operator"), "use_columns")
    assert list(files(at)["name"]) == ["tickets.csv", "lines.csv"]
    assert figures(at)["New"] == "3"


def test_another_zone_does_not_ask_for_the_columns_again(store: Store):
    at = choose(drop(CHATS), "import_format", "table")
    at = click(edit(at, 0, r0="Chat id"), "use_columns")
    at = choose(at, "import_zone", "Asia/Tokyo")
    assert str(first_chats(at)["started_at"][0]) == "2026-04-03 01:00:00"


def test_a_file_of_our_own_can_be_read_as_a_table(store: Store):
    at = choose(drop(csv_file([{"id": "1", "operator": "Aoi", "comment": "Ben"}])), "import_format", "table")
    assert columns(at) == {"id": "Chat id", "operator": "Operator", "comment": "Comment"}
    at = click(edit(at, 0, r1="Comment", r2="Operator"), "use_columns")
    assert list(first_chats(at)["operator"]) == ["Ben"]


def test_columns_that_were_remembered_are_corrected_under_their_name(store: Store):
    at = used(CHATS, r0="Chat id")
    at = choose(at, "import_format", "table")
    assert columns(at)["Ticket"] == "Chat id"
    assert at.text_input(key=column_key(at, "name")).value == "tickets"
    at = click(edit(at, 0, r4="Channel"), "use_columns")
    assert dict(saved(store)["tickets"].fields)["Plan"] == "channel"
    click(at, "import")
    assert store.read("SELECT channel FROM chats ORDER BY vendor_id") == [{"channel": "gold"}, {"channel": "free"}]


def test_after_cancel_the_columns_can_be_corrected_again(store: Store):
    at = choose(used(CHATS, r0="Chat id"), "import_format", "table")
    at = click(click(at, "use_columns"), "cancel_import")
    at = drop(CHATS, at=at)
    assert columns(at)["Ticket"] == "Chat id"


def test_another_table_of_the_same_name_does_not_take_the_columns_of_the_first(store: Store):
    at = used(CHATS, r0="Chat id")
    at = drop(csv_file([{"Case": "1", "Guest": "Rin"}], "tickets.csv"), at=at)
    assert at.text_input(key=column_key(at, "name")).value == "tickets 2"
    click(edit(at, 0, r0="Chat id"), "use_columns")
    assert saved(store).keys() == {"tickets", "tickets 2"}


@pytest.mark.parametrize("source", [raw(bytes(99), "zeros"), raw("hello", "hello.txt")], ids=lambda s: s.name)
def test_what_is_no_table_is_refused_as_one(store: Store, source: Source):
    at = choose(drop(source), "import_format", "table")
    assert len(at.error) == 1
    assert not at.data_editor


def test_a_table_in_a_zip_asks_for_its_columns(store: Store):
    at = drop(zipped(CHATS))
    assert columns(at)["Customer"] == "Visitor's name"
    at = click(edit(at, 0, r0="Chat id"), "use_columns")
    assert figures(click(at, "import"))["New"] == "2"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_has_a_name_of_its_own(language: str):
    with in_language(language):
        names = [_(field.label) for field in FIELDS]
    assert len(set(names)) == len(names)
    assert "–" not in names


def test_the_form_follows_the_language_and_forgets_no_guess(store: Store):
    at = edit(drop(CHATS), 0, r0="Chat id")
    at = run(at.segmented_control(key="person_language").select("ja"))
    # AppTest formats the options of widgets in this thread.
    with in_language("ja"):
        assert columns(at)["Customer"] == "訪問者の名前"
        at = click(edit(at, 0, r0="チャットID"), "use_columns")
    assert dict(saved(store)["tickets"].fields) == {
        "Ticket": "id",
        "Customer": "visitor_name",
        "Opened": "started_at",
        "Agent": "operator",
    }


def test_a_table_whose_encoding_cannot_be_told_says_that_it_can_be_chosen(store: Store):
    source = raw("Ticket,Клиент,Opened at\n1,Анна,2026-03-01 10:00\n".encode("cp1251"), "russian.csv")
    at = drop(source)
    assert REFUSALS["not_text"] in [error.value for error in at.error]
    assert not has(at, "use_columns")


def test_the_columns_of_a_table_are_read_in_the_chosen_encoding(store: Store):
    source = raw("Ticket,Клиент,Opened at\n1,Анна,2026-03-01 10:00\n".encode("cp1251"), "russian.csv")
    at = choose(drop(source), "import_encoding_0", "Windows-1251")
    assert set(columns(at)) == {"Ticket", "Клиент", "Opened at"}
    at = click(edit(at, 0, r0="Chat id"), "use_columns")
    assert saved(store)["russian"].encoding == "Windows-1251"
    # It is known from then on.
    at = choose(at, "import_encoding_0", "")
    assert list(files(at)["read_as"]) == ["CSV, Windows-1251, columns as in “russian”"]


def test_a_list_of_a_file_with_several_is_chosen(store: Store):
    tickets = [{"Ticket ID": "T-1", "Opened at": "2026-03-01 10:00", "Customer": "凛"}]
    cases = [{"Case ID": "X-1", "Began": "2026-03-02 10:00", "Guest": "Zoë"}]
    at = drop(json_file({"tickets": tickets, "cases": cases}))
    assert [error.value for error in at.error] == [REFUSALS["several_lists"]]
    assert said(at, "Lists: tickets[], cases[]")
    at = choose(at, "import_format", "table")
    assert set(columns(at)) == {"Ticket ID", "Opened at", "Customer"}
    (lists,) = [field for field in at.selectbox if str(field.key).startswith("list_")]
    at = run(lists.set_value("cases[]"))
    assert set(columns(at)) == {"Case ID", "Began", "Guest"}
    at = click(at, "use_columns")
    assert said(at, "answer.json: not read, as they are no chats or of another shape: tickets[] (1)")
    click(at, "import")
    assert store.read("SELECT vendor_id FROM chats") == [{"vendor_id": "X-1"}]
