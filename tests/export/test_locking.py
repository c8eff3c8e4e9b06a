"""Exports with a password: only it opens them, they hold what others hold, and it is kept nowhere."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import pyzipper

from lib.export.choice import FORMATS, Choice, Request
from lib.export.jobs import Exports
from lib.export.locking import is_fit, locked, locked_name, made_password
from lib.export.writing import write_export
from lib.importing import Source, import_files
from lib.importing.problems import ImportRefused
from lib.importing.wording import refusal_sentence
from tests import worlds
from tests.export.exporting import export, files_of, import_again
from tests.export.test_jobs import ended
from tests.worlds import TOKYO

PASSWORD = "correct horse battery"
SAID = "meet me at the pier"


def opened(packed: bytes, password: str = PASSWORD) -> dict[str, bytes]:
    with pyzipper.AESZipFile(io.BytesIO(packed)) as archive:
        archive.setpassword(password.encode())
        return {name: archive.read(name) for name in archive.namelist()}


def exported(store, tmp_path: Path, format) -> bytes:
    path = tmp_path / "export.zip"
    request = Request(TOKYO, "Ann", choice=Choice(format), link="https://chats.example/x", password=PASSWORD)
    assert write_export(store, request, path, lambda _progress: None).encrypted
    return path.read_bytes()


@pytest.fixture
def talked(store):
    worlds.insert(store, [worlds.chat("1", messages=[SAID], visitor_name="Mallory Kane")])
    return store


@pytest.mark.parametrize("format", FORMATS)
def test_it_holds_what_one_without_a_password_holds(talked, tmp_path, format):
    packed = exported(talked, tmp_path, format)
    plain, told = export(talked, format=format)
    assert not told.encrypted
    found, expected = opened(packed), files_of(plain)
    assert found == expected and list(found)[-1] == "manifest.json"
    assert all(info.wz_aes_strength == 3 for info in pyzipper.AESZipFile(io.BytesIO(packed)).infolist())


def test_nothing_of_it_is_read_without_the_password(talked, tmp_path):
    packed = exported(talked, tmp_path, "csv")
    assert SAID.encode() not in packed and b"Mallory" not in packed
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert set(archive.namelist()) == {"chats.csv", "messages.csv", "manifest.json"}
        with pytest.raises((RuntimeError, NotImplementedError)):
            archive.read("messages.csv")
    with pytest.raises(RuntimeError, match="Bad password"):
        opened(packed, PASSWORD + "!")


def test_an_import_says_that_it_has_a_password_and_its_files_can_be_imported(talked, tmp_path, elsewhere):
    packed = exported(talked, tmp_path, "json_lines")
    with pytest.raises(ImportRefused, match="encrypted_zip") as refused:
        import_again(elsewhere, packed)
    assert "has a password" in refusal_sentence(refused.value.reason)
    unpacked = opened(packed)["chats.jsonl"]
    assert import_files(elsewhere, [Source("chats.jsonl", data=unpacked)], zone="UTC", actor="Ann").new == 1


def test_the_password_is_kept_nowhere(talked, tmp_path):
    exports = Exports()
    job = ended(exports.start(talked, Request(TOKYO, "Ann", password=PASSWORD)))
    assert (job.state, job.request.password) == ("done", "")
    assert opened(job.path.read_bytes())["manifest.json"]
    (event,) = talked.read("SELECT detail FROM events WHERE action = 'export'")
    assert '"encrypted": true' in event["detail"]
    assert PASSWORD not in f"{event} {job} {replace(job.request, password=PASSWORD)}"
    assert PASSWORD.encode() not in opened(job.path.read_bytes())["manifest.json"]
    exports.close()


def test_what_fails_leaves_neither_file_nor_password(talked):
    given = []

    def fail(_store, request, path, _tell):
        given.append(request.password)
        path.write_bytes(b"begun")
        raise ValueError("odd")

    exports = Exports(fail)
    job = ended(exports.start(talked, Request(TOKYO, "Ann", password=PASSWORD)))
    assert (job.state, job.request.password, job.path.exists()) == ("failed", "", False)
    assert given == [PASSWORD]
    exports.close()


def test_a_made_password_fits_and_is_never_the_same():
    made = {made_password() for _each in range(100)}
    assert len(made) == 100 and all(is_fit(each) and len(each) == 24 for each in made)


@pytest.mark.parametrize(
    ("password", "fits"),
    [
        ("a" * 12, True),
        ("a" * 11, False),
        ("a" * 100, True),
        ("a" * 101, False),
        ("with blanks inside", True),
        (" with blanks around ", False),
        ("pässwörter-mit-umlaut", False),
        ("パスワードパスワードパスワード", False),
        ("tab\tinside the word", False),
        ("", False),
    ],
)
def test_what_fits(password, fits):
    assert is_fit(password) is fits
    if not fits:
        with pytest.raises(ValueError):
            locked(b"content", "a.txt", password)


def test_one_file_is_locked_by_itself():
    assert opened(locked(b"content", "chat.txt", PASSWORD)) == {"chat.txt": b"content"}
    assert locked_name("chat.txt") == "chat.zip"
