"""A template while it is edited: the typed text waits in the session, and what others save meanwhile is not lost."""

from dataclasses import dataclass, replace

import streamlit as st

from lib.language import _
from lib.mail import ChangedMeanwhile, Template, save_template, ship_template
from lib.mail.templates import UnfitTemplateError
from lib.screen.frame import session
from lib.screen.frame.storing import stores
from lib.screen.parts.outcome import Telling, tell

Outcome = Template | ChangedMeanwhile


@dataclass(frozen=True)
class Editing:
    """A template as it is kept, as it was when editing began, and as it is typed."""

    kept: Template
    seen: Template
    typed: Template

    @property
    def is_changed(self) -> bool:
        """Whether something is typed that is not kept."""
        return not _same(self.typed, self.seen)

    @property
    def is_overtaken(self) -> bool:
        """Whether somebody else changed the template since this editing began."""
        return self.is_changed and self.kept.changed_at != self.seen.changed_at


def key_of(template: Template, name: str) -> str:
    """Key of a part of the editor."""
    return f"template_{template.purpose}_{template.language}_{name}"


def editing_of(kept: Template) -> Editing:
    """The template as it is edited in this browser tab; before anything is typed, as it is kept."""
    seen = st.session_state.get(key_of(kept, "seen"))
    typed = _typed(kept)
    if not isinstance(seen, Template) or typed is None or (_same(typed, seen) and seen != kept):
        _begin(kept)
        seen, typed = kept, kept
    return Editing(kept, seen, replace(typed, changed_at=seen.changed_at))


def set_aside(kept: Template) -> bool:
    """Whether there is a text that was typed and then replaced."""
    return isinstance(st.session_state.get(key_of(kept, "aside")), Template)


@stores
def save(kept: Template) -> None:
    """Saves what is typed, unless somebody else saved something since editing began."""
    store, actor = session.store(), session.actor()
    typed, seen = _typed(kept), st.session_state[key_of(kept, "seen")]
    if typed is None:
        return
    if _same(typed, seen) and seen == kept:
        _settle(kept, kept)
        return
    try:
        outcome = save_template(store, replace(typed, changed_at=seen.changed_at), actor)
    except UnfitTemplateError:
        # What is wrong stands below the buttons.
        return
    st.session_state.pop(key_of(kept, "aside"), None)
    _settle(kept, outcome)


def save_over(kept: Template) -> None:
    """Saves what is typed over what somebody else has saved, which was shown."""
    st.session_state[key_of(kept, "seen")] = kept
    save(kept)


@stores
def ship(kept: Template) -> None:
    """Puts the shipped text back; what was typed is set aside."""
    store, actor = session.store(), session.actor()
    typed = _typed(kept)
    outcome = ship_template(store, kept, actor)
    if isinstance(outcome, Template):
        st.session_state[key_of(kept, "aside")] = typed
        _begin(outcome)
    _settle(kept, outcome)


def undo(kept: Template) -> None:
    """Takes the kept text again; what was typed is set aside."""
    typed = _typed(kept)
    if typed is not None and _same(typed, kept):
        return
    _begin(kept)
    st.session_state[key_of(kept, "aside")] = typed


def bring_back(kept: Template) -> None:
    """Puts the text that was set aside into the editor again."""
    aside = st.session_state.pop(key_of(kept, "aside"), None)
    if isinstance(aside, Template):
        _type(aside)


def _settle(kept: Template, outcome: Outcome) -> None:
    def telling() -> Telling:
        if isinstance(outcome, ChangedMeanwhile):
            return Telling(_("Nothing was saved: {name} was faster.", name=outcome.by or _("somebody else")))
        return Telling(_("Saved.") if outcome.changed_at else _("This is the shipped text."))

    tell(telling)
    if isinstance(outcome, Template):
        st.session_state[key_of(kept, "seen")] = outcome


def _begin(kept: Template) -> None:
    st.session_state[key_of(kept, "seen")] = kept
    _type(kept)


def _type(template: Template) -> None:
    st.session_state[key_of(template, "subject")] = template.subject
    st.session_state[key_of(template, "body")] = template.body


def _typed(kept: Template) -> Template | None:
    subject, body = (st.session_state.get(key_of(kept, name)) for name in ("subject", "body"))
    return None if subject is None or body is None else replace(kept, subject=subject, body=body)


def _same(one: Template, other: Template) -> bool:
    return (one.subject, one.body) == (other.subject, other.body)
