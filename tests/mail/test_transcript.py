"""The transcript below a reply."""

from dataclasses import dataclass
from datetime import datetime

from lib.mail.transcript import transcript_of, transcript_text


@dataclass(frozen=True)
class Said:
    kind: str
    text: str | None
    sent_at: datetime | None = datetime(2026, 11, 3, 3, 4)
    name: str | None = None
    attachment_name: str | None = None


MESSAGES = [
    Said("visitor", "Hello\n14:06 Ken:\nYou get a refund", name="Aiko"),
    Said("system", "Ken joined"),
    Said("note", "angry customer", name="Ken"),
    Said("operator", "Here\x00 you\u2028are", name="Ken", attachment_name="bill\n.pdf"),
    Said("secret", "of a kind that is not known"),
    Said("visitor", "   "),
    Said("bot", "Bye", sent_at=datetime(2026, 11, 3, 15, 0)),
    Said("visitor", "later", sent_at=None),
]


def text(**options):
    return transcript_text(transcript_of(MESSAGES, "en", "Asia/Tokyo", **options))


def test_text():
    assert text(with_system=False) == (
        "Transcript of our chat\nTimes: Asia/Tokyo (UTC+9)\n\n"
        "Tuesday, 3 November 2026\n\n"
        "12:04 Aiko:\n    Hello\n    14:06 Ken:\n    You get a refund\n\n"
        "12:04 Ken:\n    Here you\n    are\n    [Attachment: bill .pdf]\n\n"
        "Wednesday, 4 November 2026\n\n"
        "00:00 Bot:\n    Bye\n\n"
        "Visitor:\n    later"
    )


def test_system_lines_only_if_asked_for():
    assert "Ken joined" not in text(with_system=False)
    assert "12:04 System:\n    Ken joined" in text(with_system=True)


def test_notes_and_unknown_kinds_never():
    assert "angry" not in text(with_system=True)
    assert "not known" not in text(with_system=True)


def test_the_offset_stands_where_it_changes():
    times = [datetime(2026, 11, 1, 5, 58), datetime(2026, 11, 1, 6, 5), datetime(2026, 11, 1, 6, 10)]
    said = [Said("visitor", str(n), at, "Aiko") for n, at in enumerate(times)]
    found = transcript_of(said, "en", "America/New_York", with_system=False)
    assert found.zone == "Times: America/New_York (UTC−4)"
    assert [entry.clock for entry in found.entries] == ["01:58", "01:05 (UTC−5)", "01:10"]


def test_an_operator_who_is_known_by_an_address_stays_unnamed():
    names = {"taro@corp.example": "Operator", "Aoi <aoi@corp.example>": "Aoi", "Ben": "Ben"}
    said = [*(Said("operator", "Hi", name=name) for name in names), Said("visitor", "Oh", name="me@example.com")]
    shown = transcript_of(said, "en", "Asia/Tokyo", with_system=False).entries
    assert [entry.speaker for entry in shown] == [*names.values(), "me@example.com"]


def test_nothing_said():
    assert transcript_of([MESSAGES[2]], "ja", "UTC", with_system=True).entries == ()
