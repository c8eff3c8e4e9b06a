"""What each role sees and may do on the pages, and the page on which roles are given."""

import re
from datetime import UTC, timedelta

import pytest

from lib.access.accesses import flush
from lib.access.roles import USUAL_RIGHTS, given_roles
from lib.chats.notes import notes
from lib.chats.removal import deletion_of
from lib.screen.frame import session
from lib.screen.frame.page import PAGES as MENU
from tests.pages.driving import CHATS, MISSED, body, click, press, table, visit
from tests.pages.signing_in import ANN, BEN, give, keys, store, user
from tests.worlds import NOW, id_of

__all__ = ["store"]

ACCESS = "pages/access.py"


@pytest.mark.parametrize("role", ["viewer", "operator", "lead", "administrator"])
def test_a_role_sees_the_pages_of_its_rights_and_no_other(store, role: str):
    give(store, role)
    mine = [each for each in MENU if each.right in USUAL_RIGHTS[role]]
    for page in MENU:
        at = visit(page.path, user=user(BEN))
        assert [link.label for link in at.page_link][: len(mine)] == [each.name for each in mine], page
        locked = [each.value for each in at.info if "This page needs a right" in each.value]
        assert bool(locked) == (page not in mine), page
        if locked:
            assert not at.dataframe
            assert not at.text_input


def test_who_has_no_role_sees_nothing_but_why(store):
    give(store, "none")
    for page in MENU:
        at = visit(page.path, {"chat": str(id_of("a")), "tab": "notes"}, user=user(BEN))
        assert ["You have no role here yet" in error.value for error in at.error] == [True], page
        assert [button.label for button in at.button] == ["Sign out"], page
        assert not at.page_link


# What stands in an open chat, on its tab, for whom.
OF_A_CHAT = [
    ("transcript", "delete_chat", "lead"),
    ("transcript", "reply_by_email", "operator"),
    ("transcript", "follow_contacted", "operator"),
    ("notes", "add_note", "operator"),
]


@pytest.mark.parametrize("role", ["viewer", "operator", "lead"])
def test_what_a_role_may_not_do_with_a_chat_is_not_offered(store, role: str):
    give(store, role)
    chat = store.read("SELECT id FROM chats WHERE status = 'missed' AND deleted_at IS NULL LIMIT 1")[0]["id"]
    order = ["viewer", "operator", "lead"]
    for tab, key, least in OF_A_CHAT:
        at = visit(CHATS, {"chat": str(chat), "tab": tab}, user=user(BEN))
        assert (key in keys(at)) == (order.index(role) >= order.index(least)), (tab, key)
    at = visit(CHATS, user=user(BEN))
    assert ("export" in keys(at)) == (role == "lead")
    assert ("see_sql" in keys(at)) == (role == "lead")
    assert ("several_take" in keys(visit(MISSED, user=user(BEN)))) == (role != "viewer")


def test_a_link_to_the_reply_shows_the_transcript_to_who_may_not_send(store):
    chat = store.read("SELECT id FROM chats WHERE status = 'missed' AND deleted_at IS NULL LIMIT 1")[0]["id"]
    at = visit(CHATS, {"chat": str(chat), "tab": "reply"}, user=user(BEN))
    assert not [field for field in at.text_input if "recipient" in str(field.key)]
    assert "reply_by_email" not in keys(at)


def test_a_role_that_is_taken_away_holds_from_the_next_click(store):
    give(store, "operator")
    chat = store.read("SELECT id FROM chats WHERE deleted_at IS NULL LIMIT 1")[0]["id"]
    at = visit(CHATS, {"chat": str(chat), "tab": "notes"}, user=user(BEN))
    at.text_area(key=f"note_text_{chat}").set_value("seen")
    give(store, None)
    at = click(at, "add_note")
    assert "it needs the right “Write notes”. Nothing was done." in body(at)
    assert not notes(store, chat)
    assert "add_note" not in keys(at)


def test_a_deletion_is_refused_where_the_right_went_while_it_was_asked_for(store):
    give(store, "lead")
    chat = store.read("SELECT id FROM chats WHERE deleted_at IS NULL LIMIT 1")[0]["id"]
    at = click(visit(CHATS, {"chat": str(chat)}, user=user(BEN)), "delete_chat")
    give(store, "viewer")
    at = click(at, "confirm_deletion")
    assert deletion_of(store, chat) is None
    assert "Delete and restore chats" in body(at) + "".join(error.value for error in at.error)


def test_what_whoever_signs_people_in_claims_is_their_role(set_up, store, world):
    set_up(ROLE_CLAIM="groups", CLAIMED_ROLES="heads=lead, staff=operator", USUAL_ROLE="none")
    assert visit(CHATS, user=user(BEN)).error
    assert "several_take" in keys(visit(MISSED, user=user(BEN, groups=["staff"])))
    assert "export" in keys(visit(CHATS, user=user(BEN, groups=["staff", "heads"])))
    assert visit(CHATS, user=user(BEN, groups=["others"])).error


def test_without_signing_in_everybody_may_do_everything_and_the_page_says_so(world):
    world("one")
    at = visit(ACCESS)
    assert "Roles are not in use" in at.info[0].value
    assert at.code[0].value == "CHAT_HISTORY_ADMINISTRATORS"
    assert "give_role" not in keys(at)


