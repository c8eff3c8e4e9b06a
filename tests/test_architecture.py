"""The walls between the parts of the program, and what may never be drawn as Markdown."""

import ast
import re
import subprocess
import sys
from collections.abc import Container, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LIB = ROOT / "lib"

# Which packages of lib a package may import.
MAY_IMPORT = {
    "settings": set(),
    "language": {"settings"},
    "store": {"settings"},
    "chats": {"store", "language", "settings"},
    "sample": set(),
    "importing": {"store", "chats", "sample", "settings", "language"},
    "followup": {"store", "chats", "language", "settings"},
}
SQL = re.compile(
    r"\bSELECT\b.*\bFROM\b|\bINSERT\s+INTO\b|\bUPDATE\b.*\bSET\b|\bDELETE\s+FROM\b|\b(CREATE|ALTER|DROP)\s+(TABLE|VIEW)\b"
    r"|\bORDER\s+BY\b|\bGROUP\s+BY\b",
    re.DOTALL,
)
QUERYING = {"read", "frame", "write", "cursor", "execute", "sql"}


def modules(*folders: Path) -> list[Path]:
    return sorted(path for folder in folders for path in folder.rglob("*.py"))


def screens() -> list[Path]:
    app = ROOT / "app.py"
    return [*([app] if app.exists() else []), *modules(ROOT / "pages", LIB / "screen")]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def package_of(path: Path) -> str:
    return path.relative_to(LIB).parts[0].removesuffix(".py")


def imported(source: str, package: str = "lib") -> set[str]:
    """Full names of the modules, or of the things in them, that a source imports anywhere."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            start = [*package.split(".")[: 1 - node.level or None], node.module or ""] if node.level else [node.module]
            found |= {".".join([*filter(None, start), alias.name]) for alias in node.names}
    return found


def roots(source: str) -> set[str]:
    return {name.split(".")[0] for name in imported(source)}


def queries(source: str) -> list[int]:
    """Lines with SQL, or with a call that runs some."""
    return sorted({node.lineno for node in ast.walk(ast.parse(source)) if _is_query(node)})


def _is_query(node: ast.AST) -> bool:
    match node:
        case ast.Constant(value=str(text)):
            return bool(SQL.search(text))
        case ast.JoinedStr(values=parts):
            return bool(SQL.search("".join(part.value if isinstance(part, ast.Constant) else "x" for part in parts)))
        case ast.Call(func=ast.Attribute(value=receiver, attr=name)):
            return name in {"execute", "sql"} or (
                name in QUERYING and ast.unparse(receiver).endswith(("store", "store()"))
            )
    return False


def findings(find, paths: list[Path]) -> dict[str, object]:
    return {name_of(path): found for path in paths if (found := find(path.read_text(encoding="utf-8")))}


@pytest.mark.parametrize("path", [path for path in modules(LIB) if package_of(path) != "screen"], ids=name_of)
def test_lib_does_not_import_streamlit_or_pages(path):
    assert not {"streamlit", "pages", "app"} & roots(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", modules(LIB / "screen"), ids=name_of)
def test_screen_does_not_import_pages(path):
    assert not {"pages", "app"} & roots(path.read_text(encoding="utf-8"))


def test_lib_runs_without_streamlit():
    paths = [path for path in modules(LIB) if package_of(path) != "screen" and path.stem != "__main__"]
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in paths]
    code = (
        f"import importlib, sys\nfor name in {names}: importlib.import_module(name)\nprint('streamlit' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("False\n", "")


@pytest.mark.parametrize("path", modules(LIB), ids=name_of)
def test_imports_follow_the_table(path):
    package = package_of(path)
    if package in {"screen", "__init__"}:
        return
    within = ".".join(path.relative_to(ROOT).parent.parts)
    found = imported(path.read_text(encoding="utf-8"), within)
    names = {name.split(".")[1] for name in found if name.startswith("lib.")}
    assert names - {package} <= MAY_IMPORT[package]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import a.b, c", {"a.b", "c"}),
        ("from lib.chats import chat", {"lib.chats.chat"}),
        ("from lib import chats", {"lib.chats"}),
        ("from . import mails", {"lib.followup.mails"}),
        ("from .mails import send", {"lib.followup.mails.send"}),
        ("from .. import chats", {"lib.chats"}),
        ("from ..chats.chat import Chat", {"lib.chats.chat.Chat"}),
        ("def f():\n    from lib.store import Store", {"lib.store.Store"}),
    ],
)
def test_imports_are_found(source, expected):
    assert imported(source, "lib.followup") == expected


def test_screens_leave_the_database_to_lib():
    assert findings(queries, screens()) == {}
    assert findings(lambda source: {"duckdb", "pyarrow"} & roots(source), screens()) == {}


@pytest.mark.parametrize(
    "source",
    [
        'x = "SELECT id FROM chats"',
        'x = f"SELECT {a}\\nFROM chats"',
        'x = "DELETE FROM chats"',
        "store.read(x)",
        "open_store().frame(x)",
        "self.store.write(work)",
        "cursor.execute(x)",
    ],
)
def test_queries_are_found(source):
    assert queries(source) == [1]


@pytest.mark.parametrize(
    "source",
    ['_("Select a chat from the list")', "path.read_text()", "file.read(10)", '"""Update the set of chats."""'],
)
def test_what_is_no_query_is_left_alone(source):
    assert queries(source) == []


# What a screen may not draw with, whatever it draws.
def forbidden(source: str) -> list[int]:
    """Lines that put HTML on the page."""
    return sorted({node.lineno for node in ast.walk(ast.parse(source)) if _is_html(node)})


def _is_html(node: ast.AST) -> bool:
    match node:
        case ast.keyword(arg="unsafe_allow_html" | "allow_html"):
            return True
        case ast.Call(func=ast.Attribute(attr="html" | "iframe")):
            return True
        case ast.ImportFrom(module=str(module)):
            return module.startswith("streamlit.components")
    return False


def test_no_html_is_drawn():
    assert findings(forbidden, [*screens(), *modules(LIB)]) == {}


@pytest.mark.parametrize(
    "source",
    [
        'st.markdown("a", unsafe_allow_html=True)',
        "st.html(x)",
        "column.html(x)",
        "st.components.v1.html(x)",
        "from streamlit.components.v1 import html",
    ],
)
def test_html_is_found(source):
    assert forbidden(source) == [1]


# Calls of Streamlit that read Markdown in these of their positions, and the keywords that do.
ALL = slice(None)
LABELLED = """
    badge button caption checkbox color_picker date_input datetime_input dialog download_button error expander
    feedback file_uploader form_submit_button header info link_button markdown menu_button metric multiselect
    number_input pills popover radio segmented_control select_slider selectbox slider spinner status subheader
    success table tabs text_area text_input time_input title toast toggle warning camera_input audio_input latex
