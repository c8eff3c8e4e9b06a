"""How a figure has changed, as it is told: never a change of nothing, and no change that would have been seen."""

import random

import pytest

from lib.missed.figures import FEW, FIGURE_CODES, Figures, Tally, change, read
from lib.screen.missed.figures import _figure
from tests.thorough import rarely


def told(code, now, before):
    figure = _figure(code, Figures(now, before, None))
    return figure.change, *figure.sense


def rate(missed, chats=20_000):
    return Tally(chats=chats, missed=missed)


@pytest.mark.parametrize(
    ("missed", "expected"),
    [
        (2000, ("no change", "gray", "off")),
        (2008, ("no change", "gray", "off")),
        (2012, ("+0.1 points", "red", "up")),
        (1992, ("no change", "gray", "off")),
        (1988, ("\N{MINUS SIGN}0.1 points", "green", "down")),
        (2100, ("+0.5 points", "red", "up")),
        (6000, ("+20.0 points", "red", "up")),
    ],
)
def test_a_share_changes_from_the_tenth_of_a_point_on(missed, expected):
    assert told("missed_rate", rate(missed), rate(2000)) == expected


def test_one_chat_more_is_a_change():
    assert told("missed", Tally(missed=11), Tally(missed=10)) == ("+1", "red", "up")
    assert told("missed", Tally(missed=9), Tally(missed=10)) == ("\N{MINUS SIGN}1", "green", "down")
    assert told("missed", Tally(missed=10), Tally(missed=10)) == ("no change", "gray", "off")


@pytest.mark.parametrize(("seconds", "expected"), [(0.4, "no change"), (0.6, "+1 s"), (90, "+1 min 30 s")])
def test_a_time_changes_from_a_second_on(seconds, expected):
    now, before = (Tally(reached=FEW, contact_s=600 + more) for more in (seconds, 0))
    assert told("contact_time", now, before)[0] == expected
    assert told("contact_time", now, before)[1] == ("gray" if expected == "no change" else "red")


@pytest.mark.parametrize(("chats", "colour"), [(FEW - 1, "gray"), (FEW, "red")])
def test_a_share_of_few_chats_is_neither_better_nor_worse(chats, colour):
    assert told("missed_rate", rate(chats, chats), rate(1, 100))[1] == colour
    assert told("missed_rate", rate(100, 100), rate(0, chats))[1] == colour


@pytest.mark.parametrize(
    ("code", "colour"),
    [
        *((code, "red") for code in ("missed", "missed_rate", "contact_time")),
        *((code, "green") for code in ("contacted", "recovered", "came_back")),
    ],
)
def test_more_missed_and_longer_waits_are_worse_and_more_contacted_and_won_back_better(code, colour):
    less, more = Tally(1000, 100, 50, 50, 10, 10, 60.0), Tally(1000, 110, 60, 60, 20, 20, 90.0)
    assert told(code, more, less)[1:] == (colour, "up")
    assert told(code, less, more)[1:] == ("green" if colour == "red" else "red", "down")


def test_more_of_what_is_neither_good_nor_bad_has_no_colour():
    now, before = (Tally(missed=100, reachable=n) for n in (90, 10))
    assert told("reachable", now, before) == ("+80.0 points", "gray", "up")


@pytest.mark.parametrize("seed", [0, *rarely(range(1, 3))])
def test_what_is_told_is_the_change_rounded_and_nothing_else(seed):
    rng = random.Random(seed)
    for _n in range(500):
        tallies = []
        for _side in range(2):
            chats = rng.choice([0, 9, 10, 2000, 20_000])
            missed = rng.randint(0, chats)
            reached = rng.randint(0, missed)
            contact_s = rng.choice([0.2, 60.0, 9000.0]) if reached else None
            tallies.append(Tally(chats, missed, reached, reached, reached // 2, reached // 3, contact_s))
        for code in FIGURE_CODES:
            more = change(*(read(code, each) for each in tallies))
            text, colour, arrow = told(code, *tallies)
            assert not any(each in text for each in ("+0 ", "+0.0", "\N{MINUS SIGN}0.0", "+0\0"))
            assert text != "+0"
            assert (text in ("no change", "–")) == (text[0] not in "+\N{MINUS SIGN}")
            if arrow != "off":
                assert (arrow == "up") == (more > 0) == (text[0] == "+")
            if text == "no change":
                assert (colour, arrow) == ("gray", "off")
