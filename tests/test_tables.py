"""What exists once for each of a few codes exists for all of them: a new status, state or cause lacks no name."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import lib

# What tables lack on purpose: codes that mean nothing is chosen, or that are handled where the table is asked.
LACKING: dict[str, set[str]] = {
    "chats.filter.times.DAYS": {"unknown", "custom", "any"},
    "chats.filter.presets.PARTS": {"any"},
    "chats.filter.presets.NEWS": {"any"},
    "chats.filter.sql._EMPTY_SQL": {"number", "duration", "flag", "moment"},
    "chats.filter.validate._MAKES_SENSE": {"flag"},
    "chats.histogram.MOST_DAYS": {"month"},
    "importing.columns.transcripts.LINES": {""},
    "screen.chat.hits.ELSEWHERE": {"bot", "system", "operator"},
    "screen.chat.pane.TAB_BODIES": {"notes", "reply"},
    "screen.chats.condition_values._BY_SHAPE": {"one", "none", "two", "many", "weekdays"},
    "screen.chats.conditions_draft.USUAL_VALUES": {"one", "none", "two", "many", "weekdays"},
    "screen.missed.bar.AT_ONCE": {"not_needed", "mail", "due", "assign"},
    "screen.outbox.outbox.EMPTY": {"all"},
    "screen.parts.review.DESKS": {"info", "transcript", "earlier"},
}
# These say something of a few faults, and in general of all others.
OF_FAULTS = {"screen.frame.storing.NOT_STORED", "store.errors.SAYINGS"}


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(lib.__path__, "lib."):
        if not found.name.endswith(".__main__"):
            yield importlib.import_module(found.name)


def tables() -> Iterator[tuple[str, Mapping[Any, Any], set[Any]]]:
    """Name, table and codes of each table of a module that is keyed by codes."""
    for module in modules():
        own = {name: each for name, each in vars(module).get("__annotations__", {}).items() if name in vars(module)}
        for name in own:
            hint = get_type_hints(module)[name]
            key = get_args(hint)[0] if get_origin(hint) in (dict, Mapping) and get_args(hint) else None
            if get_origin(key) is Literal:
                yield f"{module.__name__}.{name}".removeprefix("lib."), getattr(module, name), set(get_args(key))


def test_each_table_has_an_entry_for_each_of_its_codes():
    found = list(tables())
    assert len(found) > 20
    lacking = {name: codes ^ set(table) for name, table, codes in found if name not in OF_FAULTS}
    assert {name: codes for name, codes in lacking.items() if codes} == LACKING
