"""The reply by e-mail: the form with and without a mail server, the preview, and what became of the mails."""

import socket
from dataclasses import replace
from email import message_from_bytes, policy

import pytest
from streamlit.runtime.scriptrunner_utils.exceptions import RerunException
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from streamlit.testing.v1 import AppTest

from lib.mail import SHIPPED, block, eml, mails_of, pause_of, save_template
from lib.screen.frame import session
from tests import worlds
from tests.pages.driving import body, click, go_back, has, names, open_chat, run
from tests.worlds import id_of

FIELDS = ("to", "cc", "subject", "body")


def key(name: str, field: str, number: int = 1) -> str:
    """Key of a field of the form."""
    return f"mail_{id_of(name)}_{number}_{field}"


def written(at: AppTest, name: str, number: int = 1) -> dict[str, str]:
    """What stands in the form."""
    return {field: at.session_state[key(name, field, number)] for field in FIELDS}


@pytest.fixture
def closed_port() -> int:
    """A port at which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture
def mail_server(set_up, closed_port: int) -> None:
    """Settings of a mail server that does not answer."""
    set_up(
        SMTP_HOST="127.0.0.1", SMTP_PORT=str(closed_port), SMTP_SECURITY="none", SMTP_SENDER="Help <help@example.com>"
    )


def test_the_form_begins_with_the_template_in_the_language_of_the_chat(world):
    world("review")
    at = open_chat("missed", "reply", context={"locale": "ja-JP"})
    form = written(at, "missed")
    assert form["to"] == "rin@example.com"
    assert form["cc"] == ""
    assert form["subject"] == "Your question in our chat on Sunday, 22 November 2026"
    assert form["body"].startswith("Dear Rin,")
    assert "> Where is my parcel?" in form["body"]
    assert form["body"].endswith("Kind regards,\nTester")


def test_a_japanese_chat_is_answered_in_japanese(world):
    world("review")
    form = written(open_chat("done", "reply"), "done")
    assert "Rin 様" in form["body"] or "Rin様" in form["body"]
    assert "Kind regards" not in form["body"]


def test_without_a_mail_server_the_mail_is_offered_as_a_file_and_nothing_is_sent(world):
    store = world("review")
    at = open_chat("missed", "reply")
    assert any("No mail server is set up" in info.value for info in at.info)
    assert not has(at, "send_mail")
    at = run(at.download_button(key="download_eml").click())
    assert mails_of(store, id_of("missed")) == []
    assert at.download_button(key="download_eml").label == "Download as .eml"


def test_a_transcript_that_was_taken_out_stays_out_when_one_looks_at_another_tab(world, mail_server):
    world("review")
    at = open_chat("done", "reply")
    at = run(at.checkbox(key=key("done", "transcript")).uncheck())
    for tab in ("info", "reply"):
        at = go_back(at, {**at.query_params, "tab": tab})
    assert at.checkbox(key=key("done", "transcript")).value is False


def test_the_preview_is_what_the_visitor_will_see(world, mail_server):
    world("review")
    at = open_chat("done", "reply")
    at = run(at.text_input(key=key("done", "subject")).input("About umbrellas"))
    at = run(at.text_area(key=key("done", "body")).input("Yes, we do."))
    assert "From: Help <help@example.com>\nTo: Rin <rin@example.com>\nSubject: About umbrellas" in body(at)
    letter = next(text.value for text in at.text if text.value.startswith("Yes, we do."))
    assert "Do you sell umbrellas?" in letter
    assert "Aoi joined the chat" not in letter
    assert "A regular" not in letter
    at = run(at.checkbox(key=key("done", "system")).check())
    assert "Aoi joined the chat" in next(text.value for text in at.text if text.value.startswith("Yes, we do."))
    at = run(at.checkbox(key=key("done", "transcript")).uncheck())
    assert "Yes, we do." in [text.value.strip() for text in at.text]


def test_every_problem_with_an_address_is_named(world, mail_server):
    world("review")
    at = open_chat("missed", "reply")
    at = run(at.text_input(key=key("missed", "cc")).input("a@example.com, nobody, @x"))
    assert "nobody is not an e-mail address." in body(at)
    assert "@x is not an e-mail address." in body(at)
    at = run(at.text_input(key=key("missed", "to")).input(""))
    assert "Enter an e-mail address." in body(at)


def test_what_was_typed_last_leaves_with_the_click_on_send(world, mail_server):
    store = world("review")
    at = open_chat("missed", "reply")
    at.text_input(key=key("missed", "to")).input("other@example.com")
    at.text_input(key=key("missed", "cc")).input("boss@example.com")
    at.text_input(key=key("missed", "subject")).input("Typed last")
    at.text_area(key=key("missed", "body")).input("These words")
    at.checkbox(key=key("missed", "transcript")).uncheck()
    at = click(at, "send_mail")
    (mail,) = mails_of(store, id_of("missed"))
    assert (mail.recipient, mail.copies) == ("other@example.com", ("boss@example.com",))
    assert (mail.subject, mail.body) == ("Typed last", "These words")
    source = message_from_bytes(eml(store, mail.id), policy=policy.default)
    assert source["To"] == "other@example.com"
    assert "Where is my parcel?" not in source.get_body(("plain",)).get_content()


def test_a_wrong_address_that_was_typed_last_sends_nothing_and_stays(world, mail_server):
    store = world("review")
    at = open_chat("missed", "reply")
    at.text_input(key=key("missed", "to")).input("rin@example.com, nobody")
    at.text_area(key=key("missed", "body")).input("These words")
    at = click(at, "send_mail")
    assert mails_of(store, id_of("missed")) == []
    assert [warning.value for warning in at.warning] == ["No e-mail was made: an address is wrong."]
    assert written(at, "missed")["to"] == "rin@example.com, nobody"
    assert written(at, "missed")["body"] == "These words"
    at.text_input(key=key("missed", "to")).input("rin@example.com")
    click(at, "send_mail")
    assert [mail.body for mail in mails_of(store, id_of("missed"))] == ["These words"]


@pytest.mark.parametrize("field", ["subject", "body"])
def test_a_mail_without_subject_or_text_cannot_be_sent(world, mail_server, field: str):
    store = world("review")
    at = open_chat("missed", "reply")
    at.session_state[key("missed", field)] = "  "
    at = click(run(at), "send_mail")
    assert [warning.value for warning in at.warning] == ["No e-mail was made: write a subject and a text first."]
    assert mails_of(store, id_of("missed")) == []


def test_a_chat_without_an_address_can_be_answered_to_another(world, mail_server):
    store = world("review")
    at = click(open_chat("missed, no e-mail", "reply"), "send_mail")
    assert "Enter an e-mail address." in body(at)
    at.text_input(key=key("missed, no e-mail", "to")).input("mia@example.com")
    click(at, "send_mail")
    assert [mail.recipient for mail in mails_of(store, id_of("missed, no e-mail"))] == ["mia@example.com"]


def test_a_mail_that_cannot_leave_says_why_and_can_be_tried_again(world, mail_server):
    store = world("review")
    at = click(open_chat("missed", "reply", session={"acting_as": "Ann"}), "send_mail")
    (mail,) = mails_of(store, id_of("missed"))
    assert (mail.state, mail.attempts, mail.created_by) == ("queued", 0, "Ann")
    assert "Sending is paused since " in body(at)
    assert "The mail server does not answer at the host and port in the settings." in body(at)
    assert "rin@example.com\nYour question in our chat on Sunday, 22 November 2026" in body(at)
    assert not has(at, "send_mail")
    at = click(at, f"send_{mail.id}")
    (mail,) = mails_of(store, id_of("missed"))
    assert (mail.state, mail.attempts, pause_of(store).attempts) == ("queued", 0, 2)
    at = click(at, f"cancel_{mail.id}")
    assert mails_of(store, id_of("missed"))[0].state == "cancelled"
    assert not has(at, f"send_{mail.id}")


def test_a_second_tab_with_the_same_form_sends_nothing_twice(world, mail_server):
    store = world("review")
    first, second = open_chat("missed", "reply"), open_chat("missed", "reply")
    click(first, "send_mail")
    second = click(second, "send_mail")
    assert len(mails_of(store, id_of("missed"))) == 1
    warnings = ["This mail was already on its way, so it was not sent a second time."]
    assert [warning.value for warning in second.warning] == warnings
    assert not run(second).warning


def test_a_second_click_amid_sending_leaves_no_mail_half_way(world, mail_server, monkeypatch):
    store = world("review")
    at = open_chat("missed", "reply")
    actor = session.actor

    def interrupted() -> str:
        if mails_of(store, id_of("missed")):
            monkeypatch.setattr(session, "actor", actor)
            raise RerunException(RerunData())
        return actor()

    monkeypatch.setattr(session, "actor", interrupted)
    click(at, "send_mail")
    (mail,) = mails_of(store, id_of("missed"))
    assert (mail.state, pause_of(store).attempts) == ("queued", 1)


def test_another_mail_is_written_with_a_fresh_form(world, mail_server):
    store = world("review")
    at = click(open_chat("missed", "reply"), "send_mail")
    at = click(at, "write_another")
    assert written(at, "missed", 2)["to"] == "rin@example.com"
    click(at, "send_mail")
    assert [mail.number for mail in mails_of(store, id_of("missed"))] == [2, 1]


def test_what_is_queued_is_what_was_written(world, mail_server):
    store = world("review")
    at = open_chat("missed", "reply")
    at = run(at.text_input(key=key("missed", "cc")).input("Boss <boss@example.com>"))
    at = run(at.text_input(key=key("missed", "subject")).input("Your\u2028parcel\r\nBcc: x@example.com"))
    at = run(at.text_area(key=key("missed", "body")).input("It is here."))
    click(at, "send_mail")
    (mail,) = mails_of(store, id_of("missed"))
    message = message_from_bytes(eml(store, mail.id), policy=policy.default)
    assert (message["To"], message["Cc"], message["Bcc"]) == ("Rin <rin@example.com>", "boss@example.com", None)
    assert "parcel" in message["Subject"]
    assert "It is here." in message.get_body(("plain",)).get_content()


def test_a_half_written_mail_waits_while_the_transcript_is_read(world):
    world("review")
    at = open_chat("missed", "reply")
    at = run(at.text_area(key=key("missed", "body")).input("Half a mail"))
    at = run(at.segmented_control(key="w_tab").select("transcript"))
    at = click(at, "reply_by_email")
    assert at.text_area(key=key("missed", "body")).value == "Half a mail"


def option(at: AppTest, name: str) -> str:
    """The template that is chosen."""
    return at.selectbox(key=key(name, "template")).value


def choose(at: AppTest, name: str, template: str) -> AppTest:
    """The page after the choice of a template."""
    return run(at.selectbox(key=key(name, "template")).set_value(template))


def test_another_template_fills_a_text_that_nobody_changed(world, mail_server):
    store = world("review")
    save_template(store, replace(SHIPPED["blank", "en"], subject="Own", body="Own words for [{name}|you]"), "Ann")
    at = open_chat("missed", "reply")
    assert option(at, "missed") == "missed_out_of_hours.en"
    at = choose(at, "missed", "blank.en")
    assert (written(at, "missed")["subject"], written(at, "missed")["body"]) == ("Own", "Own words for Rin")
    assert not has(at, "use_template")
    at = choose(at, "missed", "follow_up.ja")
    assert written(at, "missed")["body"].startswith("Rin 様")
    click(at, "send_mail")
    (mail,) = mails_of(store, id_of("missed"))
    assert mail.purpose == "follow_up"
    assert message_from_bytes(eml(store, mail.id))["Content-Language"] == "ja"


def test_a_chat_that_was_missed_out_of_hours_begins_with_that_template(world, mail_server):
    store = world("one")
    worlds.make_chat(store, "late", status="missed", missed_cause="out_of_hours", missed_noticed_at=worlds.NOW)
    at = open_chat("late", "reply")
    assert option(at, "late") == "missed_out_of_hours.en"
    assert "outside our working hours" in written(at, "late")["body"]


def test_a_text_that_somebody_changed_stays_until_they_say_otherwise(world, mail_server):
    store = world("review")
    at = open_chat("missed", "reply")
    at = run(at.text_area(key=key("missed", "body")).input("My own words"))
    at = choose(at, "missed", "follow_up.en")
    assert written(at, "missed")["body"] == "My own words"
    assert "You have changed the text, so it was left as it is." in body(at)
    at = click(at, "use_template")
    assert "Thank you for talking with us" in written(at, "missed")["body"]
    assert not has(at, "use_template")
    at = click(at, "bring_back_text")
    assert written(at, "missed")["body"] == "My own words"
    assert not has(at, "bring_back_text")
    click(at, "send_mail")
    assert mails_of(store, id_of("missed"))[0].body == "My own words"


def test_going_back_to_the_first_template_asks_nothing(world):
    world("review")
    at = open_chat("missed", "reply")
    at = run(at.text_input(key=key("missed", "subject")).input("My own words"))
    at = choose(choose(at, "missed", "blank.en"), "missed", "missed_out_of_hours.en")
    assert not has(at, "use_template")
    assert written(at, "missed")["subject"] == "My own words"


def test_an_address_that_is_not_written_to_cannot_be_sent_to(world, mail_server):
    store = world("review")
    block(store, "boss@example.com", "asked", "", "Ann")
    at = open_chat("missed", "reply")
    at = run(at.text_input(key=key("missed", "cc")).input("Boss@example.com"))
    assert "Nothing is sent to Boss@example.com." in body(at)
    at = click(at, "send_mail")
    assert mails_of(store, id_of("missed")) == []
    at = run(at.text_input(key=key("missed", "cc")).input(""))
    block(store, "rin@example.com", "asked", "", "Ann")
    at = click(at, "send_mail")
    assert "Nothing is sent to rin@example.com." in body(at)
    assert mails_of(store, id_of("missed")) == []


ACTIONS = {
    "queued": {"send", "cancel"},
    "sending": set(),
    "sent": set(),
    "failed": {"retry", "cancel"},
    "unknown": {"was_sent", "again"},
    "cancelled": set(),
}


@pytest.mark.parametrize("state", ACTIONS)
def test_each_state_of_a_mail_offers_what_can_be_done(world, mail_server, monkeypatch, state: str):
    monkeypatch.setattr("lib.screen.chat.reply.now", lambda: worlds.NOW)
    store = world("one")
    worlds.make_chat(store, "mailed", replies=[state], visitor_name="Rin")
    (mail,) = mails_of(store, id_of("mailed"))
    at = open_chat("mailed", "reply")
    offered = {name for name in ("send", "cancel", "retry", "was_sent", "again") if has(at, f"{name}_{mail.id}")}
    assert offered == ACTIONS[state]


@pytest.mark.parametrize(("action", "state"), [("was_sent", "sent"), ("again", "queued")])
def test_a_person_decides_on_a_mail_of_unknown_fate(world, mail_server, action: str, state: str):
    store = world("one")
    worlds.make_chat(store, "mailed", replies=["unknown"])
    (mail,) = mails_of(store, id_of("mailed"))
    store.write(lambda cursor: cursor.execute("UPDATE mails SET source = 'To: x@example.com\r\n\r\nx'::BLOB"))
    click(open_chat("mailed", "reply"), f"{action}_{mail.id}")
    assert mails_of(store, id_of("mailed"))[0].state == state


@pytest.mark.parametrize("tab", ["reply", "notes"])
def test_the_chat_can_be_read_while_somebody_writes_about_it(world, tab: str):
    world("review")
    at = open_chat("done", tab)
    assert "Do you sell umbrellas?" in body(at)
    assert has(at, key("done", "body")) == (tab == "reply")
    assert has(at, "add_note") == (tab == "notes")
    assert names(at) == []
    at = click(at, "back_to_list")
    assert "Do you sell umbrellas?" in body(at)
    assert names(at)
    assert at.query_params == {"chat": str(id_of("done"))}
