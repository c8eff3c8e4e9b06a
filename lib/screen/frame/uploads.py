"""Files that browsers upload lie on the disk, and go when their browser is closed; Streamlit keeps them in memory.

They lie in the store's folder for what is only needed for a while, without names: so they go with the process, too.
"""

import io
import os
import tempfile
from pathlib import Path
from typing import BinaryIO, cast

from starlette.exceptions import HTTPException
from streamlit.runtime import memory_uploaded_file_manager
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile, UploadedFileRec

from lib.importing import Source
from lib.screen.frame import session

# What all browsers together may have uploaded at a time; one file has its own limit in .streamlit/config.toml.
MOST_BYTES = 2 << 30
OPEN_FILES = Path("/dev/fd")

Upload = tuple[str, str]


class _Content(io.FileIO):
    """An open file that is closed when nobody knows it any more."""

    def __del__(self) -> None:
        self.close()


class UploadsOnDisk(MemoryUploadedFileManager):
    """Streamlit's list of uploads, each without its content; that is in a file without a name."""

    def __init__(self, upload_endpoint: str) -> None:
        super().__init__(upload_endpoint)
        self._contents: dict[Upload, _Content] = {}
        self._sizes: dict[Upload, int] = {}

    def add_file(self, session_id: str, file: UploadedFileRec) -> None:
        """Keeps the file; raises HTTPException where there are too many, OSError where there is no room."""
        if sum(self._sizes.values()) + len(file.data) > MOST_BYTES:
            raise HTTPException(413, "Too much is uploaded at the moment. Try again when others have finished.")
        with tempfile.TemporaryFile(dir=session.store().scratch.folder) as content:
            content.writelines([file.data])
            content.flush()
            self._contents[session_id, file.file_id] = _Content(os.dup(content.fileno()))
        self._sizes[session_id, file.file_id] = len(file.data)
        super().add_file(session_id, file._replace(data=b""))

    def remove_file(self, session_id: str, file_id: str) -> None:
        """Forgets one file."""
        super().remove_file(session_id, file_id)
        self._forget((session_id, file_id))

    def remove_session_files(self, session_id: str) -> None:
        """Forgets the files of a browser tab."""
        super().remove_session_files(session_id)
        for upload in [upload for upload in self._contents if upload[0] == session_id]:
            self._forget(upload)

    def content(self, session_id: str, file_id: str) -> io.FileIO | None:
        """The open file with what was uploaded; None where it is gone."""
        return self._contents.get((session_id, file_id))

    def _forget(self, upload: Upload) -> None:
        self._contents.pop(upload, None)
        self._sizes.pop(upload, None)


def keep_uploads_on_disk() -> None:
    """From now on, servers that are started in this process keep uploads on the disk."""
    memory_uploaded_file_manager.MemoryUploadedFileManager = UploadsOnDisk  # type: ignore[misc]


def source_of(file: UploadedFile) -> Source:
    """What was uploaded, to be imported."""
    context = get_script_run_ctx()
    manager = context.uploaded_file_mgr if context else None
    if context is None or not isinstance(manager, UploadsOnDisk):
        return Source(file.name, data=file)
    content = manager.content(context.session_id, file.file_id)
    if content is None:
        return Source(file.name)
    # Each reader opens it anew; that it is the data too keeps it open meanwhile.
    return Source(file.name, OPEN_FILES / str(content.fileno()), cast(BinaryIO, content))
