"""The inbox folder: what arrived there is told on Today and on the Import page."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from lib.importing.inbox.inbox import Inbox
from lib.importing.wording import REFUSALS
from lib.screen.today import inbox as inbox_news
from lib.store import now
from tests.importing.files import CHAT, json_lines
from tests.pages.driving import IMPORT, SAFE_PLACES, TODAY, captions, click, places, visit
from tests.pages.import_page import said
from tests.pages.page_worlds import evil

Arrive = Callable[..., None]


@pytest.fixture
def inbox(installation: Path, set_up) -> Path:
    folder = installation / "inbox"
    folder.mkdir()
    set_up(INBOX=str(folder))
    return folder


@pytest.fixture
def arrive(inbox: Path, world) -> Arrive:
    """A function that puts files into the folder and lets the app look into it."""
    store = world("empty")

    def put(**files: bytes) -> None:
        for name, content in files.items():
            (inbox / name).write_bytes(content)
            os.utime(inbox / name, (0, 0))
        Inbox(store, inbox, "UTC").look()

    return put


def arrived(at: AppTest) -> pd.DataFrame | None:
    return next((found.value for found in at.dataframe if "result" in found.value), None)


def results(at: AppTest) -> dict[str, str]:
    frame = arrived(at)
    assert frame is not None
    return dict(zip(frame["name"], frame["result"], strict=True))


def markdown(at: AppTest) -> list[str]:
    return [text.value for text in at.markdown]


@pytest.mark.parametrize(("page", "title"), [(TODAY, "**Inbox**"), (IMPORT, "**Inbox folder**")])
def test_without_the_setting_nothing_is_said(world, page: str, title: str):
    world("empty")
    at = visit(page)
    assert title not in markdown(at)
    assert arrived(at) is None


def test_an_empty_folder_is_named_on_the_import_page(arrive: Arrive, inbox: Path):
    at = visit(IMPORT)
    assert "**Inbox folder**" in markdown(at)
    assert said(at, str(inbox))
    assert "Nothing has arrived yet." in captions(at)
    assert places(at, str(inbox)) == {"text.body"}


def test_a_folder_that_is_not_there_is_a_warning(arrive: Arrive, inbox: Path):
    assert not visit(IMPORT).warning
    inbox.rmdir()
    at = visit(IMPORT)
    assert [warning.value for warning in at.warning] == ["This folder is not there, or it cannot be read."]


def test_an_empty_folder_is_a_grey_nought_on_today(arrive: Arrive):
    at = visit(TODAY)
    assert "**Inbox**" in markdown(at)
    assert ":gray-badge[0]" in markdown(at)
    assert arrived(at) is None


@pytest.mark.parametrize("page", [TODAY, IMPORT])
def test_what_arrived_is_listed_with_its_figures(arrive: Arrive, page: str):
    arrive(chats=json_lines(CHAT, {"id": "x", "messages": 7}).data)
    assert results(visit(page)) == {"chats": "1 new, 0 updated, 0 unchanged, 1 rejected"}


@pytest.mark.parametrize("page", [TODAY, IMPORT])
@pytest.mark.parametrize(("content", "reason"), [(b"hello", "not_chats"), (b"a,b\n1,2\n", "unknown_columns")])
def test_what_was_refused_is_listed_with_the_reason(arrive: Arrive, page: str, content: bytes, reason: str):
    arrive(odd=content)
    hope = " Once that is saved, the file is tried again by itself." if reason == "unknown_columns" else ""
    assert results(visit(page)) == {"odd": f"Refused: {REFUSALS[reason]}{hope}"}


def test_refused_files_that_still_lie_there_can_be_tried_again(arrive: Arrive, inbox: Path):
    arrive(odd=b"hello", gone=b"a,b\n1,2\n", chats=json_lines(CHAT).data)
    (inbox / "gone").unlink()
    at = click(visit(IMPORT), "inbox_again")
    assert results(at).keys() == {"gone", "chats"}
    assert "inbox_again" not in {button.key for button in at.button}
    arrive()
    assert results(visit(IMPORT)).keys() == {"gone", "chats", "odd"}


def test_the_badge_turns_red_with_a_refused_file(arrive: Arrive):
    arrive(chats=json_lines(CHAT).data)
    assert ":green-badge[1]" in markdown(visit(TODAY))
    arrive(odd=b"hello")
    assert ":red-badge[2]" in markdown(visit(TODAY))


def test_the_newest_file_comes_first(arrive: Arrive):
    for name in ("first", "second", "third"):
        arrive(**{name: json_lines({"id": name}).data})
    assert list(arrived(visit(IMPORT))["name"]) == ["third", "second", "first"]


def test_today_forgets_after_a_day_what_the_import_page_keeps(arrive: Arrive, monkeypatch: pytest.MonkeyPatch):
    arrive(chats=json_lines(CHAT).data)
    monkeypatch.setattr(inbox_news, "now", lambda: now() + timedelta(hours=25))
    assert arrived(visit(TODAY)) is None
    assert results(visit(IMPORT)).keys() == {"chats"}


def test_what_arrived_is_in_the_history_of_imports(arrive: Arrive):
    arrive(chats=json_lines(CHAT).data)
    history = next(found.value for found in visit(IMPORT).dataframe if found.key == "import_history")
    assert (history["actor"][0], history["files"][0]) == ("Inbox", "chats")


@pytest.mark.parametrize("page", [TODAY, IMPORT])
def test_names_of_files_are_text(arrive: Arrive, page: str):
    names = [evil(word).replace("/", "") for word in ("taken", "refused")]
    arrive(**{names[0]: json_lines(CHAT).data, names[1]: b"hello"})
    at = visit(page)
    assert results(at).keys() == {*names}
    assert places(at, "evil.example") <= SAFE_PLACES


def test_what_came_together_and_what_waits_for_a_mapping_say_so(arrive: Arrive):
    chats = {f"{number}.json": json_lines({"id": str(number)}).data for number in range(3)}
    arrive(**chats, **{"table.csv": b"no,when\n5,1\n"})
    found = results(visit(IMPORT))
    assert {found[name] for name in chats} == {"1 rows, 0 rejected; one import of 3 files"}
    assert found["table.csv"].endswith("Once that is saved, the file is tried again by itself.")