"""
MARKDOWN_AT: dict[str, slice] = {
    **dict.fromkeys(LABELLED.split(), slice(0, 1)),
    "metric": slice(0, 3),
    "write": ALL,
    "write_stream": ALL,
    "progress": slice(1, 2),
    "page_link": slice(1, 2),
    "image": slice(1, 2),
    # These draw their options as Markdown too.
    **dict.fromkeys(["pills", "radio", "segmented_control"], slice(0, 2)),
}
MARKDOWN_KEYWORDS = {"label", "body", "help", "caption", "captions", "text", "title", "value", "delta", "options"}
# `value` is text to draw in a metric only, and `options` are in the three calls above only.
VALUE_IN, OPTIONS_IN = {"metric"}, {"pills", "radio", "segmented_control"}
OTHERS = {"log", "logger", "logging", "file", "csv", "writer", "alt", "chart"}

FORMATTING = {
    *("number", "percent", "moment", "day", "clock", "calendar_day", "duration", "file_size", "zone_label"),
    *("len", "int", "round", "mark"),
}
TRANSLATING = {"_": 1, "_p": 2, "plural": 2}

# Expressions that the checker cannot follow and a person has; `file: {expression: reason}`.
ALLOWED: dict[str, dict[str, str]] = {
    "lib/screen/chat_notes.py": {"written_at": "always comes from moment()"},
    "lib/screen/import_form.py": {
        "outside if reason == OUTSIDE else refusal_sentence(reason)": "sentences out of a table, without fields",
        "FORMAT_DESCRIPTION.read_text(encoding='utf-8')": "a document of the project",
    },
    "lib/screen/import_report.py": {"name": "the names of the figures are translated just above"},
    "lib/screen/list_line.py": {"how_counted()": "names and meanings of the categories, in Markdown on purpose"},
    "lib/screen/page.py": {"_(page.name)": "out of the registry of pages"},
    "lib/screen/today.py": {"sentence(WAITING, session.clock())": "this filter holds no value out of a chat"},
}


def drawn_as_markdown(source: str) -> list[str]:
    """Texts that may hold data, as "line: expression", given to something that reads them as Markdown."""
    tree = _with_own_names(ast.parse(source))
    names = _safe_names(tree)
    found = {
        (node.lineno, LOCAL.sub("", ast.unparse(node)))
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        for node in _markdown(call)
        if not _is_safe(node, names)
    }
    return [f"{line}: {text}" for line, text in sorted(found)]


# A local name is told apart from those of other functions by the function's name and this letter in front of it.
MARK = "ǀ"
LOCAL = re.compile(rf"\w+{MARK}")


def _with_own_names(tree: ast.Module) -> ast.Module:
    for scope in tree.body:
        if isinstance(scope, ast.FunctionDef | ast.ClassDef):
            local = {name for node in ast.walk(scope) for name in _bound(node)}
            for node in ast.walk(scope):
                if isinstance(node, ast.Name) and node.id in local:
                    node.id = f"{scope.name}{MARK}{node.id}"
                elif isinstance(node, ast.arg):
                    node.arg = f"{scope.name}{MARK}{node.arg}"
    return tree


def _bound(node: ast.AST) -> list[str]:
    if isinstance(node, ast.arg):
        return [node.arg]
    return [node.id] if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) else []


def _markdown(call: ast.Call) -> Iterator[ast.expr]:
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in MARKDOWN_AT:
        return
    name, receiver = call.func.attr, ast.unparse(call.func.value)
    if receiver.split(".")[0].split("(")[0] in OTHERS or isinstance(call.func.value, ast.Constant):
        return
    yield from call.args[MARKDOWN_AT[name]]
    for keyword in call.keywords:
        if keyword.arg in MARKDOWN_KEYWORDS and not _is_other(keyword.arg, name):
            yield keyword.value


def _is_other(keyword: str, name: str) -> bool:
    return (keyword == "value" and name not in VALUE_IN) or (keyword == "options" and name not in OPTIONS_IN)


def _safe_names(tree: ast.AST) -> set[str]:
    """Names that are only ever given safe text, wherever they stand in the module."""
    given: dict[str, list[ast.expr | None]] = {}
    bound = [pair for node in ast.walk(tree) for pair in _bindings(node)]
    for name, value in [*bound, *_arguments(tree), *_results(tree)]:
        given.setdefault(name, []).append(value)
    safe: set[str] = set()
    while True:
        more = {
            n for n, values in given.items() if all(value is not None and _is_safe(value, safe) for value in values)
        }
        if more == safe:
            return safe
        safe = more


def _bindings(node: ast.AST) -> Iterator[tuple[str, ast.expr | None]]:
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from _targets(target, value)
        case (
            ast.AnnAssign(target=ast.Name(id=name), value=value) | ast.NamedExpr(target=ast.Name(id=name), value=value)
        ):
            yield name, value
        case ast.AugAssign(target=ast.Name(id=name)):
            yield name, None
        case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
            yield from _targets(target, value if _is_own_wording(value) else None)
        case ast.withitem(optional_vars=ast.expr() as target):
            yield from _targets(target, None)
        case ast.Lambda(args=arguments):
            yield from ((argument.arg, None) for argument in arguments.args)
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from ((alias.asname or alias.name, None) for alias in names)


def _targets(target: ast.expr, value: ast.expr | None) -> Iterator[tuple[str, ast.expr | None]]:
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        for part, given in zip(target.elts, value.elts, strict=True):
            yield from _targets(part, given)
    elif value is not None and _is_own_wording(value):
        yield from ((node.id, value) for node in ast.walk(target) if isinstance(node, ast.Name))
    else:
        yield from ((node.id, None) for node in ast.walk(target) if isinstance(node, ast.Name))


def _arguments(tree: ast.AST) -> Iterator[tuple[str, ast.expr | None]]:
    """Parameters with what they are given: of a private function that is only ever called, by its calls."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    called = {id(call.func) for call in calls}
    handed_on = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called}
    for function in _functions(tree):
        own = [call for call in calls if call.func.id == function.name]
        known = function.name.startswith("_") and function.name not in handed_on
        parameters = [argument.arg for argument in [*function.args.posonlyargs, *function.args.args]]
        keywords = [argument.arg for argument in function.args.kwonlyargs]
        if not known:
            yield from ((parameter, None) for parameter in [*parameters, *keywords])
            continue
        yield from _defaults(function.args)
        for call in own:
            yield from zip(parameters, call.args, strict=False)
            for keyword in call.keywords:
                yield from (
                    (name, keyword.value) for name in parameters + keywords if name.endswith(f"{MARK}{keyword.arg}")
                )


