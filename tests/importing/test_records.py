"""Every field and rule of docs/import-format.md, by what a store holds after an import."""

import json
from datetime import datetime

from tests.importing.files import json_lines, load, messages, only_chat, rejects

LONG = "x" * 201


FIELDS = [
        ({"id": 77}, {"vendor_id": "77", "system": "import"}),
        ({"id": "7", "system": "shop"}, {"vendor_id": "7", "system": "shop"}),
        ({"id": "7", "system": ""}, {"system": "import"}),
        ({"started_at": "2026-03-01T09:30:00Z"}, {"started_at": datetime(2026, 3, 1, 9, 30), "duration_s": None}),
        ({"ended_at": "2026-03-01T09:30:00Z"}, {"ended_at": datetime(2026, 3, 1, 9, 30), "wait_s": None}),
        ({"started_at": 0, "ended_at": -1}, {"started_at": None, "ended_at": None}),
        ({"supervisors": ["Ann", "Ben", "Ann"]}, {"supervisors": ["Ann", "Ben"]}),
        ({"channel": "line", "website": "s.example", "department": "Orders"},
         {"channel": "line", "website": "s.example", "department": "Orders"}),
        ({"operator": "Aoi"}, {"operator": "Aoi", "operators": ["Aoi"], "given_operators": ["Aoi"]}),
        ({"operators": ["Aoi", "Ben"]}, {"operator": "Aoi", "operators": ["Aoi", "Ben"]}),
        ({"operator": "Ben", "operators": ["Aoi", "Ben"]}, {"operator": "Ben", "operators": ["Ben", "Aoi"]}),
        ({"visitor": {"id": 5, "name": "N", "email": "e@x.com", "phone": 811234, "country": "jp", "ip": "::1"}},
         {"visitor_id": "5", "visitor_name": "N", "visitor_email": "e@x.com", "visitor_phone": "811234",
          "visitor_country": "JP", "visitor_ip": "::1"}),
        ({"visitor": {"country": "Japan"}}, {"visitor_country": "JP"}),
        ({"visitor": {"country": "Atlantis"}}, {"visitor_country": "Atlantis"}),
        ({"channel": "Channel::WebWidget"}, {"channel": "web"}), ({"channel": "Pigeon"}, {"channel": "Pigeon"}),
        ({"visitor": None}, {"visitor_id": None}),
        ({"page_url": "https://x.example/?a=1", "page_title": "T"},
         {"page_url": "https://x.example/?a=1", "page_title": "T"}),
        ({"language": "JA"}, {"language": "ja", "given_language": "JA"}),
        ({}, {"language": None, "given_language": None}),
        ({"question": "半角ｶﾅ"}, {"language": "ja", "question_search": "半角カナ"}),
        ({"question": " Where  IS\tit? "}, {"question": " Where  IS\tit? ", "question_search": "where is it?"}),
        ({"wait_s": 12.5}, {"wait_s": 12.5, "given_wait_s": 12.5}),
        ({"rating": 1}, {"rating": 1}), ({"rating": 5.0}, {"rating": 5}),
        ({"comment": "kind"}, {"comment": "kind"}),
        ({"tags": ["a", None, "", "b", "a"]}, {"tags": ["a", "b"]}), ({"tags": None}, {"tags": []}),
        ({"channel": "", "comment": "  ", "rating": "", "tags": "", "visitor": "", "messages": ""},
         {"channel": None, "comment": None, "rating": None, "tags": []}),
        ({"comment": "a\0b"}, {"comment": "a\0b"}),
]  # fmt: skip


def chats_of(store, records: list[dict]) -> list[dict]:
    """The stored chats of records without ids, which share one import."""
    load(store, json_lines(*({"id": f"{n:03}", **record} for n, record in enumerate(records))))
    return store.read("SELECT * FROM chats ORDER BY vendor_id")


def test_fields_are_stored(store):
    wanted = [({"id": f"case {n}", **given}, stored) for n, (given, stored) in enumerate(FIELDS)]
    report = load(store, json_lines(*(given for given, _ in wanted)))
    chats = {(chat["system"], chat["vendor_id"]): chat for chat in store.read("SELECT * FROM chats")}
    assert (report.new, report.unknown_fields) == (len(FIELDS), {})
    for given, stored in wanted:
        chat = chats[given.get("system") or "import", str(given["id"])]
        assert {column: chat[column] for column in stored} == stored, given


