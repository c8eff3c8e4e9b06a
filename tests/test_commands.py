"""What people do is a command, which asks for its right where it is carried out; nothing else writes for them."""

import ast
import inspect
import pkgutil
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest

import lib
from lib.commands import COMMANDS, RIGHT_NAMES, RIGHTS, NotAllowed, as_the_app, require
from lib.store import Store

ROOT = Path(lib.__file__).parents[1]
# A command is in the register once its module is loaded.
for each in pkgutil.walk_packages(lib.__path__, "lib."):
    if not each.name.endswith("__main__") and not each.name.startswith("lib.screen"):
        import_module(each.name)
# What writes without being asked by a person: the app itself, or a part of a command. It needs no right of its own.
OF_THE_APP = {
    "lib/access/accesses.py": {"flush", "remove_old"},
    "lib/access/seals.py": {"seal"},
    "lib/erasure/later.py": {"_erase"},
    "lib/chats/holds.py": {"_change"},
    "lib/erasure/leaving.py": {"compact"},
    "lib/erasure/running.py": {"run"},
    "lib/export/jobs.py": {"record_export"},
    "lib/importing/inbox/done.py": {"note_refused"},
    "lib/importing/inbox/inbox.py": {"_recall"},
    "lib/importing/loading.py": {"stored_by"},
    "lib/importing/merge/verdict.py": {"apply_rules"},
    "lib/mail/outbox.py": {"attempt", "settle_abandoned"},
    "lib/mail/sender.py": {"look"},
    "lib/missed/derive.py": {"derive_due"},
    "lib/views/kept.py": {"keep", "_renew"},
    "lib/views/saving.py": {"_change"},
}
# Of these, what screens may call: whoever may see a page may have what it shows brought up to date, and copy a link.
FOR_ALL = {"flush", "derive_due", "keep", "settle_abandoned"}


def modules() -> list[Path]:
    return sorted(ROOT.glob("lib/**/*.py"))


def writers(tree: ast.Module) -> set[str]:
    """Functions of a module, methods too, in which the store is written to."""
    return {
        function.name
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for call in ast.walk(function)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "write"
        and ast.unparse(call.func.value) in ("store", "self._store", "self.store")
    }


def commands_of(tree: ast.Module) -> set[str]:
    return {
        function.name
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        and any(ast.unparse(each).startswith("command(") for each in function.decorator_list)
    }


def test_whatever_writes_is_a_command_or_the_app_itself():
    found = {}
    for path in modules():
        tree = ast.parse(path.read_text())
        if left := writers(tree) - commands_of(tree):
            found[path.relative_to(ROOT).as_posix()] = left
    assert found == OF_THE_APP


def test_no_screen_writes_but_by_a_command():
    for path in sorted([*ROOT.glob("lib/screen/**/*.py"), *ROOT.glob("pages/*.py")]):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module:
                unasked = OF_THE_APP.get(node.module.replace(".", "/") + ".py", set()) - FOR_ALL
                assert not unasked & {each.name for each in node.names}, path


def test_every_command_asks_for_a_right_that_there_is_and_is_undone_by_one_that_there_is():
    assert len(COMMANDS) > 40
    for each in COMMANDS.values():
        assert each.right in RIGHTS
        assert each.undone_by is None or each.undone_by in COMMANDS, each.name
    assert set(RIGHT_NAMES) == set(RIGHTS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_is_refused_before_anything_is_read_or_written(name: str):
    """With nonsense as arguments: had anything been done before the right was asked for, it would fail otherwise."""
    asked = []

    def guard(person, right, command):
        asked.append((person, right, command))
        raise NotAllowed(right)

    store = SimpleNamespace(guard=guard)
    function = COMMANDS[name].function
    given = {
        parameter.name: SimpleNamespace(_store=store, store=store, person="Ann")
        for parameter in inspect.signature(function).parameters.values()
    }
    given |= {key: store for key in given if key == "store"}
    given |= {key: "Ann" for key in given if key in ("actor", "person", "author")}
    with pytest.raises(NotAllowed):
        function(**given)
    assert asked == [("Ann", COMMANDS[name].right, name)]


def test_the_app_itself_is_never_refused(tmp_path):
    store = Store(str(tmp_path / "history.duckdb"))

    def guard(person, right, command):
        raise NotAllowed(right)

    store.guard = guard
    with as_the_app():
        require(store, "", "import", "import.store")
    with pytest.raises(NotAllowed):
        require(store, "", "import", "import.store")
    store.close()
