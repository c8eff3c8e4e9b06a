"""The page Outbox: what became of every mail, what can be done with it, and who is not written to."""

import socket
from dataclasses import replace
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from lib.mail import block, blocked_addresses, cancel, check_address, compose, mail, outbox, queue, send
from lib.mail.draft import draft_for, facts_of
from lib.mail.smtp import Delivered, Undelivered
from lib.screen.frame import session
from lib.screen.outbox import view as outbox_view
from lib.settings import Smtp
from lib.store import Store
from tests import worlds
from tests.pages.driving import (
    MISSED,
    OUTBOX,
    SAFE_PLACES,
    body,
    click,
    go_back,
    has,
    outcome_key,
    places,
    press,
    run,
    table,
    visit,
)
from tests.worlds import id_of

NOWHERE = Smtp("mail.invalid", 25, "none", None, None, "desk@example.com")
LATER = Undelivered("recipient_refused", "rin@example.com: 451 4.7.1 Later", is_temporary=True)
EXPIRED = Undelivered("sign_in_failed", "535 5.7.8 Password expired", concerns_account=True)
GONE = Undelivered("recipient_refused", "rin@example.com: 550 5.1.1 No such user")
PARTLY = Delivered(("a@example.com: 550 5.7.1 No", "b@example.com: 452 4.2.2 Full"))
UNKNOWN = Undelivered("lost_connection_after_data", "", is_unknown=True)


