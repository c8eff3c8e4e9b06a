"""What a store should hold of a conversation, read plainly from its description and from docs/import-format.md."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.importing.scenarios.conversations import SOCIAL, SPOKEN, Conversation, Line

KINDS = {"greeting": "bot", "campaign": "bot"}
KANA = re.compile("[ぁ-ゟ゠-ヿ]")
GOOD = 3


@dataclass(frozen=True)
class System:
    """A system's name, what its answers can tell, and how they are written.

    `untold` are the kinds of lines that its answers do not have, `facts` those that they do not tell of any chat.
    `missed` is the reason that it gives for missed chats, `empty` the one for those in which nobody wrote; where
    `begun_by_visitors` only what the visitor began can be missed. `assigns` says whether the names of operators are
    told who wrote nothing; `part` is what of a conversation is one chat.
    """

    name: str
    write: Callable[[list[Conversation]], dict[str, list[Any]]]
    id: Callable[[Conversation], str]
    lacking: frozenset[str] = frozenset()
    untold: frozenset[str] = frozenset(["survey"])
    facts: frozenset[str] = frozenset()
    missed: str = "no_human_reply"
    empty: str | None = "no_human_reply"
    begun_by_visitors: bool = False
    assigns: bool = True
    stars: int = 5
    survey: str = "system"
    ends: Callable[[Conversation], datetime | None] | None = None
    part: Callable[[Conversation], Conversation] = lambda chat: chat
    reopened: Callable[[Conversation], bool] = lambda chat: chat.is_open and bool(chat.of("closed"))


def expected(system: System, whole: Conversation) -> dict[str, Any]:
    """The facts of a conversation, and its messages."""
    chat = system.part(whole)
    ended, reason = (system.ends or _end)(chat), _missed_reason(system, chat)
    is_reopened = system.reopened(chat)
    status = "missed" if reason else "reopened" if is_reopened else "ongoing" if chat.is_open else "completed"
    visitor, asked = chat.visitor, next((line.text for line in chat.of("visitor")), None)
    facts = {
        "status": status,
        "missed_reason": reason,
        "started_at": chat.start,
        "ended_at": ended,
        "wait_s": _wait(system, chat, ended),
        "duration_s": (ended - chat.start).total_seconds() if ended else None,
        "question": asked,
        "operators": sorted(
            {line.who for line in chat.of("operator")}
            | ({chat.assigned} if chat.assigned and system.assigns else set())
        ),
        "supervisors": sorted(chat.supervisors),
        "visitor_name": visitor.name,
        "visitor_email": visitor.email,
        "visitor_phone": visitor.phone,
        "visitor_country": visitor.country,
        "rating": chat.rating and (chat.rating if system.stars == 5 else 5 if chat.rating > GOOD else 1),
        "comment": chat.comment,
        "tags": sorted(chat.tags),
        "department": chat.department,
        "page_url": chat.page,
        "channel": chat.channel,
        "language": _language(chat),
        "messages": [_message(system, chat, line) for line in chat.lines if line.kind not in system.untold],
    }
    return {name: value for name, value in facts.items() if name not in system.facts}


def stored(system: System, row: dict[str, Any], messages: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The same facts as a store holds them; of its channel, which of the social ones it is."""
    channel = (row["channel"] or "").replace("messenger", "facebook")
    facts = row | {
        "channel": next((name for name in SOCIAL if name in channel), None),
        "messages": [_as_stored(message) for message in messages],
    }
    for name in ("operators", "supervisors", "tags"):
        facts[name] = sorted(row[name])
    return facts


def _message(system: System, chat: Conversation, line: Line) -> tuple[Any, ...]:
    kind = KINDS.get(line.kind, line.kind if line.kind in SPOKEN else "system")
    kind = system.survey if line.kind == "survey" else kind
    name = {"visitor": chat.visitor.name, "operator": line.who, "note": line.who}.get(kind)
    return kind, chat.moment(line), name, line.text if kind != "system" else None, line.file


def _as_stored(message: dict[str, Any]) -> tuple[Any, ...]:
    kind = message["kind"]
    name = message["name"] if kind in ("visitor", "operator", "note") else None
    text = None if kind == "system" else message["text"]
    return kind, message["sent_at"], name, text, message["attachment_name"]


def _end(chat: Conversation) -> datetime | None:
    return None if chat.is_open or not chat.closed else chat.moment(chat.closed)


def _missed_reason(system: System, chat: Conversation) -> str | None:
    if chat.is_form:
        return "offline_form"
    visitors = chat.of("visitor")
    is_waiting = chat.is_open and chat.scenario != "forgotten"
    is_campaign = bool(chat.of("campaign")) and (system.begun_by_visitors or not visitors)
    if chat.of("operator") or is_waiting or is_campaign or _is_solved(chat):
        return None
    if not chat.of(*SPOKEN):
        return system.empty
    return "bot_handoff_failed" if chat.of("bot") else system.missed


def _is_solved(chat: Conversation) -> bool:
    """Whether a bot had the last word, the visitor's thanks after it aside."""
    spoken = [line for line in chat.of("visitor", "bot", "operator") if line.wants]
    return not chat.is_open and bool(spoken) and spoken[-1].kind == "bot"


def _wait(system: System, chat: Conversation, ended: datetime | None) -> float | None:
    visitors, bots = chat.of("visitor"), chat.of("bot")
    if not visitors:
        has_transcript = any(line.kind not in system.untold for line in chat.lines)
        return (ended - chat.start).total_seconds() if ended and not has_transcript else None
    answer = next((line for line in chat.of("operator") if line.at > visitors[0].at), None)
    until = answer.at if answer else float("inf")
    handed_over = [line for line in bots if line.at < until]
    since = handed_over[-1].at if handed_over else -1
    asked = next((line for line in visitors if since < line.at < until), handed_over[-1] if handed_over else None)
    if asked is None:
        return None
    if answer:
        return float(answer.at - asked.at)
    if chat.of("operator") or _is_solved(chat) or not ended:
        return None
    return (ended - chat.moment(asked)).total_seconds()


def _language(chat: Conversation) -> str | None:
    said = [line.text for line in chat.of("visitor", "operator", "bot", "greeting", "campaign") if line.text]
    return "ja" if any(map(KANA.search, said)) else "en" if said else None
