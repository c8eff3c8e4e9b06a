"""Pages, dialogs and menus for those who see little, hear the page, or use no mouse: axe finds nothing of ours."""

import json
import re
from collections.abc import Callable, Iterator
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from lib.screen.chat.pane import TAB_NAMES
from lib.screen.chats.view import TABS
from tests.browser.conftest import OpenScreen, Sample
from tests.browser.server import App
from tests.browser.test_missed import TICK
from tests.browser.test_saved_views import arrange, id_of, save_view, unfold_views
from tests.browser.verbs import Screen

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What Streamlit draws so, whatever a page asks of it: rule, what its place or element has, and the reason.
OF_STREAMLIT = (
    ("region", "data-floating-ui-portal", "what it says about a button under the mouse lies outside of the page"),
    ("presentation-role-conflict", "stFileUploaderDropzo", "its place to drop files has a name and no role"),
)
# Buttons whose name is that of their icon, or English of Streamlit on a Japanese page.
NAMES = """() => [...document.querySelectorAll('button, [role=button], [role=radio], nav')]
    .filter(each => each.checkVisibility({visibilityProperty: true}) && !each.closest('[aria-hidden=true]'))
    .map(each => each.getAttribute('aria-label') ?? (each.querySelector('p, label, [data-testid=stMarkdownContainer]')
        ? each.innerText : each.textContent))"""
HEADINGS = """() => [...document.querySelectorAll('h1, h2, h3, h4, h5, h6, [role=heading]')]
    .filter(each => each.checkVisibility()).map(each => Number(each.ariaLevel ?? each.tagName[1]))"""
# What fades in is not looked at before it is there; a few marks turn for as long as they are seen.
STILL = """() => document.getAnimations().every(each =>
    each.playState !== 'running' || each.effect.getComputedTiming().iterations === Infinity)"""

VIEW = "Missed ones"
# What is looked at in each run in Japanese and dark: each page, and what has colours of its own. In English and light
# it is the rest, dialogs and menus.
IN_JAPANESE = {
    *("templates", "outbox", "deleted", "team", "explore", "imports", "today", "access", "activity", "retention"),
    *("missed", "visitors", "several ticked", "chat, transcript"),
}

Scene = tuple[str, Callable[[Screen], object]]


def scenes(chat: Any, export: Path) -> Iterator[Scene]:
    """Pages, dialogs and menus, each by a name, and how to come there from the scene before."""
    managed = ("templates", "outbox", "deleted", "retention", "team", "explore", "access", "activity")
    for path in (*managed, "reports", "visitors", "imports"):
        yield path, lambda screen, path=path: screen.open(path)
    yield "import preview", lambda screen: screen.drop_files(export)
    yield "today", lambda screen: screen.open("")
    yield "views", unfold_views
    for name in ("Manage", "You"):
        yield name, lambda screen, name=name: menu(screen, name)
    yield "keys", lambda screen: screen.press("keys")
    yield "removing the sample", lambda screen: screen.open("").press("remove_sample")
    yield "arranging views", arrange_a_view
    yield "a view deleted", lambda screen: screen.press(f"view_delete_{id_of(screen, VIEW)}")
    yield "missed", lambda screen: screen.open("missed")
    yield "several ticked", lambda screen: [screen.click_row(row, x=TICK) for row in (0, 1)]
    yield "mail to several", lambda screen: screen.press("several_mail")
    first, *others = (tab for tab in TABS if tab != "reply")
    yield f"chat, {first}", lambda screen: screen.open("missed", category="missed", chat=chat)
    for tab in others:
        yield f"chat, {tab}", lambda screen, tab=tab: screen.open_tab(TAB_NAMES[tab])
    yield "chat, reply", lambda screen: screen.press("reply_by_email")
    yield "due", lambda screen: screen.press("follow_due")
    yield "menu of the chat", lambda screen: screen.open_chat(chat).open_menu()
    yield "deleting", lambda screen: screen.press("delete_chat")
    yield "SQL", lambda screen: screen.open_chats().press("see_sql")
    yield "erasing", ask_to_erase
    yield "retention rule", lambda screen: screen.open("retention").press("new_rule")
    yield "export", lambda screen: screen.open_chats().press("export")


def ask_to_erase(screen: Screen) -> None:
    """Opens the question whether all that is known of somebody is to be erased, in a hurry."""
    screen.open("deleted").type_into("erased_value", "nobody@example.com")
    screen.strike("see_known")


