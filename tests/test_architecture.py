"""The walls between the parts of the program."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LIB = ROOT / "lib"

# Which packages of lib a package may import.
MAY_IMPORT = {
    "settings": set(),
    "text": set(),
    "language": {"settings"},
    "store": {"settings"},
    "background": {"store"},
    "chats": {"store", "language", "settings", "text"},
    "missed": {"store", "chats", "language", "text"},
    "sample": set(),
    "importing": {"store", "background", "missed", "chats", "sample", "settings", "language"},
    "views": {"store", "chats", "language", "text"},
    "export": {"store", "chats", "language", "settings"},
    "explore": {"store", "chats", "language", "settings"},
    "web": {"language", "settings"},
    "mail": {"store", "background", "missed", "chats", "language", "settings", "text"},
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


def test_lib_does_not_import_streamlit_or_pages():
    others = [path for path in modules(LIB) if package_of(path) != "screen"]
    assert findings(lambda source: {"streamlit", "pages", "app"} & roots(source), others) == {}
    assert findings(lambda source: {"pages", "app"} & roots(source), modules(LIB / "screen")) == {}


def test_lib_runs_without_streamlit():
    paths = [path for path in modules(LIB) if package_of(path) != "screen" and path.stem != "__main__"]
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in paths]
    code = (
        f"import importlib, sys\nfor name in {names}: importlib.import_module(name)\nprint('streamlit' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("False\n", "")


def test_imports_follow_the_table():
    found = {path: crossing(path) for path in modules(LIB) if package_of(path) not in {"screen", "__init__"}}
    assert {name_of(path): others for path, others in found.items() if others} == {}


def crossing(path: Path) -> set[str]:
    """Packages that a module imports and may not."""
    within = ".".join(path.relative_to(ROOT).parent.parts)
    names = {
        name.split(".")[1] for name in imported(path.read_text(encoding="utf-8"), within) if name.startswith("lib.")
    }
    return names - {package_of(path)} - MAY_IMPORT[package_of(path)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import a.b, c", {"a.b", "c"}),
        ("from lib.chats import chat", {"lib.chats.chat"}),
        ("from lib import chats", {"lib.chats"}),
        ("from . import mails", {"lib.mail.mails"}),
        ("from .mails import send", {"lib.mail.mails.send"}),
        ("from .. import chats", {"lib.chats"}),
        ("from ..chats.chat import Chat", {"lib.chats.chat.Chat"}),
        ("def f():\n    from lib.store import Store", {"lib.store.Store"}),
    ],
)
def test_imports_are_found(source, expected):
    assert imported(source, "lib.mail") == expected


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