THANKS = ["Thanks!", "OK, thank you so much", "ありがとうございます", "了解です", "Merci beaucoup", "Danke", "谢谢"]
NO_THANKS = [
    "Thanks, but I need a human",
    "Thank you, and when?",
    "no thanks",
    "ありがとう、でもまだ届きません",
    "Hello",
]


def after_a_bot(words: str) -> dict:
    said = [("visitor", "Where is it?"), ("bot", "Here."), ("visitor", words)]
    return {"messages": [{"sender_type": kind, "text": text} for kind, text in said]}


STATUSES = [
        *[({"status": word}, word, False) for word in ("ongoing", "missed", "reopened", "completed")],
        *[({"status": word}, "ongoing", False) for word in ("OPEN", "active", "running", "connected", " Waiting ")],
        *[({"status": word}, "completed", False) for word in ("Complete", "closed", "ended", "resolved", "finished")],
        ({"status": "unanswered", "operator": "Aoi"}, "missed", False),
        ({"status": "limbo"}, "missed", True), ({"status": "limbo", "operator": "Aoi"}, "completed", True),
        ({}, "missed", True),
        ({"messages": [{"sender_type": "operator", "text": "hi"}]}, "completed", True),
        ({"messages": [{"sender_type": "bot", "text": "hi"}, {"sender_type": "visitor"}]}, "missed", True),
        *[(after_a_bot(thanks), "completed", True) for thanks in THANKS],
        *[(after_a_bot(words), "missed", True) for words in NO_THANKS],
]  # fmt: skip


def test_a_status_is_given_or_derived(store):
    chats = chats_of(store, [given for given, _, _ in STATUSES])
    for chat, (given, status, derived) in zip(chats, STATUSES, strict=True):
        found = (chat["status"], chat["status_derived"], chat["given_status"])
        assert found == (status, derived, given.get("status"))


def at(minute: int) -> str:
    return f"2026-03-01T09:{minute:02}:00Z"


def said(kind: str, minute: int | None = None, **more) -> dict:
    return {"sender_type": kind, "text": kind, **({} if minute is None else {"at": at(minute)}), **more}


WAITS = [
        ({"started_at": at(0), "ended_at": at(9), "wait_s": 7, "messages": [said("operator", 1)]}, 7, 540),
        ({"started_at": at(0), "messages": [said("visitor", 1), said("operator", 3)]}, 120, None),
        ({"started_at": at(0), "ended_at": at(9), "messages": [said("visitor", 1)]}, 480, 540),
        ({"started_at": at(0), "ended_at": at(9), "operator": "Aoi"}, None, 540),
        ({"started_at": at(0), "ended_at": at(9), "operator": "Aoi", "status": "missed"}, 540, 540),
        ({"started_at": at(0), "messages": [said("visitor", 1)]}, None, None),
        ({"started_at": at(5), "messages": [said("operator", 2)]}, None, None),
        ({"started_at": at(5), "ended_at": at(2)}, None, None),
        ({"messages": [said("visitor", offset_s=1), said("operator", offset_s=61.5)]}, 60.5, None),
        ({"started_at": at(0), "question": "?", "messages": [said("operator", offset_s=30)]}, 30, None),
        ({"started_at": at(0), "question": "?", "messages": [said("operator", 2)]}, 120, None),
        ({"started_at": at(0), "messages": [said("visitor"), said("operator", 2)]}, 120, None),
        ({"messages": [said("operator", 2)]}, None, None),
        # An operator began.
        ({"started_at": at(0), "ended_at": at(9), "messages": [said("operator", 1)]}, None, 540),
        ({"started_at": at(0), "messages": [said("operator", 1), said("visitor", 2)]}, None, None),
        (
            {"started_at": at(0), "messages": [
                said("operator", 1), said("visitor", 2), said("visitor", 3), said("operator", 5), said("visitor", 6),
                said("operator", 9),
            ]}, 180, None,
        ),
        # A bot had its turn.
        ({"started_at": at(0), "ended_at": at(9), "messages": [said("bot", 1), said("operator", 2)]}, None, 540),
        (
            {"started_at": at(0), "messages": [
                said("visitor", 1), said("bot", 2), said("visitor", 3), said("visitor", 4), said("operator", 5),
                said("bot", 6), said("visitor", 7), said("operator", 8),
            ]}, 120, None,
        ),
        ({"messages": [said("visitor", 1), said("bot", 2), said("operator", 5)]}, 180, None),
        ({"messages": [said("bot", 0), said("visitor", 1), said("operator", 5)]}, 240, None),
        ({"messages": [said("visitor", 1), said("bot", 2, automatic=True), said("operator", 5)]}, 240, None),
        ({"started_at": at(0), "ended_at": at(9), "messages": [said("visitor", 1), said("bot", 2)]}, None, 540),
        (
            {"started_at": at(0), "ended_at": at(9), "messages": [
                said("visitor", 1), said("bot", 2), said("visitor", 4),
            ]}, 300, 540,
        ),
]  # fmt: skip