@pytest.fixture
def mail_server(set_up) -> None:
    """Settings of a mail server that does not answer."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    set_up(SMTP_HOST="127.0.0.1", SMTP_PORT=str(port), SMTP_SECURITY="none", SMTP_SENDER="help@example.com")


@pytest.fixture
def wrote(monkeypatch):
    """Puts a mail to the chat of a world into the outbox, and what became of it."""

    def write(store: Store, outcome: Delivered | Undelivered | None = None, minute: int = 0, **changes):
        draft = replace(draft_for(facts_of(store, id_of("missed")), "Ann", "UTC"), **changes)
        message = compose(draft, None, check_address("desk@example.com"), worlds.NOW)
        moment = worlds.NOW.replace(minute=minute)
        queued = queue(store, draft, message, "Ann", moment).mail_id
        if outcome:
            with monkeypatch.context() as patched:
                patched.setattr(outbox, "deliver", lambda *_args: outcome)
                send(store, queued, NOWHERE, "Ann")
        return queued

    return write


@pytest.fixture
def store(world) -> Store:
    """A store with a missed chat, in which nobody has written a mail yet."""
    found = world("review")
    found.write(lambda cursor: cursor.execute("DELETE FROM mails") and None)
    return found


def tick(at: AppTest, *rows: int) -> AppTest:
    """The page after rows of the list were ticked."""
    key = next(found.key for found in at.dataframe if found.key.startswith("outbox_"))
    at.session_state[key] = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
    return run(at)


def test_an_empty_outbox_says_what_comes_here(store):
    at = visit(OUTBOX)
    assert [info.value[:26] for info in at.info] == ["No e-mail was written yet."]
    assert "CHAT_HISTORY_SMTP_HOST" in body(at)
    assert "No address is on the list." in [caption.value for caption in at.caption]
    assert not has(at, "retry_several")


def test_every_mail_is_listed_with_what_became_of_it(mail_server, store, wrote):
    wrote(store, None, 1, recipient="queued@example.com")
    wrote(store, LATER, 2)
    wrote(store, UNKNOWN, 4, recipient="unknown@example.com")
    wrote(store, PARTLY, 5, copies=("a@example.com", "b@example.com"))
    cancel(store, wrote(store, None, 6), "Ann")
    wrote(store, GONE, 3)
    at = visit(OUTBOX)
    names = ["All e-mails", "Queued", "Sending", "Sent", "Failed", "Unclear if sent", "Cancelled"]
    counts = zip(names, [6, 2, 0, 1, 1, 1, 1], strict=True)
    assert at.segmented_control(key="w_box").options == [f"{name} **{n}**" for name, n in counts]
    rows = table(at, "outbox_")
    assert list(rows["state"]) == ["Cancelled", "Sent", "Unclear if sent", "Failed", "Queued", "Queued"]
    assert list(rows["attempts"]) == [0, 1, 1, 1, 1, 0]
    assert list(rows["next_attempt_at"].notna()) == [False] * 4 + [True, False]
    assert rows["recipient"][1] == "rin@example.com, a@example.com, b@example.com"
    assert rows["why"][3] == "The mail server refused the recipient's address. 550 5.1.1 No such user"
    assert "550 5.7.1 No 452 4.2.2 Full" in rows["why"][1]
    assert "At most 30 e-mails a minute · 2 wait" in body(at)
    at = run(at.segmented_control(key="w_box").select("failed"))
    assert list(table(at, "outbox_")["state"]) == ["Failed"]
    assert at.query_params["box"] == "failed"
    at = visit(OUTBOX, {"box": "sending"})
    assert [info.value for info in at.info] == ["No e-mail is being sent at this moment."]


@pytest.mark.parametrize("query", [{"box_page": "-1", "mail": "x"}, {"box_page": "9" * 5000}])
def test_an_address_that_makes_no_sense_is_as_if_it_were_not_there(store, wrote, query):
    wrote(store)
    assert len(table(visit(OUTBOX, query), "outbox_")) == 1


def test_a_part_that_is_not_known_does_not_look_like_all_mails(store, wrote):
    wrote(store)
    at = visit(OUTBOX, {"box": "newer"})
    assert table(at, "outbox_") is None
    assert "not known here" in at.warning[0].value
    assert len(table(click(at, "show_every_box"), "outbox_")) == 1


def test_the_open_mail_has_its_text_its_refusals_its_history_and_its_chat(mail_server, store, wrote):
    found = wrote(store, PARTLY, copies=("a@example.com", "b@example.com"), subject="About parcels")
    at = visit(OUTBOX, {"mail": str(found)})
    shown = body(at).splitlines()
    assert {"About parcels", "a@example.com: 550 5.7.1 No", "b@example.com: 452 4.2.2 Full"} <= set(shown)
    assert any(line.startswith("Dear Rin") for line in shown)
    assert [line.rpartition(" · ")[2] for line in shown if " · Ann · " in line] == ["Sent", "Queued"]
    closed = click(at, "close_mail")
    assert "mail" not in closed.query_params
    at = click(visit(OUTBOX, {"mail": str(found)}), "mail_chat")
    assert at.query_params["chat"] == str(id_of("missed"))


def test_a_click_on_a_row_opens_its_mail_once():
    def click(cells):
        from uuid import UUID

        import streamlit as st

        from lib.screen.outbox.view import show_mail
        from lib.screen.parts.table import _clicked

        st.session_state["table"] = {"selection": {"rows": [], "columns": [], "cells": cells}}
        _clicked("table", [UUID(int=1), UUID(int=2)], show_mail, with_ticks=True)

    at = run(AppTest.from_function(click, kwargs={"cells": [(1, "subject")]}))
    assert at.query_params["mail"] == str(UUID(int=2))
    assert "mail" not in go_back(at, {}).query_params
    assert "mail" not in run(AppTest.from_function(click, kwargs={"cells": [(2, "subject")]})).query_params


def test_a_link_to_a_mail_that_is_gone_says_so(store, wrote):
    wrote(store)
    at = visit(OUTBOX, {"mail": str(id_of("nobody"))})
    assert [info.value for info in at.info] == ["There is no e-mail with this link."]
    assert not click(at, "close_mail").info


def test_one_mail_is_tried_again_and_says_when_it_will_be_next(mail_server, store, wrote, monkeypatch):
    found = wrote(store, Undelivered("rejected", "554 5.7.1 No"))
    monkeypatch.setattr(outbox, "deliver", lambda *_args: LATER)
    at = click(visit(OUTBOX, {"mail": str(found)}), f"retry_{found}")
    tried = mail(store, found)
    assert (tried.state, tried.attempts, tried.problem.code) == ("queued", 2, "recipient_refused")
    assert "Will be tried again at" in body(at)
    assert "The mail server refused the recipient's address." in body(at)
    click(at, f"cancel_{found}")
    assert mail(store, found).state == "cancelled"


def test_beyond_the_rate_limit_a_mail_waits_for_its_turn(mail_server, set_up, store, wrote):
    set_up(MAILS_PER_MINUTE="1")
    store = session.store()
    wrote(store, Delivered())
    found = wrote(store, LATER)
    assert mail(store, found).attempts == 1
    at = click(visit(OUTBOX, {"mail": str(found)}), f"send_{found}")
    assert (mail(store, found).attempts, mail(store, found).next_attempt_at) == (1, None)
    assert "It is sent as soon as its turn comes: at most 1 a minute." in body(at)


def test_a_person_decides_on_a_mail_of_unknown_fate(mail_server, store, wrote):
    found = wrote(store, UNKNOWN)
    click(visit(OUTBOX, {"mail": str(found)}), f"was_sent_{found}")
    assert mail(store, found).state == "sent"


def test_several_are_retried_or_cancelled_together(mail_server, store, wrote):
    refused = Undelivered("rejected", "554 5.7.1 No")
    mails = [wrote(store, outcome, n) for n, outcome in enumerate([refused, refused, PARTLY, UNKNOWN])]
    at = visit(OUTBOX)
    assert at.button(key="retry_several").disabled
    at = tick(at, 0, 1, 2, 3, 7)
    assert "4 e-mails chosen:" in body(at)
    at = click(at, "retry_several")
    assert [mail(store, each).state for each in mails] == ["queued", "queued", "sent", "unknown"]
    assert "2 e-mails are in the outbox. 1 was left as it is: " in body(at)
    assert "1 was left as it is: Unclear if sent." in body(at)
    assert at.button(key="retry_several").disabled
    at = click(tick(at, 2), "cancel_several")
    assert [mail(store, each).state for each in mails] == ["queued", "cancelled", "sent", "unknown"]
    assert "1 e-mail is cancelled." in body(at)
    assert "is cancelled." not in body(press(at, "close"))


def test_what_changes_meanwhile_is_shown_by_itself(mail_server, store, wrote, monkeypatch):
    found = wrote(store)
    looks = []

    def look(_store, _chat):
        looks.append(len(looks))
        if looks == [0]:
            cancel(store, found, "Ben")
        return mail(store, found).state

    monkeypatch.setattr(outbox_view, "fingerprint", look)
    monkeypatch.setattr("lib.screen.outbox.outbox.fingerprint", lambda _store: "queued")
    at = visit(OUTBOX)
    assert list(table(at, "outbox_")["state"]) == ["Cancelled"]
    assert looks == [0]


def test_that_the_page_follows_the_outbox_is_no_use_of_it_by_anybody(mail_server, store, wrote, monkeypatch):
    """Else whoever leaves it open while e-mails wait is never signed out."""
    found, uses, looks = wrote(store), [], []

    def look(_store, _chat):
        looks.append(len(looks))
        if looks == [0]:
            cancel(store, found, "Ben")
        return mail(store, found).state

    monkeypatch.setattr(outbox_view, "fingerprint", look)
    monkeypatch.setattr("lib.screen.outbox.outbox.fingerprint", lambda _store: "queued")
    monkeypatch.setattr(session, "note_use", lambda: uses.append(1))
    visit(OUTBOX)
    assert uses == [1]


def test_an_address_is_not_written_to_again(mail_server, store, wrote):
    found = wrote(store, None, copies=("boss@example.com",))
    at = visit(OUTBOX, {"mail": str(found)})
    at = run(at.selectbox(key=f"block_address_{found}").select("boss@example.com"))
    at = click(at, f"block_now_{found}")
    [blocked] = blocked_addresses(store)
    assert (blocked.address, blocked.reason, blocked.added_by) == ("boss@example.com", "asked", "Tester")
    assert "Nothing is sent to this address any more: boss@example.com" in body(at)
    at = click(at, f"send_{found}")
    assert mail(store, found).state == "failed"
    assert "An address is on the do-not-contact list (see Outbox), so nothing was sent." in body(at)


def test_the_list_of_those_who_are_not_written_to(store):
    at = visit(OUTBOX)
    at.text_input(key="block_address_form").input("Rin <Rin@Example.com>")
    at.text_input(key="block_detail_form").input("told us on the phone")
    at.selectbox(key="block_reason_form").select("other")
    at = click(at, "block_add")
    shown = table(at, "blocked_")
    assert list(shown["address"]) == ["rin@example.com"]
    assert list(shown["detail"]) == ["told us on the phone"]
    assert list(shown["reason"]) == ["Other reason"]
    assert at.text_input(key="block_address_form").value == ""
    at.text_input(key="block_address_form").input("nobody")
    at = click(at, "block_add")
    assert "This is not an e-mail address: nobody" in body(at)
    assert at.text_input(key="block_address_form").value == "nobody"
    key = next(found.key for found in at.dataframe if found.key.startswith("blocked_"))
    at.session_state[key] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    at = click(run(at), "unblock")
    assert "This address can be written to again: rin@example.com" in body(at)
    assert blocked_addresses(store) == []
    assert table(at, "blocked_") is None
    at = press(at, "undo")
    (again,) = blocked_addresses(store)
    assert (again.address, again.reason, again.detail) == ("rin@example.com", "other", "told us on the phone")
    assert not outcome_key(at, "undo")


def test_what_strangers_wrote_stays_text(mail_server, store, wrote):
    evil = "![](https://evil.example/x.png) :red[x]"
    found = wrote(store, Undelivered("rejected", f"554 {evil}"), subject=evil, body=evil)
    store.write(lambda cursor: cursor.execute("UPDATE mails SET created_by = $evil", {"evil": evil}) and None)
    store.write(lambda cursor: cursor.execute("UPDATE mails SET recipient = $evil", {"evil": evil}) and None)
    block(store, "x@example.com", "other", evil, evil)
    at = visit(OUTBOX, {"mail": str(found)})
    assert {"text.body", "dataframe.arrow_data.data"} <= places(at, "evil.example") <= SAFE_PLACES


def test_a_fault_of_the_account_is_told_once_and_one_mail_is_tried_at_a_click(mail_server, store, wrote, monkeypatch):
    wrote(store, EXPIRED, 1)
    wrote(store, None, 2)
    at = visit(OUTBOX)
    assert body(at).count("The mail server refused the user or the password in the settings.") == 1
    assert "535 5.7.8 Password expired" in body(at)
    assert "CHAT_HISTORY_SMTP_PASSWORD" in body(at)
    assert "1 attempt · Next attempt: " in body(at)
    assert "2 wait" in body(at)
    assert "535 5.7.8" not in str(table(at, "outbox_"))
    assert has(visit(MISSED), "paused_mails")
    monkeypatch.setattr(outbox, "deliver", lambda *_args: EXPIRED)
    at = click(at, "try_now")
    assert "2 attempts" in body(at)
    assert "Sending is still paused. The mail server refused" in body(at)
    monkeypatch.setattr(outbox, "deliver", lambda *_args: Delivered())
    at = click(at, "try_now")
    assert "Sending goes on." in body(at)
    assert not has(at, "try_now")
    assert sorted(table(at, "outbox_")["state"]) == ["Queued", "Sent"]
    assert not has(visit(MISSED), "paused_mails")
    assert places(at, "535 5.7.8") <= SAFE_PLACES


def test_a_mail_says_that_it_waits_for_the_pause_to_end(mail_server, store, wrote):
    wrote(store, EXPIRED, 1)
    second = wrote(store, None, 2)
    at = visit(OUTBOX, {"mail": str(second)})
    assert "Sending is paused since " in body(at)
    assert mail(store, second).state == "queued"
