"""The menu's saved views: on every page, by whom they are seen, and how they are saved, arranged and deleted."""

from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from lib.chats.filter.filter import ChatFilter
from lib.chats.listing import Sort
from lib.language import in_language
from lib.screen.views import shown
from lib.screen.views.arranging import ARRANGING
from lib.screen.views.menu import OPEN_KEY, TABLE_KEY, WANTED_KEY
from lib.store import Store
from lib.views import kept
from lib.views.content import chats_content
from lib.views.saved import SavedView, saved_views
from lib.views.saving import delete, save
from tests.pages.driving import (
    CHATS,
    EXPLORE,
    MISSED,
    PAGES,
    SAFE_PLACES,
    TODAY,
    body,
    captions,
    click,
    has,
    names,
    places,
    press,
    run,
    table,
    visit,
)
from tests.pages.page_worlds import evil

OPEN = {OPEN_KEY: True}
ARRANGING = {ARRANGING.key: True}


def view_of(store: Store, name: str, person: str = "Tester") -> SavedView:
    return next(view for view in saved_views(store, person) if view.shown_name == name)


def saved(store: Store, name: str, chosen: ChatFilter, person: str = "Tester", page="chats", **fields) -> UUID:
    view = save(store, name, page, chats_content(chosen, Sort()), person, **fields)
    assert isinstance(view, SavedView)
    return view.id


def label(at: AppTest) -> str:
    return next(text for text in (node.proto.popover.label for node in at.get("popover")) if text.startswith("Views"))


def rows(at: AppTest) -> dict[str, list[str]]:
    """By the name of a view the other texts in its row: its number, and whether it is shown or private."""
    return {name: texts for name, *texts in table(at, TABLE_KEY).itertuples(index=False)}


def open_view(at: AppTest, view: UUID) -> AppTest:
    """The page after a click on the row of a view, of which AppTest does not know."""
    at.session_state[WANTED_KEY], at.session_state[OPEN_KEY] = view, False
    return run(at)


@pytest.mark.parametrize("page", PAGES)
def test_the_views_are_on_every_page(world, page):
    store = world("review")
    at = visit(page, session=OPEN)
    assert [view.shown_name for view in saved_views(store, "Tester")] == list(rows(at))
    # On Explore nothing is shown before somebody asks.
    assert has(at, "save_view_button") == (page in (CHATS, MISSED))


def test_nothing_is_counted_while_the_menu_is_closed(world, monkeypatch):
    world("review")
    counted = []
    monkeypatch.setattr(shown, "category_counts", lambda *args: counted.append(args))
    at = visit("pages/team.py")
    assert not has(at, "arrange_views")
    assert not counted


def test_the_numbers_are_those_of_the_pages(world):
    store = world("review")
    for view in saved_views(store, "Tester"):
        at = visit(TODAY, session=OPEN)
        shown = rows(at)[view.shown_name]
        at = open_view(at, view.id)
        assert f"{shown[0]} of" in captions(at), view.code
        at.session_state[OPEN_KEY] = True
        assert rows(run(at))[view.shown_name][1] == "shown"


def test_opening_a_view_goes_to_its_address(world):
    store = world("review")
    view = saved(store, "Aoi", ChatFilter(operator=("Aoi",), words="umbrellas"))
    at = open_view(visit(TODAY, session=OPEN), view)
    assert at.query_params["operator"] == "Aoi"
    assert "umbrellas" not in str(dict(at.query_params))
    assert names(at) == ["Rin"]


def test_what_is_shown_is_saved(world):
    store = world("review")
    at = visit(CHATS, {"rating": "5", "sort": "wait"}, session=OPEN)
    at.text_input(key="new_view_name").set_value(" Best\n ")
    at.toggle(key="new_view_shared").set_value(True)
    at.number_input(key="new_view_threshold").set_value(0)
    at = click(at, "save_view_button")
    view = view_of(store, "Best", "Somebody else")
    assert (view.shared, view.threshold, view.page, view.owner) == (True, 0, "chats", "Tester")
    assert "“Best” is saved." in body(at)
    assert at.text_input(key="new_view_name").value == ""
    assert rows(at)["Best"] == ["1 > 0", "shown"]
    assert label(visit(MISSED)) == "Views :red[**1**]"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "Type a name with at least one visible character."),
        ("missed TODAY", "There is a view with this name already. Choose another one."),
    ],
)
def test_a_name_that_cannot_be_is_refused_with_a_sentence(world, name, sentence):
    store = world("review")
    at = visit(CHATS, session=OPEN)
    at.text_input(key="new_view_name").set_value(name)
    at = click(at, "save_view_button")
    assert sentence in body(at)
    assert len(saved_views(store, "Tester")) == 5


def test_private_views_are_seen_by_their_owner_alone(world):
    store = world("review")
    saved(store, "Nobody knows", ChatFilter(), person="Ann")
    saved(store, "My own", ChatFilter())
    found = rows(visit(CHATS, session=OPEN))
    assert "Nobody knows" not in found
    assert found["My own"][1] == "shown · private"