def test_wait_and_duration(store):
    chats = chats_of(store, [given for given, _, _ in WAITS])
    for chat, (given, wait_s, duration_s) in zip(chats, WAITS, strict=True):
        assert (chat["wait_s"], chat["duration_s"]) == (wait_s, duration_s), given


def test_a_message_is_stored_with_all_its_fields(store):
    file = {"name": "a.pdf", "type": "application/pdf", "size": 48213, "url": "https://x.example/a.pdf"}
    given = {
        "at": at(1),
        "offset_s": 2,
        "sender_type": "VISITOR",
        "sender_name": "凛",
        "text": "Ａ  b",
        "attachment": file,
    }
    load(store, json_lines({"id": "1", "messages": [given]}))
    (message,) = messages(store)
    expected = {
        "sent_at": datetime(2026, 3, 1, 9, 1), "offset_s": 2, "kind": "visitor", "name": "凛", "text": "Ａ  b",
        "search_text": "a b", "attachment_name": "a.pdf", "attachment_type": "application/pdf",
        "attachment_size": 48213, "attachment_url": "https://x.example/a.pdf", "position": 0,
    }  # fmt: skip
    assert {column: message[column] for column in expected} == expected


def test_notes_follow_the_messages_and_do_not_count(store):
    notes = [{"at": at(1), "author": "Ann", "text": "内緒"}]
    load(store, json_lines({"id": "1", "messages": [said("visitor", 5), said("note", 6)], "notes": notes}))
    assert [(row["kind"], row["name"], row["text"]) for row in messages(store)] == [
        ("visitor", None, "visitor"), ("note", None, "note"), ("note", "Ann", "内緒"),
    ]  # fmt: skip
    assert (only_chat(store)["message_count"], only_chat(store)["language"]) == (1, "en")


def test_the_question_is_the_first_text_of_the_visitor(store):
    said_first = [
        said("bot"),
        {"sender_type": "visitor", "text": ""},
        {"sender_type": "visitor", "text": "Wo ist ＡＢＣ?"},
    ]
    load(store, json_lines({"id": "1", "messages": said_first}))
    assert (only_chat(store)["question"], only_chat(store)["question_search"]) == ("Wo ist ＡＢＣ?", "wo ist abc?")


def test_operators_are_those_given_then_those_who_wrote(store):
    wrote = [said("operator", sender_name=name) for name in ("Cem", "Aoi", "Cem", "Ben", None)]
    load(store, json_lines({"id": "1", "operator": "Aoi", "messages": wrote}))
    assert only_chat(store)["operators"] == ["Aoi", "Cem", "Ben"]


def test_one_text_with_kana_makes_a_chat_japanese(store):
    load(store, json_lines({"id": "1", "messages": [said("visitor"), {"sender_type": "visitor", "text": "はい"}]}))
    assert only_chat(store)["language"] == "ja"


def test_unknown_fields_are_kept_and_counted(store):
    first = {"id": "1", "mood": None, "source": {"a": [1]}, "visitor": {"vip": True},
             "messages": [{"sender_type": "bot", "size": 5, "attachment": {"name": "n", "pages": 2}}]}  # fmt: skip
    report = load(store, json_lines(first, {"id": "2", "source": "x"}))
    assert report.unknown_fields == {"messages.attachment.pages": 1, "messages.size": 1, "source": 2, "visitor.vip": 1}
    (kept,) = store.read("SELECT unknown_fields AS kept FROM chats WHERE vendor_id = '1'")
    assert kept["kept"] == (
        '{"messages[0]": {"attachment": {"pages": 2}, "size": 5}, "source": {"a": [1]}, "visitor": {"vip": true}}'
    )


