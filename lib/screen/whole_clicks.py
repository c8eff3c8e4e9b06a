"""What a click does, it does to its end, however soon the next click comes; that one waits its turn.

Streamlit stops a run at its next command when another click arrives, even in the middle of a callback: what that was
to do would be lost, or half done, while the widget's value counts as handled. With `runner.fastReruns` off (see
.streamlit/config.toml) a session's clicks come one after the other, and none is dropped that had not begun. That a
callback is not to be cut short has no setting.

Nor has that a page may look for news by itself, but not while a click is being answered: the look would begin at the
very end of the answer, when the browser tidies up what the answer left over, and it then takes the whole page for that.
"""

from streamlit.runtime.scriptrunner import RerunData, ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_run_context import RunLocation, ThreadState

_stop_where_asked_to = ScriptRunner._maybe_handle_execution_control_request
_run_again = ScriptRunner.request_rerun


def let_callbacks_end() -> None:
    """Lets no click stop the callback of another one, in this process and from now on."""
    ScriptRunner._maybe_handle_execution_control_request = _stop_outside_callbacks  # type: ignore[assignment, method-assign]
    ScriptRunner.request_rerun = _look_another_time  # type: ignore[assignment, method-assign]


def _stop_outside_callbacks(runner: ScriptRunner) -> None:
    # Other threads, which may ask too, have no place in a run.
    is_running = runner._is_in_script_thread() and runner._execing
    if not (is_running and ThreadState.get().run_location is RunLocation.CALLBACK):
        _stop_where_asked_to(runner)


def _look_another_time(runner: ScriptRunner, wanted: RerunData) -> bool:
    """Whether the runner takes the request; a look that comes amid a run is left to the next one, seconds later."""
    return True if wanted.is_auto_rerun and runner._execing else _run_again(runner, wanted)