def test_administrators_without_signing_in_are_a_wrong_setting(world, set_up):
    set_up(ADMINISTRATORS=ANN)
    at = visit(CHATS)
    assert [error.value for error in at.error] == ["A setting cannot be used. Correct it, then start the app again."]
    assert at.code[0].value.startswith("CHAT_HISTORY_ADMINISTRATORS")


def test_a_role_is_given_taken_back_and_both_are_undone(store):
    at = visit(ACCESS, user=user(ANN))
    assert list(table(at, "people_").itertuples(index=False, name=None)) == [(ANN, "Administrator", "by the settings")]
    at = click(at, "give_role")
    assert "Type the e-mail address" in "".join(each.value for each in at.markdown)
    at.text_input(key="role_person").set_value("Ben@Example.com")
    at.selectbox(key="role_given").set_value("lead")
    at = click(at, "give_role")
    assert f"{BEN} is now: Lead" in body(at)
    assert [(each.person, each.role) for each in given_roles(store)] == [(BEN, "lead")]
    at = press(at, "undo")
    assert not given_roles(store)
    assert f"{BEN} has no role of their own any more." in body(at)


def test_nobody_takes_the_own_role_and_the_setting_s_administrators_stay(store):
    give(store, "administrator")
    at = visit(ACCESS, user=user(BEN))
    at.text_input(key="role_person").set_value(BEN)
    at = click(at, "give_role")
    assert "Nobody changes their own role" in "".join(each.value for each in at.markdown)
    at.text_input(key="role_person").set_value(ANN)
    at = click(at, "give_role")
    assert "make this person an administrator" in "".join(each.value for each in at.markdown)
    assert [(each.person, each.role) for each in given_roles(store)] == [(BEN, "administrator")]


def test_who_is_signed_out_acts_under_no_name_that_is_typed(store):
    """A forged name would otherwise be that of an administrator."""
    at = visit(CHATS, user={"is_logged_in": False}, session={session.ACTOR_KEY: ANN})
    assert [button.label for button in at.button] == ["Sign in"]


def issued(minutes_ago: float) -> int:
    return int((NOW - timedelta(minutes=minutes_ago)).replace(tzinfo=UTC).timestamp())


def test_who_did_nothing_for_an_hour_signs_in_again_and_what_was_clicked_is_not_done(store, monkeypatch):
    give(store, "operator")
    chat = store.read("SELECT id FROM chats WHERE deleted_at IS NULL LIMIT 1")[0]["id"]
    at = visit(CHATS, {"chat": str(chat), "tab": "notes"}, user=user(BEN, iat=issued(5)))
    at.text_area(key=f"note_text_{chat}").set_value("too late")
    monkeypatch.setattr(session, "now", lambda: NOW + timedelta(minutes=61))
    at = click(at, "add_note")
    assert not notes(store, chat)
    assert [button.label for button in at.button] == ["Sign in"]
    assert "You were signed out" in at.info[0].value


def test_who_signed_in_long_ago_signs_in_again(store):
    at = visit(CHATS, user=user(BEN, iat=issued(12 * 60 + 1)))
    assert [button.label for button in at.button] == ["Sign in"]
    assert visit(CHATS, user=user(BEN, iat=issued(12 * 60 - 1))).page_link


def test_who_may_come_in_may_do_everything_as_long_as_nobody_gives_roles(set_up, store, world):
    set_up(ADMINISTRATORS="")
    at = visit(ACCESS, user=user(BEN))
    assert "Roles are not in use" in at.info[0].value
    assert "export" in keys(visit(CHATS, user=user(BEN)))


def test_sign_ins_and_refusals_are_taken_down(store):
    give(store, "operator")
    chat = store.read("SELECT id FROM chats WHERE deleted_at IS NULL LIMIT 1")[0]["id"]
    at = visit(CHATS, {"chat": str(chat), "tab": "notes"}, user=user(BEN))
    at.text_area(key=f"note_text_{chat}").set_value("seen")
    give(store, None)
    click(at, "add_note")
    flush(store)
    told = store.read("SELECT actor, action, detail FROM accesses WHERE action <> 'chat_read' ORDER BY happened_at")
    assert [(row["actor"], row["action"]) for row in told] == [(BEN, "signed_in"), (BEN, "refused")]
    assert "chat.note" in told[1]["detail"]


# What changes nothing and takes nothing along: where one looks, and how.
LOOKING = re.compile(
    r"(None|keys|close_chat|previous_chat|next_chat|back|open_served|w_\w+|chip_\w+|reset_\w+|loosen_\w+|news_\w+|see_news"
    r"|conditions\w*|show_\w+|open_\w+|together_\w+|refresh_page|.*_outcome_.*|without_unreadable|arrange_views|save_view_button"
    r"|figure_\w+|report_\w+|queue_\w+|card_\w+|yesterday_\w+|back_to_list|fold_histogram)"
)


def test_no_button_of_a_viewer_does_more_than_look(store):
    offered = set()
    for page in MENU:
        offered |= {(page.path, key) for key in keys(visit(page.path, user=user(BEN)))}
    for row in store.read("SELECT id FROM chats"):
        for tab in ("transcript", "info", "notes", "earlier", "reply"):
            at = visit(CHATS, {"chat": str(row["id"]), "tab": tab}, user=user(BEN))
            offered |= {(tab, key) for key in keys(at)}
    more = {each for each in offered if not LOOKING.fullmatch(each[1])}
    assert not more, " ".join(map(str, sorted(more)))
