"""Makes the store that is measured, once: made-up chats, through the project's own importer."""

import gzip
import json
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from benchmarks.machine import peak_memory_mib
from benchmarks.progress import done, tell
from lib.chats.clock import Clock
from lib.chats.notes import add_note
from lib.chats.removal import delete_chat
from lib.chats.stale import mark_due
from lib.importing import Source, import_files
from lib.missed import changes
from lib.missed.apply import apply
from lib.missed.changes import Change
from lib.missed.derive import derive_due
from lib.missed.settings import LIMITS, rules_of, save_rules
from lib.sample import ANCHOR, generate
from lib.store import Store
from lib.store.opening import MIGRATIONS, STORAGE_VERSION

ROOT = Path(__file__).parents[1]
STORES = ROOT / "benchmarks" / "stores"
STORE_NAME = "history.duckdb"
FACTS_NAME = "build.json"

ZONE = "Asia/Tokyo"
ACTOR = "benchmark"
# The chats with hostile texts, and the one of 2,500 messages.
SPECIAL, SPECIAL_CHATS = "special", 10
# A million messages a file: each is one import, as if somebody brought a new export every few months.
CHATS_A_PART = 100_000
# What our users did before, in a store that is in use: a share of the chats, and at most so many.
WORKED_ON, MOST_WORKED_ON = 0.01, 500


@dataclass(frozen=True)
class Recipe:
    """What decides which chats are made."""

    chats: int
    seed: int = 20260105
    end: datetime = ANCHOR
    days: int = 3 * 365
    messages_per_chat: int = 10

    @property
    def name(self) -> str:
        """The folder of the store; another one after any change of recipe, generator, tables or format."""
        generator = sorted((ROOT / "lib" / "sample").glob("*.py")) + sorted((ROOT / "lib" / "sample").glob("*.json"))
        parts = [
            repr(self).encode(),
            STORAGE_VERSION.encode(),
            *(file.read_bytes() for file in (*generator, *MIGRATIONS)),
        ]
        return f"{self.chats}-{sha256(b''.join(parts)).hexdigest()[:12]}"

    @property
    def clock(self) -> Clock:
        """The moment at which the last chat is made, as the present one."""
        return Clock(self.end.replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC).replace(tzinfo=None), ZONE)


@dataclass(frozen=True)
class Part:
    """One import of the build."""

    messages: int
    seconds: float

    @property
    def rate(self) -> float:
        """Messages a second."""
        return self.messages / self.seconds


@dataclass(frozen=True)
class Build:
    """How the store was made; memory is the most that the building process held, in MiB."""

    chats: int
    messages: int
    seconds: float
    import_seconds: float
    messages_a_second: int
    first_part_messages_a_second: int
    last_part_messages_a_second: int
    peak_memory_mib: int
    store_mib: int


def built(recipe: Recipe, stores: Path) -> tuple[Path, Build]:
    """The store of this recipe and how it was made; makes it, in a process of its own, where it is not there yet."""
    folder = stores / recipe.name
    if not folder.is_dir():
        process = get_context("spawn").Process(target=_build, args=(recipe, folder))
        process.start()
        process.join()
        if process.exitcode:
            raise SystemExit(f"The store could not be made (exit status {process.exitcode}).")
    return folder / STORE_NAME, Build(**json.loads((folder / FACTS_NAME).read_text(encoding="utf-8")))


def _build(recipe: Recipe, folder: Path) -> None:
    _remove_older(recipe, folder.parent)
    unfinished = folder.with_name(f"{folder.name}.{os.getpid()}.unfinished")
    unfinished.mkdir(parents=True)
    began = time.monotonic()
    parts = _import_all(recipe, unfinished)
    facts = _facts(recipe, parts, time.monotonic() - began, unfinished / STORE_NAME)
    (unfinished / FACTS_NAME).write_text(json.dumps(asdict(facts), indent=2) + "\n", encoding="utf-8")
    unfinished.rename(folder)
    done(f"{recipe.chats:,} chats made in {facts.seconds:,.0f} s, {facts.messages_a_second:,} messages/s imported")


def _remove_older(recipe: Recipe, stores: Path) -> None:
    for older in stores.glob(f"{recipe.chats}-*"):
        shutil.rmtree(older)


