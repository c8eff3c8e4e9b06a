"""Files that are not written in UTF-8, and texts that no encoding can hold."""

import codecs
from dataclasses import replace
from pathlib import Path

import pytest

from lib.importing import ImportRefused, Source, import_files
from lib.importing.columns import guess, remember
from lib.importing.formats.encoding import CODECS
from lib.importing.formats.feed import Known
from lib.importing.formats.recognising import table_of
from tests import worlds
from tests.importing.files import (
    BOTH,
    CHAT,
    chats_csv,
    csv_file,
    gzipped,
    json_file,
    json_lines,
    load,
    messages_csv,
    only_chat,
    parquet,
    raw,
    rejects,
    staged,
    zipped,
)
from tests.importing.vendors.every_vendor import check_expected, sources

INPUTS = Path(__file__).parent / "field_inputs"
BOMS = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE, "utf-8": codecs.BOM_UTF8, "cp932": b""}
FILES = {
    "JSON Lines": [json_lines(*BOTH)],
    "JSON": [json_file(BOTH)],
    "JSON with indents": [json_file(BOTH, indent=2)],
    "CSV": [chats_csv(), messages_csv()],
}


def recoded(source, codec, bom=b"", name="file"):
    return raw(bom + source.data.decode().encode(codec), name)


@pytest.mark.parametrize(
    ("codec", "has_bom", "named"),
    [("utf-8", True, None), ("cp932", False, "Shift_JIS"), ("utf-16-le", True, "UTF-16"), ("utf-16-be", True, "UTF-16"),
     ("utf-16-le", False, "UTF-16"), ("utf-16-be", False, "UTF-16"),
     ("iso2022_jp", False, "ISO-2022-JP")],
)  # fmt: skip
def test_files_in_other_encodings_give_the_same_chats(codec, has_bom, named):
    for kind, files in FILES.items():
        found, reading = staged(*(recoded(file, codec, BOMS[codec] if has_bom else b"") for file in files))
        assert [file.encoding for file in reading.files] == [named] * len(files), kind
        assert found == staged(*files)[0], kind


def test_an_encoding_inside_gzip_and_zip(in_file):
    for pack in (gzipped, zipped, lambda file: zipped(gzipped(file))):
        files = [pack(recoded(source, "cp932", name=source.name)) for source in sources("zoho")]
        found, reading = staged(*files)
        assert "Shift_JIS" in {file.encoding for file in reading.files}
        assert found == staged(*sources("zoho"))[0]
    assert load(in_file, *files).files == reading.files
    check_expected(in_file, "zoho")


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_a_sign_that_ends_in_a_zero_is_no_sign_of_a_binary_file(in_file, codec):
    said = {"id": "一", "comment": "一　一", "question": "一" * 200}
    load(in_file, recoded(json_lines(said), codec))
    assert (only_chat(in_file)["vendor_id"], only_chat(in_file)["comment"]) == ("一", "一　一")


def test_bytes_that_are_wrong_lose_only_their_row(in_file):
    good, bad = '{"id": "おはよう"}', b'{"id": "\x81 "}'
    report = load(in_file, raw(good.encode("cp932") + b"\n" + bad + b"\n" + '{"id": "どうも"}'.encode("cp932")))
    assert (report.new, [row[::3] for row in rejects(in_file, report)]) == (2, [(2, "not_text")])
    assert report.files[0].encoding == "Shift_JIS"
    utf_8 = good.encode() + b"\n" + b'{"id": "\xe3\x81"}' + b"\n" + '{"id": "う"}'.encode()
    report = load(in_file, raw(utf_8))
    assert ([row[3] for row in rejects(in_file, report)], report.new) == (["not_text"], 1)