def arrange_a_view(screen: Screen) -> None:
    """Opens the dialog of the views, with one in it."""
    save_view(screen.open_chats(category="missed"), VIEW)
    arrange(screen)


def menu(screen: Screen, name: str) -> None:
    screen.page.keyboard.press("Escape")
    screen.unfold(screen.page.get_by_role("button", name=screen.word(name), exact=True))


def violations(screen: Screen) -> Iterator[str]:
    """What axe finds that is ours, an element a line."""
    screen.page.evaluate("axe => window.axe || (0, eval)(axe)", AXE)
    only = {"type": "tag", "values": TAGS}
    # The reports on all that is well would be as long as the page.
    found = screen.page.evaluate(
        "options => axe.run(document, options).then(({ violations }) => ({ violations }))",
        {"runOnly": only, "resultTypes": ["violations"]},
    )
    for violation in found["violations"]:
        for node in violation["nodes"]:
            place = f"{json.dumps(node['target'])} {node['html']}"
            if not any(rule == violation["id"] and part in place for rule, part, _reason in OF_STREAMLIT):
                why = "; ".join(check["message"] for kind in ("any", "all", "none") for check in node[kind])
                yield f"{violation['id']}: {place[:400]}: {why}"


@pytest.mark.parametrize(
    ("language", "dark"),
    [
        pytest.param("en", False, id="en-light"),
        pytest.param("ja", True, id="ja-dark"),
        pytest.param("en", True, id="en-dark", marks=pytest.mark.thorough),
        pytest.param("ja", False, id="ja-light", marks=pytest.mark.thorough),
    ],
)
def test_whoever_hears_a_page_or_sees_it_dimly_can_use_it(
    language: str, dark: bool, writing: App, screens: OpenScreen, sample: Sample, tmp_path: Path, thorough: bool
) -> None:
    chat = sample.rows("status = 'missed' AND visitor_email IS NOT NULL AND tags IS NOT NULL")[5]["id"]
    export = tmp_path / "export.csv"
    export.write_text("id,visitor,started_at,message\n1,Mia,2026-11-02 10:00,Hello\n", encoding="utf-8")
    screen = screens(writing, language, dark=dark)
    faults: dict[str, None] = {}
    for name, come in scenes(chat, export):
        # A dialog is reached over its page.
        if language == "en" or thorough or name in IN_JAPANESE:
            come(screen)
        if not thorough and (language == "ja") != (name in IN_JAPANESE):
            continue
        # What is under the mouse would begin to say something at whatever moment.
        screen.page.mouse.move(1, 1)
        screen.settled()
        screen.page.wait_for_function(STILL)
        expect(screen.page.locator("html")).to_have_attribute("lang", language)
        found = list(violations(screen))
        levels = screen.page.evaluate(HEADINGS)
        if levels.count(1) != 1 or any(after > before + 1 for before, after in pairwise(levels)):
            found.append(f"headings: {levels}")
        english = r" icon\b|\bicon$" + (r"|^(Help|Open|Close|Search|Page)\b" if language == "ja" else "")
        found += [f"name: {each}" for each in screen.page.evaluate(NAMES) if re.search(english, each.strip())]
        faults |= dict.fromkeys(f"{name}: {each}" for each in found)
    assert not faults, "\n".join(faults)


def test_a_key_never_acts_in_a_field_nor_behind_a_question_nor_when_switched_off(
    reading: App, screens: OpenScreen, language: str, sample: Sample
) -> None:
    chat = sample.rows("status = 'completed'")[3]["id"]
    screen = screens(reading, language).open_chat(chat)
    page, address = screen.page, screen.page.url
    expect(screen.button("next_chat")).to_have_attribute("aria-keyshortcuts", "J")
    page.keyboard.press("/")
    page.keyboard.type("jx?e/")
    expect(screen.keyed("words").locator("input")).to_have_value("jx?e/")
    screen.keyed("words").locator("input").fill("")
    screen.type_key("?")
    expect(page.get_by_role("dialog")).to_contain_text(screen.word("Close the chat"))
    page.keyboard.press("x")
    with screen.rerun():
        screen.keyed("w_keys").locator("label").first.click()
    with screen.rerun():
        page.keyboard.press("Escape")
    expect(screen.button("next_chat").locator("kbd")).to_have_count(0)
    page.keyboard.press("j")
    page.keyboard.press("?")
    screen.reload()
    expect(screen.button("next_chat")).to_be_visible()
    expect(screen.button("next_chat").locator("kbd")).to_have_count(0)
    assert page.url == address
    assert not page.get_by_role("dialog").count()
