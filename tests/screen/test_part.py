"""What is drawn in a part of a page asks no button for its value: a click that runs the page would be lost there."""

import ast
from pathlib import Path

import pytest

from lib.settings import ROOT

SCREEN = ROOT / "lib" / "screen"
# What is drawn in the review; a dialog is a part of its own.
IN_PART = [
    *(path for path in (SCREEN / "chat").glob("*.py") if path.name not in ("deleting.py", "holding.py")),
    *(SCREEN / "chats" / f"{name}.py" for name in ("empty", "histogram", "review", "searching", "table")),
    *(SCREEN / "missed" / f"{name}.py" for name in ("bar", "review", "table")),
    *(SCREEN / "parts" / f"{name}.py" for name in ("review", "table")),
]


def asked_buttons(source: str) -> list[int]:
    """The lines with a button whose value is used."""
    tree = ast.parse(source)
    bare = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and id(node) not in bare)
    return [call.lineno for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "button"]


@pytest.mark.parametrize("path", IN_PART, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_button_of_the_review_is_asked_for_its_value(path: Path):
    assert not asked_buttons(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("source", ["if st.button('a'):\n    go()", "a = st.button('a')", "b = x and st.button('a')"])
def test_a_button_that_is_asked_is_found(source: str):
    assert asked_buttons(source) == [1]