@pytest.mark.parametrize("code", ["chatwoot", "intercom", "livechat", "rocketchat", "zendesk", "zoho"])
def test_a_wrong_byte_in_an_answer_loses_only_its_record(in_file, code):
    (first, *_) = [
        source for source in sources(code) if source.data.count("どこ".encode()) + source.data.count("人と".encode())
    ]
    spoilt = first.data.replace("人と".encode(), b"\xe4\xba").replace("どこ".encode(), b"\xe4\xba", 1)
    whole = load(in_file, first)
    worlds.empty(in_file)
    report = load(in_file, raw(spoilt))
    assert [row[3] for row in rejects(in_file, report)] == ["not_text"]
    assert report.rows_read == whole.rows_read


def test_half_a_character_becomes_a_replacement_sign():
    halves = ['"\\ud83d"', '"\\ude00"', '"\\ud83d\\ude00"', '"\\ude00\\ud83d"', '"\\\\ud83d"']
    said = '"messages": [{{"sender_type": "bot", "text": {0}}}]'
    for form in (f'{{{{"id": 1, "comment": {{0}}, "x": {{{{"a": [{{0}}]}}}}, {said}}}}}',
                 f'[{{{{"id": 1, "comment": {{0}},\n"{{{{}}}}": {{0}}, {said}}}}}]'):  # fmt: skip
        found = []
        for half in halves:
            tables, _ = staged(raw(form.format(half)))
            found.append(tables["staged_messages"][0]["text"])
            assert tables["staged_chats"][0]["comment"] == found[-1]
        assert found == ["\ufffd", "\ufffd", "😀", "\ufffd\ufffd", "\\ud83d"]


def test_half_a_character_deep_inside_is_no_trouble(in_file):
    deep = '{"id": 1, "x": ' + "[" * 600 + '"\\ud83d"' + "]" * 600 + "}"
    for text in (deep, f"[\n{deep}]"):
        report = load(in_file, raw(f"{text}\n" + '{"id": 2}'))
        assert report.read == report.new + report.unchanged + report.rejected


def test_text_that_is_none_is_refused(in_file):
    for data in (b"\xff" * 50, b'{"id": "\xff\xfe\xfd"}', '{"id": "אבגדה"}'.encode("cp1255")):
        with pytest.raises(ImportRefused) as refusal:
            import_files(in_file, [json_file(CHAT), raw(data, "bad")], zone="UTC", actor="Ann")
        assert refusal.value.file == "bad"


# Longer than what is looked at first.
PADDING = [{"id": f"E{n}", "comment": "nothing but ASCII " * 500} for n in range(50)]
SAID = {
    "utf-8": ("Où est-elle ? 荷物はどこ", None),
    "cp932": ("荷物はどこですか", "Shift_JIS"),
    "euc_jp": ("荷物はどこですか", "EUC-JP"),
    "iso2022_jp": ("荷物はどこですか", "ISO-2022-JP"),
    "cp1252": ("Zoë Müller: Où est-elle… “ici”? ¿Dónde está, señor Peña? 5 €", "Windows-1252"),
}
HALF_WIDTH = ["ﾀﾅｶ ﾀﾛｳ", "ｲﾄｳ ﾊﾅｺ", "ﾔﾏﾀﾞ", "ｻﾄｳ ｼﾞﾛｳ", "ｱﾘｶﾞﾄｳ｡", "ｷｬﾝｾﾙ"]
KANJI = ["田中太郎", "佐藤花子", "高橋一郎", "渡辺"]
WESTERN = [
    "Müller",
    "José Peña",
    "É",
    "GRÖSSE",
    "naïve – “so”",
    "Ça va ?",
    "Ærø",
    "50 €",
    "l’été",
    "\xa0",
    "«oui»",
    "Øre",
]


@pytest.mark.parametrize("codec", SAID)
@pytest.mark.parametrize("make", [lambda records: json_lines(*records), json_file, csv_file])
@pytest.mark.parametrize("pack", [lambda file: file, gzipped, zipped])
def test_an_encoding_that_shows_far_behind_the_beginning(codec, make, pack):
    said, named = SAID[codec]
    tables, reading = staged(pack(recoded(make([*PADDING, {"id": "Z", "comment": said}]), codec)))
    assert (tables["staged_chats"][-1]["comment"], reading.rejected) == (said, {})
    assert [file.encoding for file in reading.files] == [named]


