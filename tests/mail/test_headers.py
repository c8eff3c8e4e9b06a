"""What people wrote stays inside its header."""

from email import message_from_bytes, policy

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lib.mail.addresses import MailAddress
from lib.mail.headers import ForgedHeader, address_line, guard, header_block, header_text, subject_line


def block(**values):
    return header_block([(name.title(), value) for name, value in values.items()]) + b"\r\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (None, ""),
        ("a\r\nBcc: b", "a Bcc: b"),
        ("=?utf-8?q?x?=", "= ?utf-8?q?x?="),
        ("=\x00?utf-8?q?x?=", "= ?utf-8?q?x?="),
        ("==??", "== ??"),
        ("=?" * 100, "= ?" * 66 + "=…"),
    ],
)
def test_what_is_fit_for_a_header(text, line):
    assert header_text(text, 200) == line


PIECES = [
    *["a", " ", "=?", "=", "?", "utf-8?q?a=0d=0aBcc:_e@x.com?=", '"', ",", "<", ">", "@", "(", ")", "\\", ":", ";"],
    *["\r", "\n", "\x00", "\x85", "\u2028", "\u202e", "\u0301", "x" * 70, "To: e@x.com", "日本", "😀", "שלום", "é"],
]
SAMPLES = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


@settings(max_examples=300, deadline=None)
@given(SAMPLES | st.text(max_size=300), SAMPLES)
@example("=?utf-8?q?a=0d=0aBcc:_e@example.com?=", "=?utf-8?q?a=0d=0aBcc:_e@example.com?=")
# The standard library's own header of this name cannot be read again by it (3.11.7).
@example(">" + "x" * 70 + "= ?q?;<?=':", '"=?')
def test_any_subject_and_name_is_read_back_alone(subject, name):
    message = block(To=address_line(MailAddress("aiko@example.com", name)), Subject=subject_line(subject))
    guard(message, ["To", "Subject"], {"To": ["aiko@example.com"]})
    assert max(map(len, message.split(b"\r\n"))) <= 76
    assert message.isascii()
    read = message_from_bytes(message, policy=policy.default)
    assert " ".join(str(read["Subject"]).split()) == header_text(subject, 200)


@pytest.mark.parametrize(
    "message",
    [
        b"To: a@example.com\r\nSubject: x\r\nBcc: e@example.com\r\n\r\n",
        b"To: a@example.com\r\nSubject: x\nBcc: e@example.com\r\n\r\n",
        b"To: a@example.com\r\nSubject: x\rBcc: e@example.com\r\n\r\n",
        b"To: a@example.com\r\nSubject: x\x00y\r\n\r\n",
        b"To: a@example.com\r\nSubject: x\r\nSubject: y\r\n\r\n",
        b"To: a@example.com\r\n\r\nSubject: x\r\n\r\n",
        b"To: a@example.com, e@example.com\r\nSubject: x\r\n\r\n",
        b"To: e@example.com\r\nSubject: x\r\n\r\n",
        b"To: a@example.com\r\nTo: a@example.com\r\n\r\n",
        b"To: a@example.com\r\nSubject: =?utf-8?q?a=0d=0aBcc:_e@example.com?=\r\n\r\n",
        "To: a@example.com\r\nSubject: a\u2028b\r\n\r\n".encode(),
        b"To: a@example.com\r\nno header\r\nSubject: x\r\n\r\n",
    ],
)
def test_the_guard_refuses(message):
    with pytest.raises(ForgedHeader):
        guard(message, ["To", "Subject"], {"To": ["a@example.com"]})
