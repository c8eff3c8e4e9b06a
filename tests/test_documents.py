"""What the documents say agrees with the code."""

import re
import tomllib
from pathlib import Path

import pytest

from lib.access.roles import USUAL_RIGHTS
from lib.chats.columns import MISSED_REASONS
from lib.importing import VENDORS
from lib.importing.records import fields
from lib.screen.frame.page import PAGES
from lib.screen.reports import coverage, figures, ledger, replies
from lib.settings import PREFIX, ROOT

DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
REQUIREMENTS = ["requirements.txt", "requirements-dev.txt"]
FORMAT = (ROOT / "docs" / "import-format.md").read_text(encoding="utf-8")
LINK = re.compile(r"!?\[[^\]]*\]\((?!https?:|mailto:)([^)\s]+)\)")
CODE = re.compile(r"`([^`]+)`")


def read(name: str | Path) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def settings_in_code() -> set[str]:
    return set(re.findall(rf"\b{PREFIX}[A-Z_]+", read("lib/settings.py")))


def rows(title: str) -> list[list[str]]:
    """The cells of the table under a heading of the import format."""
    section = FORMAT.split(f"## {title}\n", 1)[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def names(title: str, column: int) -> set[str]:
    return {name for row in rows(title) for name in CODE.findall(row[column])}


def test_readme_names_every_setting_and_no_other():
    assert settings_in_code() == set(re.findall(rf"\b{PREFIX}[A-Z_]*[A-Z]", read("README.md")))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path)
def test_readme_names_every_page(page):
    assert page.name in read("README.md")


def test_every_figure_of_the_reports_is_told_as_the_page_tells_it():
    table = re.findall(r"^\| ([^|]+) \| ([^|]+) \| [^|]+ \|$", read("docs/reports.md"), re.MULTILINE)
    assert table[2:] == [
        (words.name, words.meaning) for each in (figures, coverage, replies, ledger) for words in each.WORDS.values()
    ]


def test_the_rights_of_each_role_are_those_that_are_told():
    lines = [line.strip("|").split("|") for line in read("docs/access.md").splitlines() if line.startswith("| ")]
    (_right, _what, *roles), _rule, *rows_of_rights = [[cell.strip() for cell in line] for line in lines]
    told = {
        role: {row[0].strip("`") for row in rows_of_rights if row[place] == "✓"} for place, role in enumerate(roles, 2)
    }
    assert told == {role: rights for role, rights in USUAL_RIGHTS.items() if rights}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path)
def test_every_page_of_the_menu_is_a_file(page):
    assert (ROOT / page.path).is_file()


def test_every_file_of_a_page_is_in_the_menu():
    assert {page.path for page in PAGES} == {
        "app.py",
        *(f"pages/{file.name}" for file in (ROOT / "pages").glob("*.py")),
    }


def test_the_fields_of_a_chat_are_those_that_are_read():
    visitor = {f"visitor.{name}" for name in fields.VISITOR_FIELDS}
    assert names("A chat", 0) == fields.CHAT_FIELDS | visitor


def test_the_columns_of_a_chat_are_those_that_are_read():
    assert names("A chat", 3) == fields.CHAT_COLUMNS


def test_the_fields_of_a_note_are_those_that_are_read():
    (note,) = [row for row in rows("A chat") if row[0] == "`notes`"]
    assert set(CODE.findall(note[1])) == fields.NOTE_FIELDS


def test_the_fields_of_a_message_are_those_that_are_read():
    assert names("A message", 0) == fields.ROW_FIELDS


def test_the_columns_of_a_message_are_those_that_are_read():
    assert names("A message", 3) == fields.ROW_COLUMNS


def test_the_fields_of_an_attachment_are_those_that_are_read():
    (attachment,) = [row for row in rows("A message") if row[0] == "`attachment`"]
    assert set(CODE.findall(attachment[1])) == fields.ATTACHMENT_FIELDS


def test_the_senders_are_those_that_are_read():
    (sender,) = [row for row in rows("A message") if row[0] == "`sender_type`"]
    assert set(CODE.findall(sender[2])) == fields.SENDERS


def test_the_words_for_a_status_are_those_that_are_known():
    section = FORMAT.split("## Status\n", 1)[1].split("\n## ")[0]
    assert set(CODE.findall(section)) == set(fields.STATUS_OF_WORD)


def test_the_reasons_of_a_missed_chat_are_those_that_are_read():
    (reason,) = [row for row in rows("A chat") if row[0] == "`missed_reason`"]
    assert set(CODE.findall(reason[2])) == set(MISSED_REASONS)


def codes(name: str) -> tuple[list[list[str]], set[str], list[str]]:
    """Of a description of the import format: what each row of its tables names, every name, and the examples."""
    prose, examples = read(name).split("```")[0::2], read(name).split("```")[1::2]
    table = [line for line in read(name).splitlines() if line.startswith("| `")]
    return [CODE.findall(line) for line in table], {code for text in prose for code in CODE.findall(text)}, examples


def test_the_import_format_is_the_same_in_japanese():
    assert codes("docs/import-format.ja.md") == codes("docs/import-format.md")


def test_every_chat_system_has_its_row():
    table = [line for line in read("docs/vendors.md").splitlines() if line.startswith("| ")]
    assert {line.strip("|").split("|")[0].strip() for line in table[2:]} == {vendor.name for vendor in VENDORS.values()}


def test_make_starts_the_app_with_what_it_does_by_itself():
    assert "streamlit run app.py" in read("Makefile")
    assert "streamlit run app.py" in read("README.md")


def test_the_proxy_of_the_readme_lets_through_what_the_app_takes():
    most = tomllib.loads(read(".streamlit/config.toml"))["server"]["maxUploadSize"]
    (allowed,) = re.findall(r"client_max_body_size (\d+)m;", read("README.md"))
    assert int(allowed) > most


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_relative_link_leads_somewhere(document: Path):
    found = LINK.findall(document.read_text(encoding="utf-8"))
    targets = [link.split("#")[0] for link in found if not link.startswith("#")]
    assert [target for target in targets if not (document.parent / target).exists()] == []


def test_readme_leads_to_the_import_format_and_the_licence():
    assert {"docs/import-format.md", "LICENSE"} <= set(LINK.findall(read("README.md")))


@pytest.mark.parametrize("file", REQUIREMENTS)
def test_every_requirement_is_pinned_and_has_its_reason(file: str):
    lines = [line for line in read(file).splitlines() if line and not line.startswith("#")]
    assert len(lines) > 5
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+(\[\w+\])?==[\w.]+ +# \S.*", line)] == []


def test_no_package_is_required_twice():
    found = [line.split("==")[0].lower() for file in REQUIREMENTS for line in read(file).splitlines() if "==" in line]
    assert sorted(found) == sorted(set(found))


def test_the_changelog_tells_of_the_present_version():
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    assert version in read("CHANGELOG.md") or "Unreleased" in read("CHANGELOG.md")


def test_every_place_that_the_architecture_names_is_there():
    text = re.sub(r"```.*?```", "", read("docs/architecture.md"), flags=re.DOTALL)
    named = {code for code in CODE.findall(text) if re.fullmatch(r"[\w./]+", code) and "/" in code}
    assert len(named) > 40
    assert {code for code in named if not (ROOT / code).exists() and not (ROOT / "lib" / code).exists()} == set()
