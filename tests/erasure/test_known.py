"""What is known of a person, as they may have it: all that was written of them, nothing of others, and nothing runs."""

import json

import pytest

from lib.chats.persons import Wanted
from lib.erasure.known import as_json, as_page, take_along
from lib.store import now
from tests.erasure.test_erasing import ANN, EMAIL, OTHER, Marks, lived_in, record
from tests.importing.files import json_lines, load


@pytest.fixture
def mark() -> Marks:
    return Marks()


# What is ours: who reads, what is looked for, why something was done.
OURS = ("link", "view", "because", "deleted because", "another comment", "for", "found", "later")


def test_every_text_about_a_person_is_in_both_files_and_none_of_others(store, mark):
    texts = {}

    def remembered(what: str) -> str:
        text = mark(what)
        texts[mark.made[-1]] = what
        return text

    remembered.made = mark.made
    lived_in(store, remembered, json_lines(record(remembered, 1), record(remembered, 2), OTHER))
    known = take_along(store, Wanted("email", value=EMAIL), ANN)
    files = as_json(known, now()).decode(), as_page(known, now(), "Asia/Tokyo", "ja").decode()
    # What is a link in a file is written there with other signs than in the record.
    wanted = {sign for sign, what in texts.items() if what.strip() and what not in OURS}
    for file in files:
        assert {texts[sign] for sign in wanted if sign not in file} <= {"comment"}, "the first comment was replaced"
        assert "not to be lost" not in file
        assert "other@example.org" not in file
    assert json.loads(files[0]).keys() >= {"made_at", "chats", "messages", "notes", "mails", "visitors"}
    (event,) = store.read("SELECT actor, detail FROM events WHERE action = 'person_taken'")
    assert (event["actor"], json.loads(event["detail"])) == (ANN, {"kind": "email", "chats": 2})


def test_nothing_in_the_page_runs(store):
    evil = '<script>alert(1)</script><img src=x onerror="alert(2)">'
    load(store, json_lines({"id": "1", "visitor": {"email": EMAIL, "name": evil}, "comment": evil,
                            "messages": [{"sender_type": "visitor", "text": evil}]}))  # fmt: skip
    page = as_page(take_along(store, Wanted("email", value=EMAIL), ANN), now(), "UTC", "en").decode()
    assert "<script" not in page and "<img" not in page
    assert page.count("&lt;script&gt;") >= 3


def test_of_whom_nothing_is_known_the_page_says_so(store):
    page = as_page(take_along(store, Wanted("email", value="nobody@example.org"), ANN), now(), "UTC", "en")
    assert b"There is nothing of it here." in page
