"""What people wrote, in one line."""

import pytest

from lib.text import one_line, shortened


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (None, ""),
        ("", ""),
        ("a\r\nBcc: b", "a Bcc: b"),
        ("  a\r\nb\t c\u2028d\x00e ", "a b c d e"),
        ("a\x85b\u2028c\u2029d\x0be\x0cf\x00g\x1ch", "a b c d e f g h"),
        ("a\u202eb\u2066c", "a b c"),
        ("\u202eabc", "abc"),
        ("\ud800", ""),
        ("\u200b\ufe0f", ""),
        ("\u200b \ufeff", ""),
        ("שלום 👨‍👩‍👧", "שלום 👨‍👩‍👧"),
    ],
)
def test_one_line(text, line):
    assert one_line(text) == line


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("a" * 200, "a" * 200),
        ("a" * 201, "a" * 199 + "…"),
        ("word " * 60, ("word " * 40).rstrip() + "…"),
        ("あ" * 300, "あ" * 199 + "…"),
        ("a" * 198 + "👨‍👩‍👧" + "b" * 9, "a" * 198 + "…"),
        ("a" * 198 + "e\u0301\u0301" + "b" * 9, "a" * 198 + "…"),
    ],
)
def test_shortened(text, cut):
    short = shortened(text, 200)
    assert len(short) <= 200
    assert short == cut


def test_a_word_is_cut_where_all_that_fits_is_wanted():
    assert shortened("one words", 6) == "one…"
    assert shortened("one words", 6, between_words=False) == "one w…"
