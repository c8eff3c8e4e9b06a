"""Whatever the screen stores, it can fail to store: each function that does is told apart and says so."""

import ast
from functools import cache
from pathlib import Path

from tests.test_architecture import LIB, ROOT, modules

# Their callers see to it: `key_of`, and the server, which gives no file where its record could not be stored.
BY_THEIR_CALLERS = {
    ("lib.screen.parts.address", "_key_of"),
    ("lib.screen.activity.activity", "_file"),
    ("lib.screen.chat.menu", "_transcript_file"),
    ("lib.screen.chat.menu", "_transcript_page"),
    ("lib.screen.chat.menu", "_transcript_record"),
    ("lib.screen.deleted.erasing", "_known_file"),
    ("lib.screen.explore.result", "_file"),
}

Name = tuple[str, str]


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


class Program:
    """The functions of some modules, and what each one calls by name."""

    def __init__(self, sources: dict[str, str]) -> None:
        self.functions: dict[Name, ast.FunctionDef] = {}
        self.imports: dict[Name, Name] = {}
        for module, source in sources.items():
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.ImportFrom):
                    found = {(module, each.asname or each.name): (node.module or "", each.name) for each in node.names}
                    self.imports |= found
                elif isinstance(node, ast.FunctionDef):
                    self.functions[module, node.name] = node

    def meant(self, name: Name) -> Name | None:
        while name not in self.functions:
            if name not in self.imports:
                return None
            name = self.imports[name]
        return name

    def calls(self, name: Name) -> set[Name]:
        found: set[Name | None] = set()
        for node in ast.walk(self.functions[name]):
            if isinstance(node, ast.Name):
                found.add(self.meant((name[0], node.id)))
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                found.add(self.meant((".".join(self.imports.get((name[0], node.value.id), ())), node.attr)))
        return {each for each in found if each} - {name}

    def writes(self, name: Name) -> bool:
        """Whether a function calls the `write` of a store."""
        return any(
            isinstance(node, ast.Attribute) and node.attr == "write" and ast.unparse(node.value).endswith("store")
            for node in ast.walk(self.functions[name])
        )

    def tells(self, name: Name) -> bool:
        """Whether a function is an act that tells its failure, or sees to the failure itself."""
        function = self.functions[name]
        decorators = {ast.unparse(each) for each in function.decorator_list}
        return "stores" in decorators or any(
            isinstance(node, ast.Name) and node.id == "StoreError" for node in ast.walk(function)
        )

    def untold(self) -> set[Name]:
        """The functions of the screen that store something, and neither tell nor see to it where that fails."""
        calls = {name: self.calls(name) for name in self.functions}
        behind = [name for name in self.functions if not name[0].startswith("lib.screen")]
        writers = {name for name in behind if self.writes(name) and not self.tells(name)}
        while more := {name for name in behind if calls[name] & writers} - writers:
            writers |= more
        screen = self.functions.keys() - set(behind)
        return {name for name in screen if calls[name] & writers and not self.tells(name)}


@cache
def program() -> Program:
    return Program({module_of(path): path.read_text(encoding="utf-8") for path in modules(LIB)})


def test_each_act_that_stores_something_tells_where_it_could_not():
    assert program().untold() - BY_THEIR_CALLERS == set()


def test_what_needs_no_exception_has_none():
    assert program().untold() >= BY_THEIR_CALLERS


def test_an_act_that_does_not_tell_is_found_through_any_import():
    sources = {
        "lib.a": "def save(store):\n    store.write(work)",
        "lib.b": "from lib import a\ndef save_all(store):\n    a.save(store)",
        "lib.screen.c": (
            "from lib.b import save_all as keep\n@stores\ndef told():\n    keep(1)\ndef untold():\n    keep(1)\n"
            "def seen():\n    try:\n        keep(1)\n    except StoreError:\n        return"
        ),
    }
    assert Program(sources).untold() == {("lib.screen.c", "untold")}
