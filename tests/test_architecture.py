"""The walls between the parts of the program that `lint-imports` cannot see (pyproject.toml has the others)."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LIB = ROOT / "lib"

SQL = re.compile(
    r"\bSELECT\b.*\bFROM\b|\bINSERT\s+INTO\b|\bUPDATE\b.*\bSET\b|\bDELETE\s+FROM\b|\b(CREATE|ALTER|DROP)\s+(TABLE|VIEW)\b"
    r"|\bORDER\s+BY\b|\bGROUP\s+BY\b",
    re.DOTALL,
)
QUERYING = {"read", "frame", "write", "cursor", "execute", "sql"}


def modules(*folders: Path) -> list[Path]:
    return sorted(path for folder in folders for path in folder.rglob("*.py"))


def screens() -> list[Path]:
    return [ROOT / "app.py", *modules(ROOT / "pages", LIB / "screen")]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


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


def test_lib_runs_without_streamlit():
    paths = [path for path in modules(LIB) if LIB / "screen" not in path.parents and path.stem != "__main__"]
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in paths]
    code = (
        f"import importlib, sys\nfor name in {names}: importlib.import_module(name)\nprint('streamlit' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("False\n", "")


def test_screens_leave_the_database_to_lib():
    assert findings(queries, screens()) == {}


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ('x = "SELECT id FROM chats"', [1]),
        ('x = f"SELECT {a}\\nFROM chats"', [1]),
        ('x = "DELETE FROM chats"', [1]),
        ("store.read(x)", [1]),
        ("open_store().frame(x)", [1]),
        ("self.store.write(work)", [1]),
        ("cursor.execute(x)", [1]),
        ('_("Select a chat from the list")', []),
        ("path.read_text()", []),
        ("file.read(10)", []),
        ('"""Update the set of chats."""', []),
    ],
)
def test_queries_are_found(source, lines):
    assert queries(source) == lines
