"""The app does not start where others could reach it and nobody has to sign in."""

from types import SimpleNamespace

import pytest

from lib.screen.frame import serving, session
from lib.settings import SettingError


def start(monkeypatch, address: str | None, **settings: bool) -> None:
    monkeypatch.setattr(serving.st, "get_option", {"server.address": address}.get)
    found = SimpleNamespace(**({"has_sign_in": False, "is_open": False} | settings))
    monkeypatch.setattr(session, "settings", lambda: found)
    serving.require_sign_in_or_own_machine()


@pytest.mark.parametrize("address", ["127.0.0.1", "127.1.2.3", "localhost", "::1"])
def test_it_starts_on_the_own_machine(monkeypatch, address):
    start(monkeypatch, address)


@pytest.mark.parametrize("address", [None, "", "0.0.0.0", "::", "192.0.2.7", "chats.example.com"])
def test_elsewhere_it_starts_where_people_sign_in_or_where_that_is_meant(monkeypatch, address):
    start(monkeypatch, address, has_sign_in=True)
    start(monkeypatch, address, is_open=True)
    with pytest.raises(SystemExit, match="CHAT_HISTORY_OPEN=yes"):
        start(monkeypatch, address)


def test_a_wrong_setting_is_told_on_every_page_instead(monkeypatch):
    def wrong():
        raise SettingError("CHAT_HISTORY_ZONE", "Mars")

    monkeypatch.setattr(serving.st, "get_option", {}.get)
    monkeypatch.setattr(session, "settings", wrong)
    serving.require_sign_in_or_own_machine()
