from datetime import date

import pytest

from lib.chats.counts import loosened, total
from lib.chats.filter.filter import EMPTY, ChatFilter
from tests import worlds
from tests.worlds import TOKYO


def test_total_leaves_deleted_chats_out(sample_like):
    assert total(sample_like, TOKYO) == len([chat for chat in worlds.sample_like() if not chat["deleted_at"]])


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (EMPTY, {}),
        (ChatFilter(category="missed"), {}),
        (ChatFilter(country=("JP",), tag=("vip",)), {"country": 2, "tag": 1}),
        (ChatFilter(tag=("vip",), country=("JP",), rating=("5",)), {"tag": 0, "country": 0, "rating": 0}),
        (ChatFilter(category="missed", tag=("vip",)), {"tag": 5}),
        (ChatFilter(words="lamp", operator=("Aoi",)), {"words": 3, "operator": 1}),
        (ChatFilter(period="custom", last_day=date(2026, 1, 1), tag=("vip",)), {"period": 2, "tag": 0}),
        (
            ChatFilter(email="yes", reply="yes", waited_longer_than_s=99),
            {"reply": 0, "email": 0, "waited_longer_than_s": 1},
        ),
    ],
)
def test_what_each_condition_costs(sample_like, chosen, expected):
    assert loosened(sample_like, chosen, TOKYO) == expected


def test_the_condition_that_helps_most_comes_first(sample_like):
    chosen = ChatFilter(country=("JP",), words="lamp", tag=("vip",), operator=("Aoi",))
    counts = list(loosened(sample_like, ChatFilter(country=("JP",), tag=("vip",)), TOKYO).items())
    assert counts == [("country", 2), ("tag", 1)]
    values = list(loosened(sample_like, chosen, TOKYO).values())
    assert values == sorted(values, reverse=True)
