"""Who may come in, by what the identity provider says."""

import pytest

from lib.web.signed_in import refusal

ALLOWED = {"ann@example.com", "@example.org", "group:support"}


@pytest.mark.parametrize(
    "user",
    [
        {"email": "ann@example.com"},
        {"email": "Ann@Example.COM", "email_verified": True},
        {"email": "ben@example.org", "email_verified": "true"},
        {"email": "cat@elsewhere.example", "groups": ["sales", "support"]},
        {"sub": "7", "groups": "support"},
    ],
)
def test_who_is_named_may(user):
    assert refusal({"is_logged_in": True} | user, ALLOWED) is None


@pytest.mark.parametrize(
    "user",
    [
        {},
        {"email": None},
        {"email": "ben@example.com"},
        {"email": "ann@example.com.evil.example"},
        {"email": "a@sub.example.org"},
        {"email": "ann@example.org@evil.example"},
        {"email": "group:support"},
        {"email": "example.org"},
        {"email": "@example.org"},
        {"sub": "ann@example.com"},
        {"name": "ann@example.com"},
        {"email": "x@y.example", "groups": ["Support", "support2"]},
        {"email": "x@y.example", "groups": None},
    ],
)
def test_nobody_else_may(user):
    assert refusal({"is_logged_in": True} | user, ALLOWED) == "not_allowed"
    assert refusal({"is_logged_in": True} | user, {"*"}) is None


@pytest.mark.parametrize("verified", [False, "false", "False"])
def test_an_address_that_is_not_confirmed_is_nobodys(verified):
    user = {"is_logged_in": True, "email": "ann@example.com", "email_verified": verified}
    assert refusal(user, ALLOWED) == refusal(user, {"*"}) == "unverified"


def test_as_long_as_nobody_is_named_nobody_may():
    assert refusal({"is_logged_in": True, "email": "ann@example.com"}, set()) == "nobody_allowed"


def test_who_is_not_signed_in_is_not_refused():
    assert refusal({}, set()) is refusal({"is_logged_in": False}, set()) is None
