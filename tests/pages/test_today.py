"""The Today page: every number opens exactly its rows."""

import json
import os
from datetime import UTC, timedelta

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from lib.chats.categories import STATUSES
from lib.screen.frame.labels import CATEGORIES as LOOKS
from lib.screen.today.today import CARDS
from lib.store import nightly
from tests.pages.driving import MISSED, TODAY, captions, chart_rows, click, has, listed, run, table, visit
from tests.worlds import NOW, chat, insert


def chart(at: AppTest) -> tuple[dict, pd.DataFrame]:
    """The chart's description and its data."""
    return json.loads(at.get("vega_lite_chart")[-1].proto.spec), chart_rows(at, -1)


@pytest.mark.parametrize(("card", "count"), [("overdue", 4), ("due_today", 1), ("mine", 1), ("new", 1)])
def test_each_card_opens_as_many_chats_as_it_says(world, card: str, count: int):
    store = world("queue")
    noticed = "CASE WHEN visitor_name = 'Late' THEN TIMESTAMP '2026-11-23 02:00:00' END"
    store.write(lambda cursor: cursor.execute(f"UPDATE chats SET missed_noticed_at = {noticed}"))
    store.write(lambda cursor: cursor.execute("UPDATE chats SET assignee = 'Tester' WHERE visitor_name = 'Held'"))
    at = visit(TODAY)
    number = dict(zip(CARDS, [metric.value for metric in at.metric], strict=True))[card]
    assert number.removeprefix(":red[").removesuffix("]") == str(count)
    assert len(table(click(at, f"card_{card}"), "queue_")) == count


def test_yesterday_is_told_beside_what_is_usual_on_that_weekday(world):
    yesterday = NOW - timedelta(days=1)
    usual = [
        chat(f"{week} weeks before {n}", started_at=yesterday - timedelta(weeks=week), status="missed", rating=3)
        for week in range(1, 5)
        for n in range(2)
    ]
    own = [chat(f"yesterday {n}", started_at=yesterday, status="missed", rating=5) for n in range(3)]
    insert(
        world("empty"), [*usual, *own, chat("answered", started_at=yesterday, wait_s=65.0, operators=["Aoi"], rating=5)]
    )
    at = visit(TODAY)
    told = {button.key: button.label for button in at.button if str(button.key).startswith("yesterday_")}
    assert told == {
        "yesterday_chats": "**4** chats",
        "yesterday_missed": ":red[Missed **3**, usually 2]",
        "yesterday_wait": "Wait **1 min 5 s**",
        "yesterday_rating": "Rating **5.0**, usually 3.0",
    }
    assert len(listed(click(at, "yesterday_missed"))) == 3


def test_without_a_chat_yesterday_nothing_is_told_of_it(world):
    insert(world("empty"), [chat("today", started_at=NOW)])
    assert not has(visit(TODAY), "yesterday_chats")


def test_the_queue_is_the_list_that_its_link_opens(world):
    world("queue")
    at = visit(TODAY)
    waiting = table(at, "waiting_chats")
    assert list(waiting["visitor_name"]) == ["Tom", "Early", "Held", "Tom", "Late"]
    at = click(at, "open_open")
    assert at.query_params == {
        "category": "missed", "queue": "open", "sort": "due", "order": "asc"
    }  # fmt: skip
    assert list(table(at, "queue_")["visitor_name"]) == list(waiting["visitor_name"])


def test_what_is_overdue_is_one_click_away_and_no_tick_says_that_all_is_done(world):
    world("queue")
    at = visit(TODAY)
    button = next(each for each in at.button if each.key == "open_overdue")
    assert button.label == ":red[4 overdue]"
    assert not at.success
    at = click(at, "open_overdue")
    assert len(table(at, "queue_")) == 4


@pytest.mark.parametrize("page", [TODAY, MISSED])
def test_an_empty_store_leads_to_import_and_is_not_called_done(world, page):
    world("empty")
    at = visit(page)
    assert not at.success
    assert "There are no chats yet. Import an export of your chat system to begin." in [each.value for each in at.info]


def test_what_is_past_is_not_told_as_followed_up(world):
    store = world("history")
    store.write(lambda cursor: cursor.execute("DELETE FROM chats WHERE visitor_name <> 'Old'"))
    at = visit(TODAY)
    assert not at.success
    assert "Nobody waits. 1 missed chat is past." in [each.value for each in at.info]
    assert list(table(click(at, "open_past"), "queue_")["visitor_name"]) == ["Old"]


