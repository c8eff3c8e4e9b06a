"""A click acts on what is on the screen: no callback of any page is handed what was typed in the run before.

Every field of every page and dialog is filled; then whatever the callbacks hold is searched for what was typed.
"""

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from functools import partial
from types import FunctionType, MethodType
from typing import Any

import pytest
from streamlit.runtime.state.session_state import SessionState
from streamlit.testing.v1 import AppTest

from lib.chats.filter.filter import ChatFilter
from lib.chats.listing import NEWEST_FIRST
from lib.mail import block
from lib.missed.team import add_colleague
from lib.screen.missed.mail_several import MAILING, Mailing
from lib.screen.views.arranging import ARRANGING
from lib.screen.views.menu import OPEN_KEY
from lib.store import Store
from lib.views import saving
from lib.views.content import chats_content
from tests.importing.files import csv_file
from tests.pages.driving import (
    CHATS,
    EXPLORE,
    MISSED,
    PAGES,
    TEAM,
    click,
    run,
    visit,
)
from tests.pages.import_page import drop
from tests.worlds import id_of

# A phrase that a search finds, so that the lists stay; with its marks it stands in no text of the store.
TYPED = '"A question of"'
NUMBER = 41
DAY = date(2031, 5, 17)
TABLE = csv_file([{"Ticket": "T-1", "Customer": "Rin"}], "tickets.csv")
EARLY = {"chat": str(id_of("early"))}

Scene = Callable[[], AppTest]
SCENES: dict[str, Scene] = {
    **{f"page {page}": partial(visit, page) for page in PAGES},
    **{
        f"chat, {tab}": partial(visit, CHATS, EARLY | {"tab": tab})
        for tab in ("transcript", "info", "notes", "earlier", "reply")
    },
    "missed chat": lambda: visit(MISSED, EARLY),
    "missed chats of one visitor": lambda: click(visit(MISSED, {"chat": str(id_of("twice"))}), _together()),
    "days": lambda: visit(CHATS, {"period": "custom"}),
    "conditions": lambda: _with_a_text(click(visit(CHATS), "open_conditions")),
    "export": lambda: click(visit(CHATS), "export"),
    "to assign": lambda: click(visit(MISSED, EARLY, session={"acting_as": TYPED}), "follow_assign"),
    "to set due": lambda: click(visit(MISSED, EARLY), "follow_due"),
    "not needed": lambda: click(visit(MISSED, EARLY), "follow_not_needed"),
    "to delete": lambda: click(visit(CHATS, EARLY), "delete_chat"),
    "mail to several": lambda: visit(MISSED, session={MAILING.key: Mailing((id_of("early"), id_of("late")))}),
    "views": lambda: visit(CHATS, session={OPEN_KEY: True}),
    "arranging": lambda: visit(CHATS, session={ARRANGING.key: True}),
    "columns": lambda: drop(TABLE),
    "query": lambda: _asked("SELECT id FROM chats WHERE question <> $a LIMIT $b"),
    "removal from the team": lambda: visit(TEAM, session={"asking_to_remove": "Ben"}),
}


def _together() -> str:
    return f"together_{id_of('twice')}"


def _with_a_text(at: AppTest) -> AppTest:
    return run(at.selectbox(key="rule_2_field").set_value("question"))


def _asked(sql: str) -> AppTest:
    at = visit(EXPLORE)
    at.text_area(key="w_sql").set_value(sql)
    return click(at, "run_query")


@pytest.fixture
def store(world: Callable[[str], Store], set_up: Callable[..., None]) -> Store:
    """Missed chats, a colleague, a view and an address that is not written to; with mail."""
    set_up(SMTP_HOST="127.0.0.1", SMTP_PORT="2525", SMTP_SECURITY="none", SMTP_SENDER="Help <help@example.com>")
    found = world("queue")
    add_colleague(found, "Ben", "Tester")
    block(found, "nobody@example.com", "asked", "", "Tester")
    saving.save(found, "Mine", "chats", chats_content(ChatFilter(), NEWEST_FIRST), "Tester")
    return found


@pytest.mark.parametrize("scene", SCENES)
def test_no_callback_is_handed_what_was_typed(store: Store, scene: str):
    at = filled(SCENES[scene]())
    assert holders(at) == {}


@pytest.mark.parametrize(
    "callback",
    [
        lambda: (print, (TYPED,), {}),
        lambda: (print, (), {"text": f"so: {TYPED}"}),
        lambda: (partial(print, {"deep": [NUMBER]}), (), {}),
        lambda: (closed_over(TYPED), (), {}),
        lambda: (closed_over(DAY), (), {}),
        lambda: (print, (Mailing((), place=NUMBER),), {}),
    ],
)
def test_what_was_typed_is_found_wherever_it_is_held(callback: Callable[[], tuple[Any, ...]]):
    assert any(is_typed(value) for value in held(callback()))


def closed_over(typed: object) -> Callable[[], object]:
    """A callback that has a value without being handed it."""
    return lambda: typed


def filled(at: AppTest) -> AppTest:
    """The page after its fields were filled and left."""
    for field in [*at.text_input, *at.text_area]:
        if not field.disabled and not (field.key or "").startswith("import_path"):
            field.set_value(TYPED if field.key != "w_sql" else f"{field.value or 'SELECT 1'} -- {TYPED}")
    for number in at.number_input:
        if not number.disabled:
            number.set_value(type(number.value or 0)(NUMBER))
    for day in at.date_input:
        day.set_value(DAY)
    # Once more: what was typed is on its way to the address, and from there to what is drawn.
    return run(run(at))


def holders(at: AppTest) -> dict[str, list[object]]:
    """The widgets whose callbacks hold something that was typed, with what it is."""
    state = at.session_state
    while not isinstance(state, SessionState):
        state = object.__getattribute__(state, "_state")
    found = {}
    for widget, metadata in state._new_widget_state.widget_metadata.items():
        callback = (metadata.callback, metadata.callback_args or (), metadata.callback_kwargs or {})
        if typed := [value for value in held(callback) if is_typed(value)]:
            found[widget] = typed
    return found


def is_typed(value: object) -> bool:
    """Whether a value is one of those that were typed, or a text with one in it."""
    if isinstance(value, str):
        return TYPED in value or DAY.isoformat() in value
    return value == DAY or (isinstance(value, int | float) and not isinstance(value, bool) and value == NUMBER)


def held(value: object, seen: set[int] | None = None) -> Iterator[object]:
    """All plain values that can be reached from a callback and its arguments."""
    seen = set() if seen is None else seen
    if id(value) in seen or isinstance(value, type | Store):
        return
    seen.add(id(value))
    if isinstance(value, str | int | float | date):
        yield value
        return
    for part in _parts(value):
        yield from held(part, seen)


def _parts(value: object) -> list[object]:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    if isinstance(value, list | tuple | set | frozenset):
        return list(value)
    if isinstance(value, partial):
        return [value.func, value.args, value.keywords]
    if isinstance(value, MethodType):
        return [value.__func__, value.__self__]
    if isinstance(value, FunctionType):
        cells = [cell.cell_contents for cell in value.__closure__ or ()]
        # A wrapper of Streamlit holds the app's own function.
        return [*cells, value.__defaults__, value.__kwdefaults__]
    if is_dataclass(value):
        return [getattr(value, field.name) for field in fields(value)]
    return list(vars(value).values()) if type(value).__module__.startswith("lib.") else []
