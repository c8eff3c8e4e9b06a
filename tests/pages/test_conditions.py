"""The dialog of the conditions on the pages Chats and Missed chats."""

import json

import pytest

from lib.chats.filter.operators import operators_of
from lib.chats.filter.validate import MOST_CONDITIONS
from tests.pages.driving import (
    CHATS,
    MISSED,
    SAFE_PLACES,
    body,
    captions,
    click,
    go_back,
    has,
    names,
    places,
    run,
    visit,
)
from tests.thorough import rarely

DRAFT = "conditions_draft"


def where(*items, mode="all"):
    return {"where": json.dumps([mode, *items], separators=(",", ":"))}


def opened(query=None, page=CHATS):
    return click(visit(page, query), "open_conditions")


def rows(at):
    """The rows of the draft, from the top."""
    return list(at.session_state[DRAFT].rows())


def key(at, place, part="value"):
    row = rows(at)[place]
    return f"rule_{row.id}_{row.condition.field}_{row.condition.operator}_{part}"


def choose(at, place, field, operator):
    at = run(at.selectbox(key=f"rule_{rows(at)[place].id}_field").select(field))
    return run(at.selectbox(key=f"rule_{rows(at)[place].id}_{field}_operator").select(operator))


def rules(at):
    return json.loads(
        at.query_params["where"][0] if isinstance(at.query_params["where"], list) else at.query_params["where"]
    )


def test_conditions_are_built_and_applied(world):
    world("review")
    at = opened()
    assert "1 condition without a value is left out" in captions(at)
    at = run(at.number_input(key=key(at, 0, "minutes_0")).set_value(1))
    assert "All chats where wait is over 1 min" in body(at)
    at = click(at, "add_group")
    at = choose(at, 1, "country", "is")
    at = run(at.selectbox(key=key(at, 1)).select("JP"))
    group = at.session_state[DRAFT].top.items[1]
    at = click(at, f"add_rule_{group.id}")
    at = choose(at, 2, "rating", "empty")
    assert "where wait is over 1 min and (country is Japan or rating is empty)" in body(at)
    assert "2 chats" in captions(at)
    at = click(at, "apply_conditions")
    assert rules(at) == ["all", ["wait", "more", "60"], ["any", ["country", "is", "JP"], ["rating", "empty"]]]
    assert names(at) == ["Rin", "Mia"]
    assert not has(at, "apply_conditions")
    assert at.button(key="open_conditions").label == "Conditions: 3"


def test_the_dialog_begins_with_the_conditions_of_the_address(world):
    world("review")
    link = where(["wait", "more", "90"], ["start", "hours", "9", "18"], ["any", ["tag", "any", "vip", "gone"]])
    at = opened(link)
    assert [row.condition.field for row in rows(at)] == ["wait", "start", "tag"]
    assert at.number_input(key=key(at, 0, "seconds_0")).value == 90
    assert at.multiselect(key=key(at, 2)).value == ["vip", "gone"]
    assert at.query_params == link


def test_cancelling_changes_nothing(world):
    world("review")
    link = where(["wait", "more", "60"])
    at = opened(link)
    at = click(at, f"remove_{rows(at)[0].id}")
    at = click(at, "cancel_conditions")
    assert at.query_params == link
    at = click(at, "open_conditions")
    assert [row.condition.field for row in rows(at)] == ["wait"]


def test_clearing_takes_all_conditions_away(world):
    world("review")
    at = click(opened(where(["wait", "more", "60"])), "clear_conditions")
    assert at.query_params == {}
    assert opened().button(key="clear_conditions").disabled


def test_incomplete_rows_are_left_out(world):
    world("review")
    at = opened(where(["wait", "more", "60"]))
    at = choose(click(at, "add_rule_0"), 1, "start", "between")
    at = click(at, "apply_conditions")
    assert rules(at) == ["all", ["wait", "more", "60"]]


def test_all_or_any(world):
    world("review")
    at = opened(where(["wait", "more", "60"], ["rating", "is", "5"]))
    at = click(run(at.segmented_control(key="rules_0_mode").select("any")), "apply_conditions")
    assert rules(at)[0] == "any"
    assert len(names(at)) == 3


