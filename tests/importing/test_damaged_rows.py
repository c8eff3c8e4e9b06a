"""CSV in which a quotation mark is missing, and CSV that only looks like it."""

import csv
import io
import random
from pathlib import Path

import pytest

from lib.importing import Source, limits
from tests.importing.files import load, raw, rejects, staged

INPUTS = Path(__file__).parent / "field_inputs"
HEADER = "id,started_at,status,visitor_name,question"


def row(number, question="where is it?"):
    return f"Q{number},2026-03-01 10:{number % 60:02}:00,missed,V{number},{question}"


def table(*rows, end="\r\n"):
    return raw(end.join([HEADER, *rows, ""]), "chats.csv")


def read(file):
    """The questions by id, and the rejected rows: reason, and the text of the row."""
    tables, reading = staged(file)
    chats, rejected = tables.get("staged_chats", []), tables.get("staged_rejects", [])
    assert reading.read.get("chat", 0) == len(chats) + len(rejected)
    questions = {chat["vendor_id"]: chat["given_question"] for chat in chats}
    return questions, [(found["reason"], found["record"]) for found in rejected]


def test_one_missing_mark_loses_only_its_row(in_file):
    report = load(in_file, Source("chats.csv", INPUTS / "09-unclosed-quote.csv"))
    assert (report.read, report.new) == (10, 9)
    assert rejects(in_file, report) == [(3, "question", "my screen is broken", "open_quote")]


LATER = {
    "nothing quoted": [row(n) for n in range(3, 9)],
    "a quoted cell": [row(3), row(4, '"a, b"'), row(5)],
    "a quoted cell right below": [row(3, '"a, b"'), row(4)],
    "doubled marks": [row(3, '"she said ""no"""'), row(4)],
    "empty quoted cells": [row(3, '""'), row(4, '""'), row(5)],
    "several lines": [row(3, '"one\r\ntwo, three"'), row(4)],
    "a mark at the end": [row(3), row(4, 'a monitor of 24"'), row(5)],
    "another one missing": [row(3), row(4, '"and here'), row(5), row(6)],
    "a blank line": ["", row(3), row(4)],
}


@pytest.mark.parametrize("later", LATER)
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("before", [0, 1, 5])
def test_whatever_stands_below_it(later, end, before):
    above = [row(100 + n) for n in range(before)]
    broken = row(2, '"my screen is broken')
    below = [line.replace("\r\n", end) for line in LATER[later]]
    expected = staged(table(*above, *(line for line in below if "and here" not in line), end=end))[0]["staged_chats"]
    questions, rejected = read(table(*above, broken, *below, end=end))
    assert questions == {chat["vendor_id"]: chat["given_question"] for chat in expected}
    assert rejected[0] == ("open_quote", broken)
    assert len(rejected) == 1 + ("another" in later)


def test_a_missing_mark_in_the_middle_of_a_row():
    questions, rejected = read(table(row(1), row(2).replace("V2", '"V2'), row(3), row(4)))
    assert ([*questions], [reason for reason, _ in rejected]) == (["Q1", "Q3", "Q4"], ["open_quote"])


def test_a_mark_inside_a_cell_of_several_lines_loses_only_its_row():
    questions, rejected = read(table(row(1), row(2, '"one\r\nhe said "no" to me\r\nthree"'), row(3)))
    assert ([*questions], [reason for reason, _ in rejected]) == (["Q1", "Q3"], ["open_quote"])


def test_a_file_that_ends_inside_a_row_is_cut_off():
    questions, rejected = read(raw("\r\n".join([HEADER, row(1), row(2, '"my scr')])))
    assert ([*questions], [reason for reason, _ in rejected]) == (["Q1"], ["cut_off"])


def test_text_behind_a_closing_mark_is_read_as_spreadsheets_do():
    questions, rejected = read(table(row(1, '"a" b'), row(2)))
    assert (questions["Q1"], len(questions), rejected) == ("a b", 2, [])


TALKS = [
    "Ann: hello\nBen: yes, here\n\nAnn: 1, 2, 3, 4, 5",
    'Ann: "quoted", she said\n"Ben", he, said, so, too\n',
    "1,2,3,4,5\n100,101,102,103,104",
    "2026-03-01 10:00:00 Ann: hello\n2026-03-01 10:01:00 Ben: a,b,c,d,e",
    "\n\n,,,,\n",
]


@pytest.mark.parametrize("talk", TALKS)
def test_a_talk_in_a_cell_is_read_as_it_is(talk):
    stream = io.StringIO()
    csv.writer(stream).writerows(
        [HEADER.split(","), *([f"Q{n}", "2026-03-01 10:00:00", "missed", f"V{n}", talk] for n in range(20))]
    )
    questions, rejected = read(raw(stream.getvalue()))
    assert (questions, rejected) == ({f"Q{n}": talk for n in range(20)}, [])


def test_a_missing_mark_far_from_the_end_of_a_long_file(monkeypatch):
    monkeypatch.setattr(limits, "LONGEST_ROW", 2_000)
    questions, rejected = read(table(row(0, '"open'), *map(row, range(1, 500))))
    assert (len(questions), [reason for reason, _ in rejected]) == (499, ["open_quote"])


def test_any_mark_that_goes_missing_costs_its_row_alone():
    chance = random.Random(9)
    for _ in range(300):
        words = ["plain", '"a, b"', '"two\r\nlines"', '"she said ""no"""', '""', 'a 24" one']
        rows = [row(n, chance.choice(words)) for n in range(12)]
        broken = chance.choice([n for n in range(12) if rows[n].endswith('"') and '""' not in rows[n]] or [0])
        rows[broken] = rows[broken][:-1] if '"' in rows[broken] else rows[broken]
        questions, _rejected = read(table(*rows))
        assert {f"Q{n}" for n in range(12)} - questions.keys() <= {f"Q{broken}"}, rows