def _defaults(arguments: ast.arguments) -> Iterator[tuple[str, ast.expr | None]]:
    last = arguments.args[len(arguments.args) - len(arguments.defaults) :]
    yield from zip([argument.arg for argument in last], arguments.defaults, strict=False)
    for argument, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if value:
            yield argument.arg, value


def _results(tree: ast.AST) -> Iterator[tuple[str, ast.expr | None]]:
    """Functions, as "name()", with what they return."""
    for function in _functions(tree):
        for node in ast.walk(function):
            if isinstance(node, ast.Return):
                yield f"{function.name}()", node.value


def _functions(tree: ast.AST) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def _is_safe(node: ast.expr, names: set[str]) -> bool:
    """Whether an expression can hold nothing but the program's own words, numbers and times."""
    match node:
        case ast.Constant():
            return True
        case ast.Name() | ast.Subscript() | ast.Attribute():
            return _is_own_wording(node, names)
        case ast.Call(func=ast.Name(id="list" | "tuple" | "sorted"), args=[part]):
            return _is_own_wording(part)
        case ast.Call(func=ast.Name(id=name)) if name in TRANSLATING:
            return _is_safe_wording(node, TRANSLATING[name], names)
        case ast.Call(func=ast.Name(id=name)):
            return (
                name in FORMATTING
                or f"{name}()" in names
                or (name == "listing" and all(_is_safe(part, names) for part in node.args))
            )
        case ast.ListComp(elt=part, generators=loops) | ast.GeneratorExp(elt=part, generators=loops):
            own = {name for loop in loops for name, value in _bindings(loop) if value}
            return _is_safe(part, names | own)
        case ast.FormattedValue(value=part):
            return _is_safe(part, names)
        case ast.Call(func=ast.Attribute(value=ast.Constant(), attr="join"), args=parts):
            return all(_is_safe(part, names) for part in parts)
        case ast.BinOp(left=left, op=ast.Add(), right=right) | ast.IfExp(body=left, orelse=right):
            return _is_safe(left, names) and _is_safe(right, names)
        case ast.JoinedStr(values=parts) | ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.BoolOp(values=parts):
            return all(_is_safe(part, names) for part in parts)
    return False


