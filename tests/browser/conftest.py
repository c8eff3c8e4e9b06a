"""The real app and a real browser for the stories of this folder."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID
from zlib import crc32

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from lib.chats.clock import Clock
from lib.importing import load_sample, remove_sample
from lib.missed.derive import derive_due
from lib.store import Store, now
from tests.browser.chromium import chromium_path
from tests.browser.mail_server import mail_server
from tests.browser.server import PERSON, ZONE, App, running
from tests.browser.verbs import Screen
from tests.mail.conftest import PASSWORD, USER, Certificate, Post, certificate, certify
from tests.thorough import rarely

__all__ = ["certificate", "certify"]

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
LOCALES = {"en": "en-US", "ja": "ja-JP"}
LANGUAGES = tuple(LOCALES)
WIDE, NARROW = (1440, 900), (1024, 768)


# The browser


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """A headless Chromium; where none is installed, every story fails with the sentence that says so."""
    path = chromium_path()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


class Tabs:
    """Tabs of the browser in a profile for each language; kept from story to story, since a new one costs a second."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._profiles: dict[str, BrowserContext] = {}
        self._free: dict[str, list[Page]] = {}

    def take(self, language: str, *, dark: bool, size: tuple[int, int]) -> Page:
        """An empty tab."""
        if language not in self._profiles:
            self._profiles[language] = self._browser.new_context(
                locale=LOCALES[language], timezone_id="Europe/Paris", accept_downloads=True
            )
        free = self._free.setdefault(language, [])
        page = free.pop() if free else self._profiles[language].new_page()
        page.emulate_media(color_scheme="dark" if dark else "light")
        page.set_viewport_size({"width": size[0], "height": size[1]})
        return page

    def give_back(self, screen: Screen) -> None:
        """Takes the tab of a session that ends; the next one finds nothing of it."""
        page = screen.leave()
        # A name that was typed would greet the next one.
        page.context.clear_cookies()
        self._free[screen.profile].append(page)


@pytest.fixture(scope="package")
def tabs(chromium: Browser) -> Tabs:
    """The tabs of all stories."""
    return Tabs(chromium)


OpenScreen = Callable[..., Screen]


@pytest.fixture
def screens(tabs: Tabs) -> Iterator[OpenScreen]:
    """Opens browser tabs, each with a session of its own; in the end none may have asked a stranger for anything."""
    opened: list[Screen] = []

    def open_screen(
        app: App, language: str = "en", *, dark: bool = False, size: tuple[int, int] = WIDE, path: str | None = None
    ) -> Screen:
        screen = Screen(tabs.take(language, dark=dark, size=size), app, language)
        opened.append(screen)
        return screen if path is None else screen.open(path)

    yield open_screen
    with ExitStack() as closing:
        for screen in opened:
            closing.callback(tabs.give_back, screen)
            closing.callback(screen.check)


@pytest.fixture
def language(request: pytest.FixtureRequest) -> str:
    """The language of a story: half of them are told in each. That pages are whole in both, other tests see."""
    return LANGUAGES[crc32(request.node.originalname.encode()) % len(LANGUAGES)]


# For a story that is worth to be told in the other language, too.
IN_ONE = pytest.mark.parametrize("language", ["ja", *rarely(["en"])])


# Worlds


class Sample(NamedTuple):
    """The sample as this process sees it, to compare the screen with; `file` is a store to copy."""

    store: Store
    file: Path
    used: set[UUID]

    @property
    def clock(self) -> Clock:
        """The present in the zone of the apps."""
        return Clock(now(), ZONE)

    def rows(self, where: str, **params: Any) -> list[dict[str, Any]]:
        """Chats that meet a condition, newest first."""
        return self.store.read(f"FROM chats WHERE {where} ORDER BY started_at DESC, id", params)

    def unused(self, where: str = "status = 'completed'", count: int = 1) -> list[dict[str, Any]]:
        """Chats that no story has asked for before: each may do with its own what it likes."""
        fresh = (row for row in self.rows(f"visitor_name IS NOT NULL AND {where}") if row["id"] not in self.used)
        found = list(islice(fresh, count))
        assert len(found) == count, f"the sample has too few chats where {where}"
        self.used.update(row["id"] for row in found)
        return found


@pytest.fixture(scope="package")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    """The sample, loaded once."""
    file = made_once("sample", tmp_path_factory, _with_sample)
    mine = tmp_path_factory.mktemp("sample") / "mine.duckdb"
    shutil.copy(file, mine)
    store = Store(str(mine))
    yield Sample(store, file, set())
    store.close()


def _with_sample(store: Store) -> None:
    # An hour ago, so that no chat of it begins while the stories run.
    assert load_sample(store, ZONE, now() - timedelta(hours=1))
    derive_due(store, ZONE, now())


@pytest.fixture(scope="package")
def emptied(tmp_path_factory: pytest.TempPathFactory, sample: Sample) -> Path:
    """A store from which the sample was removed."""
    return made_once("emptied", tmp_path_factory, lambda store: remove_sample(store, PERSON), sample.file)


def made_once(
    name: str, tmp_path_factory: pytest.TempPathFactory, fill: Callable[[Store], object], copy_of: Path | None = None
) -> Path:
    """The file of a store that whichever process of this run of the tests comes first makes for all."""
    folder = tmp_path_factory.getbasetemp()
    folder = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    file = folder / f"{name}.duckdb"
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            unfinished = file.with_suffix(".unfinished")
            if copy_of:
                shutil.copy(copy_of, unfinished)
            store = Store(str(unfinished))
            fill(store)
            store.close()
            unfinished.rename(file)
    return file


StartApp = Callable[..., App]


def starter(stack: ExitStack, tmp_path_factory: pytest.TempPathFactory) -> StartApp:
    """Starts apps that live as long as the stack; `copy_of` is a store to begin with."""

    def start(store: str | None = None, *, copy_of: Path | None = None, **settings: str) -> App:
        folder = tmp_path_factory.mktemp("app")
        if copy_of:
            shutil.copy(copy_of, folder / "history.duckdb")
        return stack.enter_context(running(folder, store, **settings))

    return start


@pytest.fixture
def start_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartApp]:
    """Starts an app for one story."""
    with ExitStack() as stack:
        yield starter(stack, tmp_path_factory)


@pytest.fixture(scope="package")
def reading(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """An app on the sample, without mail, for stories that write nothing."""
    with ExitStack() as stack:
        yield starter(stack, tmp_path_factory)(copy_of=sample.file)


@pytest.fixture(scope="package")
def writing(
    sample: Sample, post: Post, certificate: Certificate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[App]:
    """An app on the sample, with mail, for stories that each write to chats of their own (see Sample.unused)."""
    with ExitStack() as stack:
        yield starter(stack, tmp_path_factory)(
            copy_of=sample.file,
            SMTP_HOST=post.smtp.host,
            SMTP_PORT=str(post.smtp.port),
            SMTP_USER=USER,
            SMTP_PASSWORD=PASSWORD,
            SMTP_SENDER=post.smtp.sender,
            SMTP_CERTIFICATES=str(certificate.certificate),
        )


@pytest.fixture(scope="package")
def importing(emptied: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """An app on a store without chats, for stories that import each their own."""
    with ExitStack() as stack:
        yield starter(stack, tmp_path_factory)(copy_of=emptied)


@pytest.fixture(scope="package")
def post(certificate: Certificate) -> Iterator[Post]:
    """A mail server with STARTTLS and sign-in, for all stories."""
    with mail_server(certificate) as server:
        yield server
