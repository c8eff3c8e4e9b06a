"""What is chosen to be imported, read and checked; the browser tab keeps it until it is stored."""

from collections.abc import Hashable
from dataclasses import dataclass

import streamlit as st

from lib.importing import ImportRefused, Known, Manner, Prepared, Preview, Progress, Report, Source, prepare, preview
from lib.importing.columns import remembered
from lib.language import _, file_size, number
from lib.screen.frame import session
from lib.store import StoreError

CHECKED = "import_checked"

Signs = tuple[Hashable, ...]


@dataclass(frozen=True)
class Chosen:
    """Files and the manner in which to read them; `files` differ where other files are chosen."""

    files: Signs
    sources: tuple[Source, ...]
    path: str
    form: str
    zone: str
    encoding: str | None
    account: str

    @property
    def signs(self) -> Signs:
        """What differs where anything of it differs."""
        return (*self.files, self.form, self.zone, self.encoding, self.account)


@dataclass(frozen=True)
class Checked:
    """Files that were read and checked, and what storing them would bring."""

    signs: Signs
    prepared: Prepared
    preview: Preview
    encoding: str | None


@dataclass(frozen=True)
class Refused:
    """Files that cannot be imported, and why."""

    signs: Signs
    reason: str
    file: str
    told: dict[str, str]


def kept(signs: Signs) -> Checked | None:
    """What this browser tab has checked already, if it is this; raises ImportRefused if it was refused."""
    found = st.session_state.get(CHECKED)
    if isinstance(found, Refused) and found.signs == signs:
        raise ImportRefused(found.reason, found.file, **found.told)
    return found if isinstance(found, Checked) and found.signs == signs else None


def was_shown(chosen: Chosen, signs: Signs) -> bool:
    """Whether this browser tab has shown what these files bring, for whatever account: that stands in its field."""
    found = st.session_state.get(CHECKED)
    # The last one of what is chosen.
    place = len(chosen.signs) - 1
    return isinstance(found, Checked) and _without(found.signs, place) == _without(signs, place)


def _without(signs: Signs, place: int) -> Signs:
    return (*signs[:place], *signs[place + 1 :])


def check(chosen: Chosen, signs: Signs, sources: list[Source], choice: str | None, mapping: str | None) -> Checked:
    """Reads and checks files, with a bar; raises ImportRefused and StoreError."""
    forget_check()
    bar = st.progress(0.0, text=_("Reading…"))
    known = Known(choice, mapping, chosen.encoding, remembered(session.store()))
    try:
        manner = Manner(chosen.zone, known=known, account=chosen.account or None)
        prepared = prepare(session.store(), sources, manner, lambda done: tell(bar, done, 0.9))
        bar.progress(0.95, text=_("Comparing with the history…"))
        try:
            found = preview(prepared)
        except (ImportRefused, StoreError):
            prepared.close()
            raise
        checked = Checked(signs, prepared, found, chosen.encoding)
    except ImportRefused as refusal:
        st.session_state[CHECKED] = Refused(signs, refusal.reason, refusal.file, refusal.told)
        raise
    finally:
        bar.empty()
    st.session_state[CHECKED] = checked
    return checked


def store(checked: Checked) -> Report:
    """Stores what was checked, with a bar, and returns what was done; raises ImportRefused and StoreError."""
    slot = st.empty()
    with slot.container():
        bar = st.progress(0.0, text=_("Storing…"))
        st.caption(_("Please stay on this page until it is done. If you leave, nothing of it is stored."))
    try:
        return checked.prepared.store(session.actor(), lambda progress: tell(bar, progress, 1.0))
    except StoreError as error:
        # What was read went with the database that has stopped; the next look reads it again.
        if error.reason in ("stopped", "unclear", "closed"):
            forget_check()
        raise
    finally:
        slot.empty()


def forget_check() -> None:
    """Forgets what was checked."""
    found = st.session_state.pop(CHECKED, None)
    if isinstance(found, Checked):
        found.prepared.close()


def tell(bar: "st.delta_generator.DeltaGenerator", progress: Progress, most: float) -> None:
    """Draws how far an import is, up to the share `most` of the bar."""
    share = min(1.0, progress.done / progress.total) if progress.total else 0.0
    text = _("Storing…")
    if progress.stage == "reading":
        text = _(
            "Reading: {done} of {total}, {n} messages",
            done=file_size(progress.done),
            total=file_size(progress.total),
            n=number(progress.messages),
        )
    bar.progress(share * most, text=text)
