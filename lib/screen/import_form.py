"""The form of an import: files from this computer or from the server, and the time zone of bare times."""

from pathlib import Path
from zoneinfo import available_timezones

import streamlit as st

from lib.importing import ImportRefused, Progress, Report, Source, import_files
from lib.importing.wording import refusal_sentence
from lib.language import _, file_size, number
from lib.screen import session
from lib.settings import ROOT

REPORT_KEY = "import_report"
REFUSAL_KEY = "import_refusal"
OUTSIDE = "outside"
WIDTH = 800
FORMAT_DESCRIPTION = ROOT / "docs" / "import-format.md"


def import_form() -> None:
    """Draws the form; runs the import when it is sent."""
    with st.container(border=True, width=WIDTH):
        uploaded = st.file_uploader(
            _("Chat exports: JSON Lines, CSV or Parquet, also gzipped"),
            accept_multiple_files=True,
            key=f"files_{st.session_state.get('import_round', 0)}",
            help=_("A CSV file of chats and its file of messages go into one import."),
        )
        folder = session.settings().import_folder
        path = st.text_input(
            _("Or the name of a file in the server's import folder"), key="import_path", placeholder=_("chats.jsonl.gz")
        )
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.caption(_("Import folder:"), width="content")
            st.text(str(folder))
        zone = _zone()
        sources = [Source(file.name, data=file) for file in uploaded]
        if st.button(
            _("Import"), type="primary", key="import", icon=":material/upload_file:", disabled=not sources and not path
        ):
            _run(sources, path or "", zone)


def _zone() -> str:
    own = session.settings().zone
    zones = sorted(available_timezones() | {own})
    return st.selectbox(
        _("Time zone of times that name none"),
        zones,
        index=zones.index(own),
        key="import_zone",
        help=_("Times with an offset or a Z are read as they are."),
    )


def _run(sources: list[Source], path: str, zone: str) -> None:
    st.session_state.pop(REFUSAL_KEY, None)
    st.session_state.pop(REPORT_KEY, None)
    bar = st.progress(0.0, text=_("Reading…"))
    st.caption(_("Please stay on this page until it is done. If you leave, nothing of it is stored."))
    try:
        st.session_state[REPORT_KEY] = _import(sources, path, zone, bar)
    except ImportRefused as refusal:
        st.session_state[REFUSAL_KEY] = (refusal.reason, refusal.file)
    st.session_state["import_round"] = st.session_state.get("import_round", 0) + 1
    st.rerun()


def _import(sources: list[Source], path: str, zone: str, bar: "st.delta_generator.DeltaGenerator") -> Report:
    named = [_server_file(path)] if path else []
    return import_files(
        session.store(),
        [*sources, *named],
        zone=zone,
        actor=session.actor(),
        progress=lambda progress: _tell(bar, progress),
    )


def _server_file(name: str) -> Source:
    """A file of the import folder; raises ImportRefused for one outside it."""
    folder = session.settings().import_folder
    try:
        path = (folder / Path(name.strip())).resolve()
    except (OSError, RuntimeError, ValueError) as error:  # too long, a loop of links, a null character
        raise ImportRefused("unreadable", name) from error
    if not path.is_relative_to(folder):
        raise ImportRefused(OUTSIDE, name)
    return Source(path.name, path=path)


def _tell(bar: "st.delta_generator.DeltaGenerator", progress: Progress) -> None:
    share = progress.done / progress.total if progress.total else 0.0
    if progress.stage == "reading":
        text = _(
            "Reading: {done} of {total}, {n} messages",
            done=file_size(progress.done),
            total=file_size(progress.total),
            n=number(progress.messages),
        )
        bar.progress(min(share, 1.0) * 0.7, text=text)
    else:
        bar.progress(0.7 + 0.3 * min(share, 1.0), text=_("Storing…"))


def refusal() -> None:
    """Draws why the last file was refused, if it was."""
    if REFUSAL_KEY in st.session_state:
        reason, name = st.session_state[REFUSAL_KEY]
        outside = _("Only files in the import folder can be named.")
        st.error(outside if reason == OUTSIDE else refusal_sentence(reason), icon=":material/block:")
        st.text(name)
        st.caption(_("Nothing was imported, of the other files either."))


def import_format() -> None:
    """Draws the description of the import format, once it is asked for."""
    with st.expander(
        _("What can be imported?"), icon=":material/description:", on_change="rerun", key="format"
    ) as text:
        if text.open:
            st.markdown(FORMAT_DESCRIPTION.read_text(encoding="utf-8"))
