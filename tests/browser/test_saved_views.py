"""Saved views by hand: saved in one place, opened from another, seen by whom they are meant for, deleted and back."""

import re
from uuid import UUID

from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenScreen
from tests.browser.server import App
from tests.browser.verbs import Screen

NAME = "返金 ![x](https://evil.example/x.png) **急ぎ**"


def unfold_views(screen: Screen) -> None:
    """Opens the menu's views."""
    if not screen.keyed("views").count():
        with screen.rerun():
            screen.button("views_open").click()
    screen.keyed("views").wait_for()


def fold_views(screen: Screen) -> None:
    """Closes them."""
    with screen.rerun():
        screen.page.keyboard.press("Escape")
    expect(screen.keyed("views")).to_have_count(0)


def save_view(screen: Screen, name: str, *, shared: bool = False, threshold: int | None = None) -> None:
    """Saves what is shown."""
    unfold_views(screen)
    screen.keyed("new_view_name").locator("input").fill(name)
    if shared:
        screen.keyed("new_view_shared").locator("label").first.click()
    if threshold is not None:
        screen.keyed("new_view_threshold").locator("input").fill(str(threshold))
    screen.press("save_view_button")
    screen.shows(screen.word("“{name}” is saved.", name=name))


def views_table(screen: Screen) -> Locator:
    """The views in the open menu."""
    return screen.keyed("saved_views").get_by_test_id("stDataFrame")


def row(screen: Screen, name: str) -> Locator:
    """The row of a view in the open menu."""
    return views_table(screen).locator("tbody tr").filter(has=screen.page.get_by_text(name, exact=True))


def open_view(screen: Screen, name: str) -> None:
    """Opens a view from the menu, by a click on its name."""
    unfold_views(screen)
    place, _line = screen.row_with(name, views_table(screen))
    screen.click_row(place, grid=views_table(screen))
    expect(screen.keyed("views")).to_have_count(0)


def arrange(screen: Screen) -> Locator:
    """Opens the dialog in which views are arranged."""
    unfold_views(screen)
    screen.press("arrange_views")
    return screen.page.get_by_role("dialog")


def id_of(screen: Screen, name: str) -> UUID:
    """The id of a view in the open dialog."""
    field = screen.page.locator("[class*='st-key-view_name_']").filter(
        has=screen.page.locator(f'input[value="{name}"]')
    )
    return UUID(re.search(r"st-key-view_name_([0-9a-f-]{36})", field.get_attribute("class") or "")[1])  # type: ignore[index]


def counted(screen: Screen, category: str) -> str:
    """The number that a category tab shows."""
    tab = screen.keyed("w_category").get_by_role("radio", name=screen.word(category))
    return re.sub(r"[^\d,]", "", tab.inner_text())


def test_a_view_is_saved_opened_elsewhere_renamed_deleted_and_back(writing: App, screens: OpenScreen) -> None:
    # What the screen says before: other stories delete chats of this app.
    screen = screens(writing, "ja").open_chats()
    total = counted(screen, "All")
    screen.open_chats(department="Orders")
    found = counted(screen, "Missed")
    assert found not in ("0", total)
    views = screen.button("views_open")
    expect(views).not_to_contain_text(re.compile(r"\d"))
    screen.choose_category("Missed")
    save_view(screen, NAME, threshold=0)
    expect(row(screen, NAME)).to_contain_text(screen.word("shown"))
    expect(row(screen, NAME)).to_contain_text(found)
    fold_views(screen)
    expect(views).to_contain_text("1")
    screen.press("reset_filters")
    save_view(screen, "全員のもの", shared=True)
    fold_views(screen)

    screen.go_to("Missed chats")
    expect(views).to_contain_text("1")
    open_view(screen, NAME)
    screen.address_has(category="missed", department="Orders")
    screen.counts(found, total)
    screen.page.go_back()
    expect(screen.keyed("w_queue")).to_be_visible()
    screen.page.go_forward()
    screen.counts(found, total)
    open_view(screen, "全員のもの")
    screen.address_has(category="missed", department=None)
    screen.page.go_back()
    screen.address_has(category="missed", department="Orders")
    screen.counts(found, total)

    other = screens(writing, "en").open("team")
    unfold_views(other)
    become(other, "Ben")
    unfold_views(other)
    expect(row(other, "全員のもの")).to_have_count(1)
    expect(row(other, NAME)).to_have_count(0)
    fold_views(other)
    expect(other.button("views_open")).not_to_contain_text(re.compile(r"\d"))

    dialog = arrange(screen)
    view = id_of(screen, NAME)
    screen.fill(f"view_name_{view}", "急ぎの返金")
    expect(dialog).to_contain_text(screen.word("It is called “{name}” now.", name="急ぎの返金"))
    screen.press(f"view_delete_{view}")
    expect(dialog).to_contain_text(screen.word("“{name}” is deleted.", name="急ぎの返金"))
    expect(screen.keyed(f"view_name_{view}")).to_have_count(0)
    screen.press_outcome("undo", "views")
    expect(screen.keyed(f"view_name_{view}").locator("input")).to_have_value("急ぎの返金")
    screen.press(f"view_up_{view}")
    with screen.rerun():
        screen.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    unfold_views(screen)
    expect(row(screen, "急ぎの返金")).to_contain_text(found)


def become(screen: Screen, name: str) -> None:
    """Acts under another name."""
    fold_views(screen)
    screen.unfold(screen.page.get_by_role("button", name=screen.word("You"), exact=True))
    screen.fill("acting_as", name)
    screen.page.keyboard.press("Escape")
