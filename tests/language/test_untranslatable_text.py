"""Text on the screen that nobody can translate, because it does not go through `_` or `plural`."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Streamlit's calls whose first argument is text, and those with text elsewhere, by its positions.
FIRST = """
    audio_input badge button camera_input caption chat_input checkbox color_picker data_editor
    date_input datetime_input dialog download_button error expander file_uploader form_submit_button
    header info link_button markdown menu_button multiselect number_input pills popover radio
    segmented_control select_slider selectbox set_page_config slider spinner status subheader
    success tabs text text_area text_input time_input title toast toggle warning
"""
TEXT_AT = {
    **dict.fromkeys(FIRST.split(), (0,)),
    **dict.fromkeys(["progress", "page_link", "image", "Page"], (1,)),
    "metric": (0, 1, 2),
    "write": tuple(range(20)),
}
# Without a format_func the options are shown as they are.
OPTIONS_AT = dict.fromkeys(
    ["menu_button", "multiselect", "pills", "radio", "segmented_control", "select_slider", "selectbox"], 1
)
# What other objects than Streamlit's have too: log.info("…"), file.write("…"), "…".title().
COMMON = {"error", "header", "image", "info", "status", "success", "text", "title", "warning", "write"}
# In any call of a screen: `alt.Axis(title=…)`, `Entry(label=…)`.
VISIBLE_ANYWHERE = {"label", "help", "placeholder", "caption", "captions", "title", "page_title"}
VISIBLE = VISIBLE_ANYWHERE | {
    *("alt", "body", "column_config", "delta", "delta_description", "icon", "text", "x_label", "y_label")
}
MARKUP = re.compile(r":material/[\w\0]+:|:[a-z-]+\[|&#?\w+;")
LITERALS = (ast.Constant, ast.JoinedStr)


def untranslatable(source: str) -> list[str]:
    """Return the visible texts in a module that are not translated, as "line: text"."""
    tree = ast.parse(source)
    constants = _constants(tree)
    found = {
        (node.lineno, text)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        for node in _visible(call)
        for text in _texts(constants.get(node.id, node) if isinstance(node, ast.Name) else node)
        if any(map(str.isalpha, MARKUP.sub("", text)))
    }
    return [f"{line}: {text}".replace("\0", "{}") for line, text in sorted(found)]


def _constants(tree: ast.AST) -> dict[str, ast.expr]:
    """Return the names that are given a literal, with that literal."""
    return {
        target.id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, LITERALS)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }


def _visible(call: ast.Call) -> Iterator[ast.expr]:
    """Yield the arguments of a call that a reader of the page sees."""
    root, name = _receiver(call.func), _name(call.func)
    streamlit = root in {"st", "streamlit", "column_config"}
    column = name.endswith("Column") and streamlit
    if streamlit or (isinstance(call.func, ast.Attribute) and name not in COMMON):
        positions = (0,) if column or name == "Column" else TEXT_AT.get(name, ())
        yield from (call.args[at] for at in positions if at < len(call.args))
        yield from _options(call, name)
    keywords = VISIBLE if streamlit else VISIBLE_ANYWHERE
    yield from (keyword.value for keyword in call.keywords if keyword.arg in keywords)


def _options(call: ast.Call, name: str) -> Iterator[ast.expr]:
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    if name in OPTIONS_AT and "format_func" not in named:
        yield from call.args[OPTIONS_AT[name] : OPTIONS_AT[name] + 1]
        yield from (named[key] for key in ["options"] if key in named)


def _receiver(func: ast.expr) -> str:
    while isinstance(func, ast.Attribute):
        func = func.value
    return func.id if isinstance(func, ast.Name) else ""


def _name(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else ""


def _texts(node: ast.expr) -> Iterator[str]:
    """Yield the literal texts that an expression may evaluate to; fields of f-strings are NUL characters."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(part.value if isinstance(part, ast.Constant) else "\0" for part in parts)
            for part in parts:
                if isinstance(part, ast.FormattedValue):
                    yield from _texts(part.value)
        case ast.Call(func=ast.Attribute(value=text, attr="format" | "join" | "strip" | "upper"), args=args):
            for part in [text, *args]:
                yield from _texts(part)
        case _:
            for part in _branches(node):
                yield from _texts(part)


def _branches(node: ast.expr) -> list[ast.expr]:
    match node:
        case ast.BinOp(left=left, right=right):
            return [left, right]
        case ast.IfExp(body=body, orelse=other):
            return [body, other]
        case ast.BoolOp(values=values) | ast.Dict(values=values):
            return values
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            return items
        case ast.NamedExpr(value=value) | ast.Starred(value=value):
            return [value]
    return []


