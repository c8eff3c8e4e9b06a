"""People who sign in at an identity provider, with a role each: what they see, may do, and are refused."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect

from lib.commands import RIGHT_NAMES
from lib.screen.frame.page import PAGES
from lib.store import Store
from tests.browser.conftest import IN_ONE, LOCALES, WIDE, Sample
from tests.browser.server import START_S, STOP_S, App, port_of_this_process, running
from tests.browser.verbs import Screen

PEOPLE = ("ann", "vera", "otto", "lea")
PAGE_OF = {page.name: page for page in PAGES}
SECRETS = """
[auth]
redirect_uri = "http://127.0.0.1:{port}/oauth2callback"
cookie_secret = "a secret of this test alone"
client_id = "chats"
client_secret = "anything"
server_metadata_url = "http://127.0.0.1:{provider}/.well-known/openid-configuration"
"""


@pytest.fixture(scope="module")
def app(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """An app whose people sign in; Ann is its administrator, and Lea a lead by what the provider says."""
    folder = tmp_path_factory.mktemp("roles")
    shutil.copy(sample.file, folder / "history.duckdb")
    with identity_provider() as provider:
        (folder / ".streamlit").mkdir()
        secrets = SECRETS.format(port=port_of_this_process(), provider=provider)
        (folder / ".streamlit" / "secrets.toml").write_text(secrets)
        roles = {"ADMINISTRATORS": "ann@example.com", "ROLE_CLAIM": "groups", "CLAIMED_ROLES": "heads=lead"}
        with running(folder, ALLOWED="@example.com", **roles) as started:
            yield started


@contextmanager
def identity_provider() -> Iterator[int]:
    """A provider with its people, in a process of its own; gives its port."""
    port = port_of_this_process(-1)
    users = []
    for name in PEOPLE:
        told = {"sub": name, "email": f"{name}@example.com", "groups": ["heads"] if name == "lea" else []}
        users += ["--user-claims", json.dumps(told)]
    process = subprocess.Popen(
        [
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "oidc_provider_mock",
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
            *users,
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        latest = time.monotonic() + START_S
        while True:
            try:
                urlopen(f"http://127.0.0.1:{port}/.well-known/openid-configuration", timeout=5).close()
                break
            except OSError:
                assert process.poll() is None and time.monotonic() < latest, "the identity provider did not start"
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(STOP_S)


SignIn = Callable[[str], Screen]


@pytest.fixture(scope="module")
def windows(chromium: Browser) -> Callable[[str, str], Page]:
    """The window of somebody's own browser, in a language; kept from story to story, since a new one costs seconds."""
    kept: dict[tuple[str, str], Page] = {}

    def window(name: str, language: str) -> Page:
        if (name, language) not in kept:
            page = chromium.new_context(locale=LOCALES[language], accept_downloads=True).new_page()
            page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
            kept[name, language] = page
        return kept[name, language]

    return window


@pytest.fixture
def sign_in(app: App, windows: Callable[[str, str], Page], language: str) -> Iterator[SignIn]:
    """Opens a browser of its own for somebody, and signs them in there."""
    opened: list[Screen] = []

    def by_name(name: str) -> Screen:
        screen = Screen(windows(name, language), app, language)
        opened.append(screen)
        screen.open()
        enter(screen, name)
        return screen

    yield by_name
    with ExitStack() as closing:
        for screen in opened:
            # Nobody is signed in any more, here and at the provider.
            closing.callback(screen.page.context.clear_cookies)
            closing.callback(screen.leave)
            closing.callback(screen.check)


def enter(screen: Screen, name: str) -> None:
    """Signs in at the provider, from the page that asks for it."""
    screen.page.get_by_role("button", name=screen.word("Sign in"), exact=True).click()
    screen.page.get_by_role("button", name=name, exact=True).click()
    screen.page.get_by_test_id("stPageLink").first.wait_for()
    screen.settled()
    # The provider's own page wanted its style from elsewhere.
    screen.strangers.clear()


def menu(screen: Screen) -> list[str]:
    """The pages that the menu offers, those behind "Manage" too."""
    manage = screen.page.get_by_role("button", name=screen.word("Manage"), exact=True)
    if manage.count():
        screen.unfold(manage)
    offered = [each.inner_text() for each in screen.keyed("menu").get_by_test_id("stPageLink").all()]
    offered += [each.inner_text() for each in screen.page.get_by_test_id("stPopoverBody").get_by_role("link").all()]
    if manage.count():
        screen.page.keyboard.press("Escape")
    return [name for name in PAGE_OF if any(screen.word(name) in text for text in offered)]


