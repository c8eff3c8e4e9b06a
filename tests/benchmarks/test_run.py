"""A tiny run of the benchmark, from the command line to its figures."""

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import __main__ as program
from benchmarks import building, measuring, reporting
from benchmarks.building import Recipe
from benchmarks.question import Question
from benchmarks.questions import questions
from benchmarks.reporting import BEGIN, END, HEADINGS, Run
from lib.sample import LONG_CHAT_MESSAGES
from lib.settings import ROOT
from lib.store import Store

CHATS, ROUNDS = 300, 2


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stores")


@pytest.fixture(scope="module")
def output(stores: Path) -> str:
    before = _seconds_of_children()
    words = ["--chats", CHATS, "--rounds", ROUNDS, "--store", stores, "--json", stores / "figures.json"]
    command = [sys.executable, "-m", "benchmarks", *map(str, words)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
    assert _seconds_of_children() - before < 15
    return done.stdout


def _seconds_of_children() -> float:
    """Seconds that they computed, since seconds on the clock tell what else the machine does."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.fixture
def figures(output: str, stores: Path) -> dict:
    return json.loads((stores / "figures.json").read_text(encoding="utf-8"))


@pytest.fixture
def run() -> Run:
    facts = dict.fromkeys(building.Build.__dataclass_fields__, 1)
    results = [
        measuring.Result("quick", 1.0, 2.0, 3.0, 50),
        measuring.Result("slow", 51.0, 60.0, 70.0, 50),
        measuring.Result("free", 9.0, 9.0, 9.0, None),
    ]
    return reporting.finished(building.Build(**facts), results, ROUNDS)


def test_the_table_has_every_question_once_with_its_figures(output: str) -> None:
    lines = output.splitlines()
    begin = next(number for number, line in enumerate(lines) if line.startswith(HEADINGS[0])) + 1
    shown = lines[begin : lines.index("", begin)]
    assert len(shown) == len(questions())
    for line, question in zip(shown, questions(), strict=True):
        assert line.startswith(question.name + " ")
        cells = line.removeprefix(question.name).split()
        median, p95, longest = map(float, cells[:3])
        assert 0 < median <= p95 <= longest
        assert len(cells) == (3 if question.limit == "none" else 5)


def test_the_names_of_questions_differ() -> None:
    names = [question.name for question in questions()]
    assert len(set(names)) == len(names)


def test_the_json_tells_what_was_measured_with_what(figures: dict) -> None:
    assert figures["build"]["chats"] == CHATS
    assert figures["build"]["messages"] > 5 * CHATS
    assert figures["rounds"] == ROUNDS
    assert figures["peak_memory_mib"] > 0
    assert figures["machine"]["cores"] > 0
    assert set(figures["versions"]) >= {"python", "duckdb"}
    assert [result["name"] for result in figures["results"]] == [question.name for question in questions()]
    assert figures["missed"] == sum(result["passed"] is False for result in figures["results"])


def test_nothing_but_the_whole_store_stays(output: str, stores: Path) -> None:
    assert [folder.name for folder in stores.iterdir() if folder.is_dir()] == [Recipe(CHATS).name]
    assert {file.name for file in (stores / Recipe(CHATS).name).iterdir()} == {"history.duckdb", "build.json"}


def test_the_store_is_kept_for_the_next_run(output: str, stores: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_build(recipe: Recipe, folder: Path) -> None:
        raise AssertionError("made again")

    monkeypatch.setattr(building, "_build", no_build)
    assert building.built(Recipe(CHATS), stores)[1].chats == CHATS


def test_every_chat_of_the_recipe_is_in_the_store(output: str, stores: Path) -> None:
    store = Store(str(building.built(Recipe(CHATS), stores)[0]))
    row = store.read("SELECT count(*) AS chats, max(message_count) AS longest, max(ordinal) AS last FROM chats")[0]
    store.close()
    assert row == {"chats": CHATS, "longest": LONG_CHAT_MESSAGES, "last": CHATS - 1}


def test_another_recipe_is_another_store() -> None:
    assert Recipe(CHATS).name != Recipe(CHATS, seed=1).name
    assert Recipe(CHATS).name == Recipe(CHATS).name


def test_a_failed_build_leaves_no_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise OSError("no space")

    monkeypatch.setattr(building, "_import", fails)
    folder = tmp_path / Recipe(CHATS).name
    with pytest.raises(OSError, match="no space"):
        building._build(Recipe(CHATS), folder)
    assert not folder.exists()


@pytest.mark.parametrize(("strict", "target", "status"), [(True, 0, 1), (False, 0, 0), (True, 1e9, 0)])
def test_strictness_makes_a_missed_target_an_exit_status(
    output: str, stores: Path, monkeypatch: pytest.MonkeyPatch, strict: bool, target: float, status: int
) -> None:
    only: Callable[[], tuple[Question, ...]] = lambda: questions()[:1]  # noqa: E731
    monkeypatch.setattr(program, "questions", only)
    monkeypatch.setattr(measuring, "TARGETS_MS", dict.fromkeys(measuring.TARGETS_MS, target))
    words = ["--chats", str(CHATS), "--rounds", "1", "--store", str(stores), *(["--strict"] if strict else [])]
    assert program.main(words) == status


def test_a_missed_target_is_said(run: Run) -> None:
    shown = reporting.table(run)
    assert [result.name for result in run.missed] == ["slow"]
    assert "MISSED" in next(line for line in shown.splitlines() if line.startswith("slow"))
    assert "1 of 2 within their target" in shown


def test_the_readme_is_written_between_its_markers(run: Run, tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    reporting.write_readme(run, readme)
    reporting.write_readme(replace(run, commit="second"), readme)
    text = readme.read_text(encoding="utf-8")
    assert text.startswith(f"before\n{BEGIN}\n")
    assert text.endswith(f"{END}\nafter\n")
    assert "old" not in text
    assert "commit second" in text
    assert text.count("| slow | 51.0 | 60.0 | 70.0 | 50 | MISSED |") == 1


def test_the_readme_of_the_project_has_the_markers() -> None:
    text = reporting.README.read_text(encoding="utf-8")
    assert text.index(BEGIN) < text.index(END)
