"""Thirty people at work beside an import, exports and runaway queries: how long they wait, and what memory it takes."""

import json
import random
import shutil
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from benchmarks.building import STORES, Recipe, built
from lib.sample import generate
from lib.store import Store
from tests.browser.server import App, running
from tests.endurance.person import Person, person_at

CHATS, PEOPLE, IMPORTED = 100_000, 30, 1000
READS_S = (2.0, 8.0)
LOOKED_AT_EVERY_S, AFTERWARDS_S = 5.0, 240.0
RUNAWAYS = (
    "SELECT list(text) FROM messages, range(100000)",
    "SELECT string_agg(a.text, '') FROM messages a, messages b",
    "SELECT count(*) FROM messages a, messages b WHERE a.text < b.text",
)
FILTERS = (
    "",
    "category=missed",
    "country=JP",
    "category=completed&sort=wait",
    "country=DE&category=missed",
    "rating=1",
)


class Figures:
    """Seconds of each kind of click, what went wrong, and the memory of the app (MiB) with its moments (seconds)."""

    def __init__(self) -> None:
        self.clicks: dict[str, list[float]] = defaultdict(list)
        self.errors: list[str] = []
        self.memory: list[tuple[float, int]] = []

    def timed(self, kind: str, seconds: float) -> None:
        """Takes down a click."""
        self.clicks[kind].append(seconds)


Work = Callable[[Person, random.Random, list[str], Figures], None]


def look(person: Person, rng: random.Random, chats: list[str], figures: Figures) -> None:
    """Today, a list, some chats of it, the queue; then one chat by its link: a note, a deletion, and the way back."""
    figures.timed("Today", person.open(""))
    person.read(rng.uniform(*READS_S))
    figures.timed("a list", person.open("chats", rng.choice(FILTERS)))
    person.read(rng.uniform(*READS_S))
    for row in rng.sample(range(20), rng.randrange(1, 4)):
        figures.timed("a chat of the list", person.click_row("chats_", row, "visitor_name"))
        person.read(rng.uniform(*READS_S))
    figures.timed("the queue", person.open("missed"))
    person.read(rng.uniform(*READS_S))
    chat = rng.choice(chats)
    figures.timed("a chat by its link", person.open("chats", f"chat={chat}&tab=notes"))
    figures.timed("a note", person.press("add_note", **{f"note_text_{chat}": "Called back."}))
    figures.timed("the question before a deletion", person.press("delete_chat"))
    figures.timed("a deletion", person.press("confirm_deletion"))
    person.read(rng.uniform(*READS_S))
    figures.timed("Undo", person.press("undo_outcome"))
    person.read(rng.uniform(*READS_S))


def run_away(person: Person, rng: random.Random, _chats: list[str], figures: Figures) -> None:
    """A query that would take all there is."""
    person.open("")
    person.open("explore", f"sql={quote(rng.choice(RUNAWAYS))}")
    person.press("run_query")
    person.read(rng.uniform(20, 40))


def export(person: Person, rng: random.Random, _chats: list[str], figures: Figures) -> None:
    """An export of everything."""
    person.open("")
    person.open("chats")
    figures.timed("the question before an export", person.press("export"))
    person.press("start_export")
    person.read(rng.uniform(30, 60))


def people(times: int, folder: Path, seed: int) -> int:
    """Lets them work for `times` minutes, tells the figures, and returns how many errors there were."""
    store, _build = built(Recipe(CHATS), STORES)
    file = Path(shutil.copy(store, folder / "history.duckdb"))
    opened = Store(str(file))
    chats = [str(row["id"]) for row in opened.read("SELECT id FROM chats WHERE deleted_at IS NULL USING SAMPLE 2000")]
    opened.close()
    figures, ended = Figures(), threading.Event()
    inbox = folder / "inbox"
    inbox.mkdir()
    with running(folder, str(file), INBOX=str(inbox)) as app:
        watching = threading.Thread(target=_watch, args=(app, figures, ended))
        watching.start()
        until = time.monotonic() + 60 * times
        works: list[Work] = [run_away, run_away, export, *[look] * (PEOPLE - 3)]
        threads = [
            threading.Thread(
                target=_live, args=(app, work, random.Random(f"{seed}.{n}"), chats[n::PEOPLE], figures, until)
            )
            for n, work in enumerate(works)
        ]
        for thread in threads:
            thread.start()
            time.sleep(1)
        for n in range(10 * times):
            if time.monotonic() > until:
                break
            _drop(inbox, n, seed)
            time.sleep(60)
        for thread in threads:
            thread.join()
        time.sleep(AFTERWARDS_S)
        ended.set()
        watching.join()
        if "Traceback" in app.output:
            figures.errors.append(app.output[-4000:])
        imported = len(list(inbox.glob("*")))
    _tell(figures)
    print(f"files of the inbox: {imported}")
    return len(figures.errors)


def _live(app: App, work: Work, rng: random.Random, chats: list[str], figures: Figures, until: float) -> None:
    """A person who works until then, and comes back a few times with a new tab."""
    while time.monotonic() < until:
        try:
            with person_at(app.url) as person:
                leaves = min(until, time.monotonic() + rng.uniform(60, 300))
                while time.monotonic() < leaves:
                    work(person, rng, chats, figures)
                figures.errors += person.errors
        except Exception as error:
            figures.errors.append(f"{work.__name__}: {error!r}")


def _drop(inbox: Path, number: int, seed: int) -> None:
    """Puts a file with new chats into the inbox."""
    hidden = inbox / f".{number}.jsonl"
    with hidden.open("w", encoding="utf-8") as file:
        for record in generate(IMPORTED, seed + number, datetime.now(), 30):
            file.write(json.dumps(record | {"system": f"endurance {number}"}) + "\n")
    hidden.rename(inbox / f"{number}.jsonl")


def _watch(app: App, figures: Figures, ended: threading.Event) -> None:
    status = Path(f"/proc/{app.process.pid}/status")
    began = time.monotonic()
    while not ended.wait(LOOKED_AT_EVERY_S):
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
        figures.memory.append((time.monotonic() - began, int(line.split()[1]) >> 10))


def _tell(figures: Figures) -> None:
    every = sorted(seconds for clicks in figures.clicks.values() for seconds in clicks)
    print(f"{PEOPLE} people, {len(every)} clicks")
    for kind, clicks in {**figures.clicks, "all": every}.items():
        middle, most = (sorted(clicks)[int(share * (len(clicks) - 1))] for share in (0.5, 0.95))
        print(f"{kind}: {len(clicks)} times, median {middle:.2f} s, 95 % {most:.2f} s, longest {max(clicks):.2f} s")
    for minute in range(int(figures.memory[-1][0] // 60) + 1):
        held = [mib for moment, mib in figures.memory if moment // 60 == minute]
        if held:
            print(f"minute {minute}: {min(held)} to {max(held)} MiB")
    for error in figures.errors:
        print(error[:2000])
    print(f"errors: {len(figures.errors)}")
