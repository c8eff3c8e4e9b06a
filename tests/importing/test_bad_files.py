"""Files that are damaged, malicious, odd or very large."""

import io
import json
import zipfile
from datetime import datetime

import pytest

from lib.importing import REFUSAL_REASONS, ImportRefused, chat_id, import_files
from lib.importing.formats import json_values
from tests.importing.files import (
    BOTH,
    CHAT,
    content,
    csv_file,
    gzipped,
    json_file,
    json_lines,
    load,
    messages,
    only_chat,
    parquet,
    raw,
    rejects,
    zipped,
)
from tests.importing.vendors import intercom_answers, zendesk_answers
from tests.importing.vendors.every_vendor import ANSWERS, sources


def ids(store):
    return [row["vendor_id"] for row in store.read("SELECT vendor_id FROM chats ORDER BY ordinal")]


def refused(store, *files):
    with pytest.raises(ImportRefused) as refusal:
        import_files(store, files, zone="UTC", actor="Ann")
    assert refusal.value.reason in REFUSAL_REASONS
    assert store.read("FROM chats") == store.read("FROM imports") == store.read("FROM waiting_messages") == []
    return refusal.value.reason, refusal.value.file


def cut(source, before):
    return raw(source.data[: source.data.index(before.encode())], source.name)


TRUNCATED = {
    "zendesk list": (cut(json_file(zendesk_answers.FILES["export.json"]), '"2503.3"'), ["2503.1", "2503.2"]),
    "zendesk map": (cut(json_file(zendesk_answers.FILES["chats_by_id.json"]), '"2503.6"'), ["2503.4"]),
    "zendesk single": (cut(json_file(zendesk_answers.FULL), '"webpath"'), []),
    "zoho list": (cut(sources("zoho", ["conversations.json"])[0], '"19003"'), ["19001", "19002"]),
    "zoho single": (cut(sources("zoho", ["conversation.json"])[0], '"chat_status"'), []),
    "list inside": (cut(sources("chatwoot", ["conversations.json"])[0], '"id": 103'), ["3-101", "3-102"]),
    "list of answers": (cut(sources("rocketchat", ["rocketchat_dump.json"])[0], '"m2"'), ["65f0c0ffee0000000000000b"]),
    "own list": (cut(json_file(BOTH), '"C-2"'), ["C-1"]),
    "own lines": (cut(json_lines(*BOTH), '"C-2"'), ["C-1"]),
}  # fmt: skip


@pytest.mark.parametrize("name", TRUNCATED)
def test_of_a_truncated_file_all_whole_records_are_taken(in_file, name):
    file, found = TRUNCATED[name]
    if found:
        report = load(in_file, file)
        assert [row[3] for row in rejects(in_file, report)] == ["cut_off"]
        assert sorted(ids(in_file)) == found
    else:
        assert refused(in_file, file)[0] in ("cut_off", "not_chats", "unknown_columns")


def test_broken_json_is_told_from_cut_off_json(in_file):
    for text, reason in (('[{"id": 1}, {"id": tru}]', "not_json"), ('[{"id": 1}, {"id": "\\q"', "not_json"),
                         ('[{"id": 1}, {"id": tru', "cut_off"), ('[{"id": 1}, {"id": 2} {"id": 3}]', "not_json"),
                         ('[{"id": 1}, {"id": 1.', "cut_off"), ('{"id": 1}\n{"id": "\\u12', "cut_off"),
                         ('{"id": 1}\n{"id": 2]\n', "not_json"), ('{"id": 1}\n{"id": 2}}', "not_json")):  # fmt: skip
        report = load(in_file, raw(text))
        assert [row[3] for row in rejects(in_file, report)] == [reason], text


def test_a_record_that_is_damaged_does_not_hide_in_little_pieces(in_file, monkeypatch):
    # Where a block ends, a value may be cut anywhere.
    load(in_file, json_file(BOTH, indent=1))
    wanted = content(in_file)
    for size in (1, 2, 3, 7):
        monkeypatch.setattr("lib.importing.formats.json_values.BLOCK_BYTES", size)
        assert load(in_file, json_file(BOTH, indent=1)).unchanged == 2
    assert content(in_file) == wanted


