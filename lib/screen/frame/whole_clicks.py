"""What a click does, it does to its end, however soon the next click comes; that one waits its turn.

Streamlit stops a run at its next command when another click arrives, even in the middle of a callback: what that was
to do would be lost, or half done, while the widget's value counts as handled. With `runner.fastReruns` off (see
.streamlit/config.toml) a session's clicks come one after the other, and none is dropped that had not begun. That a
callback is not to be cut short has no setting.

Nor has that a page may look for news by itself, but not while a click is being answered. Each look says from which page
it was asked for. One that was asked for on the page before, and comes after the way to another one, would take the
session back there: the browser empties the page that has just been drawn, and has nothing to draw the news into.

A file that is made at the click which asks for it has another name in each run, and the browser asks by the one that it
knows. Who types and then clicks asks by that of the run before, which is kept a while.
"""

import time

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.scriptrunner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_run_context import RunLocation, ThreadState

# Longer than a browser takes to hear of the next run, on whatever line.
NAMES_KEPT_S = 60

_unused_since: dict[str, float] = {}
_stop_where_asked_to = ScriptRunner._maybe_handle_execution_control_request
_run_again = AppSession.request_rerun


def let_callbacks_end() -> None:
    """Lets no click stop the callback of another one, in this process and from now on."""
    ScriptRunner._maybe_handle_execution_control_request = _stop_outside_callbacks  # type: ignore[assignment, method-assign]
    AppSession.request_rerun = _look_another_time  # type: ignore[assignment, method-assign]
    MediaFileManager._remove_orphaned_deferred_callables = _forget_names_later  # type: ignore[assignment, method-assign]


def _stop_outside_callbacks(runner: ScriptRunner) -> None:
    # Other threads, which may ask too, have no place in a run.
    is_running = runner._is_in_script_thread() and runner._execing
    if not (is_running and ThreadState.get().run_location is RunLocation.CALLBACK):
        _stop_where_asked_to(runner)


def _look_another_time(session: AppSession, wanted: ClientState | None) -> None:
    """Runs what the browser asks for, but no look that comes amid a run, or from a page that is shown no longer."""
    if wanted and wanted.is_auto_rerun:
        is_busy = session._scriptrunner is not None
        if is_busy or wanted.page_script_hash != session._client_state.page_script_hash:
            return
    _run_again(session, wanted)


def _forget_names_later(manager: MediaFileManager) -> None:
    """Forgets the names of files that no page has shown for a while; the manager's lock is held."""
    used = {name for names in manager._files_by_session_and_coord.values() for name in names.values()}
    now = time.monotonic()
    for name in list(manager._deferred_callables):
        if name in used:
            continue
        if now - _unused_since.setdefault(name, now) > NAMES_KEPT_S:
            manager._drop_deferred_id(name)
    for name in _unused_since.keys() - manager._deferred_callables.keys():
        del _unused_since[name]
