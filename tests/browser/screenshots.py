"""Pictures of the real app: `python -m tests.browser.screenshots` for the README, `--all FOLDER` to look at."""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from lib.importing import chat_id
from lib.settings import ROOT
from tests.browser.chromium import chromium_path
from tests.browser.conftest import FLAGS, LOCALES, NARROW, WIDE
from tests.browser.server import App, running
from tests.browser.verbs import Screen

TARGET = ROOT / "docs" / "screenshot.png"
MOST_BYTES = 300_000
LONG, ODD = chat_id("sample", None, "S-900100"), chat_id("sample", None, "S-900001")
PAGES = {
    "today": ("", {}),
    "chats": ("chats", {}),
    "open": ("chats", {"category": "completed", "period": "last_90"}),
    "info": ("chats", {"chat": ODD, "tab": "info"}),
    "notes": ("chats", {"chat": LONG, "tab": "notes"}),
    "earlier": ("chats", {"chat": LONG, "tab": "earlier"}),
    "reply": ("chats", {"chat": ODD, "tab": "reply"}),
    "long": ("chats", {"chat": LONG}),
    "nothing": ("chats", {"category": "ongoing", "country": "ZZ", "channel": "web"}),
    "missed": ("missed", {}),
    "reports": ("reports", {}),
    "visitors": ("visitors", {}),
    "explore": ("explore", {}),
    "outbox": ("outbox", {}),
    "team": ("team", {}),
    "templates": ("templates", {}),
    "import": ("imports", {}),
    "deleted": ("deleted", {}),
    "retention": ("retention", {}),
    "activity": ("activity", {}),
    "access": ("access", {}),
}


@contextmanager
def tab(
    browser: Browser, app: App, language: str = "en", *, dark: bool = False, size: tuple[int, int] = WIDE
) -> Iterator[Screen]:
    """A browser tab of its own."""
    context = browser.new_context(
        locale=LOCALES[language],
        color_scheme="dark" if dark else "light",
        viewport={"width": size[0], "height": size[1]},
    )
    yield Screen(context.new_page(), app, language)
    context.close()


def show(screen: Screen, name: str) -> None:
    """Opens what a picture is to show."""
    path, query = PAGES[name]
    screen.open(path, **query)
    if name == "open":
        screen.open_row(3)
        # Without the mouse over the list and without the focus in it.
        screen.page.mouse.move(5, 5)
        screen.reload()
    if name == "explore":
        # The editor takes the place of the text box a moment later.
        screen.page.locator(".query-editor .cm-content").wait_for()


def picture_for_the_readme(browser: Browser, app: App, target: Path) -> None:
    """A chat beside the list."""
    with tab(browser, app) as screen:
        show(screen, "open")
        target.parent.mkdir(parents=True, exist_ok=True)
        screen.page.screenshot(path=target)
        screen.check()
    with Image.open(target) as picture:
        picture.convert("RGB").save(target, optimize=True)
    size = target.stat().st_size
    assert size <= MOST_BYTES, f"{target} has {size} bytes, more than {MOST_BYTES}"


def all_pictures(browser: Browser, app: App, folder: Path) -> None:
    """Every page in both languages, light and dark, wide and narrow."""
    folder.mkdir(parents=True, exist_ok=True)
    for language in LOCALES:
        for dark in (False, True):
            for size in (WIDE, NARROW):
                with tab(browser, app, language, dark=dark, size=size) as screen:
                    for name in PAGES:
                        show(screen, name)
                        look = f"{name}-{language}-{'dark' if dark else 'light'}-{size[0]}"
                        screen.page.screenshot(path=folder / f"{look}.png")


def main() -> None:
    """Takes the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", metavar="FOLDER", type=Path, help="every page, in both languages and all looks")
    folder: Path | None = parser.parse_args().all
    path = chromium_path()
    with tempfile.TemporaryDirectory() as temporary, running(Path(temporary)) as app, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        if folder:
            all_pictures(browser, app, folder)
        else:
            picture_for_the_readme(browser, app, TARGET)
        browser.close()


if __name__ == "__main__":
    main()
