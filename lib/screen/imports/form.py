"""The form of an import: files from this computer or from the server, and how they are to be read."""

from pathlib import Path

import streamlit as st

from lib.chats.accounts import LONGEST_NAME
from lib.importing import CODECS, OWN, VENDORS, ImportRefused, Source
from lib.importing.records.spelled_times import zone_names
from lib.language import _, file_size
from lib.screen.frame import session
from lib.screen.frame.uploads import MOST_BYTES, source_of
from lib.screen.imports.check import Chosen
from lib.screen.imports.report import forget_report

OUTSIDE = "outside"
WIDTH = 800
AS_RECOGNISED, TABLE = "", "table"
AS_FOUND = ""


def import_form() -> Chosen | None:
    """Draws the form, and returns what is chosen in it; None where nothing is."""
    with st.container(border=True, width=WIDTH):
        uploaded = st.file_uploader(
            _("Chat exports: what your chat system gave you, as JSON, CSV, Excel, Parquet or zip"),
            accept_multiple_files=True,
            key=f"files_{st.session_state.get('import_round', 0)}",
            on_change=forget_report,
            help=_("Files that belong together go into one import: a list of chats and its pages of messages."),
        )
        # The browser refuses a larger file in a few words of English, and not what to do.
        st.caption(
            _(
                "A file may have up to {one}; all that everybody uploads at a time, {all} together. Put a larger file"
                " into the import folder, and name it below.",
                # Streamlit's megabytes are a little larger.
                one=file_size(int(st.get_option("server.maxUploadSize")) * 1_000_000),
                all=file_size(MOST_BYTES),
            )
        )
        path = _server_file_name()
        form, zone = _format_and_zone()
        encoding, account = _encoding_and_account()
    if not uploaded and not path:
        return None
    sources = tuple(source_of(file) for file in uploaded)
    files = (*((file.file_id, file.name) for file in uploaded), path)
    return Chosen(files, sources, path, form, zone, encoding, account)


def _server_file_name() -> str:
    folder = session.settings().import_folder
    path = st.text_input(
        _("Or the name of a file in the server's import folder"),
        key=f"import_path_{st.session_state.get('import_round', 0)}",
        on_change=forget_report,
        placeholder=_("chats.jsonl.gz"),
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.caption(_("Import folder:"), width="content")
        st.text(str(folder))
    return (path or "").strip()


def _format_and_zone() -> tuple[str, str]:
    names = {AS_RECOGNISED: _("As recognised"), **{code: vendor.name for code, vendor in VENDORS.items()}}
    names |= {OWN: _("Chat History's own format"), TABLE: _("Table: say which column is which")}
    own = session.settings().zone
    zones = sorted(zone_names() | {own})
    with st.container(horizontal=True, gap="small"):
        form = st.selectbox(
            _("Read as"),
            list(names),
            format_func=names.__getitem__,
            key="import_format",
            help=_("The format is recognised from the content. Choose another one where that went wrong."),
        )
        zone = st.selectbox(
            _("Time zone of times that name none"),
            zones,
            index=zones.index(own),
            key="import_zone",
            help=_("Times with an offset or a Z are read as they are."),
        )
    return form, zone


def _encoding_and_account() -> tuple[str | None, str]:
    names = {AS_FOUND: _("Automatic"), **{name: name for name in CODECS}}
    turn = st.session_state.get("import_round", 0)
    with st.container(horizontal=True, gap="small"):
        encoding = st.selectbox(
            _("Encoding of texts"),
            list(names),
            format_func=names.__getitem__,
            key=f"import_encoding_{turn}",
            help=_(
                "It is found out from the whole file, and shown in the preview. Choose another one where the texts of"
                " the preview cannot be read. It has no effect on workbooks and Parquet."
            ),
        )
        account = st.text_input(
            _("Account"),
            key=f"import_account_{turn}",
            max_chars=LONGEST_NAME,
            on_change=forget_report,
            placeholder=_("As the files say, or the first one"),
            help=_(
                "Where you have several accounts of one chat system, such as two shops: the name of the one that the"
                " files are of, the same each time. Chats of two accounts stay apart, also where they have the same"
                " ids."
            ),
        )
    return encoding or None, (account or "").strip()


def server_file(name: str) -> Source:
    """A file of the import folder; raises ImportRefused for one outside it."""
    folder = session.settings().import_folder
    try:
        path = (folder / Path(name)).resolve()
    except (OSError, RuntimeError, ValueError) as error:  # too long, a loop of links, a null character
        raise ImportRefused("unreadable", name) from error
    if not path.is_relative_to(folder):
        raise ImportRefused(OUTSIDE, name)
    return Source(path.name, path=path, follows_links=False)
