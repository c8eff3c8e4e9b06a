"""The language of a chat, as far as its texts tell it."""

from lib.chats.chat import find_chat
from lib.mail.draft import answered_in, facts_of
from tests.importing.files import json_lines, load, only_chat

TOKYO, UTC = "Asia/Tokyo", "UTC"


# Texts, their language where the workspace is in Tokyo, and elsewhere.
TOLD = [
    ([], None, None),
    (["👍 12:30 …"], None, None),
    (["Hello"], "en", "en"),
    (["Größe falsch? µ ½ ª"], "en", "en"),
    (["キャンセル"], "ja", "ja"),
    (["ｷｬﾝｾﾙ"], "ja", "ja"),
    (["返品希望"], "ja", None),
    (["注文番号一二三確認", "iPhone 返品希望", "OK 了解"], "ja", None),
    (["東京都千代田区在住"], "ja", None),
    (["退货怎么办", "iPhone 15 Pro"], None, None),
    (["I live in 渋谷区. Where is my order?"], "en", "en"),
    (["Where is my order?", "東京都渋谷区"], None, None),
    (["Where is my order?", "東京都渋谷区", "はい"], "ja", "ja"),
    (["مرحبا أين طلبي"], None, None),
    (["Где мой заказ?"], None, None),
    (["Где мой iPhone?", "OK"], None, None),
    (["Is Москва a city? I think it is, and I know."], "en", "en"),
    (["שלום"], None, None),
    (["สวัสดี"], None, None),
    (["주문 어디"], "ko", "ko"),
    (["주문 어디", "OK"], "ko", "ko"),
]


def test_a_language_is_unknown_where_it_cannot_be_told(store):
    for zone in (TOKYO, UTC):
        records = []
        for n, (texts, *_) in enumerate(TOLD):
            said = [{"sender_type": "visitor", "text": text} for text in texts]
            records.append({"id": f"{zone} {n} written", "messages": said})
            if len(texts) == 1:
                records.append({"id": f"{zone} {n} asked", "question": texts[0]})
        load(store, json_lines(*records), zone=zone)
    for row in store.read("SELECT vendor_id, language FROM chats"):
        zone, n, _ = row["vendor_id"].split()
        texts, in_tokyo, elsewhere = TOLD[int(n)]
        assert row["language"] == (in_tokyo if zone == TOKYO else elsewhere), texts
    assert store.read("SELECT count(*) AS n FROM chats")[0]["n"] > 2 * len(TOLD)


def test_what_nobody_wrote_tells_no_language(store):
    notes = [{"text": "内緒です"}, {"text": "hello"}]
    load(store, json_lines({"id": "1", "notes": notes, "messages": [{"sender_type": "system", "text": "Ann joined"}]}))
    assert only_chat(store)["language"] is None


def test_a_chat_in_an_unknown_language_is_answered_in_english(store):
    load(store, json_lines({"id": "1", "status": "missed", "question": "Где мой заказ?"}))
    chat_id = only_chat(store)["id"]
    facts = facts_of(store, chat_id)
    assert facts and facts.language is None and answered_in(facts) == "en"
    chat = find_chat(store, chat_id)
    assert chat and chat.language is None
