"""What is masked is nowhere in the export."""

import csv
import io
import json
import re
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.chats.notes import add_note
from lib.export.choice import FORMATS, MASKS
from lib.export.masking import PLACEHOLDERS
from tests import worlds
from tests.export.exporting import export, files_of, manifest_of, records

LETTERS = st.characters(categories=["Lu", "Ll"], max_codepoint=0x17F, exclude_characters="ŉıİſßĸ")
PART = st.text(LETTERS, min_size=2, max_size=8) | st.sampled_from(["返金", "太郎", "O'Brien", "a.b*c", "(x", "Ｒｉｎ"])
NAME = st.lists(PART, min_size=1, max_size=3).map(" ".join)
EMAIL = st.emails() | st.sampled_from(["rin@例え.example.com", "ｒｉｎ＠example.com", "a_b+c@x.y.jp"])
PHONE = st.sampled_from(
    [
        "03-1234-5678",
        "+81 90 1234 5678",
        "（０３）１２３４ー５６７８",
        "090 1234 5678",
        "+1 (555) 010-9999",
        "0120・123・456",
        "090−1234−5678",
        "０９０‑１２３４‑５６７８",
    ]
)
# The address "::" is nobody's.
IP = st.ip_addresses().map(str).filter(lambda ip: ip != "::")
AROUND = st.sampled_from(["", " ", "、", "は", "\n", '"', "<", "("])
HIDDEN = frozenset("".join(PLACEHOLDERS.values()).lower())


def planted(value: str, before: str, after: str) -> str:
    return f"x {before}{value}{after} y"


@settings(max_examples=60, deadline=None)
@given(NAME, EMAIL, PHONE, IP, AROUND, AROUND, st.sampled_from([str, str.upper, str.lower, str.swapcase]))
def test_planted_values_are_gone(one_store, name, email, phone, ip, before, after, written):
    worlds.empty(one_store)
    texts = [planted(value, before, after) for value in (written(name), email, phone, ip)]
    said = [{"text": text, "name": name, "attachment_name": text} for text in texts]
    worlds.insert(one_store, [worlds.chat(
        "7", visitor_name=name, visitor_email="a@b.c", visitor_phone="12", visitor_ip=ip, question=texts[0],
        comment=texts[1], page_title=texts[2], page_url=texts[3], messages=said,
    )])  # fmt: skip
    (record,) = records(export(one_store, masks=frozenset(MASKS))[0])
    record.pop("id")
    shown = str({name: record[name] for name in ("visitor", "question", "messages")} | {"p": record["page_title"]})
    for part in (name, written(name), *name.split(" ")):
        if not set(part.lower()) <= HIDDEN:
            assert part not in shown.replace("sender_name", "").replace("attachment", "")
    for value in (phone, ip):
        assert value not in str(record)
    assert "@" not in str(record["messages"][1]["text"])
    assert record["messages"][2]["text"].strip('xy \n、は"<(') in ("[phone]", "[phone")


@pytest.mark.parametrize("format", FORMATS)
def test_only_what_was_chosen_is_masked(store, format):
    worlds.insert(store, [worlds.chat(
        "1", visitor_name="Rin Kato", visitor_email="rin@example.com", visitor_phone="03-1234-5678",
        visitor_ip="192.0.2.7", unknown_fields='{"mail": "rin@example.com"}',
        messages=[{"text": "I am rin, rin@example.com, 192.0.2.7", "name": "Rin Kato"},
                  {"kind": "operator", "name": "Ann", "text": "Hello Ms KATO"}],
    )])  # fmt: skip
    packed, _exported = export(store, format="json_lines", masks=frozenset(["names"]))
    (record,) = records(packed)
    assert record["visitor"]["name"] == "[name]"
    assert record["visitor"]["phone"] == "03-1234-5678"
    assert [message["text"] for message in record["messages"]] == [
        "I am [name], [name]@example.com, 192.0.2.7", "Hello Ms [name]",
    ]  # fmt: skip
    assert [message["sender_name"] for message in record["messages"]] == ["[name]", "Ann"]
    assert "unknown_fields" not in record
    assert manifest_of(packed)["masking"]["masked"] == {"names": "[name]"}
    assert "nicknames" in manifest_of(packed)["masking"]["note"]
    all_of_it = export(store, format=format, masks=frozenset(MASKS))[0]
    content = b"".join(data for name, data in files_of(all_of_it).items() if name != "manifest.json")
    for value in (b"Rin", b"KATO", b"rin@", b"192.0.2.7", b"1234-5678"):
        assert value not in content
    assert (b"Ann" in content) or format == "parquet"


