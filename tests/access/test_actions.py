"""Every action that anything records stands in the register, and nothing else does."""

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest

from lib.access.actions import ACTIONS, GROUP_NAMES, GROUPS, actions_of
from lib.commands import COMMANDS
from lib.missed.history import ACTIONS as OF_A_CHAT
from tests.test_architecture import LIB, modules
from tests.test_tables import modules as loaded

# What records an event or an access, and at which place it takes the action.
RECORDERS = {
    "record_event": 1, "event_row": 0, "_tell": 1, "_change": 3, "note": 1, "note_access": 0, "_move": None,
}  # fmt: skip
CODE = re.compile(r"[a-z]+(_[a-z]+)*")
# Noted where people come in and are refused, by what stands around every page.
# Of missed chats, whose events are written many at once.
BY_SQL = {"follow_up"}


def patterns(source: str) -> Iterator[str]:
    """The actions that a module records, as regular expressions: a part of a name that is only known then is “.+”."""
    tree = ast.parse(source)
    assigned: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target, value in _pairs(node):
                assigned.setdefault(target, []).append(value)
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and (name := ast.unparse(call.func).split(".")[-1]) in RECORDERS:
            place = RECORDERS[name]
            given = [keyword.value for keyword in call.keywords if keyword.arg == "action"]
            if place is not None and len(call.args) > place:
                given.append(call.args[place])
            for value in given:
                yield from _texts(value, assigned)


def _pairs(node: ast.Assign) -> Iterator[tuple[str, ast.expr]]:
    for target in node.targets:
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            yield from zip(map(ast.unparse, target.elts), node.value.elts, strict=False)
        else:
            yield ast.unparse(target), node.value


def _texts(value: ast.expr, assigned: dict[str, list[ast.expr]]) -> Iterator[str]:
    match value:
        case ast.Constant(value=str(text)) if CODE.fullmatch(text):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(part.value if isinstance(part, ast.Constant) else ".+" for part in parts)
        case ast.IfExp(body=body, orelse=other):
            yield from _texts(body, assigned)
            yield from _texts(other, assigned)
        case ast.Name(id=name):
            for found in assigned.get(name, []):
                yield from _texts(found, assigned)


@cache
def recorded() -> set[str]:
    return {each for path in modules(LIB) for each in patterns(path.read_text(encoding="utf-8"))} | BY_SQL


def test_every_action_that_is_recorded_stands_in_the_register():
    assert {each for each in recorded() if "." not in each} - ACTIONS.keys() == set()


def test_every_action_of_the_register_is_recorded_somewhere():
    assert {each for each in ACTIONS if not any(re.fullmatch(known, each) for known in recorded())} == set()


def test_commands_leave_what_stands_in_the_register():
    list(loaded())
    assert {each for command in COMMANDS.values() for each in command.leaves} - ACTIONS.keys() == set()


def test_the_history_of_a_chat_is_of_the_register():
    assert set(OF_A_CHAT) - ACTIONS.keys() == set()


def test_each_action_is_of_a_group_that_has_a_name():
    assert set(GROUPS) == GROUP_NAMES.keys() == {action.group for action in ACTIONS.values()}
    assert sorted(code for group in GROUPS for code in actions_of(group)) == sorted(ACTIONS)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('record_event(cursor, "note", "Ann", None, now())', {"note"}),
        ('store.note(store, "search", "Ann")', {"search"}),
        ('_move(cursor, 1, (), "sent", actor="Ann", action="mail_sent")', {"mail_sent"}),
        ('record_event(cursor, "a" if x else "b", "Ann", None, now())', {"a", "b"}),
        ('action = f"mail_{state}"\n_move(cursor, action=action)', {"mail_.+"}),
        ('old, action = 1, "mail_deferred"\n_move(cursor, action=action)', {"mail_deferred"}),
    ],
)
def test_what_a_module_records_is_found(source: str, expected: set[str]):
    assert set(patterns(source)) == expected
