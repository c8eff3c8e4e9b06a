"""How visitors rated a chat, in the words of all systems, as one to five stars."""

from collections.abc import Mapping
from typing import Any

from lib.importing.vendors.vendor import Record

STARS: Mapping[str, int | None] = {
    **{str(stars): stars for stars in range(1, 6)}, "good": 5, "rated_good": 5, "bad": 1, "rated_bad": 1,
    **dict.fromkeys(("", "0", "-1", "unrated", "not_rated", "none"), None),
}  # fmt: skip
# Of a system that knows only these two.
GOOD_OR_BAD: Mapping[str, int | None] = {"1": 5, "0": 1, "": None, "none": None}


def rated(value: Any, meant: Mapping[str, int | None] = STARS) -> Record:
    """The rating that a system's value means; one that is not known stays as it was written, as `vendor_rating`."""
    word = str(int(value) if isinstance(value, float) and value.is_integer() else value).strip().lower()
    return {"rating": meant[word]} if word in meant else {"rating": None, "vendor_rating": value}
