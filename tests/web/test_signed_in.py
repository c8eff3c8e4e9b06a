"""Who may come in, by what the identity provider says."""

from datetime import UTC, datetime, timedelta

import pytest

from lib.web.signed_in import SignIns, name_of, refusal

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


BEGAN = datetime(2026, 11, 3, 9)
LONGEST, IDLE = timedelta(hours=12), timedelta(minutes=60)


def signed_in(at: datetime = BEGAN, email: str = "ann@example.com") -> dict[str, object]:
    return {"is_logged_in": True, "email": email, "iat": int(at.replace(tzinfo=UTC).timestamp())}


def over(sign_ins: SignIns, user: dict[str, object], *, hours: float = 0, minutes: float = 0) -> bool:
    return sign_ins.is_over(user, BEGAN + timedelta(hours=hours, minutes=minutes), LONGEST, IDLE)


def test_a_sign_in_ends_some_time_after_it_began_however_much_it_is_used():
    sign_ins, user = SignIns(), signed_in()
    for minutes in range(0, 12 * 60 + 1, 30):
        assert not over(sign_ins, user, minutes=minutes)
        sign_ins.use(user, BEGAN + timedelta(minutes=minutes))
    assert over(sign_ins, user, hours=12, minutes=1)
    assert over(SignIns(), user, hours=12, minutes=1), "also where the program was started anew"


def test_a_sign_in_ends_when_nobody_has_used_it_for_a_while_and_a_look_is_no_use():
    sign_ins, user = SignIns(), signed_in()
    sign_ins.use(user, BEGAN)
    assert not over(sign_ins, user, minutes=59)
    assert not over(sign_ins, user, minutes=60)
    assert over(sign_ins, user, minutes=61)
    assert not over(sign_ins, signed_in(BEGAN + timedelta(minutes=61)), minutes=61), "a new one is another one"
    assert not over(sign_ins, signed_in(email="ben@example.com"), minutes=61)


def test_who_has_signed_out_stays_so_though_the_cookie_is_sent_again():
    sign_ins, user = SignIns(), signed_in()
    sign_ins.end(user, BEGAN, LONGEST)
    assert over(sign_ins, user, minutes=1)
    sign_ins.end(signed_in(email="ben@example.com"), BEGAN + timedelta(hours=13), LONGEST)
    assert over(sign_ins, user, hours=13), "forgotten, and over by its age"


def test_a_name_that_looks_like_an_address_is_not_taken_for_one():
    assert name_of({"is_logged_in": True, "name": "boss@example.com", "sub": "7"}) == "boss at example.com (7)"
    assert name_of({"is_logged_in": True, "name": "Ann", "sub": "7"}) == "Ann (7)"
    assert name_of({"is_logged_in": True, "sub": "boss@example.com"}) == "boss at example.com"
