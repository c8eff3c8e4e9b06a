"""Files that are not written in UTF-8, and texts that no encoding can hold."""

import codecs

import pytest

from lib.importing import ImportRefused, import_files
from tests import worlds
from tests.importing.files import (
    BOTH,
    CHAT,
    chats_csv,
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
     ("utf-16-le", False, "UTF-16"), ("utf-16-be", False, "UTF-16")],
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
    for data in (b"\xff" * 50, b'{"id": "\xff\xfe\xfd"}', '{"id": "あ"}'.encode("euc_jp")):
        with pytest.raises(ImportRefused) as refusal:
            import_files(in_file, [json_file(CHAT), raw(data, "bad")], zone="UTC", actor="Ann")
        assert refusal.value.file == "bad"