@IN_ONE
def test_four_people_with_four_roles(
    app: App, sign_in: SignIn, sample: Sample, language: str, *, thorough: bool
) -> None:
    ann, chats = sign_in("ann"), sample.unused("status = 'missed' AND visitor_email IS NOT NULL", 3)
    assert menu(ann) == list(PAGE_OF)
    ann.go_to_managed("Access")
    give(ann, "otto", "Operator")
    ann.shows(ann.word("{person} is now: {role}", person="otto@example.com", role=ann.word("Operator")))

    vera, otto, lea = sign_in("vera"), sign_in("otto"), sign_in("lea")
    assert menu(vera) == [page.name for page in PAGES if page.right == "read"]
    assert menu(otto) == [page.name for page in PAGES if page.right in ("read", "mail")]
    assert menu(lea) == [page.name for page in PAGES if page.right not in ("access", "erase")]
    # By address, too; tests/pages/test_access.py does the same with each role and page, without a browser.
    for screen in (vera, otto, lea) if thorough else (otto,):
        mine = menu(screen)
        for page in PAGES:
            screen.open(Path(page.path).stem if page.path != "app.py" else "")
            right = screen.word(RIGHT_NAMES[page.right])
            locked = screen.word("This page needs a right that you do not have: {right}", right=right)
            (screen.shows_not if page.name in mine else screen.shows)(locked)

    # What is done with a chat.
    for screen, offered in ((vera, False), (otto, True)):
        screen.open_chat(chats[0]["id"], tab="notes")
        expect(screen.keyed("add_note")).to_have_count(int(offered))
        expect(screen.keyed("reply_by_email")).to_have_count(int(offered))
        screen.open_menu()
        expect(screen.keyed("delete_chat")).to_have_count(0)
        expect(screen.keyed("download_transcript")).to_have_count(0)
    lea.open_chat(chats[0]["id"])
    lea.delete_chat("by a lead")
    lea.shows(lea.word("The chat is deleted."))

    # A role that is taken away while its person is at work.
    otto.open_chat(chats[1]["id"], tab="notes")
    otto.type_into(f"note_text_{chats[1]['id']}", "too late")
    give(ann, "otto", "Viewer")
    ann.shows(ann.word("{person} is now: {role}", person="otto@example.com", role=ann.word("Viewer")))
    otto.strike("add_note")
    otto.shows(
        otto.word(
            "You may not do this any more: it needs the right “{right}”. Nothing was done.",
            right=otto.word("Write notes"),
        )
    )
    expect(otto.keyed("add_note")).to_have_count(0)


@IN_ONE
def test_who_sees_one_department_finds_nothing_of_the_others(
    app: App, sign_in: SignIn, sample: Sample, language: str, *, thorough: bool
) -> None:
    theirs = sample.rows("department = 'Support' AND visitor_name IS NOT NULL AND deleted_at IS NULL")[0]
    mine = sample.rows("department = 'Sales' AND visitor_name IS NOT NULL AND deleted_at IS NULL")
    others = [each for each in sample.rows("deleted_at IS NULL") if each["department"] != "Sales"]
    addresses = {each["visitor_email"] for each in others if each["visitor_email"]}
    addresses -= {each["visitor_email"] for each in mine}

    vera, ann = sign_in("vera"), sign_in("ann")
    vera.open_chat(theirs["id"])
    vera.pane_shows(theirs["visitor_name"])
    ann.go_to_managed("Access")
    ann.pick("confined_to_department", "Sales")
    ann.type_into("confined_person", "vera@example.com")
    ann.strike("confine")
    which = ann.word("in department {values}", values="Sales")
    ann.shows(ann.word("{person} sees only chats {which}.", person="vera@example.com", which=which))

    # The open window as well, by the next click.
    vera.open_tab("Info")
    gone = vera.word("There is no chat with this link. It may have been erased, or removed with the sample.")
    vera.shows(gone)
    ann.open_chats(department="Sales")
    vera.open_chats()
    assert vera.keyed("w_category").inner_text() == ann.keyed("w_category").inner_text()
    # All pages and links are looked through in tests/pages/test_confined.py.
    for place in ("", "chats", "missed", "reports") if thorough else ("",):
        vera.open(place)
        shown = vera.page.locator("body").inner_text()
        assert not {each for each in addresses if each in shown}, place
    vera.open_chat(mine[0]["id"])
    vera.pane_shows(mine[0]["visitor_name"])
    for tab in ("transcript", "info", "notes", "earlier") if thorough else ("earlier",):
        vera.open(f"chats?chat={theirs['id']}&tab={tab}")
        vera.shows(gone)

    ann.go_to_managed("Access")
    ann.page.get_by_test_id("stDataFrame").nth(1).click(position={"x": 12, "y": 52})
    expect(ann.keyed("not_confine").get_by_role("button")).to_be_enabled()
    ann.strike("not_confine")
    ann.shows(ann.word("{person} sees all chats.", person="vera@example.com"))
    vera.open_chat(theirs["id"])
    vera.pane_shows(theirs["visitor_name"])


