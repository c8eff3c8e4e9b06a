"""What is claimed for one person is never another one's."""

import pytest

from lib.access.guard import Guard
from lib.access.roles import policy_of
from lib.commands import NotAllowed
from lib.settings import RoleSettings
from lib.web.signed_in import name_of


def test_two_people_of_one_name_without_an_address_have_each_their_own_claim(store):
    """Both windows are open; what one draws is between two clicks of the other."""
    policy = policy_of(RoleSettings(frozenset(), "groups", {"it": "administrator"}, {}, "viewer"))
    guard = Guard(store, policy)
    boss = {"is_logged_in": True, "sub": "1", "name": "Ken Sato", "groups": ["it"]}
    other = {"is_logged_in": True, "sub": "2", "name": "ken  sato", "groups": []}
    guard.claim(str(name_of(other)), other)
    guard.claim(str(name_of(boss)), boss)
    with pytest.raises(NotAllowed):
        guard(str(name_of(other)), "erase", "erasure.erase")


def test_an_id_that_looks_like_an_address_is_none():
    assert name_of({"is_logged_in": True, "sub": "ann@example.com"}) != "ann@example.com"