def _is_safe_wording(call: ast.Call, texts: int, names: set[str]) -> bool:
    fields = [keyword.value for keyword in call.keywords if keyword.arg != "n"]
    known = all(keyword.arg for keyword in call.keywords)
    return (
        known
        and all(_is_own_wording(text, names) for text in call.args[:texts])
        and all(_is_safe(field, names) for field in fields)
    )


def _is_own_wording(node: ast.expr, names: Container[str] = ()) -> bool:
    """Whether something is the program's own: a constant, or taken out of a table of them (`names` are safe)."""
    match node:
        case ast.Constant():
            return True
        case ast.Name(id=name):
            return name.isupper() or name in names
        case ast.Attribute(value=owner, attr=attr):
            return attr.isupper() or _is_own_wording(owner, names)
        case ast.Subscript(value=table):
            return _is_own_wording(table, names)
        case ast.IfExp(body=body, orelse=other):
            return _is_own_wording(body, names) and _is_own_wording(other, names)
    return False


def test_no_data_is_drawn_as_markdown():
    found = {
        name: left
        for name, texts in findings(drawn_as_markdown, screens()).items()
        if (left := [text for text in texts if text.split(": ", 1)[1] not in ALLOWED.get(name, {})])
    }
    assert found == {}


def test_what_is_allowed_is_still_there():
    found = findings(drawn_as_markdown, screens())
    for name, expressions in ALLOWED.items():
        assert expressions.keys() <= {text.split(": ", 1)[1] for text in found.get(name, [])}


