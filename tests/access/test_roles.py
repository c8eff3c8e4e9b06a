"""What each role may do, who has which, and that nobody does more than their role lets them."""

import pytest

from lib.access.guard import Guard
from lib.access.roles import USUAL_RIGHTS, Changed, give_role, given_roles, policy_of
from lib.chats.notes import add_note, notes
from lib.chats.removal import Deleted, delete_chat
from lib.commands import RIGHTS, NotAllowed
from lib.settings import RoleSettings, SettingError
from lib.views import saving
from tests.worlds import make_chat

ANN, BEN, CHO = "ann@example.com", "ben@example.com", "cho@example.com"


def settings(**changes) -> RoleSettings:
    usual = {"administrators": frozenset({ANN}), "claim": None, "claimed": {}, "rights": {}, "usual": "viewer"}
    return RoleSettings(**(usual | changes))


@pytest.fixture
def guard(store):
    store.guard = Guard(store, policy_of(settings()))
    yield store.guard
    store.guard = None


def test_each_role_may_do_what_the_one_before_may_and_more():
    viewer, operator, lead, administrator = (
        USUAL_RIGHTS[role] for role in ("viewer", "operator", "lead", "administrator")
    )
    assert viewer < operator < lead < administrator == set(RIGHTS)
    assert lead == administrator - {"access", "erase"}


def test_a_setting_moves_rights_and_makes_roles():
    policy = policy_of(settings(rights={"trainer": frozenset({"note"}), "operator": frozenset({"note", "delete"})}))
    assert policy.rights["trainer"] == {"read", "note"}
    assert policy.rights["operator"] == {"read", "note", "delete"}
    assert policy.rights["lead"] == USUAL_RIGHTS["lead"]


@pytest.mark.parametrize(
    "changes",
    [
        {"rights": {"trainer": frozenset({"fly"})}},
        {"rights": {"administrator": frozenset({"note"})}},
        {"rights": {"none": frozenset({"note"})}},
        {"claimed": {"staff": "boss"}},
        {"usual": "boss"},
    ],
)
def test_a_role_or_right_that_there_is_not_is_a_wrong_setting(changes):
    with pytest.raises(SettingError):
        policy_of(settings(**changes))


@pytest.mark.parametrize(
    ("told", "role"),
    [
        ("staff", "operator"),
        (["staff", "heads"], "lead"),
        (["others"], None),
        ([], None),
        (None, None),
        (7, None),
        ({"staff": True}, None),
        ([["staff"]], None),
    ],
)
def test_of_several_claimed_roles_the_one_with_the_most_rights_counts(told, role):
    policy = policy_of(settings(claim="groups", claimed={"staff": "operator", "heads": "lead"}))
    assert policy.claimed_role({"groups": told}) == role


def test_a_given_role_goes_before_a_claimed_one_and_that_before_the_usual_one(store):
    policy = policy_of(settings(claim="groups", claimed={"heads": "lead"}))
    guard = Guard(store, policy)
    assert guard.role_of(BEN) == ("viewer", "usual")
    guard.claim(BEN, {"groups": ["heads"]})
    assert guard.role_of(BEN) == ("lead", "claim")
    give_role(store, policy, BEN, "operator", ANN)
    assert guard.role_of("Ben@Example.com") == ("operator", "given")
    give_role(store, policy, BEN, None, ANN)
    guard.claim(BEN, {"groups": []})
    assert guard.role_of(BEN) == ("viewer", "usual")
    assert guard.role_of(" ANN@example.com ") == ("administrator", "setting")


def test_a_role_holds_from_the_next_command_and_so_does_its_end(store, guard):
    chat = make_chat(store)
    with pytest.raises(NotAllowed) as refused:
        delete_chat(store, chat, BEN)
    assert refused.value.right == "delete"
    give_role(store, guard.policy, BEN, "lead", ANN)
    assert delete_chat(store, chat, BEN) == Deleted(chat)
    give_role(store, guard.policy, BEN, "operator", ANN)
    with pytest.raises(NotAllowed):
        delete_chat(store, chat, BEN)
    assert add_note(store, chat, "seen", BEN)
    give_role(store, guard.policy, BEN, "none", ANN)
    with pytest.raises(NotAllowed):
        add_note(store, chat, "again", BEN)
    assert [note.text for note in notes(store, chat)] == ["seen"]


def test_only_who_says_who_may_do_what_gives_roles(store, guard):
    for person in (BEN, "", "  "):
        with pytest.raises(NotAllowed):
            give_role(store, guard.policy, person or CHO, "administrator", person)
    assert not given_roles(store)


def test_a_role_is_refused_to_what_is_no_address_to_the_setting_s_administrators_and_to_oneself(store):
    policy = policy_of(settings())
    for nobody in ("", "Ben", "ben@\x00", "b" * 300 + "@example.com"):
        assert give_role(store, policy, nobody, "lead", ANN) == "no_address"
    assert give_role(store, policy, BEN, "boss", ANN) == "unknown_role"
    assert give_role(store, policy, ANN.upper(), "viewer", BEN) == "administrator"
    assert give_role(store, policy, BEN, "viewer", " Ben@example.com") == "own"
    assert not given_roles(store)
    assert not store.read("SELECT 1 FROM events")


def test_each_change_is_an_event_with_what_was_before(store):
    policy = policy_of(settings())
    assert give_role(store, policy, " Ben@Example.com ", "lead", ANN) == Changed(BEN, "lead", None)
    assert give_role(store, policy, BEN, "lead", ANN) == Changed(BEN, "lead", "lead")
    assert give_role(store, policy, BEN, None, ANN) == Changed(BEN, None, "lead")
    told = store.read("SELECT actor, action, detail FROM events ORDER BY happened_at")
    assert [(row["actor"], row["action"]) for row in told] == [(ANN, "role_given"), (ANN, "role_taken")]
    assert '"before": "lead"' in told[1]["detail"]


def test_a_role_that_is_not_there_any_more_gives_nothing(store):
    give_role(store, policy_of(settings(rights={"trainer": frozenset({"note"})})), BEN, "trainer", ANN)
    assert Guard(store, policy_of(settings())).rights_of(BEN) == frozenset()


def test_what_others_see_is_changed_only_by_who_may_share(store, guard):
    give_role(store, guard.policy, BEN, "lead", ANN)
    shared = saving.save(store, "Ours", "chats", "{}", BEN, shared=True)
    own = saving.save(store, "Mine", "chats", "{}", CHO)
    tried = [
        lambda: saving.save(store, "Theirs", "chats", "{}", CHO, shared=True),
        lambda: saving.set_shared(store, own.id, CHO, shared=True),
        lambda: saving.rename(store, shared.id, "Other", CHO),
        lambda: saving.set_threshold(store, shared.id, 3, CHO),
        lambda: saving.replace_content(store, shared.id, "chats", "[]", CHO),
        lambda: saving.move(store, shared.id, "down", CHO),
        lambda: saving.delete(store, shared.id, CHO),
    ]
    for act in tried:
        with pytest.raises(NotAllowed):
            act()
    assert saving.rename(store, own.id, "My own", CHO).name == "My own"
    assert saving.rename(store, shared.id, "Other", BEN).name == "Other"


def test_a_refusal_is_told_with_the_command(store):
    heard = []
    store.guard = Guard(store, policy_of(settings()), lambda person, command: heard.append((person, command)))
    with pytest.raises(NotAllowed):
        delete_chat(store, make_chat(store), CHO)
    store.guard = None
    assert heard == [(CHO, "chat.delete")]
