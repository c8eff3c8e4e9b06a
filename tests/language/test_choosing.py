import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from lib.language import choose_with, choosing, current, in_language, preferred


@pytest.fixture(autouse=True)
def no_resolver(monkeypatch):
    monkeypatch.setattr(choosing, "_resolver", None)


def test_english_without_a_resolver():
    assert current() == "en"


@pytest.mark.parametrize(
    ("answer", "expected"), [("ja", "ja"), ("en", "en"), (None, "en"), ("de", "en"), ("", "en"), ("JA", "en")]
)
def test_the_resolver_answers_and_nonsense_is_english(answer, expected):
    choose_with(lambda: answer)
    assert current() == expected


def test_the_resolver_is_asked_at_every_use():
    answers = iter(["ja", "en", "ja"])
    choose_with(lambda: next(answers))
    assert [current(), current(), current()] == ["ja", "en", "ja"]


def test_the_resolver_serves_every_thread():
    choose_with(lambda: "ja")
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda _: current(), range(20))) == {"ja"}


def test_the_resolver_may_tell_threads_apart():
    choose_with(lambda: threading.current_thread().name)
    found = {}
    threads = [
        threading.Thread(target=lambda: found.update({threading.current_thread().name: current()}), name=name)
        for name in ("ja", "en")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {"ja": "ja", "en": "en"}


def test_blocks_override_the_resolver_and_nest():
    choose_with(lambda: "ja")
    with in_language("en"):
        assert current() == "en"
        with in_language("ja"):
            assert current() == "ja"
        assert current() == "en"
    assert current() == "ja"


@pytest.mark.parametrize("language", [None, "de"])
def test_a_block_in_an_unknown_language_is_english(language):
    choose_with(lambda: "ja")
    with in_language(language):
        assert current() == "en"


def test_a_block_ends_with_an_error_too():
    with pytest.raises(RuntimeError), in_language("ja"):
        raise RuntimeError
    assert current() == "en"


def test_a_block_leaves_other_threads_alone():
    inside, seen = threading.Barrier(2, timeout=60), []

    def speak(language):
        with in_language(language):
            inside.wait()
            seen.append((language, current()))
            inside.wait()

    threads = [threading.Thread(target=speak, args=(language,)) for language in ("ja", "en")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == [("en", "en"), ("ja", "ja")]
    assert current() == "en"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("ja-JP", "ja"),
        ("ja", "ja"),
        ("JA_jp", "ja"),
        ("en-GB", "en"),
        ("de", "en"),
        ("jav", "en"),
        ("", "en"),
        (None, "en"),
        ("de,ja;q=0.8,en;q=0.5", "ja"),
        ("en;q=0.4, ja;q=0.9", "ja"),
        ("ja;q=0, en", "en"),
        ("ja;q=0", "en"),
        ("../../etc/passwd", "en"),
        (",;q=;;", "en"),
    ],
)
def test_a_browser_gets_the_language_it_prefers(accept, expected):
    assert preferred(accept) == expected
