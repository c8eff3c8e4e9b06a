"""Measures clicks from the mouse to the painted screen: `python -m benchmarks.click`.

Needs what the tests need (`make .venv/dev`), Chromium with it.
"""

import json
import re
import shutil
import statistics
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.building import STORES, Recipe, built
from benchmarks.click.bare_page import COUNTRIES, SORTS, Census
from benchmarks.machine import commit, machine
from lib.importing import load_sample
from lib.missed.derive import derive_due
from lib.store import Store, now
from tests.browser.chromium import chromium_path
from tests.browser.conftest import FLAGS, WIDE
from tests.browser.server import ZONE, App, running
from tests.browser.verbs import Screen

BARE_PAGE = Path(__file__).with_name("bare_page.py")
PLACES = ("page", "sidebar")
# From the mouse button that goes up to the second frame after the last message, or the end of the run that it tells of.
STOPWATCH = """
let began = 0
const note = () => { window.painted = performance.now() - began }
const painted = () => requestAnimationFrame(() => requestAnimationFrame(note))
addEventListener("pointerup", () => { began = performance.now(); window.painted = null }, true)
window.WebSocket = class extends WebSocket {
  constructor(...given) {
    super(...given)
    this.addEventListener("message", painted)
  }
}
new MutationObserver(painted).observe(
  document, { subtree: true, attributes: true, attributeFilter: ["data-test-script-state"] }
)
"""


@dataclass(frozen=True)
class Click:
    """Milliseconds until it was painted, and of them those from the run's first message to its last; bytes of all."""

    painted: float
    script: float
    size: int


Act = Callable[[Screen, int], None]
# For each click those of the app and those of the bare page.
Figures = dict[str, tuple[list[Click], list[Click]]]


def main(words: Sequence[str] | None = None) -> int:
    """Prints the table; the exit status is 1 where a click takes longer than `--most` times that of the bare page."""
    parser = ArgumentParser(prog="python -m benchmarks.click", description="Measures clicks until they are painted.")
    parser.add_argument("--rounds", type=int, default=20, help="how often each is clicked")
    parser.add_argument("--chats", type=int, default=0, help="chats of the store; without it, the sample")
    parser.add_argument("--only", default="", metavar="TEXT", help="only the clicks with this in their name")
    parser.add_argument("--most", type=float, help="exit with 1 where the medians differ by more than this factor")
    asked = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        store = store_of(asked.chats, folder / "history.duckdb")
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(FLAGS))
        with running(folder, str(store)) as app:
            figures: Figures = {}
            for path, acts in CLICKS.items():
                wanted = {name: act for name, act in acts.items() if asked.only in name}
                if wanted:
                    figures |= _measured(browser, app, path, wanted, asked.rounds)
        browser.close()
    worst = _tell(figures, asked.rounds)
    return int(asked.most is not None and worst > asked.most)


def store_of(chats: int, file: Path) -> Path:
    """A store of so many chats, or of the sample where they are none, in a file of its own."""
    if chats:
        return Path(shutil.copy(built(Recipe(chats), STORES)[0], file))
    store = Store(str(file))
    load_sample(store, ZONE, now())
    derive_due(store, ZONE, now())
    store.close()
    return file


def _measured(browser: Browser, app: App, path: str, acts: Mapping[str, Act], rounds: int) -> Figures:
    """Clicks on both pages in turn."""
    screen = _opened(browser, app, path)
    census_file = app.folder / f"{path}.json"
    census_file.write_text(json.dumps(_census(screen)), encoding="utf-8")
    ticks = "ticks" if path == "missed" else "none"
    with running(app.folder, program=(str(BARE_PAGE), str(census_file), ticks)) as bare_app:
        bare = _opened(browser, bare_app, "")
        found: Figures = {}
        for name, act in acts.items():
            found[name] = ([], [])
            for n in range(rounds + 1):
                for each, clicks in zip((screen, bare), found[name], strict=True):
                    with _timed(each, clicks):
                        act(each, n)
                    _close(each)
            for clicks in found[name]:
                # The first one warms up.
                clicks.pop(0)
        bare.page.context.close()
    screen.page.context.close()
    return found


def _opened(browser: Browser, app: App, path: str) -> Screen:
    page = browser.new_context(locale="en-US", viewport={"width": WIDE[0], "height": WIDE[1]}).new_page()
    page.add_init_script(STOPWATCH)
    return Screen(page, app, "en").open(path)


def _census(screen: Screen) -> Census:
    """The elements of the page without and with an open chat, by place and kind, each with its number of options."""
    found: Census = {}
    for state in ("list", "chat"):
        counted: dict[str, list[int]] = defaultdict(list)
        with _frames(screen) as frames:
            if state == "list":
                screen.reload()
            else:
                screen.open_row(1, x=150)
        for _when, frame in frames:
            message = ForwardMsg.FromString(frame)
            if message.WhichOneof("type") == "delta" and message.delta.WhichOneof("type") == "new_element":
                place, element = message.metadata.delta_path[0], message.delta.new_element
                kind = str(element.WhichOneof("type"))
                options = getattr(getattr(element, kind), "options", ())
                counted[f"{PLACES[min(place, 1)]} {kind}"].append(len(options))
        found[state] = counted
    rows = screen.row_count()
    for counted in found.values():
        counted["page dataframe"] = [rows]
    _close(screen)
    return found