def _import_all(recipe: Recipe, folder: Path) -> list[Part]:
    parts, before = [], 0
    store = Store(str(folder / STORE_NAME))
    try:
        for file in _files(recipe, folder):
            parts.append(_import(store, file, before, recipe.chats))
            before = min(recipe.chats, before + CHATS_A_PART)
        _work_on(store, recipe)
    finally:
        store.close()
    return parts


def _files(recipe: Recipe, folder: Path) -> Iterator[Path]:
    """One export after the other; each is gone when the next is asked for."""
    records = _records(recipe)
    file = folder / "part.jsonl.gz"
    for number in range(0, recipe.chats, CHATS_A_PART):
        tell(f"{number:,} of {recipe.chats:,} chats: writing the next export")
        _write(file, islice(records, CHATS_A_PART))
        yield file
        file.unlink()


def _records(recipe: Recipe) -> Iterator[dict[str, object]]:
    """Ordinary chats, then the special ones of the sample; their ids would clash in one system."""
    span = (recipe.seed, recipe.end, recipe.days)
    ordinary, running = recipe.chats - SPECIAL_CHATS, max(10, recipe.chats // 5000)
    yield from generate(ordinary, *span, ongoing=running, messages_per_chat=recipe.messages_per_chat)
    for record in generate(SPECIAL_CHATS, *span, with_edge_cases=True):
        yield record | {"system": SPECIAL}


def _write(file: Path, records: Iterable[dict[str, object]]) -> None:
    with gzip.open(file, "wb", compresslevel=1) as packed:
        for record in records:
            packed.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")


def _import(store: Store, file: Path, before: int, chats: int) -> Part:
    began = time.monotonic()
    report = import_files(
        store,
        [Source(file.name, file)],
        zone=ZONE,
        actor=ACTOR,
        progress=lambda p: tell(f"{before:,} of {chats:,} chats: {p.stage} {100 * p.done // max(1, p.total)} %"),
    )
    return Part(report.messages_stored, time.monotonic() - began)


def _work_on(store: Store, recipe: Recipe) -> None:
    """Deletes some chats and writes notes on others, so that no list is empty."""
    count = min(MOST_WORKED_ON, int(recipe.chats * WORKED_ON))
    chosen = Random(recipe.seed).sample(range(recipe.chats), 2 * count)
    tell(f"{recipe.chats:,} chats: deleting {count}, writing {count} notes")
    found = store.read(f"SELECT id FROM chats WHERE ordinal IN ({', '.join(map(str, chosen))}) ORDER BY ordinal")
    for place, row in enumerate(found):
        if place % 2:
            delete_chat(store, row["id"], ACTOR, "Made for the benchmark")
        else:
            add_note(store, row["id"], f"Called back, note {place}", ACTOR)
    _follow_up(store, recipe)


def _follow_up(store: Store, recipe: Recipe) -> None:
    """Derives the ledger of missed chats, and works on a third of them."""
    tell(f"{recipe.chats:,} chats: following up missed ones")
    # Years of history are followed up here as if they had come in day by day.
    save_rules(store, replace(rules_of(store), past_after_d=LIMITS["past_after_d"][1]), ACTOR)
    derive_due(store, ZONE, recipe.clock.now)
    missed = store.read("SELECT id FROM chats WHERE status = 'missed' ORDER BY hash(id)")
    worked_on = [row["id"] for row in missed[: len(missed) // 3]]
    deeds = (changes.take("Aoi"), changes.take(ACTOR), changes.not_needed("spam"), *_contacts(recipe))
    for place, deed in enumerate(deeds):
        apply(store, deed, dict.fromkeys(worked_on[place :: len(deeds)]), str(deed.values.get("assignee") or ACTOR))
    store.write(lambda cursor: mark_due(cursor, worked_on))
    derive_due(store, ZONE, recipe.clock.now)


def _contacts(recipe: Recipe) -> Iterator[Change]:
    for days in (1, 30, 400):
        yield changes.contacted(ACTOR, recipe.clock.now - timedelta(days=days))


def _facts(recipe: Recipe, parts: list[Part], seconds: float, store: Path) -> Build:
    messages, importing = sum(part.messages for part in parts), sum(part.seconds for part in parts)
    return Build(
        chats=recipe.chats,
        messages=messages,
        seconds=round(seconds, 1),
        import_seconds=round(importing, 1),
        messages_a_second=round(messages / importing),
        first_part_messages_a_second=round(parts[0].rate),
        last_part_messages_a_second=round(parts[-1].rate),
        peak_memory_mib=peak_memory_mib(),
        store_mib=store.stat().st_size >> 20,
    )
