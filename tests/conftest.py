"""Fixtures that all tests may use: stores in both kinds, and a machine without settings of its own."""

import gc
import os
import shutil
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from xdist.scheduler import LoadFileScheduling

from lib import settings
from lib.explore import running
from lib.explore.values import Limits
from lib.language import choosing
from lib.store import Store, opening
from tests import worlds

IN_MEMORY, ROOM = Path("/dev/shm"), 4 << 30
BROWSER = Path(__file__).parent / "browser"
# Of the examples of a property, the share that each run tries; with --thorough, all are.
SHARE_OF_EXAMPLES, FEWEST_EXAMPLES = 8, 4
# What is tried on a lake in each run: where it differs from a file, and one way through each part. Each of these takes
# seconds there; with --thorough, everything is tried.
ON_A_LAKE = (
    "store/test_killed.py",
    "store/test_lockdown.py",
    "store/test_opening.py::test_migrations_run_once_and_what_is_stored_stays",
    "store/test_opening.py::test_a_store_held_by_another_process_names_the_holder",
    "store/test_writing.py",
    "chats/test_removal.py::test_two_at_once_make_one_event_and_the_other_is_told",
    "export/test_jobs.py::test_a_finished_export_is_there_for_an_hour_and_recorded",
    "mail/test_outbox.py::test_sixteen_clicks_at_once_send_one_mail",
    "importing/test_merging.py::test_our_own_work_is_never_touched",
    "missed/test_apply.py::test_the_way_of_a_missed_chat",
    "missed/test_apply.py::test_of_two_who_take_the_same_chat_at_once_one_has_it",
)

# The same examples each time; how long one takes says nothing on a machine that has much else to do.
hypothesis.settings.register_profile(
    "steady", derandomize=True, deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("steady")


def pytest_configure(config: pytest.Config) -> None:
    """Where there is room in memory, the files of the tests lie there: many tests would mostly wait for the disk."""
    config.option.loadscopereorder = False
    # Apps and other programs are started a hundred times: what is compiled of ours is kept, and so are the tests.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    if os.access(IN_MEMORY, os.W_OK) and shutil.disk_usage(IN_MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))


def pytest_addoption(parser: pytest.Parser) -> None:
    """A lake answers as a file does, only slower, and many examples find what few do not: both on demand alone."""
    parser.addoption(
        "--thorough", action="store_true", help="every test on a lake, too, all examples, and what is like another"
    )


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is made here lives until the end: it is not looked through for garbage, neither meanwhile nor ever after."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes longest begins first; what is only tried on demand is left out."""
    if not config.getoption("--thorough"):
        left_out = [item for item in items if _is_left_out(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not _is_left_out(item)]
        for test in {item.obj for item in items if isinstance(item, pytest.Function)}:
            if all_of_it := getattr(test, "_hypothesis_internal_use_settings", None):
                few = hypothesis.settings(all_of_it, max_examples=_few_of(all_of_it.max_examples))
                test._hypothesis_internal_use_settings = few
    items.sort(key=lambda item: (item.path.parent != BROWSER, item.path))


def _few_of(examples: int) -> int:
    return min(examples, max(FEWEST_EXAMPLES, examples // SHARE_OF_EXAMPLES))


def _is_left_out(item: pytest.Item) -> bool:
    return item.get_closest_marker("thorough") is not None or _needs_no_lake(item)


def _needs_no_lake(item: pytest.Item) -> bool:
    values = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
    place = f"{item.path.relative_to(Path(__file__).parent).as_posix()}::{item.name}"
    return values.get("kind") == "lake" and not place.startswith(ON_A_LAKE)


class ByFile(LoadFileScheduling):
    """Gives each worker whole files, and those of the browser to one: they share it and its apps, and often wait."""

    def _split_scope(self, nodeid: str) -> str:
        file = Path(super()._split_scope(nodeid))
        return BROWSER.name if file.parent.name == BROWSER.name else str(file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    """How tests are divided among workers."""
    return ByFile(config, log)


@pytest.fixture(scope="session", autouse=True)
def small_stores() -> Iterator[None]:
    """Stores of tests are small: dividing a query among threads would take half as long as the query."""
    config = opening.file_config
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "file_config", lambda path: config(path) | {"threads": "1"})
        yield


@pytest.fixture(autouse=True)
def hidden_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(settings.PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(settings, "_secrets", dict)


@pytest.fixture(autouse=True)
def unhurried_queries(monkeypatch: pytest.MonkeyPatch) -> None:
    """A query stands back behind all else, and on a machine that has much else to do it waits for long."""
    monkeypatch.setattr(running, "NICE", 0)
    monkeypatch.setattr(running, "LIMITS", Limits(seconds=120))


@pytest.fixture(autouse=True)
def kept_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that runs the command line chooses a language for the whole process; the next test gets its own back."""
    monkeypatch.setattr(choosing, "_resolver", choosing._resolver)


@pytest.fixture(autouse=True)
def kept_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that runs a page leaves it as the program that runs, which every new process of Python would look for."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture(scope="session")
def thorough(request: pytest.FixtureRequest) -> bool:
    """Whether this run tries everything."""
    return bool(request.config.getoption("--thorough"))


@pytest.fixture(scope="session")
def share(thorough: bool) -> Callable[[int], int]:
    """Of so many examples, how many this run tries: for a property inside of a test, which sets them itself."""
    return (lambda examples: examples) if thorough else _few_of


def location_in(folder: Path, kind: str) -> str:
    return ("ducklake:" if kind == "lake" else "") + str(folder / "history.duckdb")


@pytest.fixture(scope="session", params=["file", "lake"])
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def location(kind: str, tmp_path: Path) -> str:
    """Where no store is yet."""
    return location_in(tmp_path, kind)


KeptStore = Callable[[str, str, Callable[[], worlds.World]], Store]


@pytest.fixture(scope="session")
def kept_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptStore]:
    """A store by its name and kind, filled with a world when it is first asked for; making a lake takes a second."""
    kept: dict[tuple[str, str], Store] = {}

    def keep(name: str, kind: str, world: Callable[[], worlds.World]) -> Store:
        if (name, kind) not in kept:
            store = kept[name, kind] = Store(location_in(tmp_path_factory.mktemp(name), kind))
            closing.callback(store.close)
            worlds.insert(store, world())
        return kept[name, kind]

    with ExitStack() as closing:
        yield keep


@pytest.fixture(scope="session")
def workbench(kind: str, kept_store: KeptStore) -> Store:
    """The store behind `store`."""
    return kept_store("workbench", kind, list)


@pytest.fixture
def store(workbench: Store) -> Store:
    """An empty store to write in."""
    worlds.empty(workbench)
    return workbench


@pytest.fixture(scope="session")
def sample_like(kind: str, kept_store: KeptStore) -> Store:
    """A store to read from, with about sixty chats."""
    return kept_store("sample", kind, worlds.sample_like)


@pytest.fixture(scope="session")
def hostile(kind: str, kept_store: KeptStore) -> Store:
    """A store to read from, with texts that try to break out of what holds them."""
    return kept_store("hostile", kind, worlds.hostile)


def opened(location: str, world: worlds.World) -> Iterator[Store]:
    store = Store(location)
    worlds.insert(store, world)
    yield store
    store.close()