NINE = datetime(2025, 3, 3, 9)
TIMES = [1_740_992_400, 1_740_992_400_000, 1_740_992_400_000_000, "1740992400", "1740992400000", "1740992400000000",
         "2025-03-03T09:00:00Z", "2025-03-03T18:00:00+09:00", " 1740992400 ", 1_740_992_400.0, None]  # fmt: skip
NEVER = [0, -1, "0", "-1", "", None, "0.0"]


def test_times_in_all_their_forms(in_file):
    for times, found in ((TIMES[:-1], NINE), (NEVER, None)):
        load(in_file, json_lines(*({"id": f"{found}-{n}", "started_at": time} for n, time in enumerate(times))))
        rows = in_file.read("SELECT started_at FROM chats WHERE vendor_id LIKE $like", {"like": f"{found}-%"})
        assert [row["started_at"] for row in rows] == [found] * len(times)
    of_vendor = [{**zendesk_answers.SPOKEN, "id": str(n), "timestamp": time} for n, time in enumerate(TIMES)]
    report = load(in_file, json_file({"chats": of_vendor}))
    rows = in_file.read("SELECT started_at FROM chats WHERE system = 'Zendesk Chat' ORDER BY vendor_id::INTEGER")
    assert ([row["started_at"] for row in rows], report.rejected) == ([*[NINE] * (len(TIMES) - 1), None], 0)


def test_a_year_that_cannot_be_is_unknown(in_file):
    years = [946_684_799, 4_133_980_800, "1999-12-31", "2101-01-01T00:00:00Z", "0001-01-01", 4_133_980_799, 946_684_800]
    report = load(in_file, json_lines(*({"id": n, "started_at": time} for n, time in enumerate(years))))
    assert (report.new, report.unread_times.count) == (7, 6)
    known = in_file.read("SELECT vendor_id FROM chats WHERE started_at IS NOT NULL")
    assert known == [{"vendor_id": "5"}]
    chats = [{**zendesk_answers.SPOKEN, "timestamp": "1970-01-01T00:00:00Z"}, zendesk_answers.FULL]
    report = load(in_file, json_file({"chats": chats}))
    assert (report.new, report.unread_times.examples) == (2, ["1970-01-01T00:00:00Z"])


def test_of_a_name_that_comes_twice_the_last_value_counts(in_file):
    load(in_file, raw('{"id": 1, "comment": "a", "visitor": {"name": "x"}, "comment": "b", "visitor": {"email": "y"}}'))
    chat = only_chat(in_file)
    assert (chat["comment"], chat["visitor_name"], chat["visitor_email"]) == ("b", None, "y")


BODIES = {
    "<p>Hello <b>you</b></p><p>1 &lt; 2</p>": "Hello you\n1 < 2",
    "<script>alert('x')</script><p onclick=\"alert(1)\">safe</p>": "safe",
    "<a href=\"https://example.com/?a=1&amp;b=2\">here</a>": "here (https://example.com/?a=1&b=2)",
    "<img src=\"https://example.com/a.png\" alt=\"A\" onerror=\"x()\">": "A https://example.com/a.png",
    "<ul><li>one</li><li>two</li></ul>": "- one\n- two",
    "&lt;b&gt;not bold&lt;/b&gt;": "<b>not bold</b>",
    "<p>unclosed <i>and": "unclosed and",
    "1 < 2 & 3 > 2": "1 < 2 & 3 > 2",
    "<div>" * 500 + "deep": "deep",
    "<p>a\0b</p>": "a\ufffdb",
}  # fmt: skip


def test_bodies_in_html_become_plain_text(in_file):
    said = [intercom_answers.part(n, n % 60, intercom_answers.AOI, body) for n, body in enumerate(BODIES, 1)]
    load(in_file, json_file(intercom_answers.single(1, "closed", intercom_answers.source("<p>?</p>"), *said)))
    assert {row["text"] for row in messages(in_file)} == {"?", *BODIES.values()}


