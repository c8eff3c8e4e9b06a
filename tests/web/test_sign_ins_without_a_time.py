"""A sign-in of which nobody says when it was ends all the same."""

from datetime import datetime, timedelta

import pytest

from lib.web.signed_in import SignIns

NOW, LONGEST, IDLE = datetime(2026, 3, 1, 12), timedelta(hours=12), timedelta(hours=1)


@pytest.mark.parametrize("issued", [{}, {"iat": "1772366400"}, {"iat": 1772366400 * 1000}], ids=str)
def test_it_ends_after_a_while_and_by_signing_out(issued):
    user = {"is_logged_in": True, "email": "ann@example.com", **issued}
    signs = SignIns()
    signs.use(user, NOW)
    assert signs.is_over(user, NOW + timedelta(days=400), LONGEST, IDLE)
    signs.end(user, NOW, LONGEST)
    assert signs.is_over(user, NOW, LONGEST, IDLE)


def test_one_of_a_clock_that_is_ahead_lasts_no_longer():
    ahead = (NOW - datetime(1970, 1, 1) + timedelta(days=365)).total_seconds()
    user = {"is_logged_in": True, "email": "ann@example.com", "iat": ahead}
    signs = SignIns()
    for hour in range(0, 24 * 30):
        moment = NOW + timedelta(hours=hour)
        if signs.is_over(user, moment, LONGEST, IDLE):
            return
        signs.use(user, moment)
    raise AssertionError("it never ended")