def _close(screen: Screen) -> None:
    if screen.keyed("chat_pane").count():
        screen.press("close_chat")


@contextmanager
def _frames(screen: Screen) -> Iterator[list[tuple[float, bytes]]]:
    """What the app sends to the page meanwhile, each message with its moment (seconds)."""
    frames: list[tuple[float, bytes]] = []

    def note(frame: str | bytes) -> None:
        if isinstance(frame, bytes):
            frames.append((time.monotonic(), frame))

    def listen(socket: object) -> None:
        socket.on("framereceived", note)  # type: ignore[attr-defined]

    screen.page.on("websocket", listen)
    socket = screen.socket
    socket.on("framereceived", note)
    yield frames
    screen.page.remove_listener("websocket", listen)
    socket.remove_listener("framereceived", note)


@contextmanager
def _timed(screen: Screen, clicks: list[Click]) -> Iterator[None]:
    """Adds the last click of the block."""
    with _frames(screen) as frames:
        yield
        screen.page.wait_for_function("() => window.painted")
    began = next(n for n in reversed(range(len(frames))) if ForwardMsg.FromString(frames[n][1]).HasField("new_session"))
    run = frames[began:]
    script = 1000 * (run[-1][0] - run[0][0])
    clicks.append(Click(screen.page.evaluate("window.painted"), script, sum(len(frame) for _when, frame in run)))


def _category(screen: Screen, n: int) -> None:
    screen.choose("w_category", re.compile("^.*" + ("Missed", "All")[n % 2]))


def _value(screen: Screen, n: int) -> None:
    if screen.keyed("reset_filters").count():
        screen.press("reset_filters")
    screen.pick("w_country", COUNTRIES[n % len(COUNTRIES)])


def _sort(screen: Screen, n: int) -> None:
    options = screen.page.get_by_role("option")
    screen.keyed("w_sort").locator("input").first.click()
    options.nth(1 + n % (len(SORTS) - 1)).wait_for()
    with screen.rerun():
        options.nth(1 + n % (len(SORTS) - 1)).click()


def _page(screen: Screen, n: int) -> None:
    with screen.rerun():
        screen.keyed("w_page").get_by_role("button", name=re.compile("^(Page )?" + "21"[n % 2] + "$")).first.click()


def _open(screen: Screen, n: int) -> None:
    screen.click_row(n % 20, x=150)


def _next(screen: Screen, n: int) -> None:
    screen.click_row(n % 20, x=150)
    screen.press("next_chat")


def _tab(screen: Screen, n: int) -> None:
    screen.click_row(n % 20, x=150)
    screen.choose("w_tab", "Info")


def _tick(screen: Screen, n: int) -> None:
    screen.click_row(n % 4, x=15)


CLICKS: Mapping[str, Mapping[str, Act]] = {
    "chats": {
        "a category": _category,
        "another order": _sort,
        "another page": _page,
        "opening a chat": _open,
        "the next chat": _next,
        "a tab of the chat": _tab,
        "a value of a list": _value,
    },
    "missed": {"ticking a row": _tick},
}


def _tell(figures: Figures, rounds: int) -> float:
    """Prints the table, and returns the largest factor."""
    size = machine()
    print(f"commit {commit()}; {size['cores']} cores, {size['cpu']}, load {size['load']}; {rounds} rounds a line\n")
    headings = ("click", "painted ms", "p95", "bare page ms", "p95", "factor", "script ms", "bare", "KiB", "bare")
    rows, factors = [], []
    for name, (own, bare) in figures.items():
        medians = [statistics.median(click.painted for click in clicks) for clicks in (own, bare)]
        factors.append(medians[0] / medians[1])
        cells = [f"{value:.0f}" for value in (medians[0], _p95(own), medians[1], _p95(bare))]
        scripts = [f"{statistics.median(click.script for click in clicks):.0f}" for clicks in (own, bare)]
        sizes = [f"{statistics.median(click.size for click in clicks) / 1024:.0f}" for clicks in (own, bare)]
        rows.append((name, *cells, f"{factors[-1]:.2f}", *scripts, *sizes))
    for row in (headings, ("---", *["---:"] * (len(headings) - 1)), *rows):
        print(f"| {' | '.join(row)} |")
    return max(factors)


def _p95(clicks: Sequence[Click]) -> float:
    return statistics.quantiles([click.painted for click in clicks], n=20, method="inclusive")[-1]


if __name__ == "__main__":
    sys.exit(main())
