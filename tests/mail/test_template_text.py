"""Texts with named fields: what they say with and without values, and what is wrong with a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.mail.template_text import FIELDS, UnfitTextError, fill, problems

ALL = {"name": "Aiko", "question": "> Where?", "date": "3 May", "operator": "Ken", "website": "shop.example.com"}


def without(*names):
    return {name: value for name, value in ALL.items() if name not in names}


@pytest.mark.parametrize(
    ("text", "missing", "said"),
    [
        ("Hello", (), "Hello"),
        ("Dear {name},", (), "Dear Aiko,"),
        ("Dear { name },", (), "Dear Aiko,"),
        ("[Dear {name},|Hello,]", (), "Dear Aiko,"),
        ("[Dear {name},|Hello,]", ("name",), "Hello,"),
        ("[{name} of {date}|{name}|Hello]", ("date",), "Aiko"),
        ("Our chat[ on {date}|].", (), "Our chat on 3 May."),
        ("Our chat[ on {date}|].", ("date",), "Our chat."),
        ("Our chat[ on {date}].", ("date",), ""),
        ("a\nDear {name},\nb", ("name",), "a\nb"),
        ("a\n\nDear {name},\n\nb", ("name",), "a\n\nb"),
        ("Dear {name},\n\nb", ("name",), "b"),
        ("a\n\n[{name}|]\n\nb", ("name",), "a\n\nb"),
        ("a\n\n\n\nb", (), "a\n\nb"),
        ("a\n[one:\n\n{name}\n\nis|two] b", (), "a\none:\n\nAiko\n\nis b"),
        ("a\n[one:\n\n{name}|two] b", ("name",), "a\ntwo b"),
        ("{{name}} [[a|b]] a|b", (), "{name} [a|b] a|b"),
        ("[{{|x]", (), "{"),
        ("", (), ""),
    ],
)
def test_what_is_said(text, missing, said):
    assert problems(text) == ()
    assert fill(text, without(*missing)) == said


@pytest.mark.parametrize("empty", ["", None])
def test_an_empty_value_is_not_known(empty):
    assert fill("[Dear {name},|Hello,]", {"name": empty}) == "Hello,"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("You asked: {question} Right?", "You asked:\n> a\n> b\nRight?"),
        ("{question}", "> a\n> b"),
        ("You asked:\n{question}\nRight?", "You asked:\n> a\n> b\nRight?"),
        ("[Asked: {question}|] {name}", "Asked:\n> a\n> b\nAiko"),
        ("{question}{question}", "> a\n> b\n> a\n> b"),
    ],
)
def test_a_block_stands_on_lines_of_its_own(text, said):
    assert fill(text, ALL | {"question": "> a\n> b"}, blocks=("question",)) == said


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Dear {nmae}, {nmae}", [("unknown_field", "{nmae}")]),
        ("{}", [("unknown_field", "{}")]),
        ("{Name}", [("unknown_field", "{Name}")]),
        ("{name", [("brace_left_open", "{")]),
        ("{name\n}", [("brace_left_open", "{"), ("stray_brace", "}")]),
        ("name}", [("stray_brace", "}")]),
        ("[a|b", [("bracket_left_open", "[")]),
        ("a]", [("stray_bracket", "]")]),
        ("[a[b]|c]", [("nested", "["), ("stray_bracket", "]")]),
        ("[{x}|{name]", [("unknown_field", "{x}"), ("brace_left_open", "{")]),
        ("｛name｝ 様", [("full_width", "｛name｝")]),
        ("｛ＮＡＭＥ｝", [("full_width", "｛ＮＡＭＥ｝")]),
        ("［お知らせ］｛注｝", []),
        ("{{{name}}}", []),
        ("[[{name}]]", []),
    ],
)
def test_what_is_wrong(text, wrong):
    assert [(each.mistake, each.value) for each in problems(text)] == wrong


def test_a_text_with_a_mistake_is_not_filled():
    with pytest.raises(UnfitTextError):
        fill("{nmae}", ALL)


TEXTS = st.lists(
    st.sampled_from([*"{}[]|\n x", "{{", "}}", "[[", "]]", *(f"{{{name}}}" for name in FIELDS)]), max_size=12
).map("".join)
VALUES = st.text(st.sampled_from("{}[]|> ab\u3000名"), min_size=1).filter(lambda value: value == value.strip())


@given(TEXTS, st.dictionaries(st.sampled_from(FIELDS), VALUES))
def test_a_value_is_taken_as_it_is_and_never_filled_again(text, values):
    if problems(text):
        with pytest.raises(UnfitTextError):
            fill(text, values)
        return
    marks = {name: chr(0xE000 + number) for number, name in enumerate(values)}
    said = fill(text, marks)
    for name, mark in marks.items():
        said = said.replace(mark, values[name])
    assert fill(text, values) == said


@given(TEXTS, st.sets(st.sampled_from(FIELDS)))
def test_what_remains_has_no_double_blank_line_and_none_at_the_ends(text, missing):
    if not problems(text):
        said = fill(text, without(*missing))
        assert "\n\n\n" not in said
        assert said == said.strip("\n")
