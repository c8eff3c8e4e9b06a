import re

import pytest

from lib.language import __main__ as tool
from lib.language.upkeep import faults, update
from lib.language.wording import path_of, read, strings_of


def test_the_projects_catalogues_are_complete(capsys):
    tool.main(["--check"])
    assert capsys.readouterr().out == ""


# One word a thing: what stands at the right is what the screen calls it.
OTHER_WORDS = {
    "対応者": "フォロー担当",
    "受け持ち": "フォロー担当",
    "再訪": "再問い合わせ",
    "挽回": "フォロー完了",
    "だれ": "誰",
    "書き出": "エクスポート",
    "フィルター": "絞り込み",
    "データ分析": "SQLで調べる",
    "保存した表示": "保存したビュー",
}
JAPANESE = "ぁ-んァ-ヶ一-龠々ー、。）（「」："
BLANK = re.compile(rf"[{JAPANESE}] (?=[0-9A-Za-z{{])|(?<=[0-9A-Za-z}}]) [{JAPANESE}]")
# Names in front of their titles, places in a row, code and dates of examples have a blank.
WITH_BLANKS = re.compile(r"様|^一致 |`|[0-9]-[0-9]")


def japanese() -> list[str]:
    return [text for message in read(path_of("ja"), "ja") if message.id for text in strings_of(message)]


def test_a_thing_has_one_name_in_japanese():
    assert [(text, word) for text in japanese() for word in OTHER_WORDS if word in text] == []


def test_no_blank_stands_between_japanese_and_latin_letters():
    assert [text for text in japanese() if BLANK.search(text) and not WITH_BLANKS.search(text)] == []


@pytest.fixture
def project(tmp_path):
    (tmp_path / "pages").mkdir()
    (tmp_path / "lib").mkdir()
    write(tmp_path, "lib/chats.py", '_("Chats")\nplural("One chat", "{n} chats", 3)\n')
    write(tmp_path, "pages/1.py", '_p("verb", "Open")\n_("Reply to {name}", name=1)\n')
    write(tmp_path, "app.py", '_("Today")\nNAMES = [mark("Chats"), other("Not this")]\n')
    return tmp_path


def write(root, name, text):
    (root / name).write_text(text, encoding="utf-8")


def refresh(root, **kwargs):
    return update(root, root / "ja.po", "ja", **kwargs)


def check(root):
    return faults(root, root / "ja.po", "ja")


def translate(root, **words):
    text = (root / "ja.po").read_text()
    for english, japanese in words.items():
        text = text.replace(f'"{english}"\nmsgstr ""', f'"{english}"\nmsgstr "{japanese}"')
    write(root, "ja.po", text)


def complete(root):
    refresh(root)
    translate(root, Today="今日", Chats="チャット", Open="開く", **{"Reply to {name}": "{name}さんに返信する"})
    text = (root / "ja.po").read_text()
    write(root, "ja.po", text.replace('msgstr[0] ""', 'msgstr[0] "{n}件"'))


def test_messages_are_collected_in_the_order_of_the_files(project):
    refresh(project)
    text = (project / "ja.po").read_text()
    order = [text.index(f'"{word}"') for word in ("Today", "Chats", "Open", "Reply to {name}", "One chat")]
    assert order == sorted(order)
    assert "Not this" not in text
    assert 'msgctxt "verb"' in text
    assert "#: app.py lib/chats.py\n" in text
    assert "Date" not in text


def test_updating_names_what_is_not_translated(project):
    found = refresh(project)
    assert len(found) == 5
    assert "not translated: 'Open' (pages/1.py)" in found


def test_a_complete_catalogue_has_no_fault_and_stays_the_same(project):
    complete(project)
    before = (project / "ja.po").read_bytes()
    assert check(project) == []
    assert refresh(project) == []
    assert (project / "ja.po").read_bytes() == before


def test_lines_that_move_change_nothing(project):
    complete(project)
    write(project, "app.py", "\n\n\n" + (project / "app.py").read_text())
    assert check(project) == []


def test_a_new_message_is_a_fault_until_added_and_translated(project):
    complete(project)
    write(project, "pages/2.py", '_("New")')
    assert [fault.split(":")[0] for fault in check(project)] == [
        "not up to date with the code",
        "not translated",
    ]
    refresh(project)
    assert check(project) == ["not translated: 'New' (pages/2.py)"]
    translate(project, New="新規")
    assert check(project) == []


def test_only_messages_are_collected(project):
    write(project, "pages/2.py", '_(YES if a == "yes" else NAMES["no"])\nother.mark("this")\nlanguage._("Here")')
    refresh(project)
    text = (project / "ja.po").read_text()
    assert '"Here"' in text
    assert not any(f'"{word}"' in text for word in ("yes", "no", "this"))


def test_a_missing_catalogue_is_a_fault(project):
    assert check(project)[0].startswith("not up to date")


def test_what_leaves_the_code_is_set_aside_comes_back_or_is_dropped(project):
    complete(project)
    page = (project / "pages/1.py").read_text()
    write(project, "pages/1.py", "")
    assert check(project) == ["not up to date with the code: run python -m lib.language"]
    refresh(project)
    assert check(project) == []
    assert '#~ msgstr "開く"' in (project / "ja.po").read_text()
    write(project, "pages/1.py", page)
    assert refresh(project) == []
    assert "#~" not in (project / "ja.po").read_text()
    write(project, "pages/1.py", "")
    refresh(project, prune=True)
    assert "開く" not in (project / "ja.po").read_text()


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("{name}さん", "{nome}さん"),
        ("{name}さん", "さん"),
        ("{name}さん", "{name}{more}"),
        ("{name}さん", "{name!r}"),
        ("{name}さん", "{name"),
        ("{n}件", "件"),
        ("{n}件", "{m}件"),
    ],
)
def test_other_fields_than_the_english_are_a_fault(project, right, wrong):
    complete(project)
    write(project, "ja.po", (project / "ja.po").read_text().replace(right, wrong))
    assert [fault for fault in check(project) if fault.startswith("fields differ")]


def test_a_fuzzy_entry_is_a_fault(project):
    complete(project)
    text = (project / "ja.po").read_text()
    write(project, "ja.po", text.replace('msgid "Today"', '#, fuzzy\nmsgid "Today"'))
    assert "marked as fuzzy: 'Today' (app.py)" in check(project)


def test_english_with_broken_braces_is_a_fault(project):
    complete(project)
    write(project, "pages/2.py", '_("50 { of")')
    refresh(project)
    translate(project, **{"50 { of": "50"})
    assert check(project) == ["English text with broken braces: '50 { of' (pages/2.py)"]


def test_one_text_with_and_without_a_number_is_refused(project):
    write(project, "pages/2.py", '_("One chat")')
    with pytest.raises(ValueError, match="'One chat' is used both with and without a number"):
        refresh(project)


def test_the_tool_checks_and_updates(project, monkeypatch, capsys):
    monkeypatch.setattr(tool, "ROOT", project)
    monkeypatch.setattr(tool, "path_of", lambda language: project / f"{language}.po")
    assert tool.main(["--check"]) == 1
    assert tool.main([]) == 0
    assert "ja.po: not translated: 'Today' (app.py)" in capsys.readouterr().out
    complete(project)
    assert tool.main(["--check"]) == 0
    assert capsys.readouterr().out == ""
