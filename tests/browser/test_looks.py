"""Every page in every size and colour: nothing cut, nothing wider than the window, nothing over a button."""

from functools import partial
from pathlib import Path

import pytest

from tests.browser.conftest import NARROW, WIDE, OpenScreen, Sample
from tests.browser.server import App
from tests.browser.tab import PAINTED
from tests.browser.test_for_everybody import STILL
from tests.browser.verbs import Screen

PAGES = (
    *("", "chats", "chats?category=missed&chat={chat}", "chats?chat={chat}&tab=reply", "imports", "deleted"),
    *("reports?period=last_90", "visitors?chat={chat}", "retention", "activity", "access"),
)
# What is cut at the window's sides though one cannot scroll there, and what a box hides of its own text.
CUT = """() => {
    const found = [], width = document.documentElement.clientWidth;
    for (const element of document.querySelectorAll(
        'button, a, input, textarea, [data-testid=stText], [data-testid=stMetric], [data-testid=stCaptionContainer]')) {
        const box = element.getBoundingClientRect();
        const seen = box.width && box.height && element.checkVisibility({opacityProperty: true});
        const elsewhere = '[data-testid=stDataFrame], [data-testid=stSidebar][aria-expanded=false], a[href="#stMain"]';
        if (!seen || element.closest(elsewhere)) continue;
        if (box.left < -1 || box.right > width + 1) found.push(element.outerHTML.slice(0, 200));
    }
    return found;
}"""
# Figures and their names that end in "…" for want of room.
SHORTENED = """() => [...document.querySelectorAll('[data-testid=stMetricValue] *, [data-testid=stMetricLabel] *')]
    .filter(each => getComputedStyle(each).textOverflow === 'ellipsis' && each.scrollWidth > each.clientWidth + 1)
    .map(each => each.innerText)"""
SCROLLS = """() => [...document.querySelectorAll('html, body, [data-testid=stMain]')]
    .filter(e => e.scrollWidth > e.clientWidth + 1).map(e => `${e.tagName} ${e.scrollWidth} > ${e.clientWidth}`)"""


# Buttons that the toolbar of a table lies on.
COVERED = """() => {
    const boxes = [...document.querySelectorAll('[data-testid=stElementToolbar]')]
        .filter(each => each.checkVisibility({opacityProperty: true})).map(each => each.getBoundingClientRect());
    return [...document.querySelectorAll('button')].filter(each => !each.closest('[data-testid=stElementToolbar]'))
        .filter(each => boxes.some(({left, right, top, bottom}) => {
            const box = each.getBoundingClientRect();
            return box.width && box.left < right && box.right > left && box.top < bottom && box.bottom > top;
        })).map(each => each.innerText);
}"""


@pytest.mark.parametrize(
    ("language", "dark"),
    [
        pytest.param("ja", True, id="ja-dark"),
        pytest.param("en", False, id="en-light", marks=pytest.mark.thorough),
    ],
)
def test_nothing_is_cut(language: str, dark: bool, reading: App, screens: OpenScreen, sample: Sample) -> None:
    chat = sample.rows("status = 'missed' AND visitor_email IS NOT NULL")[0]["id"]
    screen = screens(reading, language, dark=dark, size=WIDE)
    for path in PAGES:
        screen.open(path.format(chat=chat))
        for width, height in (WIDE, NARROW):
            screen.page.set_viewport_size({"width": width, "height": height})
            screen.page.evaluate(PAINTED)
            # What has its size from a script follows the window a little later.
            screen.until(partial(faults, screen), lambda found: not found)
            assert is_dark(screen) == dark, path
        screen.page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})


def test_the_toolbar_of_a_table_lies_on_no_button(reading: App, screens: OpenScreen, tmp_path: Path) -> None:
    file = tmp_path / "chats.csv"
    file.write_text("id,started_at\n1,2026-11-02 10:00\n", encoding="utf-8")
    screen = screens(reading)
    for place, come in {
        "Today": lambda: screen.open(""),
        "Missed chats": lambda: screen.open("missed"),
        "Explore": lambda: screen.open_chats(category="missed").press("see_sql"),
        "Import": lambda: screen.open("imports").drop_files(file),
    }.items():
        come()
        for table in screen.page.get_by_test_id("stDataFrame").all():
            table.hover()
            # It comes with a movement of its own.
            screen.page.wait_for_function(STILL)
            assert screen.page.evaluate(COVERED) == [], place


def faults(screen: Screen) -> list[str]:
    """What is wider than the window, and what is cut."""
    return [found for script in (SCROLLS, CUT, SHORTENED) for found in screen.page.evaluate(script)]


def is_dark(screen: Screen) -> bool:
    """Whether the page is painted dark."""
    colour = "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor.match(/\\d+/g)"
    return sum(int(part) for part in screen.page.evaluate(colour)[:3]) < 3 * 128