@pytest.mark.parametrize(
    "source",
    [
        "st.markdown(name)",
        "st.write(name)",
        'st.write(_("Chats"), name)',
        'st.error(f"Failed: {reason}")',
        'st.error("Failed: " + reason)',
        'st.error("Failed: {}".format(reason))',
        'st.toast(_("Deleted {name}", name=name))',
        'st.toast(_p("a", "Deleted {name}", name=chat.visitor_name))',
        'st.toast(plural("One of {name}", "{n} of {name}", 3, name=name))',
        'st.toast(_("Deleted {name}", **fields))',
        "st.info(_(name))",
        "st.info(_(row['question']))",
        "st.info(_(chat.visitor_name))",
        'st.button(_("Go"), help=name)',
        "st.button(label=name)",
        "st.tabs([name])",
        "st.tabs([name for name in names])",
        'st.metric(_("Operator"), name)',
        'st.metric(_("Operator"), value=name)',
        'st.radio(_("Operator"), operators)',
        'st.pills(_("Tag"), options=tags)',
        "st.table(frame)",
        "left.markdown(name)",
        "st.columns(2)[0].caption(name)",
        "with st.expander(name): ...",
        "@st.dialog(name)\ndef ask(): ...",
        'st.progress(0.5, name)\nst.progress(0.5, _("Reading"))',
        'st.page_link("pages/chats.py", label=name)',
        "title = name\nst.caption(title)",
        'title = _("Chats")\ntitle = name\nst.caption(title)',
        'title = _("Chats")\nfor title in titles: st.caption(title)',
        'def draw(title): st.caption(title)\ntitle = _("Chats")',
        'def a():\n    x = name\n    st.caption(x)\ndef b():\n    x = _("Chats")\n    st.caption(x)',
        "def _draw(*, title): st.caption(title)\n_draw(title=name)",
        'def draw(title): st.caption(title)\ndraw(_("Chats"))',
        'def _draw(title): st.caption(title)\n_draw(_("Chats"))\n_draw(name)',
        'def _draw(title): st.caption(title)\n_draw(_("Chats"))\nst.button(_("Go"), on_click=_draw, args=(name,))',
        'def _draw(title=name): st.caption(title)\n_draw(_("Chats"))',
        'def who(m): return m.name or _("Visitor")\nst.caption(who(message))',
        "st.caption(_(entry.label))",
        "for row in rows: st.caption(_(row.label))",
        "name, mail = chat.visitor\nst.caption(name)",
        'st.caption(_("Chats") if name == "" else name)',
        "st.caption(country(code))",
        "st.caption(listing(names))",
        "st.caption(sentence(chosen, clock))",
        'st.toast(_("Deleted {name}", name=f"{name}"))',
        'st.caption(" · ".join([_("Chats"), name]))',
    ],
)
def test_data_in_markdown_is_found(source):
    assert len(drawn_as_markdown(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "st.text(name)\nst.code(name)\nst.dataframe(frame)\nst.json(fields)",
        'st.markdown("**Chats**")',
        'st.caption(_("Chats"))',
        'st.error(_("Page {n} of {all}", n=number(page), all=number(pages)))',
        'st.error(_("Started {time}", time=moment(chat.started_at, zone)))',
        'st.caption(plural("One chat", "{n} chats", count))',
        'st.caption(plural("One chat", "{n} chats", n=count))',
        'st.caption(plural("One of {all}", "{n} of {all}", count, all=number(total)))',
        "st.caption(_(LABELS[chat.status]))",
        "look = LOOKS[chat.status]\nst.badge(_(look.name))\nst.caption(f':{look.colour}[x]')",
        "name, icon = SPEAKERS[message.kind]\nst.badge(_(name))",
        "for look in LOOKS: st.badge(_(look.name))",
        "st.badge(_(labels.LOOKS[code].name))",
        "look, zone = LOOKS[code], session.zone()\nst.badge(_(look.name))",
        'st.radio(_("Order"), list(ORDERS), format_func=ORDERS.__getitem__)',
        'st.radio(_("Order"), [order for order in ORDERS if order != "x"])',
        'def _draw(title, *, help=None): st.caption(title, help=help)\n_draw(_("Chats"), help=_("All"))\n_draw("–")',
        'def when(m): return clock(m.sent_at, zone) if m.sent_at else ""\nst.caption(when(message))',
        "st.caption(_(YES if chat.mails else NO))",
        'st.metric(_("Chats"), number(count), delta=percent(share))',
        'st.tabs([_("One"), _("Two")])',
        "st.tabs([_(entry.label) for entry in ENTRIES])",
        'title = _("Chats")\nst.caption(title)',
        'def a():\n    x = _("Chats")\n    st.caption(x)\ndef b(x): st.text(x)',
        'title = _("Chats")\nif late: title = _("Late chats")\nst.caption(title)',
        'a = _("Chats")\nb = f"{a}: {number(1)}"\nst.caption(b)',
        'st.selectbox(_("Operator"), operators, placeholder=name)',
        'st.text_input(_("Name"), value=name)',
        'st.caption(_("Chats") + " · " + moment(time, zone))',
        'log.error(name)\n"text".title()\nwriter.write(name)',
        'st.caption(" · ".join([_("Chats"), number(3)]))',
        'st.toast(_("Names: {names}", names=listing([_("One"), _("Two")], "or")))',
    ],
)
def test_the_programs_own_words_are_left_alone(source):
    assert drawn_as_markdown(source) == []