@pytest.mark.parametrize(
    ("codec", "named", "texts"),
    [("cp932", "Shift_JIS", HALF_WIDTH), ("cp932", "Shift_JIS", KANJI), ("euc_jp", "EUC-JP", KANJI),
     ("euc_jp", "EUC-JP", ["あ"]), ("cp932", "Shift_JIS", ["カタカナ"]),
     ("euc_jp", "EUC-JP", ["ｱｲｳ、カナ、かな、全角１２"]),
     ("iso2022_jp", "ISO-2022-JP", ["あ"]), ("cp1252", "Windows-1252", WESTERN),
     *(("cp1252", "Windows-1252", [text]) for text in WESTERN)],
)  # fmt: skip
def test_few_signs_tell_the_encoding(codec, named, texts):
    tables, reading = staged(
        recoded(csv_file([{"id": n, "comment": f"{text} (1)"} for n, text in enumerate(texts)]), codec)
    )
    assert [file.encoding for file in reading.files] == [named]
    assert [chat["comment"] for chat in tables["staged_chats"]] == [f"{text} (1)" for text in texts]


def test_what_people_have(in_file):
    report = load(in_file, Source("late.csv", INPUTS / "19-shift-jis-after-256k.csv"))
    assert (report.new, report.rejected, report.files[0].encoding) == (2_705, 0, "Shift_JIS")
    worlds.empty(in_file)
    load(in_file, Source("west.csv", INPUTS / "21-windows-1252.csv"))
    found = in_file.read("SELECT visitor_name, question FROM chats ORDER BY ordinal")
    assert [tuple(row.values()) for row in found] == [
        ("Zoë Müller", "Où est ma commande?"),
        ("José Peña", "¿Dónde está?"),
    ]


@pytest.mark.parametrize("codec", ["euc_jp", "iso2022_jp", "cp1252"])
def test_a_wrong_byte_in_other_encodings_loses_only_its_row(in_file, codec):
    rows = [{"id": n, "comment": "été" if codec == "cp1252" else "おはよう"} for n in range(9)]
    lines = recoded(json_lines(*rows), codec).data.splitlines()
    lines[4] = lines[4].replace(b'"}', {"iso2022_jp": b'\x1b$B\x7f\x7f\x1b(B"}'}.get(codec, b'\x81"}'))
    report = load(in_file, raw(b"\n".join(lines)))
    assert (report.new, [row[::3] for row in rejects(in_file, report)]) == (8, [(5, "not_text")])


CHOSEN = {
    "UTF-8": "荷物はどこ 😀", "UTF-16": "荷物はどこ 😀", "Shift_JIS": "荷物はどこ", "EUC-JP": "荷物はどこ",
    "ISO-2022-JP": "荷物はどこ", "Windows-1252": "Zoë – 5 €", "Windows-1250": "Łódź", "Windows-1251": "Где посылка",
    "Windows-1254": "Güneş ışığı", "EUC-KR": "배송이 어디에", "GB18030": "我的包裹在哪里", "Big5": "我的包裹在哪裡",
}  # fmt: skip


def test_every_choice_is_tried():
    assert CHOSEN.keys() == CODECS.keys()


@pytest.mark.parametrize("name", CHOSEN)
@pytest.mark.parametrize("make", [lambda *records: csv_file(records), json_lines, lambda *each: json_file(each)])
@pytest.mark.parametrize("pack", [lambda file: file, gzipped, zipped])
def test_an_encoding_is_chosen(name, make, pack):
    rows = [{"id": "A", "comment": "plain"}, {"id": "B", "comment": CHOSEN[name]}]
    tables, reading = staged(pack(recoded(make(*rows), CODECS[name])), known=Known(encoding=name))
    assert [chat["comment"] for chat in tables["staged_chats"]] == ["plain", CHOSEN[name]]
    assert [file.encoding for file in reading.files] == [None if name == "UTF-8" else name]


