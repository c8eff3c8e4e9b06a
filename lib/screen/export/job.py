"""An export while it runs, and what came of it, in the dialog."""

from collections.abc import Mapping

import streamlit as st

from lib.export.jobs import Job, Problem
from lib.language import _, file_size, mark, moment, number, plural
from lib.screen.export.files import address_of, exports
from lib.screen.frame import labels, session
from lib.screen.frame.storing import STORE_ERRORS
from lib.screen.frame.watcher import rerun_by_itself

LOOK_EVERY_S = 0.5

PROBLEMS: Mapping[Problem, str] = dict[Problem, str](STORE_ERRORS.items()) | {
    "full": mark("There is not enough room on the disk for this export. Make some, or export fewer chats."),
    "memory": mark("There is not enough memory for this export. Export fewer chats, or try again later."),
    "no_place": mark("The folder for temporary files cannot be written to. Tell whoever runs this program."),
    "failed": mark("The export failed, and left no file. Try again; if it fails again, the program's log says why."),
}


def running(job: Job) -> None:
    """Draws how far it is, with a way to stop it."""

    def progress() -> None:
        if job.state != "running":
            rerun_by_itself()
        done = job.progress
        share = done.chats / done.total if done.total else 0.0
        text = _("{n} of {total} chats", n=number(done.chats), total=number(done.total))
        st.progress(min(1.0, share), text=f"{text} · {file_size(done.bytes)}")

    st.text(labels.filter_words(job.request.chosen, job.request.clock))
    st.fragment(progress, run_every=LOOK_EVERY_S, key="export_watch")()
    st.caption(_("You can close this, and come back to it by the same button."))
    st.button(_("Stop"), key="stop_export", icon=":material/stop_circle:", on_click=job.stop)


def finished(job: Job) -> None:
    """Draws what came of it, with the file if there is one, and a way to export anew."""
    st.text(labels.filter_words(job.request.chosen, job.request.clock))
    if job.state == "done":
        if done := job.exported:
            counts = [plural("{n} chat", "{n} chats", done.chats)]
            if job.request.choice.with_messages:
                counts.append(plural("{n} message", "{n} messages", done.messages))
            st.success(_("The export is done."), icon=":material/check_circle:")
            st.text(" · ".join([*counts, file_size(done.bytes)]))
            if done.encrypted:
                st.caption(_("It opens with the password that you gave. If you lost it, export again."))
            if done.deleted_left_out:
                st.caption(plural("{n} deleted chat left out", "{n} deleted chats left out", done.deleted_left_out))
            address = address_of(job)
            st.link_button(_("Download"), address, key="download_export", icon=":material/download:", type="primary")
            with st.expander(_("Checksum of the file (SHA-256)")):
                st.code(done.sha256, language=None)
            if job.until:
                st.caption(_("It can be downloaded until {time}.", time=moment(job.until, session.settings().zone)))
    elif job.state == "stopped":
        st.info(_("Stopped. Nothing of it is left."), icon=":material/stop_circle:")
    elif job.problem:
        st.error(_(PROBLEMS[job.problem]), icon=":material/error:")
    st.button(_("New export"), key="new_export", icon=":material/refresh:", on_click=_anew)


def _anew() -> None:
    exports().forget(session.actor(), session.browser())
