"""Chats whose texts try to break a page, and one of 2,500 messages; their ids never change."""

from random import Random
from typing import Any

from .dialogue import Clock, Dialogue
from .people import People
from .scripts import load_language
from .slots import Slots
from .team import DAY, HOUR, OPERATORS

LONG_CHAT_ID = "S-900100"
LONG_CHAT_MESSAGES = 2500
_WEEKS_BACK = 6

# (name of the visitor, operator's answer, what the visitor writes)
_HOSTILE: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "**Bold** <b>Name</b>",
        "Thanks, could you tell me which page you mean?",
        ("Look at this ![x](https://evil.example/p.png)", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>"),
    ),
    (
        "Max Power",
        "I can't open that link, sorry.",
        ("[click](javascript:alert(1))", "$$\\frac{1}{0}$$", ":red[hot] :material/delete:", "# not a heading"),
    ),
    (
        '=HYPERLINK("https://evil.example","x")',
        "表計算ソフトの式は受け付けておりません。",
        ('=HYPERLINK("https://evil.example","x")', "+1+1", "@SUM(A1:A9)", "-2+3"),
    ),
    (
        "Robert'); DROP TABLE chats; --",
        "That name is unusual, but I found your order.",
        ("'; DROP TABLE chats; --", '" OR 1=1 --', "100% _sure_ it's O'Brien's \\ order"),
    ),
    (
        "\u202eeteled",
        "表示が乱れているようですので、もう一度ご入力いただけますか。",
        ("\u202etxt.exe これは逆向きの文字です", "ゼロ\u200b幅\u200b文字\u200dテスト\ufeff", "a\u0301\u0327 é e\u0301"),
    ),
    (
        "Ada Long",
        "I see some unreadable characters, where did you copy this from?",
        (
            "bell\x07 back\x08space escape\x1b[31m tab\t form\x0cfeed \x7f",
            "line one\r\nline two\rline three\u2028line four",
            "W" + "o" * 597 + "w!",
        ),
    ),
    (
        "Emoji 👩🏽‍🚀",
        "絵文字をありがとうございます👍🏻",
        ("👍🏿👋🏽🧑🏾‍🤝‍🧑🏻 👨‍👩‍👧‍👦 🇯🇵🏳️‍🌈", "𠮷田 𩸽 ﷽", "Ｆｕｌｌｗｉｄｔｈ ﾊﾝｶｸ ㌔"),
    ),
    (
        "Mallory\r\nBcc: x@example.com",
        "Which email address should we use?",
        (
            "Please change my name to =?utf-8?q?a=0d=0aBcc:_e@example.com?=",
            "Subject: hello\r\nBcc: x@example.com",
            '<a href="javascript:alert(1)">invoice</a> {{7*7}} ${7*7} {city}',
        ),
    ),
    (
        "=?utf-8?q?a=0d=0aBcc:_e@example.com?=",
        "I've noted it.",
        ("My name looks odd in your emails.", "</textarea><svg onload=alert(1)>", "../../etc/passwd %00 %0d%0a"),
    ),
)


def edge_cases(clock: Clock, end: int, seed: int) -> list[dict[str, Any]]:
    """Return the special chats of the sample."""
    first = end - end % DAY - _WEEKS_BACK * 7 * DAY
    hostile = [_hostile(clock, first + index * DAY + 10 * HOUR, index) for index in range(len(_HOSTILE))]
    return [*hostile, _long_chat(clock, first + 9 * DAY + 9 * HOUR, seed)]


def _hostile(clock: Clock, start: int, index: int) -> dict[str, Any]:
    name, answer, texts = _HOSTILE[index]
    operator = OPERATORS[index].name
    visitor = {"sender_type": "visitor", "sender_name": name}
    messages = [{"at": clock.text(start + 45 * step), **visitor, "text": text} for step, text in enumerate(texts)]
    reply = {"at": clock.text(start + 300), "sender_type": "operator", "sender_name": operator, "text": answer}
    fields = {"id": f"V-9000{index + 1:02d}", "name": name, "email": f"odd{index + 1}@example.org", "country": "JP"}
    return {
        "id": f"S-{900001 + index}",
        "started_at": clock.text(start),
        "ended_at": clock.text(start + 420),
        "status": "completed",
        "channel": "web",
        "website": "shop.example.com",
        "department": "Support",
        "operator": operator,
        "visitor": fields,
        "question": texts[0],
        "rating": 3,
        "comment": texts[-1],
        "tags": ["odd text"],
        "page_title": texts[0],
        "messages": [*messages, reply],
    }


def _long_chat(clock: Clock, start: int, seed: int) -> dict[str, Any]:
    draw = Random(f"long {seed}").random
    language, operator = load_language("en"), next(each for each in OPERATORS if each.name == "Olivia Bennett")
    visitor, slots = People(draw).visitor("en", 1.0), Slots(draw)
    talk = Dialogue(draw, clock, "en", slots.words(language, visitor, "", 9, False), False)
    talk.at, talk.limit = start, LONG_CHAT_MESSAGES
    talk.hasten()
    talk.name("visitor", visitor.name)
    talk.name("operator", operator.name)
    talk.fill(op_name=operator.called["en"])
    talk.any_of("visitor", language.phrases["session_open"], 0)
    talk.any_of("operator", language.phrases["greet"], 40)
    for number in range(1, LONG_CHAT_MESSAGES):
        talk.fill(**slots.words(language, visitor, "", 9, False), n=str(number))
        talk.play_anew(language.session[int(draw() * len(language.session))])
    fields = {**visitor.fields, "id": "V-900100"}
    return {
        "id": LONG_CHAT_ID,
        "started_at": clock.text(start),
        "ended_at": clock.text(talk.at),
        "status": "completed",
        "channel": "web",
        "website": "plus.example.com",
        "department": "Support",
        "operator": operator.name,
        "visitor": fields,
        "language": "en",
        "rating": 5,
        "comment": "All of it fixed in one chat!",
        "tags": ["catalogue", "business"],
        "messages": talk.messages,
    }
