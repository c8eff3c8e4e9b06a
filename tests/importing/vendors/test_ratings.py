"""One vocabulary of ratings over all systems."""

import pytest

from lib.importing.vendors.vendor import GOOD_OR_BAD, rated

KNOWN = [
    (1, 1), (5, 5), ("4", 4), (3.0, 3), ("good", 5), ("bad", 1), ("rated_good", 5), ("Rated_Bad", 1),
    ("not_rated", None), ("unrated", None), (None, None), ("", None), (0, None), ("-1", None),
]  # fmt: skip


@pytest.mark.parametrize(("given", "stars"), KNOWN)
def test_a_rating_is_one_to_five_stars(given, stars):
    assert rated(given) == {"rating": stars}


@pytest.mark.parametrize("given", [9, "great", 4.5, True, ["5"]])
def test_what_is_no_rating_stays_as_it_was_written(given):
    assert rated(given) == {"rating": None, "vendor_rating": given}


@pytest.mark.parametrize(("score", "told"), [(1, {"rating": 5}), (0, {"rating": 1}), (None, {"rating": None}),
                                             (3, {"rating": None, "vendor_rating": 3})])  # fmt: skip
def test_thumbs_are_the_best_and_the_worst(score, told):
    assert rated(score, GOOD_OR_BAD) == told
