"""Conversations in plain words, of which a writer for each system makes what the system's interface would answer."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

# Who says something, and what happens beside.
SPOKEN = ("visitor", "operator", "bot", "greeting", "campaign", "note")
FIRST = datetime(2026, 3, 2, 1)
# A visitor who came just now, in this year as in the next ones.
JUST_NOW = datetime(2099, 1, 5, 1)

SOCIAL = ("line", "whatsapp", "facebook", "instagram")
OPERATORS = ("Aoi", "Ben", "Mina Abe", "Zoë O'Neil")
BOT = "Helper"
DEPARTMENTS = ("Orders", "Returns", "お支払い")
PAGES = ("https://shop.example.com/cart?a=1", "https://shop.example.com/shoes", "https://help.example.com/faq")
QUESTIONS = (
    "Where is my order?", "注文はどこですか", "Is 5 < 7 & 8 > 6 for you, too?", "返品したいのですが",
    "One line\nand another one", "=SUM(1) does not work", "サイズは\nありますか？",
)  # fmt: skip
ANSWERS = ("I'll look it up.", "お調べします", "It was sent yesterday.\nHave a look!", "はい、ございます")
WORDS_OF_BOTS = ("I am a machine. Nine to five.", "自動でお答えします", "Here is what I found: <help> & more")
WANTED = ("A human, please", "担当の人と話したいです", "Thanks, but that does not help", "And on Sunday?")
THANKS = ("Thanks, that's all", "ありがとうございます", "Perfect, thank you!", "わかりました")
COMMENTS = ("Quick and kind", "とても親切でした", None)


@dataclass(frozen=True)
class Line:
    """What was said, or what happened (joined, transferred, closed, reopened, survey), at a second of the chat.

    `wants` is false of a visitor who only says thanks.
    """

    at: int
    kind: str
    who: str = ""
    text: str = ""
    file: str | None = None
    wants: bool = True


@dataclass(frozen=True)
class Visitor:
    """A visitor; one without a name is called by the system."""

    number: int
    name: str | None
    email: str | None
    phone: str | None
    country: str


@dataclass(frozen=True)
class Conversation:
    """A chat as somebody would tell of it who had sat beside."""

    number: int
    scenario: str
    start: datetime
    lines: tuple[Line, ...]
    visitor: Visitor
    is_open: bool = False
    assigned: str | None = None
    supervisors: tuple[str, ...] = ()
    is_form: bool = False
    rating: int | None = None
    comment: str | None = None
    tags: tuple[str, ...] = ()
    department: str = DEPARTMENTS[0]
    page: str = PAGES[0]
    channel: str | None = None

    def moment(self, line: Line) -> datetime:
        """When something was said or happened."""
        return self.start + timedelta(seconds=line.at)

    def of(self, *kinds: str) -> list[Line]:
        """The lines of these kinds."""
        return [line for line in self.lines if line.kind in kinds]

    @property
    def closed(self) -> Line | None:
        """When it was closed last."""
        return next(iter(self.of("closed")[::-1]), None)

    @property
    def last(self) -> datetime:
        """When something happened last."""
        return self.moment(self.lines[-1]) if self.lines else self.start


# Each scenario by its course: V visitor, T the visitor's thanks, W the visitor wants more, F a file of the visitor,
# O operator, P the next operator, N note, B bot, G greeting, C campaign, and in lower case what happens:
# j an operator joins, t another one does, c it is closed, r reopened.
COURSES = {
    "simple": ("VGjOVOc", "VjOFONTc", "GVjOVOTc"),
    "transfer": ("VGjOtPVPc", "VjONtPTc"),
    "bot to human": ("VBWjOTc", "VBjOVOc", "VBWBWWjOc", "BVWjOc"),
    "bot solved": ("VBc", "VBWBc", "GVBc"),
    "bot thanked": ("VBTc", "VBWBTc", "VBTTc"),
    "bot failed": ("VBWc", "VBWBWc", "VBFc"),
    "missed": ("VGc", "VWc", "GVc", "Vc"),
    "offline form": ("V",),
    "ongoing": ("VjO", "VGjOV", "VBWjOV"),
    "waiting": ("VG", "VW"),
    "forgotten": ("VG", "VBW"),
    "supervised": ("VjOV",),
    "reopened open": ("VjOcrV", "VjOTcrWO"),
    "reopened closed": ("VjOcrVOc", "VjOTcrWtPc"),
    "operator begins, answered": ("OjVOc", "OOVVOTc"),
    "operator begins, heard": ("OjVc", "OOTc"),
    "operator begins, unanswered": ("Ojc", "OOc"),
    "campaign unanswered": ("Cc",),
    "campaign ignored": ("CVc", "CVWc"),
    "campaign served": ("CVjOc",),
    "assigned but silent": ("Vjc", "VGjWc"),
    "empty": ("c",),
    **dict.fromkeys(SOCIAL, ("VGjOVOc", "VBWjOc", "VGc")),
}  # fmt: skip
WEIGHTS = {"simple": 6, "transfer": 2, "bot to human": 3, "missed": 3}
OPEN = frozenset(["ongoing", "waiting", "forgotten", "supervised", "reopened open"])
NEW = frozenset(["ongoing", "waiting", "supervised", "reopened open"])


def conversations(lacking: frozenset[str], count: int = 200, seed: int = 14) -> list[Conversation]:
    """So many conversations, with each scenario that a system is not lacking, the usual ones more often."""
    chance = random.Random(seed)
    visitors = [_visitor(number, chance) for number in range(count * 3 // 5)]
    scenarios = [name for name in COURSES if name not in lacking for _ in range(WEIGHTS.get(name, 1))]
    return [_conversation(number, scenarios[number % len(scenarios)], visitors, chance) for number in range(count)]


def while_it_ran(chat: Conversation, seed: int = 14) -> Conversation | None:
    """The conversation at a moment before its end; None where nothing was said before that."""
    spoken = [place for place, line in enumerate(chat.lines) if line.kind not in ("closed", "survey")]
    again = [place for place in spoken if chat.lines[place].kind == "reopened"]
    # What came back is another chat in some systems.
    least, most = again[0] + 2 if again else 1, spoken[-1] if spoken else 0
    if chat.is_form or most < least:
        return None
    lines = chat.lines[: random.Random(seed + chat.number).randint(least, most)]
    served = _served(lines)
    return replace(chat, lines=lines, is_open=True, assigned=served, supervisors=(), rating=None, comment=None)


def _visitor(number: int, chance: random.Random) -> Visitor:
    name = chance.choice([f"Rin Kato {number}", f"加藤 凛{number}", f"Zoë d'Arc-{number}", None])
    email = chance.choice([f"v{number}@example.com", None]) if name else None
    return Visitor(
        number, name, email, f"+8135550{number:04}" if name and number % 3 else None, "JP" if number % 2 else "FR"
    )


def _conversation(number: int, scenario: str, visitors: list[Visitor], chance: random.Random) -> Conversation:
    lines = tuple(_lines(chance.choice(COURSES[scenario]), chance))
    chat = Conversation(
        number=number,
        scenario=scenario,
        start=(JUST_NOW if scenario in NEW else FIRST) + timedelta(minutes=97 * number, seconds=chance.randrange(60)),
        lines=lines,
        visitor=chance.choice(visitors),
        is_open=scenario in OPEN,
        assigned=_served(lines),
        supervisors=tuple(chance.sample(["Cem", "Dana"], chance.randint(1, 2))) if scenario == "supervised" else (),
        is_form=scenario == "offline form",
        tags=tuple(chance.sample(["vip", "order", "返品"], chance.randint(0, 3))),
        department=chance.choice(DEPARTMENTS),
        page=chance.choice(PAGES),
        channel=scenario if scenario in SOCIAL else None,
    )
    if chat.is_open or not any(line.kind in ("operator", "bot") for line in lines) or chance.random() < 1 / 2:
        return chat
    survey = Line(lines[-1].at + 5, "survey", text="Please rate us")
    return replace(
        chat, rating=chance.choice([1, 2, 4, 5]), comment=chance.choice(COMMENTS), lines=(*lines, survey)
    )  # fmt: skip


def _served(lines: tuple[Line, ...]) -> str | None:
    return next((line.who for line in reversed(lines) if line.kind in ("joined", "transferred")), None)


def _lines(course: str, chance: random.Random) -> Iterator[Line]:
    first, second = chance.sample(OPERATORS, 2)
    told = {
        "V": ("visitor", "", QUESTIONS), "T": ("visitor", "", THANKS), "W": ("visitor", "", WANTED),
        "F": ("visitor", "", ("See this",)), "O": ("operator", first, ANSWERS), "P": ("operator", second, ANSWERS),
        "N": ("note", first, ("A note to myself",)), "B": ("bot", BOT, WORDS_OF_BOTS),
        "G": ("greeting", "", ("We will be with you in a moment",)), "C": ("campaign", first, ("Try our new plan!",)),
        "j": ("joined", first, ("",)), "t": ("transferred", second, ("",)), "c": ("closed", first, ("",)),
        "r": ("reopened", first, ("",)),
    }  # fmt: skip
    at = 0
    for step, letter in enumerate(course):
        kind, who, texts = told[letter]
        at += chance.randint(3, 90) if step or letter == "c" else 0
        file = "label.pdf" if letter == "F" else None
        yield Line(at, kind, who, chance.choice(texts), file, wants=letter != "T")
