"""What stands on every page when the database or a setting cannot be used."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from lib import settings as settings_of_installation
from lib.screen.frame import session
from lib.screen.frame.storing import STORE_ERRORS
from lib.settings import SECRETS, SecretsError
from tests.pages.conftest import forget
from tests.pages.driving import PAGES, TODAY, run, visit

HOLD = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"


@pytest.fixture
def held(installation: Path, world) -> Iterator[subprocess.Popen[str]]:
    """Another program that has the database open."""
    world("one")
    forget()
    command = [sys.executable, "-c", HOLD, str(installation / "history.duckdb")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        holder.stdout.readline()
        yield holder
        holder.stdin.close()


def damage(file: Path) -> None:
    file.write_bytes(b"no database" * 1000)


def age(file: Path) -> None:
    with duckdb.connect(str(file)) as connection:
        connection.execute("CREATE TABLE migrations (version INTEGER, name VARCHAR)")
        connection.execute("INSERT INTO migrations VALUES (9999, 'from the future')")


def block(file: Path) -> None:
    file.mkdir()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("break_it", "reason"), [(damage, "damaged"), (age, "newer"), (block, "no_file")])
def test_a_store_that_cannot_be_used_gets_one_sentence(installation: Path, page: str, break_it, reason: str):
    break_it(installation / "history.duckdb")
    at = visit(page)
    assert [error.value for error in at.error] == [STORE_ERRORS[reason]]
    assert [code.value for code in at.code] == [str(installation / "history.duckdb")]
    assert not at.dataframe
    assert not at.metric


def test_a_damaged_store_names_the_newest_backup_and_how_to_restore_it(installation: Path, set_up):
    folder = installation / "back ups"
    folder.mkdir()
    for day in (21, 22):
        file = folder / f"history-2026-11-{day}-020000.duckdb"
        file.touch()
        os.utime(file, (day, day))
    set_up(BACKUP_FOLDER=str(folder))
    damage(installation / "history.duckdb")
    assert visit(TODAY).code[1].value == f"python -m lib.store restore '{file}'"


def test_a_locked_store_names_its_holder_on_every_page_and_opens_when_it_is_free(held: subprocess.Popen[str]):
    for page in PAGES:
        at = visit(page)
        assert [error.value for error in at.error] == [STORE_ERRORS["locked"]]
        assert str(held.pid) in at.code[0].value
    held.stdin.close()
    held.wait()
    at = run(at.button[0].click())
    assert not at.error


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({"ZONE": "Mars/Olympus"}, "CHAT_HISTORY_ZONE = Mars/Olympus"),
        (
            {"SMTP_HOST": "mail.example.com", "SMTP_SENDER": "a@example.com", "SMTP_PORT": "many"},
            "CHAT_HISTORY_SMTP_PORT = many",
        ),
        (
            {"SMTP_HOST": "mail.example.com", "SMTP_SENDER": "the help desk"},
            "CHAT_HISTORY_SMTP_SENDER = the help desk",
        ),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(set_up, page: str, settings: dict[str, str], line: str):
    set_up(**settings)
    at = visit(page)
    assert len(at.error) == 1
    assert [code.value for code in at.code] == [line]
    assert not at.dataframe


@pytest.mark.parametrize("page", PAGES)
def test_a_fault_in_the_secrets_is_told_and_nothing_is_shown(world, monkeypatch: pytest.MonkeyPatch, page: str):
    world("review")

    def broken() -> dict[str, str]:
        raise SecretsError(SECRETS, "[auth] lacks client_id")

    monkeypatch.setattr(settings_of_installation, "_secrets", broken)
    forget()
    at = visit(page)
    assert len(at.error) == 1
    assert [code.value for code in at.code] == [".streamlit/secrets.toml: [auth] lacks client_id"]
    assert not at.dataframe


def test_a_broken_store_stays_hidden_from_who_is_not_signed_in(installation: Path):
    damage(installation / "history.duckdb")
    at = visit("app.py", user={"is_logged_in": False})
    assert not at.error
    assert not at.code


def test_the_store_of_a_test_is_never_the_developers(installation: Path):
    assert session.settings().store == str(installation / "history.duckdb")
