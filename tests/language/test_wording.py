import pytest

from lib.language import _, _p, in_language, mark, plural, wording

JAPANESE = """
msgid ""
msgstr ""
"Language: ja\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

msgid "Chats"
msgstr "チャット"

msgctxt "verb"
msgid "Open"
msgstr "開く"

msgctxt "state"
msgid "Open"
msgstr "未対応"

msgid "Reply to {name}"
msgstr "{name}さんに返信する"

msgid "One chat in {place}"
msgid_plural "{n} chats in {place}"
msgstr[0] "{place}のチャット{n}件"

msgid "One note"
msgid_plural "{n} notes"
msgstr[0] ""

#, fuzzy
msgid "Visitors"
msgstr "たぶん訪問者"
"""


@pytest.fixture(autouse=True)
def words(tmp_path, monkeypatch):
    (tmp_path / "ja.po").write_text(JAPANESE.lstrip(), encoding="utf-8")
    monkeypatch.setattr(wording, "FOLDER", tmp_path)
    wording.wording.cache_clear()
    yield
    wording.wording.cache_clear()


def test_messages_are_translated():
    assert _("Chats") == "Chats"
    with in_language("ja"):
        assert _("Chats") == "チャット"


@pytest.mark.parametrize("message", ["Not in the catalogue", "Visitors", "", "Open"])
def test_what_has_no_translation_stays_english(message):
    with in_language("ja"):
        assert _(message) == message


def test_a_context_tells_words_apart():
    with in_language("ja"):
        assert (_p("verb", "Open"), _p("state", "Open"), _p("door", "Open")) == ("開く", "未対応", "Open")
    assert _p("verb", "Open") == "Open"


@pytest.mark.parametrize("name", ["Ann", "{name}", "{0}", "{{", "}", "%s", "{name.__class__}", "花子"])
def test_values_are_inserted_as_they_are(name):
    assert _("Reply to {name}", name=name) == f"Reply to {name}"
    with in_language("ja"):
        assert _("Reply to {name}", name=name) == f"{name}さんに返信する"


def test_a_field_may_have_any_name():
    assert _("{message} {self}", message=1, self=2) == "1 2"
    assert _p("x", "{context}", context="c") == "c"


def test_doubled_braces_are_braces():
    assert _("Write {{name}} for the name") == "Write {name} for the name"


@pytest.mark.parametrize(
    ("n", "english", "japanese"),
    [
        (0, "0 chats in {n}", "{n}のチャット0件"),
        (1, "One chat in {n}", "{n}のチャット1件"),
        (2, "2 chats in {n}", "{n}のチャット2件"),
        (12345, "12,345 chats in {n}", "{n}のチャット12,345件"),
    ],
)
def test_plurals(n, english, japanese):
    assert plural("One chat in {place}", "{n} chats in {place}", n, place="{n}") == english
    with in_language("ja"):
        assert plural("One chat in {place}", "{n} chats in {place}", n, place="{n}") == japanese


@pytest.mark.parametrize(("n", "expected"), [(1, "One note"), (5, "5 notes")])
def test_plurals_without_a_translation_stay_english(n, expected):
    with in_language("ja"):
        assert plural("One note", "{n} notes", n=n) == expected


def test_marked_words_are_translated_later():
    names = [mark("Chats")]
    assert names == ["Chats"]
    with in_language("ja"):
        assert [_(name) for name in names] == ["チャット"]


def test_a_catalogue_is_read_once(monkeypatch):
    with in_language("ja"):
        _("Chats")
        monkeypatch.setattr(wording, "read", None)
        assert _("Chats") == "チャット"
