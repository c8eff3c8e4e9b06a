"""What an import asks of the engine takes it no longer the more chats there are already, beyond reading them once."""

from collections.abc import Callable
from typing import Any

import pytest

from lib.importing import loading
from lib.importing.merge import merging
from lib.sample import ANCHOR, generate
from lib.store import Store
from tests.importing.files import json_lines, load

STATEMENTS = ("CREATE", "INSERT", "UPDATE", "DELETE", "SELECT", "WITH")
# Each row of one side with each row of the other: minutes for 100,000 chats in a history of a million.
EACH_WITH_EACH = ("BLOCKWISE_NL_JOIN", "NESTED_LOOP_JOIN")


class _Explained:
    """A cursor that keeps the plans of what it is asked."""

    def __init__(self, cursor: Any, plans: list[tuple[str, str]]) -> None:
        self._cursor, self._plans = cursor, plans

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)

    def execute(self, sql: str, params: Any = None) -> Any:
        if sql.strip().startswith(STATEMENTS) and " AS" in sql:
            plan = self._cursor.execute(f"EXPLAIN {sql}", params).fetchall()[0][1]
            self._plans.append((sql, plan))
        return self._cursor.execute(sql, params)


@pytest.fixture
def plans(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    kept: list[tuple[str, str]] = []

    def explained(function: Callable[..., Any]) -> Callable[..., Any]:
        return lambda cursor, *args, **named: function(_Explained(cursor, kept), *args, **named)

    for name in ("compare", "write"):
        monkeypatch.setattr(loading, name, explained(getattr(merging, name)))
    return kept


def _file(seed: int, **changed: Any) -> Any:
    return json_lines(*({**record, **changed} for record in generate(200, seed, ANCHOR, 30)))


@pytest.mark.parametrize(
    "again",
    [{"seed": 2}, {"seed": 2, "account": "Osaka"}, {"seed": 1, "comment": "Thanks!"}],
    ids=["new chats", "another account", "changed chats"],
)
def test_no_row_is_compared_with_every_other(store: Store, plans: list[tuple[str, str]], again: dict[str, Any]) -> None:
    load(store, _file(1))
    plans.clear()
    load(store, _file(**again))
    assert len(plans) > 20
    assert [sql for sql, plan in plans if any(join in plan for join in EACH_WITH_EACH)] == []