def test_a_view_stands_out_above_its_threshold_and_never_because_of_words(world):
    store = world("review")
    over = saved(store, "All", ChatFilter(), threshold=10)
    saved(store, "Also all", ChatFilter(), threshold=11)
    saved(store, "Words", ChatFilter(words="umbrellas"), threshold=0)
    at = visit(TODAY)
    assert label(at) == "Views :red[**1**]"
    at.session_state[OPEN_KEY] = True
    at = run(at)
    found = rows(at)
    assert [found[name][0] for name in ("All", "Also all", "Words")] == ["11 > 10", "11", "–"]
    # Another label would close what is open.
    delete(store, over, "Tester")
    assert label(run(at)) == "Views :red[**1**]"
    at.session_state[OPEN_KEY] = False
    assert label(run(at)) == "Views"


def test_words_and_threshold_do_not_go_together(world):
    world("review")
    at = visit(CHATS, session=OPEN)
    assert not at.number_input(key="new_view_threshold").disabled
    at = run(at.text_input(key="words").set_value("umbrellas"))
    assert at.number_input(key="new_view_threshold").disabled


def test_a_view_that_was_deleted_meanwhile_says_so(world):
    store = world("review")
    view = saved(store, "Fleeting", ChatFilter(), shared=True)
    at = visit(TODAY, session=OPEN)
    delete(store, view, "Ann")
    at = open_view(at, view)
    at.session_state[OPEN_KEY] = True
    assert "This view was deleted meanwhile, or is not shared any more." in body(run(at))


def test_arranging(world):
    store = world("review")
    view = saved(store, "Mine", ChatFilter(rating=("5",)))
    at = visit(CHATS, {"rating": "2"}, session=ARRANGING)
    at = run(at.text_input(key=f"view_name_{view}").set_value("Worst"))
    assert "It is called “Worst” now." in body(at)
    at = run(at.text_input(key=f"view_name_{view}").set_value("Missed today"))
    assert "There is a view with this name already." in body(at)
    assert at.text_input(key=f"view_name_{view}").value == "Worst"
    at = run(at.number_input(key=f"view_threshold_{view}").set_value(3))
    at = run(at.toggle(key=f"view_shared_{view}").set_value(True))
    assert "Everybody sees “Worst” now." in body(at)
    at = click(at, f"view_up_{view}")
    at = click(at, f"view_update_{view}")
    assert "“Worst” now shows what is on the screen." in body(at)
    assert at.button(key=f"view_update_{view}").disabled
    kept = saved_views(store, "Ann")[4]
    assert (kept.id, kept.shown_name, kept.threshold) == (view, "Worst", 3)
    assert kept.content == chats_content(ChatFilter(rating=("2",)), Sort())
    at = press(at, "undo")
    assert "“Worst” shows again what it showed before." in body(at)
    assert saved_views(store, "Ann")[4].content == chats_content(ChatFilter(rating=("5",)), Sort())
    at = click(at, f"view_update_{view}")
    at = click(at, f"view_delete_{view}")
    assert not has(at, f"view_name_{view}")
    at = press(at, "undo")
    assert "“Worst” is back." in body(at)
    assert saved_views(store, "Ann")[4] == kept


def test_what_is_shared_by_another_person_cannot_be_made_private(world):
    store = world("review")
    view = saved(store, "Ours", ChatFilter(), person="Ann", shared=True)
    assert visit(CHATS, session=ARRANGING).toggle(key=f"view_shared_{view}").disabled


def test_elsewhere_no_view_can_be_updated(world):
    store = world("review")
    at = visit(TODAY, session=ARRANGING)
    assert all(at.button(key=f"view_update_{view.id}").disabled for view in saved_views(store, "Tester"))


def test_a_query_of_explore_is_saved_and_opened(world):
    store = world("review")
    key = kept.keep(store, '{"params": {}, "sql": "SELECT count(*) AS n FROM chats"}', "Tester")
    at = visit(EXPLORE, {"q": key}, session=OPEN)
    assert "SELECT count(*) AS n FROM chats" in body(at).split("\n")
    assert at.number_input(key="new_view_threshold").disabled
    at.text_input(key="new_view_name").set_value("How many")
    view = view_of(store, "How many") if click(at, "save_view_button") else None
    assert view
    at = visit(TODAY, session=OPEN)
    assert rows(at)["How many"][0] == "–"
    at = open_view(at, view.id)
    assert at.query_params["q"] == key
    at.session_state[OPEN_KEY] = True
    assert rows(run(at))["How many"][1] == "shown · private"


@pytest.mark.parametrize("session", [OPEN, ARRANGING])
def test_hostile_names_stay_text(world, session):
    store = world("review")
    view = saved(store, evil("view_name"), ChatFilter(operator=(evil("view_operator"),)), shared=True)
    at = visit(CHATS, {"operator": evil("view_operator")}, session=session)
    assert places(at, evil("view_name"))
    at = click(at, f"view_delete_{view}") if session == ARRANGING else open_view(at, view)
    assert places(at, "evil.example") <= SAFE_PLACES


def test_in_japanese(world):
    store = world("review")
    at = visit(CHATS, {"lang": "ja"}, session=OPEN)
    with in_language("ja"):
        shown = [view.shown_name for view in saved_views(store, "Tester")]
    assert shown[0] == "今日の未対応"
    assert set(shown) == set(rows(at))
    at = visit(CHATS, {"lang": "ja"}, session=ARRANGING)
    assert {field.value for field in at.text_input} >= set(shown)
