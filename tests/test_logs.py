"""The log, and what is answered where something goes wrong, hold nothing of what people wrote, and still say where."""

import json
import logging
import os
import subprocess
import sys
import threading
import tomllib

import pytest

from lib import logs
from lib.settings import ROOT, SettingError
from lib.store import StoreError

SECRET = "Zq00000qZ"


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """What a process printed and answered in which marked texts went everywhere, and the marks."""
    folder = tmp_path_factory.mktemp("planted")
    done = subprocess.run(
        [sys.executable, "-m", "tests.planted", str(folder)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    marks, answers = (json.loads((folder / f"{name}.json").read_text()) for name in ("marks", "answers"))
    return done.stdout, answers, marks


def test_nothing_that_people_wrote_is_in_the_log(planted):
    log, _answers, marks = planted
    assert len(marks) > 1000
    assert [mark for mark in marks if mark in log] == []


def test_nothing_that_people_wrote_is_in_what_is_answered(planted):
    _log, answers, marks = planted
    assert len(answers) >= 20 and all(answers)
    assert [mark for mark in marks if any(mark in answer for answer in answers)] == []


@pytest.mark.parametrize(
    "told",
    [
        "ConversionException",
        "ArrowInvalid",
        "FileNotFoundError [ENOENT]",
        "SMTPDataError [554]",
        "UnicodeDecodeError",
        "which led to:",
        "Uncaught app execution",
        "ERROR lib.background: loop: trying again",
        "ERROR lib.export.jobs: export: ",
        "ERROR lib.web.headers: an answer failed",
        "ERROR lib.store.nightly: No backup was made: OSError [EIO]",
        "WARNING lib.importing.inbox.done: inbox: a file was refused, the page Import says which: broken_gzip",
        "Error during authentication: …. Error description: …",
        "OAuth token exchange failed",
        "Task exception was never retrieved",
        'lib/importing/inbox/inbox.py", line ',
    ],
)
def test_it_still_says_what_went_wrong_and_where(planted, told):
    assert told in planted[0]


@pytest.fixture
def quiet():
    """A process whose log has no values, until the test is over."""
    before = logging.getLogRecordFactory(), sys.excepthook, threading.excepthook, sys.unraisablehook
    logs.keep_values_out()
    yield
    logging.setLogRecordFactory(before[0])
    sys.excepthook, threading.excepthook, sys.unraisablehook = before[1:]


def ways(error: Exception):
    """How an error gets into a log."""
    log = logging.getLogger("lib.somewhere")
    log.error("odd", exc_info=error)
    log.error("odd: %s", error)
    log.error("odd: %r", error)
    log.error("odd: %(error)s", {"error": error})
    log.error(error)
    try:
        raise error
    except Exception:
        log.exception("odd")


@pytest.fixture
def usual():
    """A process that logs as Python does by itself, whatever was set up in it before."""
    before = logging.getLogRecordFactory()
    logging.setLogRecordFactory(logging.LogRecord)
    yield
    logging.setLogRecordFactory(before)


def test_without_it_they_would_stand_there(caplog, usual):
    ways(ValueError(SECRET))
    assert caplog.text.count(SECRET) >= 6


def test_no_way_into_the_log_leads_past_it(caplog, quiet):
    ways(ValueError(SECRET))
    assert SECRET not in caplog.text and caplog.text.count("ValueError") == 6


@pytest.mark.parametrize(
    "error", [StoreError("full", "/data/history.duckdb"), SettingError("CHAT_HISTORY_ZONE", "Mars")], ids=repr
)
def test_errors_about_the_installation_are_told_whole(caplog, quiet, error):
    logging.getLogger("lib.somewhere").error("no: %s", error)
    assert str(error) in caplog.text


def test_an_error_that_leads_to_itself_is_told_once(caplog, quiet):
    one, other = ValueError(SECRET), KeyError(SECRET)
    one.__context__, other.__context__ = other, one
    logging.getLogger("lib.somewhere").error("odd", exc_info=one)
    assert SECRET not in caplog.text and "KeyError" in caplog.text


def test_errors_are_not_printed_past_the_log():
    """As Streamlit does where the library rich is there."""
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["logger"]["enableRich"] is False
    assert config["client"]["showErrorDetails"] == "none"