@pytest.mark.parametrize("field", ["tag", "wait", "start", *rarely(["country", "department", "rating", "monitored"])])
def test_every_operator_can_be_drawn(world, field):
    world("review")
    at = opened()
    for operator in operators_of(field):
        at = choose(at, 0, field, operator)


def test_an_operator_of_the_field_that_was_there_before_is_left_alone(world):
    world("review")
    at = opened()
    row = rows(at)[0]
    at.selectbox(key=f"rule_{row.id}_field").select("country")
    at.selectbox(key=f"rule_{row.id}_wait_operator").select("less")
    at = run(at)
    assert [(row.condition.field, row.condition.operator) for row in rows(at)] == [("country", "is")]


def test_a_value_for_the_field_that_was_there_before_is_left_alone(world):
    world("review")
    at = choose(opened(), 0, "question", "has")
    row = rows(at)[0]
    at.text_input(key=key(at, 0)).set_value("refund")
    at.selectbox(key=f"rule_{row.id}_field").select("wait")
    at = run(at)
    assert [(row.condition.field, row.condition.values) for row in rows(at)] == [("wait", ())]
    at = choose(at, 0, "rating", "more")
    at.number_input(key=key(at, 0, "number_0")).set_value(3)
    at.selectbox(key=f"rule_{row.id}_field").select("start")
    at = run(at)
    assert [(row.condition.field, row.condition.values) for row in rows(at)] == [("start", ("7", "days"))]


def test_values_that_may_name_a_person_stand_in_no_address(world):
    world("review")
    at = choose(opened(), 0, "visitor_name", "begins")
    at = run(at.text_input(key=key(at, 0)).set_value("ri"))
    at = click(at, "apply_conditions")
    assert set(at.query_params) == {"q"}
    assert set(names(at)) == {"Rin", "Rin K."}
    assert rows(click(at, "open_conditions"))[0].condition.values == ("ri",)


def test_numbers_days_and_units(world):
    world("review")
    at = choose(opened(), 0, "wait", "between")
    at = run(at.number_input(key=key(at, 0, "minutes_1")).set_value(10))
    assert "1 condition without a value is left out" in captions(at)
    at = run(at.number_input(key=key(at, 0, "minutes_0")).set_value(1))
    at = run(at.selectbox(key=key(at, 0, "unit")).select("hours"))
    assert rows(at)[0].condition.values == ("3600", "36000")
    assert "from 1 h to 10 h" in body(at)
    at = choose(at, 0, "start", "last")
    at = run(at.number_input(key=key(at, 0, "count")).set_value(2))
    at = run(at.selectbox(key=key(at, 0, "unit")).select("weeks"))
    assert "in the last 2 weeks" in body(at)


def test_a_draft_is_forgotten_where_the_address_changed_behind_it(world):
    world("review")
    at = opened()
    at = go_back(at, where(["wait", "more", "60"]))
    assert not has(at, "apply_conditions")


def test_there_are_not_endlessly_many_rows(world):
    world("review")
    at = opened(where(*[["wait", "more", str(n)] for n in range(1, MOST_CONDITIONS + 1)]))
    assert len(rows(at)) == MOST_CONDITIONS
    assert at.button(key="add_rule_0").disabled
    assert at.button(key="add_group").disabled


def test_where_nothing_matches_the_conditions_can_be_taken_away(world):
    world("review")
    at = visit(CHATS, where(["wait", "more", "9999"]))
    assert "Conditions" in at.button(key="loosen_conditions").label
    assert click(at, "loosen_conditions").query_params == {}


def test_the_queue_of_missed_chats_has_them_too(world):
    world("queue")
    at = opened(where(["visitor_name", "filled"], ["wait", "more", "1"], mode="any"), MISSED)
    assert "Missed chats" in body(at)
    assert len(rows(at)) == 2


def test_values_of_chats_stand_in_safe_places_only(world):
    world("hostile")
    link = "[link](javascript:alert(1)) **bold** :red[x]"
    at = opened(where(["tag", "any", link], ["department", "is", "<img src=x onerror=alert(1)>"]))
    for marker in ("javascript:alert(1)", "<img src=x"):
        assert places(at, marker) <= SAFE_PLACES
