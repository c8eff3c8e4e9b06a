"""Measures an import of Zendesk chats, and the people who read meanwhile: `python -m benchmarks.importing`."""

import json
import statistics
import sys
import tempfile
import threading
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.asking import Draw, World, look_around
from benchmarks.building import STORES, ZONE, Recipe, built
from benchmarks.machine import peak_memory_mib, peak_memory_of_children_mib
from benchmarks.measuring import SEED, copied
from benchmarks.question import Question
from benchmarks.questions import questions
from lib.importing import Progress, Source, import_files

ASKED = ("tab counts", "list by start, falling", "open a chat: all of it", "rare word, last 30 days")
ALONE_S = 20.0
PAUSE_S = 0.1
WORDS = (
    "order",
    "refund",
    "parcel",
    "please",
    "thanks",
    "check",
    "address",
    "返金",
    "注文",
    "配送",
    "確認",
    "お待ちください",
)
MESSAGES_A_CHAT = 12

Times = dict[str, list[float]]


@dataclass
class Import:
    """An import on its way: how long it took in the end, and what it was doing."""

    stage: str = "reading"
    messages: int = 0
    seconds: float | None = None


def main(words: Sequence[str] | None = None) -> int:
    """Prints the figures."""
    asked = _arguments(words)
    recipe = Recipe(asked.chats)
    original, _build = built(recipe, asked.store)
    with tempfile.TemporaryDirectory() as folder, copied(original) as store:
        file = _file(Path(folder) / "export.json", asked.messages)
        world = look_around(store, recipe.clock, SEED)
        alone = _asked(world, _for_seconds(ALONE_S))
        running = Import()
        thread = threading.Thread(target=_import, args=(world, file, running))
        thread.start()
        reading = _asked(world, lambda: running.seconds is None and running.stage == "reading")
        storing = _asked(world, lambda: running.seconds is None)
        thread.join()
    print("\n".join(_lines(file, running, alone, reading, storing)))
    return 0


def _arguments(words: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser(prog="python -m benchmarks.importing", description="Measures an import of Zendesk chats.")
    parser.add_argument("--messages", type=int, default=1_000_000, help="messages of the export (default: a million)")
    parser.add_argument("--chats", type=int, default=100_000, help="chats that are in the store before")
    parser.add_argument("--store", type=Path, default=STORES, metavar="FOLDER", help="where the stores are kept")
    return parser.parse_args(words)


def _import(world: World, file: Path, running: Import) -> None:
    def watch(progress: Progress) -> None:
        running.stage = progress.stage

    began = time.perf_counter()
    report = import_files(world.store, [Source(file.name, file)], zone=ZONE, actor="benchmark", progress=watch)
    running.messages = report.messages_read
    running.seconds = time.perf_counter() - began


def _asked(world: World, goes_on: Callable[[], bool]) -> Times:
    """Milliseconds of the answers to each question, asked in turn by one person as long as it goes on."""
    times: Times = {name: [] for name in ASKED}
    chosen: list[Question] = [question for question in questions() if question.name in ASKED]
    number = 0
    while goes_on():
        for question in chosen:
            answer = question.prepare(Draw(world, f"{question.name} {number}"))
            began = time.perf_counter()
            answer()
            times[question.name].append(1000 * (time.perf_counter() - began))
            time.sleep(PAUSE_S)
        number += 1
    return times


def _for_seconds(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() < end


def _lines(file: Path, running: Import, alone: Times, reading: Times, storing: Times) -> Iterator[str]:
    seconds = running.seconds or 0.0
    yield f"{running.messages:,} messages in {seconds:.1f} s: {running.messages / seconds:,.0f} a second"
    yield f"peak memory: {peak_memory_mib():,} MiB, of the reading process {peak_memory_of_children_mib():,} MiB"
    yield "| question | alone, median ms | while it reads | while it stores | the whole import against alone |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for name in ASKED:
        base, during = statistics.median(alone[name]), [*reading[name], *storing[name]]
        medians = [f"{statistics.median(found):.1f}" if found else "–" for found in (reading[name], storing[name])]
        yield f"| {name} | {base:.1f} | {' | '.join(medians)} | {statistics.median(during) / base:.2f} times |"


def _file(path: Path, messages: int) -> Path:
    """An incremental export of Zendesk Chat with so many history items, on one line as the interface writes it."""
    random, start, written = Random(SEED), datetime(2026, 1, 1), 0
    with path.open("w", encoding="utf-8") as file:
        file.write('{"chats": [')
        while written < messages:
            chat = _chat(random, written, start + timedelta(seconds=3 * written))
            file.write((", " if written else "") + json.dumps(chat))
            written += len(chat["history"])
        file.write(f'], "count": {written}, "next_page": ""}}')
    return path


def _chat(random: Random, number: int, start: datetime) -> dict[str, Any]:
    def at(seconds: int) -> str:
        return f"{start + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%SZ}"

    visitor = {"id": f"v{number}", "name": "Rin Kato", "email": f"rin{number}@example.com", "phone": "", "notes": ""}
    return {
        "id": f"2601.{number}",
        "type": "chat",
        "timestamp": at(0),
        "end_timestamp": at(600),
        "duration": 600,
        "missed": False,
        "department_name": "Orders",
        "agent_ids": ["77"],
        "agent_names": ["Aoi"],
        "tags": ["order"],
        "rating": "good",
        "comment": "",
        "count": {"total": 12, "agent": 6, "visitor": 6},
        "visitor": visitor,
        "session": {"ip": "192.0.2.7", "country_code": "JP", "browser": "Chrome", "city": "Tokyo"},
        "webpath": [{"from": "", "to": "https://shop.example.com/pricing", "title": "Pricing", "timestamp": at(0)}],
        "history": [_item(random, number, place, at(20 * place)) for place in range(MESSAGES_A_CHAT)],
    }


def _item(random: Random, number: int, place: int, at: str) -> dict[str, Any]:
    common: dict[str, Any] = {"timestamp": at, "channel": f"#room{number}", "name": "Rin Kato", "nick": "visitor"}
    if place in (0, MESSAGES_A_CHAT - 1):
        return common | {"type": "chat.memberjoin" if place == 0 else "chat.memberleave"}
    writer = {} if place % 2 else {"name": "Aoi", "nick": "agent:77"}
    text = " ".join(random.choices(WORDS, k=random.randint(4, 18)))
    return common | {"type": "chat.msg", "msg_id": f"{number}.{place}", "options": "", "msg": text} | writer


if __name__ == "__main__":
    sys.exit(main())
