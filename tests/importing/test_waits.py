"""How long visitors waited, where a chat system counted it in its own way."""

import pytest

from tests.importing.files import json_file, load, only_chat
from tests.importing.vendors import zendesk_answers
from tests.importing.vendors.chatwoot_answers import AOI_SENDS, BOB, BOT, conversation, message, page, second

HELLO, QUESTION, REPLY = (
    message(1, 0, 1, "Hello", **AOI_SENDS),
    message(2, 1, 0, "Yes?"),
    message(3, 3, 1, "So", **AOI_SENDS),
)
LATER = message(9, 5, 1, "Anything else?", **AOI_SENDS)
WAITS = [
    ([HELLO], None),
    ([HELLO, QUESTION], None),
    ([HELLO, QUESTION, REPLY], 120),
    ([message(1, 0, 2, "Assigned to Aoi"), {**REPLY, "created_at": second(0) + 40}], None),
    # Of the beginning nothing is known.
    ([LATER], 60),
    ([message(1, 5, 1, "Nine to five", sender=BOT)], 60),
]


@pytest.mark.parametrize(("said", "wait_s"), WAITS)
def test_what_a_system_counted_is_no_wait_where_an_operator_began(in_file, said, wait_s):
    chat = conversation(101, "resolved", BOB, first_reply_created_at=second(1))
    load(in_file, json_file(chat), json_file(page(101, *said)))
    assert (only_chat(in_file)["wait_s"], only_chat(in_file)["given_wait_s"]) == (wait_s, 60)


@pytest.mark.parametrize(
    ("answer", "wait_s"), [(zendesk_answers.SOLVED_BY_BOT, None), (zendesk_answers.HANDED_OFF, 19 * 60)]
)
def test_a_bots_answer_that_a_system_counted_ends_no_wait(in_file, answer, wait_s):
    load(in_file, json_file({"docs": {answer["id"]: answer}}))
    assert (only_chat(in_file)["wait_s"], only_chat(in_file)["given_wait_s"]) == (wait_s, 12)
