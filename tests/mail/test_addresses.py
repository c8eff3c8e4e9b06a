"""Addresses as people type them."""

import pytest

from lib.mail.addresses import AddressProblem, MailAddress, check_address, check_copies


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("aiko@example.com", "aiko@example.com"),
        ("  aiko@EXAMPLE.com\n", "aiko@example.com"),
        ("Aiko.Sato+chat@example.co.jp", "Aiko.Sato+chat@example.co.jp"),
        ("ａｉｋｏ＠ｅｘａｍｐｌｅ．ｃｏｍ", "aiko@example.com"),
        ("\u3000aiko@example.com\u3000", "aiko@example.com"),
        ("aiko@例え.jp", "aiko@xn--r8jz45g.jp"),
        ("Aiko Sato <aiko@example.com>", "aiko@example.com"),
        ('"Sato, Aiko" <aiko@example.com>', "aiko@example.com"),
        ("部長 <bucho@example.co.jp>", "bucho@example.co.jp"),
        ("カスタマー窓口<desk@example.com>", "desk@example.com"),
        ('"窓口, 東京" <desk@example.com>', "desk@example.com"),
        ("o'neil@example.com", "o'neil@example.com"),
        ("a" * 64 + "@example.com", "a" * 64 + "@example.com"),
    ],
)
def test_usable(typed, address):
    assert check_address(typed).address == address


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (None, "empty"),
        ("", "empty"),
        (" \u3000", "empty"),
        ("aiko", "not_an_address"),
        ("aiko@", "not_an_address"),
        ("@example.com", "not_an_address"),
        ("aiko@example", "not_an_address"),
        ("aiko@localhost", "not_an_address"),
        ("aiko@example.test", "not_an_address"),
        ("aiko..sato@example.com", "not_an_address"),
        ("部長@example.com, 課長 <a@example.com>", "not_an_address"),
        ("部長\u2028Bcc <a@example.com>", "not_an_address"),
        ("部長\nBcc <a@example.com>", "not_an_address"),
        ("docomo.@example.com", "not_an_address"),
        ("aiko@exa mple.com", "not_an_address"),
        ("aiko@[127.0.0.1]", "not_an_address"),
        ("aiko@example.com, ken@example.com", "not_an_address"),
        ("aiko@example.com\r\nBcc: e@example.com", "not_an_address"),
        ("aiko@example.com\x00", "not_an_address"),
        ("ai\u202eko@example.com", "not_an_address"),
        ("=?utf-8?q?a=0d=0aBcc?=@example.com", "not_an_address"),
        ("\ud800@example.com", "not_an_address"),
        ("a" * 65 + "@example.com", "too_long"),
        ("a@" + "b." * 130 + "com", "too_long"),
    ],
)
def test_unusable(typed, code):
    assert check_address(typed).code == code


def test_japanese_local_part_needs_a_server_that_takes_it():
    assert check_address("用户@example.com") == MailAddress("用户@example.com", "", needs_smtputf8=True)
    assert not check_address("aiko@例え.jp").needs_smtputf8


def test_a_problem_keeps_what_was_typed():
    assert check_address("no body") == AddressProblem("not_an_address", "no body")


@pytest.mark.parametrize(
    ("line", "addresses"),
    [
        ("", []),
        (None, []),
        (" , ;\n", []),
        ("a@example.com,b@example.com;c@example.com\nd@example.com", ["a", "b", "c", "d"]),
        ("a@example.com、b@example.com，c@example.com；", ["a", "b", "c"]),
        ('"Sato, Aiko" <a@example.com>, Ken <b@example.com>', ["a", "b"]),
        ("a@example.com, A@Example.com, a@example.com", ["a"]),
        ("a@example.com, aiko@example.com", ["a"]),
    ],
)
def test_copies(line, addresses):
    copies = check_copies(line, recipient="Aiko@example.com")
    assert [copy.address for copy in copies.addresses] == [f"{name}@example.com" for name in addresses]
    assert copies.problems == ()


def test_copies_keep_the_good_beside_the_bad():
    copies = check_copies('a@example.com, nobody, "b@example.com')
    assert [copy.address for copy in copies.addresses] == ["a@example.com"]
    assert [(each.code, each.value) for each in copies.problems] == [
        ("not_an_address", "nobody"),
        ("not_an_address", '"b@example.com'),
    ]


def test_too_many_copies():
    problems = check_copies(",".join(f"a{n}@example.com" for n in range(21))).problems
    assert problems == (AddressProblem("too_many", "21"),)