def test_a_tick_says_that_every_missed_chat_was_followed_up_when_it_was(world):
    store = world("queue")
    store.write(lambda cursor: cursor.execute("UPDATE chats SET not_needed = 'spam' WHERE status = 'missed'"))
    assert [each.value for each in visit(TODAY).success] == ["Every missed chat with contact data was followed up."]


def test_no_tick_stands_where_filters_hide_what_is_to_do(world):
    world("queue")
    assert not visit(MISSED, {"department": "Nowhere", "category": "missed"}).success


def test_a_chat_of_the_queue_opens_in_the_list(world):
    store = world("queue")
    chat = store.read("SELECT id FROM chats WHERE visitor_name = 'Early'")[0]["id"]
    at = visit(TODAY, session={"open_on_chats": chat})
    assert at.query_params["chat"] == str(chat)
    assert at.query_params["queue"] == "open"


def test_a_long_queue_shows_its_first_page_and_counts_all(world):
    world("many")
    at = visit(TODAY)
    assert len(table(at, "waiting_chats")) == 50
    assert ":orange-badge[50]" in [markdown.value for markdown in at.markdown]
    assert has(at, "open_open")


def test_freshness_names_the_zone(world, set_up):
    world("review")
    assert "newest chat: 23 Nov 2026, 02:00 · times in UTC" in captions(visit(TODAY))
    set_up(ZONE="Asia/Tokyo")
    assert "newest chat: 23 Nov 2026, 11:00" in captions(visit(TODAY))


def test_the_chart_counts_the_last_14_days(world):
    world("review")
    at = visit(TODAY)
    _spec, data = chart(at)
    assert data["chats"].sum() == 8
    assert "8 chats" in captions(at)
    assert dict(data.groupby("status_name")["chats"].sum()) == {
        "Ongoing": 2,
        "Missed": 3,
        "Reopened": 1,
        "Completed": 2,
    }


def test_the_tooltip_of_the_chart_shows_named_fields_that_load_nothing(world):
    world("review")
    spec, data = chart(visit(TODAY))
    fields = [entry["field"] for entry in spec["encoding"]["tooltip"]]
    assert fields == ["day_name", "status_name", "chats"]
    assert not {"image", "title", "href", "url"} & {*fields, *data.columns}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_chart_has_the_colours_of_the_categories(world, theme: str):
    world("review")
    spec, _data = chart(visit(TODAY, context={"theme": theme}))
    scale = spec["encoding"]["color"]["scale"]
    assert scale["domain"] == [LOOKS[status].name for status in STATUSES]
    assert scale["range"] == [getattr(LOOKS[status], theme) for status in STATUSES]


def test_the_days_of_the_chart_are_those_of_the_workspace(world, set_up):
    store = world("one")
    store.write(lambda cursor: cursor.execute("UPDATE chats SET started_at = '2026-11-22 16:00:00'"))
    assert list(chart(visit(TODAY))[1]["day_name"]) == ["22 Nov"]
    set_up(ZONE="Asia/Tokyo")
    assert list(chart(visit(TODAY))[1]["day_name"]) == ["23 Nov"]


def test_the_sample_fills_a_new_store_and_can_be_removed():
    at = visit(TODAY)
    assert "There are made-up chats here, to try things on." in [text.value for text in at.text]
    assert has(at, "open_open")
    at = click(run(click(at, "remove_sample")), "confirm_remove_sample")
    assert has(at, "import_path_0")
    assert not has(at, "remove_sample")
    assert not has(run(at.switch_page(TODAY)), "open_open")


def test_the_last_backup_is_told_and_an_old_or_failed_one_is_a_warning(world, set_up, tmp_path, monkeypatch):
    world("review")
    folder = tmp_path / "backups"
    folder.mkdir()
    set_up(BACKUP_FOLDER=str(folder))
    assert "The first backup is being made." in captions(visit(TODAY))
    file = folder / "history-2026-11-22-020000.duckdb"
    file.touch()
    for days, is_old in ((1, False), (3, True)):
        os.utime(file, ((NOW - timedelta(days=days)).replace(tzinfo=UTC).timestamp(),) * 2)
        at = visit(TODAY)
        assert ("The last backup is older than two days." in str([each.value for each in at.warning])) == is_old
        assert "Last backup: " in captions(at)
    monkeypatch.setitem(nightly._problems, folder, "the disk is full")
    at = visit(TODAY)
    assert "The last backup failed" in at.warning[0].value
    assert [code.value for code in at.code] == ["the disk is full"]


def test_without_a_folder_nothing_is_told_of_backups(world):
    world("review")
    assert "backup" not in captions(visit(TODAY))
