"""Single keys: they are listed, press what they say, and can be switched off; icons have names in the language."""

import json

import streamlit as st

from lib.screen.frame import browser, keys
from tests.pages.driving import CHATS, MISSED, body, click, run, visit
from tests.pages.test_callbacks import SCENES, store
from tests.worlds import id_of

__all__ = ["store"]

PRESSED_BY = {
    "next_chat": "J",
    "previous_chat": "K",
    "reply_by_email": "E",
    "close_chat": "X",
    "follow_take": "T",
    "follow_contacted": "W",
    "follow_not_needed": "N",
}


def shortcuts(at) -> dict[str, str]:
    return {button.key: button.proto.shortcut.upper() for button in at.button if button.proto.shortcut}


def missed_chat(**session):
    return visit(MISSED, {"chat": str(id_of("missed"))}, session=session)


def test_each_key_presses_its_button_and_is_listed(world):
    world("review")
    at = missed_chat()
    assert shortcuts(at) == PRESSED_BY
    assert not at.get("dialog")
    listed = body(click(at, "keys"))
    assert all(key.meaning in listed for key in keys.KEYS.values())
    assert {key.key for key in keys.KEYS.values()} == {*PRESSED_BY.values(), "Z", "/", "?"}


def test_undo_has_a_key(world):
    world("review")
    at = click(missed_chat(), "follow_take")
    undo = next(button for button in at.button if (button.key or "").startswith("undo_outcome_page"))
    assert undo.proto.shortcut.upper() == "Z"


def test_keys_are_switched_off_and_stay_so_in_the_browser(world, monkeypatch):
    world("review")
    at = click(missed_chat(), "keys")
    at.toggle(key=keys.SWITCH).set_value(False)
    at = run(at)
    assert shortcuts(at) == {}
    assert told(at, "cookie").startswith("chat_history_keys=off;")
    monkeypatch.setattr(type(st.context), "cookies", {"chat_history_keys": "off"})
    at = missed_chat()
    assert shortcuts(at) == {}
    assert told(at, "keys")["on"] is False
    at = click(at, "keys")
    at.toggle(key=keys.SWITCH).set_value(True)
    assert shortcuts(run(at)) == PRESSED_BY


def test_the_browser_is_told_the_language_and_the_title(world):
    world("review")
    at = visit(CHATS, {"lang": "ja"})
    assert (told(at, "language"), told(at, "title"), told(at, "icons")["close"]) == ("ja", "チャット", "閉じる")


def told(at, name: str):
    return json.loads(at.get("bidi_component")[0].proto.json)[name]


def test_a_button_with_an_icon_alone_is_named_as_its_help_says(store):
    for scene, come in SCENES.items():
        for button in come().button:
            if not button.label:
                icon = button.proto.icon.removeprefix(":material/").removesuffix(":")
                assert button.proto.help.startswith(browser.ICONS[icon]), scene
