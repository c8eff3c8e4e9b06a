"""Mail templates: the text of each at the left, and what it becomes at the right."""

from collections.abc import Callable

import streamlit as st

from lib.language import LANGUAGES, _, _p, current, mark, moment
from lib.mail import PURPOSES, Template, body_problems, problem_sentence, subject_problems, templates_of
from lib.mail.headers import LONGEST_SUBJECT
from lib.mail.template_text import FieldName
from lib.mail.templates import LONGEST_BODY
from lib.screen.frame import labels, session
from lib.screen.templates.editing import Editing, bring_back, editing_of, key_of, save, save_over, set_aside, ship, undo
from lib.screen.templates.preview import template_preview

LEAST_WIDTH = 400
FIELD_MEANINGS: dict[FieldName, str] = {
    "name": mark("The visitor's name"),
    "question": mark("The visitor's question, quoted line by line"),
    "date": mark("The day of the chat"),
    "operator": mark("The person who writes the e-mail"),
    "website": mark("The website on which the chat began"),
}


def template_page() -> None:
    """Draws the choice of a template, its editor and its preview."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        purpose = st.segmented_control(
            _("Purpose"),
            list(labels.PURPOSES),
            format_func=lambda each: _(labels.PURPOSES[each]),
            default=PURPOSES[0],
            key="template_purpose",
            required=True,
            persist_state="session",
        )
        language = st.segmented_control(
            _("Language of the e-mail"),
            list(LANGUAGES),
            format_func=LANGUAGES.__getitem__,
            default=current(),
            key="template_language",
            required=True,
            persist_state="session",
        )
    purpose, language = purpose or PURPOSES[0], language or current()
    editing = editing_of(templates_of(session.store())[purpose, language])
    with st.grid(2, min_column_width=LEAST_WIDTH, gap="medium") as grid:
        with grid.cell():
            fit = _editor(editing)
        with grid.cell():
            template_preview(editing.typed, fit=fit)


def _editor(editing: Editing) -> bool:
    """Draws the text with what can be done to it; whether it can be filled."""
    kept = editing.kept
    subject = st.text_input(
        _("Subject"), key=key_of(kept, "subject"), max_chars=LONGEST_SUBJECT, persist_state="session"
    )
    body = st.text_area(
        _("Text"), key=key_of(kept, "body"), height=330, max_chars=LONGEST_BODY, persist_state="session"
    )
    _actions(editing)
    # Below the buttons, which stay where they are while the last field is left.
    problems = {_("Subject"): subject_problems(subject or ""), _("Text"): body_problems(body or "")}
    for name, found in problems.items():
        if found:
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
                st.badge(_("This cannot be saved yet"), icon=":material/error:", color="red")
                st.text(name, width="content")
            st.text("\n".join(problem_sentence(each) for each in found))
    kept, zone = editing.kept, session.settings().zone
    if kept.changed_at and kept.changed_by:
        name = session.shown_actor(kept.changed_by)
        st.text(_("Changed by {name}, {moment}", name=name, moment=moment(kept.changed_at, zone)))
    else:
        st.caption(_("This is the shipped text."))
    _fields()
    return not any(problems.values())


def _actions(editing: Editing) -> None:
    kept = editing.kept
    if editing.is_overtaken:
        st.warning(_("This template was changed since you began. Your text is still here, but not saved."))
        with st.expander(_("The saved text"), expanded=True):
            st.text(kept.subject)
            st.text(kept.body)
        with st.container(horizontal=True, gap="small"):
            _button("save_over", _("Save mine instead"), "save", save_over, kept)
            _button("undo", _("Use the saved text"), "undo", undo, kept)
        return
    with st.container(horizontal=True, gap="small"):
        _button("save", _("Save"), "save", save, kept, primary=True)
        _button("undo", _("Undo"), "undo", undo, kept)
        if kept.changed_at:
            _button("ship", _("Back to the shipped text"), "settings_backup_restore", ship, kept)
        if set_aside(kept):
            _button("bring_back", _("Bring back my own text"), "redo", bring_back, kept)


def _button(
    name: str,
    label: str,
    icon: str,
    work: Callable[[Template], None],
    kept: Template,
    *,
    primary: bool = False,
) -> None:
    st.button(
        label,
        key=f"{name}_template",
        icon=f":material/{icon}:",
        type="primary" if primary else "secondary",
        on_click=work,
        args=(kept,),
    )


def _fields() -> None:
    with st.expander(_("Fields, and what to do when a value is missing"), icon=":material/data_object:", expanded=True):
        for name, meaning in FIELD_MEANINGS.items():
            st.markdown(f"`{{{name}}}` {_(meaning)}")
        st.markdown(
            _(
                "{choice} is the first alternative whose values are all known. {optional} may be left out. "
                "Elsewhere, a line with a value that is not known is left out. "
                "{brace} and {bracket} are the characters themselves.",
                choice=f"`{_p('example', '[Dear {field},|Hello,]', field='{name}')}`",
                optional=f"`{_p('example', '[ on {field}|]', field='{date}')}`",
                brace="`{{`",
                bracket="`[[`",
            )
        )