def wide(text: str) -> str:
    """The text as a Japanese input method leaves it behind."""
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


CASES = st.sampled_from([str, str.upper, str.lower, str.swapcase, str.casefold, wide])
NAMES = st.sampled_from(
    [
        "Σωκράτης",
        "ΓΙΏΡΓΟΣ",
        "Işık",
        "İpek",
        "IŞIK",
        "Groß",
        "José",
        "Text",
        "At",
        "author",
        "タロウ",
        "ガッツ",
        "Ｒｉｎ",
        "Ålesund",
    ]
)
SPELLINGS = {
    "ΓΙΏΡΓΟΣ": ["Γιώργος", "ΓΙΩΡΓΟΣ"], "Işık": ["ISIK", "işik"], "Groß": ["GROSS", "gross"],
    "José": ["JOSE", "Jose\u0301"],
    "タロウ": ["ﾀﾛｳ"], "ガッツ": ["ｶﾞｯﾂ"], "Ｒｉｎ": ["rin"],
    "Ålesund": ["A\u030alesund"],
}  # fmt: skip
CONTACTS = st.sampled_from(
    ["090−1234−5678", "０９０－１２３４－５６７８", "+81 90 1234 5678", "１９２．０．２．１", "192.0.2.7",
     "2001:db8::7", "２００１：ｄｂ８：：７", "太郎@example.jp", "さくら@例え.テスト",
     "taro.山田＠ＥＸＡＭＰＬＥ．ｊｐ",
     "Σωκράτης@example.gr"]
)  # fmt: skip

# What the export itself writes around the values, which a name may be part of.
KEYS = re.compile(r"'(text|at|sender_type|sender_name|id|offset_s)'|chat_id.*automatic|attachment_\w+|\\[\w+\\]")


@settings(max_examples=30, deadline=None)
@given(NAMES, CONTACTS, CASES, AROUND, st.sampled_from(["json_lines", "csv"]))
def test_a_masked_export_can_be_read_line_by_line_and_holds_nothing_that_was_planted(
    one_store, name, contact, written, before, format
):
    worlds.empty(one_store)
    spelled = [written(name), *SPELLINGS.get(name, [])]
    text = planted(contact, before, " at 03:33") + "".join(f" | {each}" for each in spelled)
    # A line that begins with an address, and what looks like our own keys.
    notes = [f"{contact}\n{text}", *spelled]
    worlds.insert(one_store, [worlds.chat(
        "7", visitor_name=name, visitor_email=contact, visitor_phone=contact, visitor_ip=contact, question=text,
        comment=text, page_title=text, page_url=text, messages=[{"text": text, "name": name}],
    )])  # fmt: skip
    for note in notes:
        add_note(one_store, worlds.id_of("7"), note, "Ann")
    packed = export(one_store, format=format, masks=frozenset(MASKS))[0]
    whole = files_of(packed)
    if format == "json_lines":
        (record,) = records(packed)
        found = record["follow_up"]["notes"]
    else:
        (row,) = csv.DictReader(io.StringIO(whole["chats.csv"].decode("utf-8-sig")))
        found = json.loads(row["follow_up_notes"])
        record = row
    assert [sorted(note) for note in found] == [["at", "author", "text"]] * len(notes)
    assert all(datetime.fromisoformat(note["at"]).tzinfo for note in found)
    said = "\n".join([str(record.get(field)) for field in ("question", "comment", "page_title", "page_url")])
    said += "\n".join(note["text"] for note in found) + str(record.get("messages", ""))
    said += whole.get("messages.csv", b"").decode()
    for value in (contact, *spelled):
        assert value not in KEYS.sub("", said)


def test_an_address_in_the_middle_of_a_japanese_sentence_leaves_the_sentence(one_store):
    worlds.empty(one_store)
    texts = [
        "メールはrin@example.comです",
        "山田さん:太郎@example.jp。返金を",
        "電話は090−1234−5678です",
        "10時30分に2件",
    ]
    worlds.insert(one_store, [worlds.chat("7", messages=[{"text": text} for text in texts])])
    (record,) = records(export(one_store, masks=frozenset(MASKS))[0])
    assert [message["text"] for message in record["messages"]] == [
        "メールは[email]です", "山田さん:[email]。返金を", "電話は[phone]です", "10時30分に2件",
    ]  # fmt: skip
