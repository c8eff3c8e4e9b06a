"""What came of an action: told beside the list, true as long as it is told, and gone by itself."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from lib.chats.removal import delete_chat, restore_chats
from lib.chats.stale import mark_all_missed
from lib.mail import mails_of
from lib.missed.settings import Rules, rules_of, save_rules
from lib.screen.frame import session
from lib.screen.missed.mail_several import MAILING, Mailing
from lib.screen.parts.outcome import KEY
from lib.screen.views.arranging import ARRANGING
from lib.store import Store
from tests import worlds
from tests.pages.driving import (
    CHATS,
    DELETED,
    MISSED,
    OUTBOX,
    TEAM,
    TEMPLATES,
    body,
    captions,
    click,
    go_back,
    has,
    outcome_key,
    press,
    run,
    visit,
)
from tests.pages.test_deleted import ticked
from tests.thorough import rarely
from tests.worlds import id_of


@pytest.fixture
def store(world, set_up) -> Store:
    """A world with chats of all kinds, and a mail server to which nothing is sent."""
    set_up(SMTP_HOST="127.0.0.1", SMTP_PORT="2525", SMTP_SECURITY="none", SMTP_SENDER="Help <help@example.com>")
    return world("review")


def to(at: AppTest, page: str, **query: str) -> AppTest:
    """Another page in the same browser tab."""
    at.switch_page(page)
    return go_back(at, query)


def deleting(at: AppTest) -> str:
    """Deletes a chat; what is told of it."""
    click(click(to(at, CHATS, chat=str(id_of("done"))), "delete_chat"), "confirm_deletion")
    return "The chat is deleted."


def taking(at: AppTest) -> str:
    click(to(at, MISSED, chat=str(id_of("missed"))), "follow_take")
    return "You have taken 1 chat."


def mailing(at: AppTest) -> str:
    at.session_state[MAILING.key] = Mailing((id_of("missed"),))
    click(to(at, MISSED), "send_many")
    return "1 e-mail is in the outbox."


def restoring(at: AppTest) -> str:
    delete_chat(session.store(), id_of("chat 1"), "Ann")
    for key, value in ticked(session.store(), 0).items():
        at.session_state[key] = value
    click(to(at, DELETED), "restore")
    return "1 chat is back."


def joining(at: AppTest) -> str:
    to(at, TEAM).text_input(key="colleague_name").set_value("Zoe")
    click(at, "add_colleague")
    return "Zoe is in the team now."


def setting_hours(at: AppTest) -> str:
    field = to(at, TEAM).number_input(key="threshold_due_after_h")
    click(run(field.set_value(field.value + 1)), "save_rules")
    return "Saved. "


def writing_a_template(at: AppTest) -> str:
    field = to(at, TEMPLATES).text_area(key="template_missed_in_hours_en_body")
    click(run(field.set_value(field.value + "\nBye")), "save_template")
    return "Saved."


def blocking(at: AppTest) -> str:
    to(at, OUTBOX).text_input(key="block_address_form").set_value("no@example.com")
    click(at, "block_add")
    return "Nothing is sent to this address any more: no@example.com"


def dropping_a_view(at: AppTest) -> str:
    at.session_state[ARRANGING.key] = True
    found = next(button.key for button in to(at, CHATS).button if str(button.key).startswith("view_delete_"))
    click(at, found)
    del at.session_state[ARRANGING.key]
    return "is deleted."


ACTIONS: tuple[Callable[[AppTest], str], ...] = (
    deleting, taking, mailing, restoring, joining, setting_hours, writing_a_template, blocking, dropping_a_view,
)  # fmt: skip


@pytest.mark.parametrize("actions", [ACTIONS, *rarely([ACTIONS[::-1]])], ids=["forth", "back"])
def test_who_closes_a_message_sees_no_older_one(store: Store, actions):
    at, older = visit(CHATS), list[str]()
    for action in actions:
        told = action(at)
        assert told in body(run(at))
        assert not [text for text in older if text in body(at) and text not in told]
        older.append(told)
        kept = at.session_state[KEY]
        at = press(at, "close")
        assert not [text for text in older if text in body(at)]
        assert not any(outcome_key(at, name) for name in ("undo", "stop", "open", "close"))
        # As if it had not been closed, so that the next one comes over it.
        at.session_state[KEY] = kept


@pytest.mark.parametrize("action", [deleting, taking, mailing])
def test_what_is_shown_and_how_many_stay_beside_a_message(store: Store, action):
    at = visit(CHATS)
    told = action(at)
    at = to(at, CHATS, rating="2")
    assert told in body(at)
    assert "All chats rated 2" in body(at)
    there = store.read("SELECT count(*) AS n FROM chats WHERE deleted_at IS NULL")[0]["n"]
    assert f"1 of {there} chats" in captions(at)
    at = to(at, MISSED, queue="open", rating="2")
    assert told in body(at)
    assert "missed chats" in captions(at)


# All of them stand in the same place, from which the same line takes them.
@pytest.mark.parametrize(
    "action",
    [
        deleting,
        mailing,
        setting_hours,
        *rarely([taking, restoring, joining, writing_a_template, blocking, dropping_a_view]),
    ],
)
def test_a_message_goes_by_itself(store: Store, action, monkeypatch):
    at = visit(CHATS)
    told = action(at)
    assert told in body(run(at))
    monkeypatch.setattr(session, "now", lambda: worlds.NOW + timedelta(minutes=11))
    assert not outcome_key(run(at), "close")


def settle(store: Store, state: str) -> None:
    """What the sender makes of the mail that waits."""
    (mail,) = mails_of(store, id_of("missed"))
    sql = "UPDATE mails SET state = $state WHERE id = $id"
    store.write(lambda cursor: cursor.execute(sql, {"state": state, "id": mail.id}) and None)


@pytest.mark.parametrize(
    ("state", "told", "can_stop"),
    [
        ("sending", "1 e-mail is in the outbox.", False),
        ("unknown", "Of 1 e-mail it is unclear if it was sent.", False),
        ("queued", "1 e-mail is in the outbox.", True),
        # One of two that was sent, another test shows.
        pytest.param("sent", "1 e-mail is sent.", False, marks=pytest.mark.thorough),
        pytest.param("failed", "1 e-mail could not be sent.", False, marks=pytest.mark.thorough),
    ],
)
def test_word_of_mails_is_true_after_they_have_left(store: Store, state, told, can_stop):
    at = visit(CHATS)
    mailing(at)
    assert outcome_key(at, "stop")
    settle(store, state)
    at = run(at)
    assert told in body(at)
    assert bool(outcome_key(at, "stop")) == can_stop


def test_of_two_mails_one_is_sent_and_the_other_is_stopped(store: Store):
    worlds.make_chat(store, "late", status="missed", visitor_name="Kai", visitor_email="kai@example.com")
    store.write(mark_all_missed)
    at = visit(CHATS)
    at.session_state[MAILING.key] = Mailing((id_of("missed"), id_of("late")))
    at = click(to(at, MISSED), "send_many")
    assert "2 e-mails are in the outbox." in body(at)
    settle(store, "sent")
    assert "1 of 2 e-mails are sent." in body(run(at))
    at = press(at, "stop")
    assert "1 of 2 e-mails are sent. 1 e-mail is cancelled." in body(at)
    assert not outcome_key(at, "stop")


def test_what_a_colleague_did_since_cannot_be_undone_for_them(store: Store):
    at = visit(CHATS)
    deleting(at)
    restore_chats(store, [id_of("done")], "Ben")
    assert "1 chat is back." in body(run(at))
    delete_chat(store, id_of("done"), "Ben")
    assert "The chat is deleted." in body(run(at))
    assert not outcome_key(at, "undo")
    setting_hours(at)
    assert outcome_key(at, "undo")
    save_rules(store, Rules(rules_of(store).hours, 9), "Ben")
    assert not outcome_key(run(at), "undo")


def test_a_late_click_on_undo_takes_back_nothing_that_was_done_since(store: Store):
    at = visit(CHATS)
    taking(at)
    late = outcome_key(at, "undo")
    deleting(at)
    assert late != outcome_key(at, "undo")
    assert not has(at, late or "")


def test_undo_on_another_page_restores_and_says_so(store: Store):
    at = visit(CHATS)
    deleting(at)
    at = press(to(at, TEAM), "undo")
    assert "1 chat is back." in body(at)
    at = press(at, "open")
    assert at.query_params["chat"] == str(id_of("done"))


def test_the_question_the_outcome_and_undo_of_a_deletion_tell_of_the_mails_that_wait(store: Store):
    at = visit(MISSED)
    mailing(at)
    [mail] = mails_of(store, id_of("missed"))
    click(to(at, CHATS, chat=str(id_of("missed"))), "delete_chat")
    assert "1 e-mail that waits will not be sent." in body(at)
    click(at, "confirm_deletion")
    assert "The chat is deleted. 1 e-mail that waited will not be sent." in body(at)
    assert "The chat was deleted, so nothing was sent." in body(to(at, OUTBOX, mail=str(mail.id)))
    press(at, "undo")
    assert "1 chat is back. 1 e-mail waits to be sent." in body(at)
    assert "Waits again, as the chat is back" in body(at)
    assert mails_of(store, id_of("missed"))[0].state == "queued"


def test_the_question_before_a_deletion_says_what_cannot_be_stopped_and_nothing_without_mails(store: Store):
    at = visit(MISSED)
    mailing(at)
    store.write(lambda cursor: cursor.execute("UPDATE mails SET state = 'sending', state_since = now()") and None)
    click(to(at, CHATS, chat=str(id_of("missed"))), "delete_chat")
    assert "1 e-mail is just being sent and cannot be stopped." in body(at)
    assert "will not be sent" not in body(at)
    click(at, "confirm_deletion")
    assert "The chat is deleted." in body(at).split("\n")
    click(to(at, CHATS, chat=str(id_of("done"))), "delete_chat")
    assert "e-mail" not in "".join(text.value for text in at.get("dialog")[0].text)
