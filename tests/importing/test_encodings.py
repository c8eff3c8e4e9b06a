"""Files that are not written in UTF-8, and texts that no encoding can hold."""

import codecs
from pathlib import Path

import pytest

from lib.importing import ImportRefused, Source, import_files
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


PADDING = [{"id": f"E{n}", "comment": "nothing but ASCII"} for n in range(6_000)]
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