def screens() -> list[Path]:
    """Return the files that draw on the screen."""
    pages = [*(ROOT / "pages").glob("*.py"), *(ROOT / "lib/screen").rglob("*.py")]
    return sorted([*(path for path in [ROOT / "app.py"] if path.exists()), *pages])


def test_all_text_on_the_screen_is_translatable():
    found = {
        path.relative_to(ROOT).as_posix(): texts
        for path in screens()
        if (texts := untranslatable(path.read_text(encoding="utf-8")))
    }
    assert found == {}


@pytest.mark.parametrize(
    "source",
    [
        'st.button("Save")',
        "st.button('保存')",
        'st.sidebar.button("Save")',
        'left.button("Save")',
        'st.columns(2)[0].metric("Chats", 3)',
        'st.metric(_("Chats"), "none")',
        'st.write(_("Chats"), "more")',
        'st.button(label="Save")',
        'st.button(_("Save"), help="Saves")',
        'st.text_input(_("Name"), placeholder="Ann")',
        'st.image(data, caption="Ann")',
        'st.progress(0.5, "Reading")',
        'st.page_link("pages/1.py", label="Chats")',
        'st.set_page_config(page_title="Chats")',
        'st.error(f"Failed: {reason}")',
        'st.error("Failed: " + reason)',
        'st.error("Failed: %s" % reason)',
        'st.error("Failed: {}".format(reason))',
        'st.error("Failed" if bad else _("Done"))',
        'st.error(reason or "Failed")',
        "st.error(f\"{'Failed' if bad else ''}\")",
        'st.button(":material/save: Save")',
        'st.button(":red[Save]")',
        'st.tabs([_("One"), "Two"])',
        'st.radio(_("Sort"), ["Newest", _("Oldest")])',
        'st.pills(_("Sort"), options=("Newest",))',
        'st.dataframe(rows, column_config={"a": "Chat"})',
        'st.dataframe(rows, column_config={"a": st.column_config.TextColumn("Chat")})',
        'column_config.Column("Chat")',
        'st.column_config.NumberColumn(_("n"), help="Number")',
        'st.button(_("Go"), icon="go")',
        'st.altair_chart(chart, alt="A chart")',
        'alt.Axis(title="Chats")',
        'Entry(label="Chats")',
        'LABEL = "Save"\nst.button(LABEL)',
        '@st.dialog("Delete")\ndef ask(): ...',
        'with st.expander("More"): ...',
        'def f():\n    return st.toast("Saved")',
    ],
)
def test_text_is_found(source):
    assert len(untranslatable(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        'st.button(_("Save"), key="save", help=_("Saves"), icon=":material/save:", type="primary")',
        'st.write(plural("One chat", "{n} chats", n))',
        'st.button(_p("verb", "Open"))',
        'st.button(f":material/save: {_("Save")}")'.replace('{_("Save")}', "{_('Save')}"),
        'st.button(f":material/{icon}:")',
        'st.badge(f":red[{name}]")',
        'st.text(name)\nst.text(row["name"])\nst.text(f"{row[\'name\']}")',
        'st.markdown("—")\nst.markdown("&nbsp;")\nst.metric(_("Chats"), "–")',
        'st.page_link("pages/1.py", label=_("Chats"), icon="💬")',
        'st.radio(_("Sort"), ["newest", "oldest"], format_func=name_of)',
        'st.session_state["a"] = "b"\nst.query_params.get("chat")\nst.switch_page("pages/1.py")',
        'log.info("Done")\nfile.write("text")\n"some text".title()',
        'st.dataframe(rows, column_config={"a": _("Chat"), "b": None})',
        'LABEL = mark("Save")\nst.button(_(LABEL))',
        'st.columns([1, 2], gap="small")\nst.container(key="list", horizontal_alignment="right")',
        '"""Draws the page."""\nNAME = "chats"\nst.fragment(run_every="5s")',
        'st.column_config.DatetimeColumn(_("Start"), format="D MMM")',
        'Entry(label=mark("Chats"), code="chats")',
        'st.chat_message("user")\nst.code("x = 1")',
    ],
)
def test_what_is_translated_or_not_visible_is_left_alone(source):
    assert untranslatable(source) == []


def test_findings_name_line_and_text():
    assert untranslatable('\nst.error(f"Failed: {reason}")') == ["2: Failed: {}"]
