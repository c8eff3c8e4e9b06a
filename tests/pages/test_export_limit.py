"""More than a person may export in a day: asked for in the dialog, agreed to on Today by a second person."""

import pytest

from lib.explore.checking import check
from lib.explore.running import start
from lib.export.asking import asked_for
from lib.screen.explore.result import _file
from lib.screen.export.files import exports
from lib.screen.frame import session
from lib.store import now
from tests.pages.driving import CHATS, EXPLORE, TODAY, body, captions, click, has, run, visit
from tests.pages.signing_in import BEN, give, store, user
from tests.pages.test_export import ended

__all__ = ["store"]
CHO = "cho@example.com"


@pytest.fixture
def limited(store, set_up):
    """A limit of one row a day; Ben and Cho are leads."""
    set_up(EXPORT_ROWS_A_DAY="1")
    for person in (BEN, CHO):
        give(session.whole_store(), "lead", person)
    return session.whole_store()


def asked(store):
    return asked_for(store, session.clock())


def wanted(store):
    """Ben asked for an export."""
    at = click(visit(CHATS, {"category": "missed"}, user=user(BEN)), "export")
    assert "0 of the 1 rows of today" in captions(at)
    at = click(at, "start_export")
    assert "Say why" in "".join(each.value for each in at.markdown) and not asked(store)
    at.text_input(key="export_reason").set_value("a report")
    at = click(at, "start_export")
    assert not at.get("dialog") and "waits for a second person" in body(at)
    (found,) = asked(store)
    return found


def test_a_second_person_agrees_and_the_first_one_exports(limited):
    found = wanted(limited)
    own = visit(TODAY, user=user(BEN))
    assert "Nobody has agreed yet" in "".join(each.value for each in own.markdown)
    assert not has(own, f"agree_{found.id}") and not has(own, f"begin_{found.id}")
    at = visit(TODAY, user=user(CHO))
    assert "a report" in body(at) and BEN in body(at)
    second = visit(TODAY, user=user(CHO))
    click(at, f"agree_{found.id}")
    assert "decided already" in body(click(second, f"deny_{found.id}"))
    at = click(visit(TODAY, user=user(BEN)), f"begin_{found.id}")
    at = click(at, "start_export")
    assert ended(BEN).state == "done"
    assert not asked(limited)
    at = click(run(at), "new_export")
    assert "Nobody agrees to this any more" in "".join(each.value for each in click(at, "start_export").warning)
    exports().forget(BEN)


def test_what_is_not_agreed_to_is_told_and_goes(limited):
    found = wanted(limited)
    click(visit(TODAY, user=user(CHO)), f"deny_{found.id}")
    at = visit(TODAY, user=user(BEN))
    assert "was not agreed to" in "".join(each.value for each in at.markdown)
    assert f"withdraw_{found.id}" not in {each.key for each in click(at, f"withdraw_{found.id}").button}


def test_who_may_not_export_any_more_sees_none_of_it(limited):
    found = wanted(limited)
    at = visit(TODAY, user=user(CHO))
    give(limited, "viewer", CHO)
    assert "needs the right" in body(click(at, f"agree_{found.id}"))
    assert asked(limited)[0].state == "waiting"
    assert "a report" not in body(visit(TODAY, user=user(CHO)))


def test_without_a_sign_in_there_is_no_limit(world, set_up):
    set_up(EXPORT_ROWS_A_DAY="1")
    world("review")
    assert session.settings().export_rows_a_day is None
    at = click(click(visit(CHATS), "export"), "start_export")
    assert ended().state == "done" and not at.exception


def test_of_two_windows_only_one_takes_the_last_rows_of_a_query_along(limited, monkeypatch):
    # What is recorded now is of today.
    monkeypatch.setattr(session, "now", now)
    found = start(limited, check(limited, "SELECT 1 AS n"), {}, "UTC", actor=BEN).outcome()
    files = [_file("SELECT 1 AS n", found, "csv", BEN, "too many") for _window in range(2)]
    assert b"1" in files[0] and files[1] == b"too many"
    assert limited.read("SELECT actor FROM events WHERE action = 'explore_export'") == [{"actor": BEN}]


def test_rows_of_a_query_above_the_limit_are_not_taken_along(limited):
    for rows, files in ((2, 0), (1, 3)):
        at = visit(EXPLORE, user=user(BEN))
        at.text_area(key="w_sql").set_value(f"SELECT 1 FROM chats LIMIT {rows}")
        at = click(at, "run_query")
        assert len(at.get("download_button")) == files
