"""The page of the team, its hours and rules."""

from datetime import date

import pytest

from lib.chats.hours import Hours
from lib.missed.settings import Rules, rules_of, save_rules
from lib.missed.team import add_colleague, colleagues, workloads
from lib.screen.team.holidays import parsed
from lib.screen.team.team import table_key
from lib.store import Store
from tests.pages.driving import CHATS, SAFE_PLACES, TEAM, body, captions, click, places, press, run, table, visit
from tests.pages.page_worlds import evil
from tests.worlds import NOW


@pytest.fixture
def store(world) -> Store:
    return world("queue")


def badges(at) -> str:
    return "\n".join(found.value for found in at.markdown)


def chosen(store: Store, row: int) -> dict[str, object]:
    """Session state in which this row of the team is chosen."""
    return {table_key(workloads(store, NOW)): {"selection": {"rows": [row], "columns": [], "cells": []}}}


def test_people_are_added_and_removed(store: Store):
    at = visit(TEAM)
    shown = table(at, "team_")
    assert list(shown.itertuples(index=False, name=None)) == [("Ann", 1, 1, "Not in the team")]
    at.text_input(key="colleague_name").set_value(" Ann ")
    at = click(at, "add_colleague")
    assert "is in the team now." in body(at)
    assert at.text_input(key="colleague_name").value == ""
    at.text_input(key="colleague_name").set_value("ann")
    at = click(at, "add_colleague")
    assert "is in the team already." in body(at)
    at = click(at, "add_colleague")
    assert "Type a name first." in badges(at)
    assert at.button(key="remove_colleague").disabled
    at = visit(TEAM, session=chosen(store, 0))
    at = click(at, "remove_colleague")
    assert "One missed chat of theirs is not contacted yet" in body(at)
    assert at.get("dialog")
    assert colleagues(store) == ["Ann"]


def test_hours_are_changed_saved_and_taken_back(store: Store):
    before = rules_of(store)
    at = visit(TEAM)
    click(at, "save_rules")
    assert rules_of(store) == before
    assert [at.toggle(key=f"hours_open_{day}").value for day in range(1, 8)] == [True] * 5 + [False] * 2
    at.selectbox(key="hours_to_1").set_value(24 * 60)
    at.toggle(key="hours_open_6").set_value(True)
    at = run(at.number_input(key="threshold_due_after_h").set_value(6.5))
    assert "Not saved yet" in badges(at)
    at = click(at, "save_rules")
    hours = {**before.hours.weekdays, 1: (540, 1440), 6: (540, 1080)}
    assert rules_of(store) == Rules(Hours(hours), 6.5)
    assert "Saved." in body(at)
    missed = store.read("SELECT count(*) AS n FROM chats WHERE status = 'missed'")[0]["n"]
    assert f"of {missed} missed chats is different now" in body(at)
    at = press(at, "undo")
    assert rules_of(store) == before
    assert "The earlier rules are back." in body(at)
    assert at.number_input(key="threshold_due_after_h").value == 4


def test_problems_are_told_at_their_field_and_nothing_is_saved(store: Store):
    before = rules_of(store)
    at = visit(TEAM)
    at.selectbox(key="hours_from_2").set_value(18 * 60)
    at = run(at.number_input(key="threshold_left_within_s").set_value(0.0))
    assert "Closes before it opens" in badges(at)
    assert "Between 1 and 3,600" in badges(at)
    at = click(at, "save_rules")
    assert rules_of(store) == before
    assert "Not saved yet" in badges(at)
    at = click(at, "discard_rules")
    assert "Closes before it opens" not in badges(at)
    assert at.selectbox(key="hours_from_2").value == 540
    assert rules_of(store) == before


def test_what_is_not_saved_survives_looking_elsewhere(store: Store):
    at = visit(TEAM)
    at.toggle(key="hours_open_5").set_value(False)
    at.date_input(key="holiday_day").set_value(date(2026, 12, 31))
    at.text_input(key="holiday_name").set_value(evil("holiday"))
    at = click(at, "add_holiday")
    at.switch_page(CHATS)
    at = run(at)
    at.switch_page(TEAM)
    at = run(at)
    assert not at.toggle(key="hours_open_5").value
    assert list(table(at, "holidays_")["name"]) == [evil("holiday")]
    assert places(at, "evil.example") <= SAFE_PLACES
    save_rules(store, Rules(Hours({1: (0, 60)})), "Ann")
    at = run(at)
    assert "Somebody else has saved other rules" in at.warning[0].value
    at = click(at, "discard_rules")
    assert [at.toggle(key=f"hours_open_{day}").value for day in range(1, 8)] == [True] + [False] * 6
    assert table(at, "holidays_") is None


def test_what_somebody_else_saves_shows_where_nothing_is_changed(store: Store):
    at = visit(TEAM)
    save_rules(store, Rules(Hours({1: (0, 60)}), due_after_h=7), "Ann")
    at = run(at)
    assert at.number_input(key="threshold_due_after_h").value == 7
    assert at.selectbox(key="hours_to_1").value == 60
    click(at, "save_rules")
    assert len(store.read("SELECT 1 FROM events WHERE action = 'change_rules'")) == 1


def test_save_takes_the_number_that_was_typed_with_the_click(store: Store):
    at = visit(TEAM)
    at.number_input(key="threshold_due_after_h").set_value(6.5)
    at = click(at, "save_rules")
    assert rules_of(store).due_after_h == 6.5
    assert "Saved." in body(at)


def test_many_holidays_come_from_lines(store: Store):
    at = visit(TEAM)
    at.text_area(key="holiday_lines").set_value("2026-12-31 New Year's Eve\n31.12.2026 Silvester\n\n2027-01-01\n")
    at = click(at, "add_holidays")
    assert list(table(at, "holidays_")["name"]) == ["New Year's Eve", ""]
    assert "1 line does not begin with a day." in badges(at)
    assert at.text_area(key="holiday_lines").value == "31.12.2026 Silvester"
    at = click(at, "add_holiday")
    assert "Choose a day first." in badges(at)
    at = click(at, "save_rules")
    assert rules_of(store).hours.holidays == {date(2026, 12, 31): "New Year's Eve", date(2027, 1, 1): ""}


@pytest.mark.parametrize(
    ("line", "day", "bad"),
    [
        ("2026-12-31 New Year's Eve", (date(2026, 12, 31), "New Year's Eve"), None),
        ("  2026-12-31\t大晦日  ", (date(2026, 12, 31), "大晦日"), None),
        ("2026-12-31", (date(2026, 12, 31), ""), None),
        ("2026-02-30 Never", None, "2026-02-30 Never"),
        ("New Year 2026-12-31", None, "New Year 2026-12-31"),
    ],
)
def test_lines_of_holidays(line: str, day: tuple[date, str] | None, bad: str | None):
    assert parsed(line) == (dict([day] if day else []), [bad] if bad else [])


def test_names_stay_text_and_words_are_explained(store: Store):
    add_colleague(store, evil("colleague"), "Tester")
    at = visit(TEAM, session={"asking_to_remove": evil("colleague")})
    assert places(at, "evil.example") <= SAFE_PLACES
    assert "Visitor left at once: It lasted 30 seconds or less, and no operator answered." in body(at)
    assert "Due: 4 working hours after the chat began" in body(at)
    assert "States" in captions(at)
