"""Uploads lie on the disk without names, have a limit together, and go with their browsers."""

import gc
from types import SimpleNamespace

import pytest
from starlette.exceptions import HTTPException
from streamlit.runtime import memory_uploaded_file_manager
from streamlit.runtime.uploaded_file_manager import UploadedFile, UploadedFileRec

from lib.screen.frame import session, uploads
from lib.screen.frame.uploads import UploadsOnDisk, source_of


@pytest.fixture
def kept(world) -> UploadsOnDisk:
    world("empty")
    return UploadsOnDisk("/upload")


def upload(kept: UploadsOnDisk, tab: str, file_id: str, data: bytes) -> None:
    kept.add_file(tab, UploadedFileRec(file_id, "chats.jsonl", "text/plain", data))


def test_an_upload_is_read_from_the_disk_by_several_and_outlives_its_tab(kept, monkeypatch):
    upload(kept, "tab", "1", b'{"id": "7"}')
    (record,) = kept.get_files("tab", ["1"])
    context = SimpleNamespace(uploaded_file_mgr=kept, session_id="tab")
    monkeypatch.setattr(uploads, "get_script_run_ctx", lambda: context)
    source = source_of(UploadedFile(record, None))
    assert record.data == b"" and source.size == 11
    with source.open() as one, source.open() as other:
        kept.remove_session_files("tab")
        gc.collect()
        assert one.read() == other.read() == b'{"id": "7"}'
    assert kept.content("tab", "1") is None


def test_it_has_no_name_that_a_kill_could_leave(kept):
    upload(kept, "tab", "1", b"akiko@example.com")
    assert [path.name for path in session.store().scratch.folder.iterdir()] == ["lock"]


def test_all_uploads_together_have_a_limit(kept, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_BYTES", 10)
    upload(kept, "one", "1", b"123456")
    with pytest.raises(HTTPException) as refused:
        upload(kept, "other", "2", b"123456")
    assert refused.value.status_code == 413
    kept.remove_file("one", "1")
    upload(kept, "other", "2", b"123456")


def test_the_app_keeps_uploads_so(monkeypatch):
    monkeypatch.setattr(memory_uploaded_file_manager, "MemoryUploadedFileManager", None)
    uploads.keep_uploads_on_disk()
    assert memory_uploaded_file_manager.MemoryUploadedFileManager is UploadsOnDisk