REJECTED = [
        ({"id": None}, ("id", None, "missing")), ({"id": ""}, ("id", "", "missing")),
        ({"id": LONG}, ("id", LONG, "too_long")), ({"id": True}, ("id", "true", "wrong_type")),
        ({"id": 1.5}, ("id", "1.5", "wrong_type")), ({"id": []}, ("id", "[]", "wrong_type")),
        ({"system": 5}, ("system", "5", "wrong_type")),
        ({"messages": {}}, ("messages", "{}", "wrong_type")), ({"messages": [5]}, ("messages[0]", "5", "not_object")),
        ({"messages": [{"sender_type": "bot"}, {"sender_type": "cat"}]},
         ("messages[1].sender_type", "cat", "bad_choice")),
        ({"messages": [{"text": "x"}]}, ("messages[0].sender_type", None, "missing")),
        ({"messages": [{"sender_type": []}]}, ("messages[0].sender_type", "[]", "wrong_type")),
        ({"notes": [5]}, ("notes[0]", "5", "not_object")),
        ({"notes": [{"author": 5}]}, ("notes[0].author", "5", "wrong_type")),
]  # fmt: skip


def test_a_bad_field_rejects_its_record_and_no_other(store):
    records = [record for n, (given, _) in enumerate(REJECTED) for record in ({"id": f"good {n}"}, {"id": n, **given})]
    report = load(store, json_lines(*records))
    assert (report.read, report.new, report.rejected) == (len(records), len(REJECTED), len(REJECTED))
    assert rejects(store, report) == [(2 * n + 2, *wanted) for n, (_, wanted) in enumerate(REJECTED)]


def test_half_a_character_becomes_a_replacement(store):
    load(store, json_lines('{"id": "1", "comment": "a\\ud800b", "channel": "\\ud83d\\ude00"}'))
    assert (only_chat(store)["comment"], only_chat(store)["channel"]) == ("a\ufffdb", "😀")


# What is given, and under which path its value is kept.
KEPT = [
        ({"started_at": "soon"}, "started_at"), ({"ended_at": "1980-01-01"}, "ended_at"),
        ({"status": 1}, "status"), ({"channel": True}, "channel"), ({"missed_reason": "rain"}, "missed_reason"),
        ({"tags": "vip"}, "tags"), ({"tags": ["a", 5]}, "tags"), ({"tags": [{"name": "vip"}]}, "tags"),
        ({"supervisors": {}}, "supervisors"), ({"operators": [[]]}, "operators"),
        ({"visitor": "Rin"}, "visitor"), ({"visitor": {"name": 5}}, "visitor.name"),
        ({"visitor": {"id": {}}}, "visitor.id"),
        ({"wait_s": -1}, "wait_s"), ({"wait_s": "1,234"}, "wait_s"),
        ({"rating": 9}, "rating"), ({"rating": 4.5}, "rating"), ({"rating": False}, "rating"),
        ({"messages": [{"sender_type": "bot", "at": "?"}]}, "messages[0].at"),
        ({"messages": [{"sender_type": "bot", "text": 5}]}, "messages[0].text"),
        ({"messages": [{"sender_type": "bot", "offset_s": -1}]}, "messages[0].offset_s"),
        ({"messages": [{"sender_type": "bot", "sender_name": 1}]}, "messages[0].sender_name"),
        ({"messages": [{"sender_type": "bot", "attachment": "a"}]}, "messages[0].attachment"),
        ({"messages": [{"sender_type": "bot", "attachment": {"size": -2}}]}, "messages[0].attachment.size"),
]  # fmt: skip


def value_at(record, path):
    for step in path.replace("[0]", ".0").split("."):
        record = record[int(step)] if isinstance(record, list) else record[step]
    return record


def test_an_optional_value_of_another_form_costs_nothing_but_itself(store):
    records = [{"id": n, "comment": "stays", **given} for n, (given, _) in enumerate(KEPT)]
    report = load(store, json_lines(*records))
    assert (report.new, report.rejected) == (len(KEPT), 0)
    assert report.odd_values.count + report.unread_times.count == len(KEPT)
    found = store.read("SELECT comment, unknown_fields FROM chats ORDER BY vendor_id::INTEGER")
    for row, (given, path) in zip(found, KEPT, strict=True):
        place = json.loads(row["unknown_fields"])
        assert row["comment"] == "stays"
        for step in path.split("."):
            place = place[step]
        assert place == value_at(given, path), path


def test_several_such_values_of_a_chat_are_all_kept(store):
    odd = {"rating": 9, "wait_s": "long", "visitor": {"name": "Rin", "phone": []}, "tags": {"a": 1}}
    report = load(store, json_lines({"id": "1", **odd}))
    chat = only_chat(store)
    assert report.odd_values.count == 4
    assert "rating: 9" in report.odd_values.examples
    assert chat["visitor_name"] == "Rin"
    assert json.loads(chat["unknown_fields"]) == {
        "rating": 9, "wait_s": "long", "visitor": {"phone": []}, "tags": {"a": 1},
    }  # fmt: skip
