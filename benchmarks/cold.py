"""Measures the start of the app: `python -m benchmarks.cold`, from the command to the first painted page.

Needs what the tests need (`make .venv/dev`), Chromium with it.
"""

import statistics
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.click.__main__ import store_of
from benchmarks.machine import commit, machine
from tests.browser.chromium import chromium_path
from tests.browser.conftest import FLAGS, WIDE
from tests.browser.server import running
from tests.browser.tab import PAINTED
from tests.browser.verbs import Screen

STEPS = ("the command to the server", "the first page of the process", "both", "the next page")


def main(words: Sequence[str] | None = None) -> int:
    """Prints the table; the exit status is 1 where both steps take more than `--most` seconds."""
    parser = ArgumentParser(prog="python -m benchmarks.cold", description="Measures the start until it is painted.")
    parser.add_argument("--rounds", type=int, default=5, help="how often the app is started")
    parser.add_argument("--chats", type=int, default=0, help="chats of the store; without it, the sample")
    parser.add_argument("--most", type=float, help="exit with 1 where the start takes more seconds at the median")
    asked = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        store = store_of(asked.chats, folder / "history.duckdb")
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(FLAGS))
        # The first one warms up: the browser then has the program of the page, as that of a colleague has.
        rounds = [_started(browser, folder, store) for _n in range(asked.rounds + 1)][1:]
        browser.close()
    size = machine()
    print(
        f"commit {commit()}; {size['cores']} cores, {size['cpu']}, load {size['load']}; {asked.rounds} rounds a line\n"
    )
    print("| from | median s | longest s |\n| --- | ---: | ---: |")
    for step, times in zip(STEPS, zip(*rounds, strict=True), strict=True):
        print(f"| {step} | {statistics.median(times):.2f} | {max(times):.2f} |")
    whole = statistics.median(both for _server, _page, both, _next in rounds)
    return int(asked.most is not None and whole > asked.most)


def _started(browser: Browser, folder: Path, store: Path) -> tuple[float, float, float, float]:
    """Seconds that each of the steps takes."""
    begun = time.perf_counter()
    with running(folder, str(store)) as app:
        serves = time.perf_counter()
        page = browser.new_page(viewport={"width": WIDE[0], "height": WIDE[1]})
        screen = Screen(page, app, "en")
        times = []
        for path in ("chats", "missed"):
            asked = time.perf_counter()
            screen.open(path)
            page.evaluate(PAINTED)
            times.append(time.perf_counter() - asked)
        page.close()
    return serves - begun, times[0], serves - begun + times[0], times[1]


if __name__ == "__main__":
    sys.exit(main())
