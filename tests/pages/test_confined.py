"""Somebody who sees only some chats finds nothing of the others on any page, by any link, in any file."""

import json
from types import SimpleNamespace

from lib.access.confinements import confine, confinements
from lib.access.roles import policy_of
from lib.chats.clock import Clock
from lib.chats.counts import total
from lib.chats.notes import notes
from lib.export.asking import ask, decide, rows_of_day
from lib.export.choice import Choice, Request
from lib.screen.chats.view import TABS
from lib.screen.export import files
from lib.screen.frame import files as frame_files
from lib.screen.frame import session
from lib.screen.frame.page import PAGES as MENU
from lib.store import now
from tests.pages.driving import (
    CHATS,
    EXPLORE,
    MISSED,
    REPORTS,
    TODAY,
    body,
    captions,
    click,
    places,
    press,
    run,
    table,
    visit,
    with_words,
)
from tests.pages.signing_in import ANN, BEN, give, store, user
from tests.worlds import NOW, chat, id_of, insert

__all__ = ["store"]

ACCESS = "pages/access.py"


def see_only(store, **sees) -> None:
    confine(store, policy_of(session.settings().roles), BEN, sees or {"department": ["Sales"]}, ANN)


def test_nothing_of_other_chats_stands_on_any_page_or_link(store, set_up, world):
    # Those whose names are marked, too, have to be somebody who may do what they did.
    set_up(ADMINISTRATORS=ANN, USUAL_ROLE="lead")
    world("marked")
    store = session.whole_store()
    insert(store, [chat("ours", department="Sales", status="missed", started_at=NOW, visitor_name="Olga")])
    links = [(page.path, {}) for page in MENU]
    links += [(CHATS, {"chat": str(id_of("marked")), "tab": tab}) for tab in TABS]
    links += [(MISSED, {"chat": str(id_of("marked"))}), (CHATS, {"chat": str(id_of("marked and gone"))})]
    links += [(CHATS, with_words("evil")), (REPORTS, {"by": "department"}), ("pages/outbox.py", {"box": "all"})]
    links += [("pages/activity.py", {"chat": str(id_of("marked"))})]
    shown = {page for page, query in links if places(visit(page, query, user=user(BEN)), "evil.example")}
    assert {CHATS, TODAY, "pages/deleted.py"} <= shown
    see_only(store)
    for page, query in links:
        at = visit(page, query, user=user(BEN))
        assert not places(at, "evil.example"), (page, query)
    assert places(visit(CHATS, user=user(BEN)), "Olga")


def test_the_limit_of_a_day_counts_what_was_exported_with_no_chat_in_sight(store):
    give(store, "lead")
    see_only(store, department=["Orders"])
    clock = session.clock()
    request = Request(clock, BEN, choice=Choice(), browser="b")
    job = files.exports().start(store, request)
    while job.state == "running":
        pass
    assert rows_of_day(store.confined_to(session.guard().confinement_of(BEN)), BEN, Clock(now(), clock.zone)) == 1


def test_who_sees_only_some_chats_agrees_to_no_export_of_others(store):
    give(store, "lead")
    key = ask(store, Request(session.clock(), ANN, choice=Choice()), 10, "All chats")
    see_only(store)
    assert decide(store, key, agrees=True, actor=BEN) == "gone"


def test_a_note_that_is_typed_into_a_chat_that_is_not_seen_any_more_is_not_stored(store):
    give(store, "operator")
    chat_id = id_of("done")
    at = visit(CHATS, {"chat": str(chat_id), "tab": "notes"}, user=user(BEN))
    at.text_area(key=f"note_text_{chat_id}").set_value("seen")
    see_only(store)
    at = click(at, "add_note")
    assert "is not there any more" in body(at)
    assert not notes(store, chat_id)


def test_an_export_of_more_than_is_seen_now_is_not_given(store, monkeypatch):
    give(store, "lead")
    told = user(BEN)
    request = Request(session.clock(), BEN, choice=Choice(), browser="b")
    monkeypatch.setattr(files, "_get_signed_cookie_with_chunks", lambda _cookies, _name: json.dumps(told))
    asked = SimpleNamespace(cookies={files.BROWSER_COOKIE: "b"})
    for sees, chats in (({}, 11), ({"department": ["Orders"]}, 1)):
        confine(store, policy_of(session.settings().roles), BEN, sees, ANN)
        job = files.exports().start(store, request)
        while job.state == "running":
            pass
        assert job.exported.chats == chats
        assert files._is_theirs(job, asked)
        see_only(store)
        assert not files._is_theirs(job, asked)


def test_a_file_is_of_what_is_seen_and_not_made_once_that_is_otherwise(store, monkeypatch):
    give(store, "lead")
    told = user(BEN)
    monkeypatch.setattr(frame_files.st, "user", SimpleNamespace(to_dict=lambda: told, get=told.get))
    see_only(store, department=["Orders"])

    def number() -> bytes:
        return str(total(session.store(), session.clock())).encode()

    made = frame_files.file_for("export", number)
    assert made() == b"1"
    see_only(store, department=["Sales"])
    assert b"You may not have this file any more" in made()


def test_an_administrator_has_somebody_see_only_some_chats_and_takes_it_back(store):
    give(store, "operator")
    at = visit(ACCESS, user=user(ANN))
    assert "Nobody yet" in captions(at)
    at = click(at, "confine")
    assert "Choose at least one department" in badges(at)
    at.multiselect(key="confined_to_department").set_value(["Orders"])
    at = click(at, "confine")
    assert "Type the e-mail address" in badges(at)
    at.text_input(key="confined_person").set_value("Ben@Example.com")
    at = click(at, "confine")
    assert f"{BEN} sees only chats in department Orders." in body(at)
    assert [each.person for each in confinements(store)] == [BEN]
    assert list(table(at, "confined_")["sees"]) == ["in department Orders"]
    ben = visit(CHATS, user=user(BEN))
    assert "You see only chats in department Orders. All numbers are of these." in body(ben)
    at = press(at, "undo")
    assert not confinements(store)
    assert f"{BEN} sees all chats." in body(at)
    assert "You see only" not in body(visit(CHATS, user=user(BEN)))


def badges(at) -> str:
    return "".join(each.value for each in at.markdown)


def test_rows_of_a_query_that_are_not_seen_any_more_are_not_shown_again(store):
    give(store, "lead")
    at = visit(EXPLORE, user=user(BEN))
    at.text_area(key="w_sql").set_value("SELECT DISTINCT visitor_name AS v FROM chats WHERE visitor_name = 'Rin'")
    at = click(at, "run_query")
    assert places(at, "Rin") - {"text_area.value", "text_area.default"}
    see_only(store)
    assert not places(run(at), "Rin") - {"text_area.value", "text_area.default"}
