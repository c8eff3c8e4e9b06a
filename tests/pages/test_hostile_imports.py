"""What stands in files that are imported is shown where no Markdown is read, from the first look to the report."""

import copy
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lib.store import Store
from tests.importing.files import csv_file, json_file, json_lines, raw, zipped
from tests.pages.driving import IMPORT, SAFE_PLACES, click, places, run, visit
from tests.pages.import_page import ANSWERS, FIRST_TICKED, column_key, drop, edit, name_file
from tests.pages.page_worlds import evil
from tests.worlds import HOSTILE_TEXTS

# A name of a file, which holds no slash.
NAME = "![x](evil.example) :red[x]"
# What decides how an answer is read; all other texts are people's.
CODES = frozenset(
    [
        *("type", "kind", "status", "state", "channel", "t", "id", "_id", "rid", "nick", "url", "source"),
        *("state_key", "status_key", "chat_status", "message_type", "content_type", "part_type", "form_type"),
        *("sender_type", "msg_type", "system_message_type", "author_id", "sender_id"),
    ]
)
# A sign alone stands in many places.
TEXTS = [text for text in HOSTILE_TEXTS if len(text) > 1]
# A few at a time: what takes long is the page.
PARTS = [TEXTS[first : first + 6] for first in range(0, len(TEXTS), 6)]


@pytest.fixture(autouse=True)
def store(world) -> Store:
    return world("empty")


def holds(at: AppTest, *texts: str) -> bool:
    """Whether all these stand on the page, and nothing harmful in a harmful place."""
    assert places(at, "evil.example") <= SAFE_PLACES
    return all(places(at, text) for text in texts)


def ticked(at: AppTest) -> AppTest:
    """The page with the first chat of the preview ticked."""
    key = next(found.key for found in at.dataframe if (found.key or "").startswith("preview_"))
    at.session_state[key] = FIRST_TICKED
    return run(at)


def poisoned(answer: Any) -> Any:
    """An answer in which each text of a person would do harm if it was taken for Markdown."""
    if isinstance(answer, dict):
        return {name: value if name in CODES else poisoned(value) for name, value in answer.items()}
    if isinstance(answer, list):
        return [poisoned(item) for item in answer]
    if isinstance(answer, str) and answer and not answer[0].isdigit():
        return f"{evil('said')} {answer}"
    return copy.copy(answer)


def test_a_chat_is_text_in_its_preview_and_its_report():
    record = {
        "id": evil("chat_id"),
        "status": evil("status"),
        "operator": evil("operator"),
        "visitor": {"name": evil("visitor"), "email": evil("email")},
        "messages": [{"sender_type": "visitor", "sender_name": evil("sender"), "text": evil("text")}],
        evil("field"): 1,
    }
    at = ticked(drop(json_lines(record, {"id": "2", "rating": evil("rating")}, name=f"{NAME}.jsonl")))
    assert holds(at, NAME, *map(evil, ("operator", "visitor", "email", "sender", "text")))
    at = click(at, "import")
    assert holds(at, NAME, *map(evil, ("field", "rating")))
    assert holds(visit(IMPORT, session={"import_history": FIRST_TICKED}), NAME, *map(evil, ("field", "rating")))


@pytest.mark.parametrize("system", ANSWERS)
def test_what_people_wrote_in_another_system_is_text(system: str):
    sources = [json_file(poisoned(answer), name) for name, answer in ANSWERS[system].FILES.items()]
    at = ticked(drop(*sources))
    assert holds(at, "evil.example", system)
    assert holds(click(at, "import"), system)


def test_names_inside_an_archive_are_text():
    names = [evil(word) + ".jsonl" for word in ("inside", "skipped")]
    at = drop(zipped(json_lines({"id": "1"}, name=names[0]), raw("hello", names[1]), name=f"{NAME}.zip"))
    assert holds(at, *names)
    assert holds(click(at, "import"), *names)


@pytest.mark.parametrize("content", [b"hello", b"", b"PK\x03\x04 broken"])
def test_the_name_of_a_refused_file_is_text(content: bytes):
    at = drop(raw(content, NAME))
    assert at.error
    assert holds(at, NAME)


def test_a_name_that_was_typed_is_text():
    at = name_file(f"../{NAME}")
    assert at.error
    assert holds(at, NAME)


def test_columns_values_and_words_of_a_table_are_text():
    said = {evil("id"): evil("value"), "Body": evil("body"), "Conversation ID": "1", "From": evil("role")}
    at = drop(csv_file([said, said | {"From": "customer"}], f"{NAME}.csv"))
    assert len(at.data_editor) == 2
    assert holds(at, NAME, *map(evil, ("id", "value", "body", "role")))


def test_the_name_of_remembered_columns_is_text():
    at = edit(drop(csv_file([{"Ticket": "1", "Customer": "Rin"}])), 0, r0="Chat id")
    at = run(at.text_input(key=column_key(at, "name")).input(NAME))
    at = click(at, "use_columns")
    assert holds(at, f"columns as in “{NAME}”")
    assert holds(click(at, "import"), NAME)


def test_chats_that_messages_wait_for_are_named_as_text():
    at = click(drop(json_lines({"chat_id": evil("chat"), "sender_type": "bot", "text": "Beep"})), "import")
    assert holds(at, evil("chat"))


def safe(at: AppTest, texts: list[str]) -> bool:
    """Whether each of the texts stands somewhere, and in safe places only."""
    return all(set() < places(at, text) <= SAFE_PLACES for text in texts)


@pytest.mark.parametrize("number", range(len(PARTS)))
def test_hostile_texts_can_be_looked_at_and_imported(number: int):
    texts = PARTS[number]
    said = [{"sender_type": "visitor", "text": text} for text in texts]
    files = [
        json_lines({"id": text, "operator": text, "question": text, "messages": said, f"field {text}": text},
                   name=f"{text}.jsonl")
        for text in texts
    ]  # fmt: skip
    at = ticked(drop(*files))
    assert safe(at, texts)
    assert safe(click(at, "import"), texts)


@pytest.mark.parametrize("number", range(len(PARTS)))
def test_hostile_columns_can_be_chosen(number: int):
    texts = PARTS[number]
    rows = [{"Ticket": text, **{f"x{column}": text for column in texts}} for text in texts]
    at = drop(csv_file(rows, "odd.csv"))
    assert safe(at, texts)
    at = click(edit(at, 0, r0="Chat id", r1="Comment", r2="Operator"), "use_columns")
    assert safe(at, texts)
