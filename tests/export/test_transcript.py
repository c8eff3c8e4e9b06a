"""One chat as a file."""

import json

from lib.chats.chat import find_chat, messages
from lib.export.transcript import transcript_html, transcript_json
from lib.importing import Source, import_files
from lib.mail import transcript_of
from tests.worlds import HOSTILE_TEXTS, id_of


def page(store, name: str) -> str:
    chat = find_chat(store, id_of(name))
    found = transcript_of(messages(store, chat), "en", "Asia/Tokyo", with_system=True)
    return transcript_html(f"Transcript {chat.visitor_name}", [chat.vendor_id], found.entries, "en").decode()


def test_nothing_of_a_hostile_chat_runs_or_loads(hostile):
    for number, text in enumerate(HOSTILE_TEXTS):
        found = page(hostile, f"hostile {number}")
        assert "<img" not in found and "<script" not in found and "src=" not in found.replace("src=x onerror", "")
        assert "default-src 'none'" in found and "http://" not in found and "https://" not in found
        if text == "<img src=x onerror=alert(1)>":
            assert "&lt;img src=x onerror=alert(1)&gt;" in found


def test_internal_notes_are_not_printed(sample_like):
    assert "spy" not in page(sample_like, "noted")
    assert "A zebra crossing" in page(sample_like, "noted")


def test_the_json_of_a_chat_is_imported_again(sample_like, elsewhere):
    content = transcript_json(sample_like, id_of("two speakers"))
    assert json.loads(content)["id"] == "two speakers"
    import_files(elsewhere, [Source("chat.json", data=content)], zone="UTC", actor="Ann")
    assert elsewhere.read("SELECT text FROM messages ORDER BY position") == [
        {"text": "I bought a LAMP"}, {"text": "Refunded"},
    ]  # fmt: skip
    assert transcript_json(sample_like, id_of("nobody")) == b""
