"""The dialog for e-mails to several visitors, on a page that does nothing but open it."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

import pytest
from streamlit.runtime.scriptrunner_utils.exceptions import RerunException
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from streamlit.testing.v1 import AppTest

from lib.mail import MOST_AT_ONCE, mails_of
from lib.screen.frame import session
from lib.screen.missed.mail_several import MAILING, Mailing
from tests import worlds
from tests.pages.driving import SAFE_PLACES, body, click, has, places, press, run
from tests.pages.page_worlds import evil
from tests.worlds import id_of


def page() -> None:
    """What a page does to offer it."""
    from lib.screen.frame import session
    from lib.screen.missed.mail_several import mail_many
    from lib.screen.parts.outcome import outcome_line

    session.settle_language()
    outcome_line()
    mail_many()


@pytest.fixture
def mail_server(set_up) -> None:
    """Settings of a mail server; nothing is sent in these tests."""
    set_up(SMTP_HOST="127.0.0.1", SMTP_PORT="2525", SMTP_SECURITY="none", SMTP_SENDER="Help <help@example.com>")


def asked(chats: Sequence[object]) -> AppTest:
    """The page after somebody asked to write to these chats."""
    at = AppTest.from_function(page, default_timeout=15)
    at.session_state["acting_as"] = "Ann"
    at.session_state[MAILING.key] = Mailing(tuple(id_of(chat) if isinstance(chat, str) else chat for chat in chats))
    return run(at)


def reasons(at: AppTest) -> dict[str, str]:
    """Who is left out, with the reason."""
    frame = at.dataframe[0].value
    return dict(zip(frame["visitor"], frame["reason"], strict=True))


def step(at: AppTest) -> str:
    """Which of how many previews is shown."""
    return next(text.value for text in at.text if " of " in text.value and len(text.value) < 12)


def test_what_was_chosen_last_is_sent(world, mail_server):
    store = world("queue")
    at = asked(["early", "written"])
    assert at.button(key="send_many").label == "Send 1 e-mail"
    at.selectbox(key="many_purpose").set_value("follow_up")
    at.checkbox(key="many_again").check()
    click(at, "send_many")
    assert [mail.purpose for name in ("early", "written") for mail in mails_of(store, id_of(name))] == ["follow_up"] * 2


def test_each_mail_is_previewed_with_its_own_values_and_all_are_queued(world, mail_server):
    store = world("review")
    worlds.make_chat(store, "late", status="missed", visitor_name="Kai", visitor_email="kai@example.com", language="ja")
    at = asked(["missed", "late", "missed, no e-mail", "gone"])
    assert step(at) == "1 of 2"
    assert "To: Rin <rin@example.com>\nSubject: Your question in our chat on Sunday, 22 November 2026" in body(at)
    assert not at.button(key="next_mail").disabled
    at = click(at, "next_mail")
    assert step(at) == "2 of 2"
    assert "Kai 様" in body(at)
    assert at.button(key="next_mail").disabled
    assert step(click(at, "previous_mail")) == "1 of 2"
    assert reasons(at) == {"Mia": "No e-mail address is known.", "Ghost": "The chat is deleted."}
    assert at.button(key="send_many").label == "Send 2 e-mails"
    at = click(at, "send_many")
    assert not at.get("dialog")
    assert "2 e-mails are in the outbox." in body(at)
    assert reasons(at) == {"Mia": "No e-mail address is known.", "Ghost": "The chat is deleted."}
    # Of the second one, nobody has found out yet that it was missed on a Sunday.
    for name, purpose in {"missed": "missed_out_of_hours", "late": "missed_in_hours"}.items():
        (mail,) = mails_of(store, id_of(name))
        assert (mail.state, mail.created_by, mail.purpose) == ("queued", "Ann", purpose)
    at = press(at, "stop")
    assert "2 e-mails are cancelled." in body(at)
    assert mails_of(store, id_of("late"))[0].state == "cancelled"
    at = press(at, "close")
    assert not at.text


def set_assignee(cursor, values) -> None:
    cursor.execute("UPDATE chats SET assignee = $owner WHERE id = $id", values)


def test_before_anything_is_sent_one_sees_how_old_the_chats_are_and_whose(world, mail_server):
    store = world("review")
    days_ago = worlds.NOW - timedelta(days=20)
    owners = {"of Ben": "Ben", "of Ben too": "Ben", "mine": "Ann", "evil": "<b>*x*</b>"}
    for n, (name, owner) in enumerate(owners.items()):
        worlds.make_chat(store, name, status="missed", visitor_email=f"v{n}@example.com", started_at=days_ago)
        values = {"owner": owner, "id": id_of(name)}
        store.write(partial(set_assignee, values=values))
    at = asked(["missed", "of Ben", "of Ben too", "mine"])
    told = next(text.value for text in at.text if text.value.startswith("The oldest chat is of"))
    assert "3 chats are older than 14 days." in told
    assert told.endswith("2 chats are with colleagues (Ben: 2).")
    assert "This chat is with Ben." not in body(at)
    assert "This chat is with Ben." in body(click(at, "next_mail"))
    assert "older" not in body(asked(["missed"]))
    assert "<b>*x*</b>: 1" in body(asked(["evil"]))


def test_another_template_and_those_who_were_contacted(world, mail_server):
    store = world("review")
    worlds.make_chat(store, "done", status="missed", visitor_name="Kai", visitor_email="k@example.com",
                     contacted_at=worlds.NOW)  # fmt: skip
    store.write(lambda cursor: cursor.execute("UPDATE chats SET contacted_at = now()::TIMESTAMP WHERE id = $id",
                                              {"id": id_of("missed")}) and None)  # fmt: skip
    at = asked(["missed"])
    assert not has(at, "send_many")
    assert reasons(at) == {"Rin": "The visitor was contacted before."}
    at = run(at.checkbox(key="many_again").check())
    at = run(at.selectbox(key="many_purpose").set_value("follow_up"))
    assert "Thank you for talking with us" in body(at)
    at = click(at, "send_many")
    assert mails_of(store, id_of("missed"))[0].purpose == "follow_up"


def test_a_second_click_sends_nothing_and_the_result_stays(world, mail_server, monkeypatch):
    store = world("review")
    at = asked(["missed"])
    actor = session.actor

    def interrupted() -> str:
        if mails_of(store, id_of("missed")):
            monkeypatch.setattr(session, "actor", actor)
            raise RerunException(RerunData())
        return actor()

    monkeypatch.setattr(session, "actor", interrupted)
    at = click(at, "send_many")
    assert "1 e-mail is in the outbox." in body(at)
    assert len(mails_of(store, id_of("missed"))) == 1


def test_without_a_mail_server_nothing_can_be_sent(world):
    world("review")
    at = asked(["missed"])
    assert [info.value for info in at.info] == ["No mail server is set up, so nothing can be sent from here."]
    assert not has(at, "send_many")


def test_too_many_are_refused_in_words(world, mail_server):
    world("one")
    at = asked([id_of(str(n)) for n in range(MOST_AT_ONCE + 1)])
    assert [warning.value for warning in at.warning] == [
        "501 chats are chosen. At most 500 can be written to at once. Choose fewer."
    ]
    assert not has(at, "send_many")


def test_cancelling_writes_nothing(world, mail_server):
    store = world("review")
    at = click(asked(["missed"]), "cancel_many")
    assert not at.get("dialog")
    assert mails_of(store, id_of("missed")) == []


def test_texts_of_visitors_stay_text(world, mail_server):
    store = world("marked")
    worlds.make_chat(store, "evil", status="missed", visitor_name=evil("visitor_name"), visitor_email="a@example.com",
                     messages=[evil("text")], question=evil("question"))  # fmt: skip
    at = asked(["evil", "marked before"])
    for marker in ("visitor_name", "text", "question", "visitor_email"):
        assert places(at, evil(marker).split(" ")[0])
    assert places(at, "evil.example") <= SAFE_PLACES
    assert places(click(at, "send_many"), "evil.example") <= SAFE_PLACES
