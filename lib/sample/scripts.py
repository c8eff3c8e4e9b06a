"""The scenarios and phrases of the two languages, read from the JSON files beside this module."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, product
from pathlib import Path
from typing import Any, NamedTuple

from .choices import weighted

FOLDER = Path(__file__).parent
LANGUAGES = ("ja", "en")
SENDERS = {"v": "visitor", "o": "operator", "b": "bot", "n": "note"}

# A line's key: who speaks, "#a" names the choice of wording, "=" or "=a" repeats the choice of the
# line before or of the named one, "?" makes the line optional, "+photo" attaches a file.
_NOT_PLAIN = ("hello", "hello_alone", "follow_ups", "session", "second_part")
_KEY = re.compile(r"([vobn])(#\w)?(=\w?)?(\?)?(?:\+(\w+))?")


class Line(NamedTuple):
    """One line of a script with all its wordings."""

    sender: str
    wordings: tuple[str, ...]
    label: str
    follows: str
    optional: bool
    attachment: str


Lines = tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A subject that visitors write about, with every way that the chat can go."""

    name: str
    department: str | None
    tags: tuple[str, ...]
    pages: tuple[tuple[str, str], ...]
    product_kind: str
    unhappy: bool
    paths: tuple[Lines, ...]


@dataclass(frozen=True, slots=True)
class Language:
    """Everything that is said in one language."""

    code: str
    scenarios: tuple[Scenario, ...]
    phrases: dict[str, tuple[str, ...]]
    hello: dict[str, tuple[str, ...]]
    follow_ups: tuple[Lines, ...]
    session: tuple[Lines, ...]
    second_part: Lines


def load_json(name: str) -> Any:
    """Return the content of a JSON file of this package."""
    return json.loads((FOLDER / name).read_text("utf-8"))


def load_language(code: str) -> Language:
    """Return the scripts and phrases of a language."""
    words = load_json(f"phrases_{code}.json")
    plain = {key: tuple(value) for key, value in words.items() if key not in _NOT_PLAIN}
    plain["hello"] = (words["hello_alone"],)
    plain["bot_name"] = (words["bot_name"],)
    hello = {part: tuple(greetings) for part, greetings in words["hello"].items()}
    follow_ups, session = (tuple(map(_lines, words[key])) for key in ("follow_ups", "session"))
    scripts = load_json(f"scripts_{code}.json")
    shares = {index: script["weight"] for index, script in enumerate(scripts)}
    scenarios = []
    for script in scripts:
        is_unhappy = script["lines"][0] == ["mood", "bad"]
        lines = script["lines"][1:] if is_unhappy else script["lines"]
        parts = [line["either"] if isinstance(line, dict) else [[line]] for line in lines]
        paths = tuple(_lines(chain.from_iterable(chosen)) for chosen in product(*parts))
        pages, kind = tuple(map(tuple, script["pages"])), script.get("product_kind", "")
        scenarios.append(
            Scenario(script["name"], script["department"], tuple(script["tags"]), pages, kind, is_unhappy, paths)
        )
    likely = tuple(scenarios[index] for index in weighted(shares))
    return Language(code, likely, plain, hello, follow_ups, session, _lines(words["second_part"][0]))


def _lines(path: Iterable[list[str]]) -> Lines:
    return tuple(map(_line, path))


def _line(line: list[str]) -> Line:
    key = _KEY.fullmatch(line[0])
    if key is None:
        raise ValueError(f"not a line's key: {line[0]}")
    speaker, label, follows, optional, attachment = key.groups()
    return Line(SENDERS[speaker], tuple(line[1:]), (label or "")[1:], follows or "", bool(optional), attachment or "")
