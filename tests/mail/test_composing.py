"""The finished mail."""

from dataclasses import replace
from datetime import datetime
from email import message_from_bytes, policy
from html.parser import HTMLParser
from uuid import UUID

import pytest

from lib.mail.addresses import MailAddress
from lib.mail.composing import compose, mail_id, preview
from lib.mail.draft import Draft
from lib.mail.headers import ForgedHeader
from lib.mail.transcript import Entry, Transcript

SENDER = MailAddress("desk@example.com", "Example Desk")
WRITTEN = datetime(2026, 11, 3, 3, 4, 5)
DRAFT = Draft(
    chat_id=UUID(int=7),
    number=1,
    recipient="aiko@example.com",
    copies=("ken@example.com", "mori@example.com"),
    subject="Your order",
    body="Dear Aiko,\n\nit left today.\n\nKen",
    name="Aiko Sato",
)
TRANSCRIPT = Transcript(
    "Transcript of our chat",
    "Times: UTC",
    (
        Entry(
            "Tuesday, 3 November 2026", "03:04", "Aiko <b>", "visitor", "<script>alert(1)</script>\n&amp; https://e.com"
        ),
        Entry("", "", "Ken", "operator", "\"quoted\" 'text' <img src=x onerror=alert(1)>"),
    ),
)
NAMES = {"From", "To", "Cc", "Subject", "Date", "Message-ID", "Content-Language", "MIME-Version", "Content-Type"}


def composed(draft=DRAFT, transcript=TRANSCRIPT, sender=SENDER):
    return message_from_bytes(compose(draft, transcript, sender, WRITTEN), policy=policy.default)


def part(message, subtype):
    return message.get_body((subtype,)).get_content().replace("\r\n", "\n")


def test_headers():
    mail = composed()
    assert sorted(mail.keys()) == sorted(NAMES)
    assert mail["From"] == "Example Desk <desk@example.com>"
    assert mail["To"] == "Aiko Sato <aiko@example.com>"
    assert [each.addr_spec for each in mail["Cc"].addresses] == ["ken@example.com", "mori@example.com"]
    assert mail["Date"] == "Tue, 03 Nov 2026 03:04:05 +0000"
    assert mail["Message-ID"] == f"<{mail_id(UUID(int=7), 1)}@example.com>"
    assert mail["Content-Language"] == "en"
    assert [each.get_content_type() for each in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]


def test_without_copies_there_is_no_cc():
    assert "Cc" not in composed(replace(DRAFT, copies=()))


def test_without_a_sender_it_is_a_draft():
    mail = composed(sender=None)
    assert set(mail.keys()) == NAMES - {"From"} | {"X-Unsent"}


def test_the_same_mail_has_the_same_id_everywhere():
    assert mail_id(UUID(int=7), 1) == UUID("e47d8ad1-ebf4-5eb3-bdd4-c41cb1e6d27a")
    assert len({mail_id(UUID(int=chat), number) for chat in range(9) for number in range(9)}) == 81


def test_text_is_what_the_preview_shows():
    assert part(composed(), "plain") == preview(DRAFT, TRANSCRIPT, SENDER).text
    assert part(composed(), "plain").startswith("Dear Aiko,\n\nit left today.\n\nKen\n\n------")
    assert "    <script>alert(1)</script>\n    &amp; https://e.com" in part(composed(), "plain")


def test_without_transcript():
    mail = composed(replace(DRAFT, with_transcript=False))
    assert part(mail, "plain") == DRAFT.body + "\n"
    assert "script" not in part(mail, "html")
    assert part(composed(transcript=None), "plain") == DRAFT.body + "\n"


def test_preview():
    shown = preview(replace(DRAFT, subject="a\r\nBcc: =?x", name="Aiko\n"), TRANSCRIPT, SENDER)
    assert (shown.sender, shown.recipient) == ("Example Desk <desk@example.com>", "Aiko <aiko@example.com>")
    assert (shown.subject, shown.copies) == ("a Bcc: = ?x", DRAFT.copies)
    assert preview(replace(DRAFT, name=""), None, None).recipient == "aiko@example.com"


class Elements(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found, self.text = set(), ""

    def handle_starttag(self, tag, attrs):
        self.found |= {tag} | {f"{tag} {name}" for name, _value in attrs}

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize(
    "body", ["Hello", "<a href='https://e.com'>x</a><style>*{}</style>", "</p></div><!--", "&lt;b&gt;"]
)
def test_html_holds_nothing_of_what_people_wrote(body):
    read = Elements()
    read.feed(part(composed(replace(DRAFT, body=body)), "html"))
    styled = {f"{tag} style" for tag in ("div", "p", "hr")}
    plain = {"html", "head", "meta", "body", "div", "p", "hr", "br", "bdi"}
    assert read.found <= styled | plain | {"html lang", "meta charset", "p dir"}
    assert body in read.text
    assert "<script>alert(1)</script>" in read.text
    assert "\"quoted\" 'text' <img src=x onerror=alert(1)>" in read.text


def test_japanese():
    draft = replace(
        DRAFT, subject="ご注文について" * 9, body="佐藤 様\n\n本日発送いたしました。", name="佐藤 愛子", language="ja"
    )
    source = compose(draft, TRANSCRIPT, SENDER, WRITTEN)
    mail = message_from_bytes(source, policy=policy.default)
    assert source.isascii()
    assert mail["Subject"] == "ご注文について" * 9
    assert mail["To"].addresses[0].display_name == "佐藤 愛子"
    assert {each.get_content_charset() for each in mail.iter_parts()} == {"utf-8"}
    assert "本日発送いたしました。" in part(mail, "plain")
    assert '<html lang="ja">' in part(mail, "html")
    assert mail["Content-Language"] == "ja"


def test_control_characters_do_not_reach_the_body():
    text = part(composed(replace(DRAFT, body="a\x00b\x1b[31m\u2028c\ud800\td"), transcript=None), "plain")
    assert text == "ab[31m\nc\td\n"


def test_international_address():
    source = compose(replace(DRAFT, recipient="用户@example.com"), None, SENDER, WRITTEN)
    assert "\r\n <用户@example.com>\r\n".encode() in source


@pytest.mark.parametrize(
    "recipient",
    ["", "a@example.com, e@example.com", "a@example.com\r\nBcc: e@example.com", "a@example.com\x00", "a@b>,<e@x.com"],
)
def test_an_address_that_was_not_checked_is_refused(recipient):
    with pytest.raises(ForgedHeader):
        compose(replace(DRAFT, recipient=recipient), None, SENDER, WRITTEN)
    with pytest.raises(ForgedHeader):
        compose(replace(DRAFT, copies=(recipient,)), None, SENDER, WRITTEN)
