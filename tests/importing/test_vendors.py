"""The exports of vendors, from their files to the store."""

import pytest

from lib.importing.vendors import VENDORS
from tests import worlds
from tests.importing.files import content, gzipped, json_file, json_lines, load, raw, staged, zipped
from tests.importing.vendors.every_vendor import ANSWERS, answers, check_expected, sources
from tests.thorough import rarely

CODES = sorted(ANSWERS)


def test_every_vendor_has_answers():
    assert VENDORS.keys() == ANSWERS.keys()


def test_the_answers_of_all_vendors_give_their_chats(store):
    files = [source for code in CODES for source in sources(code)]
    report = load(store, *files)
    for code in CODES:
        check_expected(store, code)
    chats = sum(len(ANSWERS[code].EXPECTED) for code in CODES)
    assert (report.new, report.updated, report.unchanged, report.rejected) == (chats, 0, 0, 0)
    assert store.read("FROM waiting_messages") == []
    before = content(store)
    again = load(store, *files)
    assert (again.new, again.updated, again.unchanged, again.messages_stored) == (0, 0, chats, 0)
    assert (again.status_changed, again.changed_nothing) == (0, True)
    assert content(store) == before


@pytest.mark.parametrize("code", CODES)
def test_the_answers_of_a_vendor_give_its_chats(in_file, code):
    report = load(in_file, *sources(code))
    check_expected(in_file, code)
    assert report.new == len(ANSWERS[code].EXPECTED)
    assert {file.system for file in report.files} == {VENDORS[code].name}
    assert all(file.evidence for file in report.files)
    assert [file.name for file in report.files] == list(ANSWERS[code].FILES)
    assert {file.format for file in report.files} == {"json"}


def one_a_line(code):
    return json_lines(*answers(code))


def lines_in_a_list(code):
    return raw("[\n" + ",\n".join(map(text_of, answers(code))) + "\n]\n")


def one_after_another(code):
    return raw("\n".join(text_of(answer, indent=1) for answer in answers(code)))


def text_of(answer, **options):
    return json_file(answer, **options).data.decode()


WAYS = {
    "JSON Lines": lambda code: [one_a_line(code)],
    "a list": lambda code: [json_file(answers(code))],
    "a list with an answer a line": lambda code: [lines_in_a_list(code)],
    "a list with indents": lambda code: [json_file(answers(code), indent=2)],
    "one after another": lambda code: [one_after_another(code)],
    "a zip": lambda code: [zipped(*sources(code))],
    "a zip of JSON Lines": lambda code: [zipped(one_a_line(code))],
    "with indents": lambda code: sources(code, indent=4),
    "gzipped": lambda code: [gzipped(source) for source in sources(code)],
    "gzipped in a zip": lambda code: [zipped(*map(gzipped, sources(code)))],
}


@pytest.mark.parametrize(
    "code", ["chatwoot", "zendesk", *rarely(each for each in CODES if each not in ("chatwoot", "zendesk"))]
)
def test_however_the_answers_are_packed_the_store_is_the_same(in_file, code):
    wanted, _ = staged(*sources(code))
    for way, files in WAYS.items():
        found, reading = staged(*files(code))
        assert found == wanted, way
        assert reading.skipped == (), way
        told = {(file.system, file.evidence is not None) for file in reading.files}
        assert told == {(VENDORS[code].name, True)}, way
    load(in_file, *sources(code))
    whole = content(in_file)
    for files in (WAYS["JSON Lines"], WAYS["a zip"]):
        worlds.empty(in_file)
        load(in_file, *files(code))
        assert content(in_file) == whole


@pytest.mark.parametrize("code", CODES)
def test_answers_in_slices_give_the_same_store(code, monkeypatch):
    wanted, whole = staged(*sources(code))
    monkeypatch.setattr("lib.importing.formats.json_values.BLOCK_BYTES", 100)
    monkeypatch.setattr("lib.importing.formats.json_values.SLICED_FROM", 100)
    found, sliced = staged(*sources(code))
    assert found == wanted
    assert (sliced.read, sliced.left_out, sliced.unknown_fields) == (whole.read, whole.left_out, whole.unknown_fields)
