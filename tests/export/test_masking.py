"""What is masked is nowhere in the export."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
    ]
)
# The address "::" is nobody's.
IP = st.ip_addresses().map(str).filter(lambda ip: ip != "::")
AROUND = st.sampled_from(["", " ", "、", "は", "\n", '"', "<", "("])
HIDDEN = frozenset("".join(PLACEHOLDERS.values()).lower())


def planted(value: str, before: str, after: str) -> str:
    return f"x {before}{value}{after} y"


@settings(max_examples=60)
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