def give(screen: Screen, name: str, role: str) -> None:
    """Gives a role on the page Access, in a hurry: the address is typed, and the button pressed at once."""
    screen.pick("role_given", screen.word(role))
    screen.type_into("role_person", f"{name}@example.com")
    screen.strike("give_role")


def test_an_export_is_for_whoever_made_it_and_a_sign_in_that_ended_opens_nothing(
    app: App, sign_in: SignIn, language: str
) -> None:
    lea, vera = sign_in("lea"), sign_in("vera")
    lea.open_chats(category="missed")
    lea.press("export")
    lea.press("start_export")
    link = lea.page.get_by_role("dialog").get_by_role("link", name=lea.word("Download"))
    expect(link).to_be_visible()
    address = str(link.evaluate("link => link.href"))
    assert lea.page.request.get(address).status == 200
    assert vera.page.request.get(address).status == 404

    lea.page.keyboard.press("Escape")
    kept = lea.page.context.cookies()
    lea.open()
    lea.unfold(lea.page.get_by_role("button", name=lea.word("You"), exact=True))
    lea.page.get_by_role("button", name=lea.word("Sign out"), exact=True).click()
    # The provider asks whether the person is to be signed out there, too.
    lea.page.wait_for_url("**/oauth2/end_session**")
    lea.open("chats")
    lea.page.get_by_role("button", name=lea.word("Sign in"), exact=True).wait_for()
    # Somebody has copied the cookie before.
    lea.page.context.add_cookies(kept)  # type: ignore[arg-type]  # as it gave them
    lea.open("chats")
    expect(lea.page.get_by_test_id("stPageLink")).to_have_count(0)
    lea.page.get_by_role("button", name=lea.word("Sign in"), exact=True).wait_for()
    assert lea.page.request.get(address).status == 404
    enter(lea, "lea")
    lea.open_chats(category="missed")
    expect(lea.keyed("export")).to_have_count(1)


def test_signed_out_every_address_answers_nothing_of_anybody(app: App, chromium: Browser, sample: Sample) -> None:
    chat = sample.rows("visitor_email IS NOT NULL")[0]
    profile = chromium.new_context()
    page = profile.new_page()
    for each in PAGES:
        page.goto(f"{app.url}/{Path(each.path).stem if each.path != 'app.py' else ''}?chat={chat['id']}")
        page.get_by_role("button", name="Sign in", exact=True).wait_for()
        shown = page.locator("body").inner_text()
        assert chat["visitor_email"] not in shown
        assert not page.get_by_test_id("stDataFrame").count()
    for path in ("exports/x", "person/x", "media/x", "_stcore/metrics", "component/x"):
        answer = page.request.get(f"{app.url}/{path}", max_redirects=0)
        assert chat["visitor_email"] not in answer.text(), path
    assert urlsplit(page.url).hostname == "127.0.0.1"
    profile.close()


def test_what_was_done_says_who_did_it(app: App, sign_in: SignIn, sample: Sample, tmp_path: Path) -> None:
    chat = sample.unused()[0]
    lea = sign_in("lea").open_chat(chat["id"])
    lea.delete_chat("to be seen")
    lea.shows(lea.word("The chat is deleted."))
    shutil.copy(app.folder / "history.duckdb", tmp_path / "copy.duckdb")
    shutil.copy(app.folder / "history.duckdb.wal", tmp_path / "copy.duckdb.wal")
    store = Store(str(tmp_path / "copy.duckdb"))
    told = store.read("SELECT actor FROM events WHERE chat_id = $id AND action = 'delete'", {"id": chat["id"]})
    assert [row["actor"] for row in told] == ["lea@example.com"]
    store.close()


def test_a_window_left_open_shows_no_chat_any_more_soon_after_its_person_has_signed_out(
    app: App, sign_in: SignIn, sample: Sample
) -> None:
    lea, chat = sign_in("lea"), sample.rows("visitor_email IS NOT NULL")[0]
    lea.open_chat(chat["id"])
    lea.shows(chat["visitor_email"])
    other = Screen(lea.page.context.new_page(), app, lea.language)
    other.open()
    other.unfold(other.page.get_by_role("button", name=other.word("You"), exact=True))
    other.page.get_by_role("button", name=other.word("Sign out"), exact=True).click()
    other.page.wait_for_url("**/oauth2/end_session**")
    other.page.close()
    lea.page.bring_to_front()
    lea.page.get_by_role("button", name=lea.word("Sign in"), exact=True).wait_for()
    assert chat["visitor_email"] not in lea.text