def refused_encoding(source, name):
    with pytest.raises(ImportRefused) as refusal:
        staged(source, known=Known(encoding=name))
    return refusal.value.reason, refusal.value.told


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("codec", "chosen"),
    [("cp932", "UTF-8"), ("cp932", "EUC-JP"), ("utf-8", "ISO-2022-JP")],
)
def test_a_choice_that_does_not_fit_names_the_first_line(codec, chosen, end):
    text = end.join(["id,comment", *(f"{n},x" for n in range(150_000)), "C,ヶ月の荷物はどこ", "D,荷物"])
    assert refused_encoding(raw(text.encode(codec)), chosen) == (
        "not_encoding", {"encoding": chosen, "line": "150002"}
    )  # fmt: skip


def test_utf_16_is_no_other_encoding_and_no_other_is_utf_16():
    text = "id,comment\n1,どこ\n"
    assert refused_encoding(raw(text), "UTF-16") == ("not_encoding", {"encoding": "UTF-16", "line": "1"})
    for codec in ("utf-16", "utf-16-le", "utf-16-be"):
        assert refused_encoding(raw(text.encode(codec)), "Shift_JIS") == (
            "not_encoding", {"encoding": "Shift_JIS", "line": "1"}
        )  # fmt: skip


def test_a_choice_is_of_texts_alone(in_file):
    tables, reading = staged(parquet([{"id": "A", "comment": "どこ"}]), known=Known(encoding="EUC-JP"))
    assert (tables["staged_chats"][0]["comment"], reading.files[0].encoding) == ("どこ", None)
    tables, reading = staged(
        zipped(csv_file([{"id": "A", "comment": "x"}]), raw(bytes(range(256)), "image.png")),
        known=Known(encoding="EUC-JP"),
    )
    assert (len(tables["staged_chats"]), reading.skipped) == (1, ("all.zip/1/image.png",))


def test_a_choice_is_told_to_the_process_that_reads(in_file, monkeypatch):
    monkeypatch.setattr("lib.importing.reader_process.APART_FROM_BYTES", 0)
    korean = recoded(csv_file([{"id": "A", "comment": CHOSEN["EUC-KR"]}]), "cp949")
    import_files(in_file, [korean], zone="UTC", actor="Ann", encoding="EUC-KR")
    assert only_chat(in_file)["comment"] == CHOSEN["EUC-KR"]
    with pytest.raises(ImportRefused) as refusal:
        import_files(in_file, [korean], zone="UTC", actor="Ann", encoding="UTF-8")
    assert (refusal.value.reason, refusal.value.told) == ("not_encoding", {"encoding": "UTF-8", "line": "2"})


def test_the_choice_is_remembered_with_the_columns_of_a_table(in_file):
    text = "번호,고객,시작\n{},{},2026-03-01 10:00\n"
    first = raw(text.format(1, "김철수").encode("cp949"), "first.csv")
    table = table_of(first, "EUC-KR")
    mapping = replace(guess(table.columns, table.samples), encoding="EUC-KR")
    mapping = replace(mapping, fields=(("번호", "id"), ("고객", "visitor_name"), ("시작", "started_at")))
    remember(in_file, "x", table.columns, mapping, "Ann")
    for pack, source in ((None, first), (gzipped, first), (zipped, raw(text.format(2, "이영희").encode("cp949")))):
        report = load(in_file, pack(source) if pack else source)
        assert [(file.encoding, file.mapping) for file in report.files] == [("EUC-KR", "x")]
    # What is UTF-8, or in another encoding that is chosen, is not read so.
    assert load(in_file, raw(text.format(3, "박 é"))).files[0].encoding is None
    with pytest.raises(ImportRefused, match="unknown_columns"):
        import_files(in_file, [first], zone="UTC", actor="Ann", encoding="GB18030")
    # A byte that is wrong makes it another text, about which is said what is known.
    with pytest.raises(ImportRefused):
        load(in_file, raw(first.data + b"4,\xff,\n"))
    names = in_file.read("SELECT visitor_name AS name FROM chats ORDER BY vendor_id")
    assert [row["name"] for row in names] == ["김철수", "이영희", "박 é"]
