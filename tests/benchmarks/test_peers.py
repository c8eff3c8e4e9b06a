"""The peers of the benchmark answer as the product does, who does not is told, and the figures are shown."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import pyarrow as pa
import pytest

from benchmarks import building, reporting
from benchmarks.building import Recipe, built
from benchmarks.measuring import Result, copied
from benchmarks.peers import __main__ as program
from benchmarks.peers import product, running
from benchmarks.peers.answer import MissingPeerError, Peer, plain
from benchmarks.peers.chats import Chats, chats_of
from benchmarks.peers.comparing import DifferenceError, compare
from benchmarks.peers.reporting import BEGIN, END, PeersRun, finished, table, to_json, write_readme
from benchmarks.peers.running import PEERS, Line, Made, filters
from lib.chats.filter.filter import EMPTY
from lib.store import Store

RECIPE = Recipe(200)
FILTERS = ("none", "category Missed", "last 30 days", "operator and country")


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stores")


@pytest.fixture(scope="module")
def original(stores: Path) -> Path:
    return built(RECIPE, stores)[0]


@pytest.fixture(scope="module")
def chats(original: Path) -> Chats:
    return chats_of(original, RECIPE.clock)


@pytest.fixture(scope="module")
def asked(original: Path, chats: Chats) -> Iterator[Store]:
    with copied(original) as store:
        yield store


@pytest.fixture(scope="module", params=PEERS)
def peer(request: pytest.FixtureRequest, chats: Chats) -> Iterator[Peer]:
    try:
        found = resolve_name(PEERS[request.param])(chats)
    except (ModuleNotFoundError, MissingPeerError) as error:
        pytest.skip(str(error))
    with closing(found):
        yield found


@pytest.mark.parametrize("name", FILTERS)
def test_a_peer_answers_as_the_product_does(peer: Peer, asked: Store, name: str) -> None:
    chosen = filters(asked, RECIPE.clock)[name]
    expected = product.answer(asked, chosen, RECIPE.clock)
    assert 0 < len(expected.page) <= expected.counts["all"]
    compare(expected, peer.answer(plain(chosen, RECIPE.clock)), peer.name, name)


def test_every_filter_is_tried(asked: Store) -> None:
    assert tuple(filters(asked, RECIPE.clock)) == FILTERS


def changed(chats: Chats, column: str, place: int, change: Callable[[Any], object]) -> Chats:
    """The same chats but for one value."""
    values = chats.table[column].to_pylist()
    before, values[place] = values[place], change(values[place])
    assert values[place] != before
    field = chats.table.schema.field(column)
    number = chats.table.schema.get_field_index(column)
    return replace(chats, table=chats.table.set_column(number, field, pa.array(values, field.type)))


@pytest.mark.parametrize(
    ("column", "place", "change", "part"),
    [
        ("status", 3, lambda _: "reopened", "tab counts, "),
        ("visitor_name", -1, lambda _: "Somebody", "first page of the list, row 1, visitor_name: 'Somebody' instead"),
        ("department", 7, lambda _: "Nowhere", "list “department” of the sidebar, "),
        ("tags", 5, lambda _: ["unknown"], "list “tag” of the sidebar, "),
        ("started_at", 9, lambda start: start + timedelta(days=1), "histogram of the filter by day, "),
    ],
)
@pytest.mark.parametrize("name", ["pandas", "Polars", "SQLite"])
def test_a_wrong_answer_is_told_with_its_place(
    chats: Chats, asked: Store, name: str, column: str, place: int, change: Callable[[Any], object], part: str
) -> None:
    expected = product.answer(asked, EMPTY, RECIPE.clock)
    with closing(resolve_name(PEERS[name])(changed(chats, column, place, change))) as wrong:
        found = wrong.answer(plain(EMPTY, RECIPE.clock))
    with pytest.raises(DifferenceError) as told:
        compare(expected, found, name, "none")
    assert str(told.value).startswith(f"{name} differs from the product, filter “none”, {part}")


def run_of(stores: Path, *words: str) -> int:
    return program.main(["--chats", str(RECIPE.chats), "--rounds", "2", "--store", str(stores), *words])


def test_a_wrong_peer_ends_the_run_before_anything_is_timed(
    original: Path, chats: Chats, stores: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = changed(chats, "department", 7, lambda _: "Nowhere")
    monkeypatch.setattr(running, "PEERS", {"Polars": PEERS["Polars"]})
    monkeypatch.setattr(running, "chats_of", lambda store, clock: wrong)
    monkeypatch.setattr(running, "timed", lambda *_: pytest.fail("timed"))
    assert run_of(stores) == 1
    output, told = capsys.readouterr()
    assert output == ""
    assert "Polars differs from the product" in told


def test_a_run_shows_a_line_for_each_filter_and_who_is_missing(
    original: Path, stores: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = stores / "figures.json"
    monkeypatch.setattr(running, "PEERS", {"pandas": PEERS["pandas"], "SQLite": "no_such_package:Peer"})
    assert run_of(stores, "--json", str(file)) == 0
    lines = capsys.readouterr().out.splitlines()
    figures = json.loads(file.read_text(encoding="utf-8"))
    assert "SQLite is missing: No module named 'no_such_package'" in lines
    assert [line["name"] for line in figures["lines"]] == list(FILTERS)
    for line, name in zip(figures["lines"], FILTERS, strict=True):
        assert set(line["results"]) == {product.NAME, "pandas"}
        assert line["ratios"]["frames"] > 0
        assert line["ratios"]["databases"] is None
        assert any(shown.startswith(f"{name}  ") for shown in lines)


@pytest.fixture
def run() -> PeersRun:
    def line(name: str, *medians: float) -> Line:
        names = (product.NAME, "pandas", "Polars", "SQLite")
        return Line(name, {who: Result(name, ms, 2 * ms, 3 * ms, None) for who, ms in zip(names, medians, strict=True)})

    facts = dict.fromkeys(building.Build.__dataclass_fields__, 1)
    found = Made(0.5, [], {"pandas": 1.5}, {"PostgreSQL": "its server does not start"})
    return finished(building.Build(**facts), found, [line("none", 10, 50, 40, 20), line("some", 10, 4, 5, 0)], 20)


def test_the_table_says_where_a_peer_is_faster(run: PeersRun) -> None:
    first, second = ([cell.strip() for cell in line.split("  ") if cell] for line in table(run).splitlines()[-2:])
    assert first == ["none", "10.0 / 20.0", "50.0 / 100.0", "40.0 / 80.0", "20.0 / 40.0", "–", "0.25", "0.50"]
    assert second[-2:] == ["2.50, pandas is faster", "200.00, SQLite is faster"]
    assert "PostgreSQL is missing: its server does not start" in table(run)


def test_the_json_has_the_ratios(run: PeersRun) -> None:
    assert [line["ratios"] for line in json.loads(to_json(run))["lines"]] == [
        {"frames": 0.25, "databases": 0.5},
        {"frames": 2.5, "databases": 200.0},
    ]


def test_the_readme_is_written_between_markers_of_its_own(run: PeersRun, tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(reporting.README.read_text(encoding="utf-8"), encoding="utf-8")
    write_readme(run, readme)
    write_readme(replace(run, commit="second"), readme)
    text = readme.read_text(encoding="utf-8")
    before, _, after = reporting.README.read_text(encoding="utf-8").partition(BEGIN)
    assert text.startswith(before + BEGIN)
    assert text.endswith(after.partition(END)[2])
    assert text.count("commit second") == 1
    assert text.count("| some | 10.0 / 20.0 | 4.0 / 8.0 |") == 1