def nulled(value, path=()):
    """The same value with null in the place of each object inside it, one after another."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in inside:
        copy = value.copy()
        if isinstance(inner, dict):
            copy[key] = None
            yield copy
        for changed in nulled(inner):
            copy = value.copy()
            copy[key] = changed
            yield copy


@pytest.mark.parametrize("code", sorted(ANSWERS))
def test_null_where_an_object_belongs_loses_nothing_else(in_file, code):
    answers = [answer for answer in ANSWERS[code].FILES.values() if isinstance(answer, dict)]
    report = load(in_file, json_lines(*(changed for answer in answers for changed in nulled(answer))))
    assert {row[3] for row in rejects(in_file, report)} <= {"not_object", "missing", "wrong_type"}
    assert set(ANSWERS[code].EXPECTED) - set(ids(in_file)) <= {"65f0c0ffee0000000000000b"}


def archive(files, **options):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", **options) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return raw(stream.getvalue(), "x.zip")


def encrypted():
    """A zip whose file has the mark of a password."""
    data = bytearray(archive({"chats.jsonl": json_lines(CHAT).data}).data)
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + place] |= 1
    return raw(bytes(data), "x.zip")


PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4
GOOD = json_lines(CHAT).data
WHOLE = archive({"chats.jsonl": GOOD}, compression=zipfile.ZIP_DEFLATED).data
REFUSED = {
    "bomb": (archive({"a.json": bytes(70 << 20)}, compression=zipfile.ZIP_DEFLATED), "too_large"),
    "many files": (archive({f"{n}.json": b"" for n in range(20_001)}), "too_large"),
    "climbing": (archive({"../chats.jsonl": GOOD}), "unsafe_zip"),
    "climbing inside": (archive({"a/../../chats.jsonl": GOOD}), "unsafe_zip"),
    "climbing back": (archive({"..\\chats.jsonl": GOOD}), "unsafe_zip"),
    "absolute": (archive({"/etc/chats.jsonl": GOOD}), "unsafe_zip"),
    "drive": (archive({"C:\\chats.jsonl": GOOD}), "unsafe_zip"),
    "encrypted": (encrypted(), "encrypted_zip"),
    "without its end": (raw(WHOLE[:-30], "x.zip"), "broken_zip"),
    "without its middle": (raw(WHOLE[:90] + WHOLE[140:], "x.zip"), "broken_zip"),
    "damaged": (raw(WHOLE[:60] + bytes(20) + WHOLE[80:], "x.zip"), "broken_zip"),
    "nothing in it": (archive({}), "empty"),
    "folders only": (archive({"a/": b"", "__MACOSX/a.json": GOOD, ".hidden": GOOD}), "empty"),
    "workbook": (archive({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}), "workbook"),
    "broken gzip inside": (archive({"a.gz": gzipped(json_lines(CHAT)).data[:-9]}), "broken_gzip"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_an_archive_that_cannot_be_trusted_is_refused_as_a_whole(in_file, name):
    file, reason = REFUSED[name]
    found, refused_file = refused(in_file, json_lines(CHAT), file)
    assert (found, refused_file.partition("/")[0]) == (reason, file.name)


@pytest.mark.parametrize("files", [{"a.png": PICTURE, "b.png": PICTURE}, {"a.zip": WHOLE}, {"a.txt": b"Hello"}])
def test_an_archive_without_chats_is_refused(in_file, files):
    assert refused(in_file, archive(files)) == ("not_chats", "x.zip")


def test_what_else_is_in_an_archive_is_skipped_and_named(in_file):
    files = {"chats/1.jsonl": GOOD, "a.png": PICTURE, "chats/": b"", "b.zip": WHOLE, "empty.txt": b"",
             "package.json": b'{"name": "x", "version": 1}', "read me.txt": b"About these files\n",
             "2.json": json.dumps([{"id": "C-7"}]).encode(), "chats.parquet": parquet([{"id": "C-8"}]).data,
             "table.csv": csv_file([{"id": "C-9", "comment": "x"}]).data}  # fmt: skip
    report = load(in_file, archive(files, compression=zipfile.ZIP_DEFLATED))
    assert sorted(ids(in_file)) == ["C-1", "C-7", "C-8", "C-9"]
    assert report.skipped == tuple(
        f"x.zip/{name}" for name in ("a.png", "b.zip", "empty.txt", "package.json", "read me.txt")
    )
    assert [file.name for file in report.files] == [
        f"x.zip/{name}" for name in ("chats/1.jsonl", "2.json", "chats.parquet", "table.csv")
    ]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_the_same_name_in_an_archive_are_both_read(in_file):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for record in BOTH:
            made.writestr("chats.jsonl", json_lines(record).data)
    assert load(in_file, raw(stream.getvalue(), "x.zip")).new == 2


def test_archives_beside_other_files(in_file):
    report = load(in_file, archive({"a.png": PICTURE}), zipped(json_lines(BOTH[0])), json_lines(BOTH[1]))
    assert (report.new, report.skipped) == (2, ("x.zip/a.png",))


def test_a_single_line_of_json_is_read_in_slices(in_file, monkeypatch):
    monkeypatch.setattr("lib.importing.formats.json_values.SLICED_FROM", 1 << 20)
    monkeypatch.setattr("lib.importing.formats.json_values.BLOCK_BYTES", 1 << 16)
    held, more = [], json_values._Text.more
    monkeypatch.setattr(
        "lib.importing.formats.json_values._Text.more", lambda text: (held.append(len(text.text)), more(text))[1]
    )
    chats = [{**zendesk_answers.SPOKEN, "id": str(n), "comment": "x" * 20_000} for n in range(300)]
    report = load(in_file, json_file({"chats": chats, "end_time": 5}))
    assert (report.new, report.rejected, report.files[0].evidence) == (300, 0, "chats[].history")
    assert max(held) < 3 << 20


def test_a_value_that_is_too_long_is_rejected(in_file, monkeypatch):
    monkeypatch.setattr("lib.importing.limits.LONGEST_RECORD", 1 << 20)
    monkeypatch.setattr("lib.importing.formats.json_values.BLOCK_BYTES", 1 << 16)
    report = load(in_file, json_file([{"id": 1}, {"id": 2, "comment": "x" * (3 << 20)}, {"id": 3}], indent=1))
    assert ([row[3] for row in rejects(in_file, report)], report.new) == (["too_long"], 1)


def test_a_first_line_longer_than_what_is_looked_at(in_file):
    long = {"id": 1, "messages": [{"sender_type": "bot", "text": "x" * 1000}] * 400}
    report = load(in_file, json_lines(long, "oops", {"id": 2}))
    assert (report.new, report.files[0].format, rejects(in_file, report)[0][::3]) == (2, "json_lines", (2, "not_json"))
    answers = [{"chats": [{**zendesk_answers.SPOKEN, "id": f"{n}", "comment": "x" * 300_000}]} for n in range(3)]
    for files in ([answers[0], "oops", *answers[1:]], ["", answers[0], "oops", *answers[1:]]):
        report = load(in_file, json_lines(*files))
        assert (report.read, report.rejected, report.files[0].format) == (4, 1, "json_lines")


MANY = 20_000


def test_a_chat_with_twenty_thousand_messages(in_file):
    history = [zendesk_answers.item(n % 60, "visitor", "Bob Stone", f"text {n}") for n in range(MANY)]
    load(in_file, json_file({**zendesk_answers.FULL, "history": history}))
    rows = ({"chat_id": "C-1", "id": n, "sender_type": "bot", "text": f"text {n}"} for n in range(MANY))
    load(in_file, json_lines({"id": "C-1"}), json_lines(*rows, name="rows.jsonl"))
    found = in_file.read(
        """SELECT c.vendor_id, c.message_count, any_value(m.text) FILTER (m.position = 19998) AS text
           FROM chats AS c JOIN messages AS m ON m.chat_id = c.id WHERE c.message_count > 1000 GROUP BY ALL"""
    )
    counts = {row["vendor_id"]: (row["message_count"], row["text"]) for row in found}
    assert counts == {"2503.1": (MANY, "text 19998"), "C-1": (MANY, "text 19998")}
    assert chat_id("Zendesk Chat", None, "2503.1") in {row["id"] for row in in_file.read("SELECT id FROM chats")}
