"""Uses of `_`, `_p`, `plural` and `mark` that run, yet speak the wrong language or fail later."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from lib.language.upkeep import fields, keyword, sources

ROOT = Path(__file__).resolve().parents[2]
TRANSLATING = {"_", "_p", "plural"}
# Where the texts stand among the arguments; `_` is also called on marked constants.
TEXTS = {"_": slice(0, 1), "_p": slice(0, 2), "plural": slice(0, 2), "mark": slice(0, 1)}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def translated_at_import(source: str) -> list[int]:
    """Return the lines that translate when a module is imported: once, in one language for all."""
    return sorted(call.lineno for call in _run_at_import(ast.parse(source)) if keyword(call) in TRANSLATING)


def not_literal(source: str) -> list[int]:
    """Return the lines whose message is put together in the code, which no catalogue can hold."""
    return sorted(call.lineno for call in _calls(source) if not all(map(_can_be_found, _messages(call))))


def without_field(source: str) -> list[int]:
    """Return the lines whose message has a field that is given no value, which fails when it is shown."""
    return sorted(call.lineno for call in _calls(source) if _missing(call))


def underscore_taken(source: str) -> list[int]:
    """Return the lines that assign to `_` in a module that translates with it."""
    tree = ast.parse(source)
    if not any(isinstance(node, ast.Call) and keyword(node) == "_" for node in ast.walk(tree)):
        return []
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "_"]
    return sorted(name.lineno for name in names if isinstance(name.ctx, ast.Store))


def _run_at_import(node: ast.AST) -> Iterator[ast.Call]:
    if isinstance(node, ast.Call):
        yield node
    for child in _import_time_children(node):
        yield from _run_at_import(child)


def _import_time_children(node: ast.AST) -> list[ast.AST]:
    if not isinstance(node, FUNCTIONS):
        return list(ast.iter_child_nodes(node))
    defaults = [*node.args.defaults, *(default for default in node.args.kw_defaults if default)]
    return [*defaults, *getattr(node, "decorator_list", [])]


def _calls(source: str) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and keyword(node) in TEXTS)


def _messages(call: ast.Call) -> list[tuple[str, ast.expr]]:
    return [(keyword(call), argument) for argument in call.args[TEXTS[keyword(call)]]]


def _can_be_found(message: tuple[str, ast.expr]) -> bool:
    name, node = message
    if isinstance(node, ast.Constant):
        return True
    # Names of constants that were marked, and the choice between them, but no text in the midst.
    return name == "_" and not any(map(_is_text, _outcomes(node)))


def _outcomes(node: ast.expr) -> list[ast.expr]:
    match node:
        case ast.IfExp(body=body, orelse=other):
            return [*_outcomes(body), *_outcomes(other)]
        case ast.BoolOp(values=values):
            return [outcome for value in values for outcome in _outcomes(value)]
    return [node]


def _is_text(node: ast.expr) -> bool:
    formatted = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format"
    return formatted or isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp)


def _missing(call: ast.Call) -> set[str]:
    given = {keyword.arg for keyword in call.keywords} | {"n" if keyword(call) == "plural" else ""}
    texts = [node.value for _, node in _messages(call) if isinstance(node, ast.Constant)]
    wanted = {name for text in texts for name, _, _ in fields(str(text)) or ()}
    return set() if None in given or keyword(call) == "mark" else wanted - given


def findings(find, paths) -> dict[str, list[int]]:
    return {
        path.relative_to(ROOT).as_posix(): lines for path in paths if (lines := find(path.read_text(encoding="utf-8")))
    }


@pytest.mark.parametrize("find", [not_literal, without_field, underscore_taken])
def test_the_project_uses_its_wording_well(find):
    assert findings(find, sources(ROOT)) == {}


def test_nothing_is_translated_at_import():
    # Streamlit runs app.py and pages anew each time: there the module's own statements may translate.
    assert findings(translated_at_import, (ROOT / "lib").rglob("*.py")) == {}


@pytest.mark.parametrize(
    ("find", "source"),
    [
        (translated_at_import, 'LABEL = _("Chats")'),
        (translated_at_import, 'LABELS = {"a": [_p("x", "Chats")]}'),
        (translated_at_import, '@st.dialog(_("Delete"))\ndef ask(): ...'),
        (translated_at_import, 'def ask(title=_("Delete")): ...'),
        (translated_at_import, 'class A:\n    def ask(self, *, title=plural("a", "b", 1)): ...'),
        (not_literal, 'def f(): _(f"Hello {name}")'),
        (not_literal, 'def f(): _("Hello " + name)'),
        (not_literal, 'def f(): _("Hello {}".format(name))'),
        (not_literal, "def f(): plural(one, many, 3)"),
        (not_literal, 'def f(): _("Yes" if answer else "No")'),
        (not_literal, 'def f(): language._(answer or "No")'),
        (not_literal, "A = mark(B)"),
        (without_field, 'def f(): _("Hello {name}")'),
        (without_field, 'def f(): plural("One", "{n} in {place}", 3)'),
        (without_field, 'def f(): _p("a", "Hello {name}", nome=1)'),
        (underscore_taken, 'for _ in range(3): ...\n_("Chats")'),
        (underscore_taken, 'a, _ = b\nprint(_("Chats"))'),
    ],
)
def test_mistakes_are_found(find, source):
    assert len(find(source)) == 1


@pytest.mark.parametrize(
    ("find", "source"),
    [
        (translated_at_import, 'A = mark("Chats")\ndef f(): return _("Chats")\nB = lambda: _("Chats")'),
        (translated_at_import, 'def f():\n    @st.dialog(_("Delete"))\n    def ask(): ...\n    ask()'),
        (not_literal, 'def f():\n    _("Hello " "you")\n    _(LABEL)\n    _(row.label)\n    _p("a", "b")'),
        (not_literal, 'def f():\n    _(YES if answer == "yes" else NO)\n    _(LABELS["a"])'),
        (without_field, '_("Hello {name}", name=1)\n_("Hello {name}", **values)\nmark("{n} d")\n_("{{x}}")'),
        (without_field, 'plural("One", "{n} in {place}", 3, place=1)\n_(LABEL)'),
        (underscore_taken, "for _ in range(3): ..."),
        (underscore_taken, 'match x:\n    case _:\n        y = _("Chats")'),
    ],
)
def test_right_uses_are_left_alone(find, source):
    assert find(source) == []
