"""Conversations as Intercom's interface lists them, one by one with their parts, and contacts."""

from html import escape
from typing import Any

from tests.importing.scenarios.chatwoot import seconds
from tests.importing.scenarios.conversations import BOT, OPERATORS, Conversation, Line
from tests.importing.scenarios.plain_reading import System
from tests.importing.vendors.intercom_answers import conversation, figures, part, person, source, upload

LISTED = 20
BEGUN = {"operator": "admin_initiated", "campaign": "automated"}
EVENTS = {"joined": "assignment", "transferred": "assignment", "closed": "close", "reopened": "open", "note": "note"}


def write(chats: list[Conversation]) -> dict[str, list[Any]]:
    """Lists of conversations without their parts, each conversation with them, and contacts."""
    listed = [_conversation(chat) for chat in chats]
    return {
        "lists": [{"type": "conversation.list", "total_count": len(chats), "pages": {"type": "pages"},
                   "conversations": listed[at : at + LISTED]} for at in range(0, len(listed), LISTED)],
        "pages": [_single(chat) for chat in chats],
        "visitors": [{"type": "list", "total_count": len(chats), "pages": {"type": "pages"},
                      "data": [*{chat.visitor.number: _contact(chat) for chat in chats}.values()]}],
    }  # fmt: skip


def _opening(chat: Conversation) -> Line | None:
    """The first that was said, which is no part of the conversation where it stands at its start."""
    first = next(iter(chat.of("visitor", "operator", "campaign", "bot", "greeting")), None)
    return first if first and first.kind in ("visitor", *BEGUN) else None


def _conversation(chat: Conversation, **more: Any) -> dict[str, Any]:
    opening, replies, closed = _opening(chat), chat.of("operator"), chat.closed
    begun = BEGUN.get(opening.kind, "customer_initiated") if opening else "customer_initiated"
    first = source(_html(opening.text) if opening else None, _author(chat, opening), delivered_as=begun, url=chat.page,
                   type=chat.channel or "conversation")  # fmt: skip
    visitors, last = chat.of("visitor"), seconds(chat.moment(chat.lines[-1]))
    return conversation(
        chat.number,
        "open" if chat.is_open else "closed",
        first,
        created_at=seconds(chat.start),
        updated_at=last + 60,
        admin_assignee_id=OPERATORS.index(chat.assigned) + 814 if chat.assigned else 0,
        contacts={"type": "contact.list", "contacts": [{"type": "contact", "id": f"c-{chat.visitor.number}"}]},
        tags={"type": "tag.list", "tags": [{"type": "tag", "id": name, "name": name} for name in chat.tags]},
        statistics=figures(
            first_admin_reply_at=seconds(chat.moment(replies[0])) if replies else None,
            first_contact_reply_at=seconds(chat.moment(visitors[0])) if visitors else None,
            last_close_at=seconds(chat.moment(closed)) if closed else None,
            count_reopens=len(chat.of("reopened")),
        ),
        conversation_rating={"rating": chat.rating, "remark": chat.comment, "created_at": last}
        if chat.rating
        else None,
        **more,
    )


def _single(chat: Conversation) -> dict[str, Any]:
    opening = _opening(chat)
    said = [line for line in chat.lines if line is not opening and line.kind != "survey"]
    parts = [_part(chat, place, line) for place, line in enumerate(said)]
    given = {"type": "conversation_part.list", "conversation_parts": parts, "total_count": len(parts)}
    return _conversation(chat, conversation_parts=given)


def _part(chat: Conversation, place: int, line: Line) -> dict[str, Any]:
    moved = (
        {"assigned_to": {"type": "admin", "id": f"admin-{line.who}"}} if line.kind in ("joined", "transferred") else {}
    )
    return part(
        10_000 + 50 * chat.number + place, 0, _author(chat, line), _html(line.text) if line.text else None,
        EVENTS.get(line.kind, "comment"), created_at=seconds(chat.moment(line)),
        attachments=[upload(line.file)] if line.file else [], **moved,
    )  # fmt: skip


def _author(chat: Conversation, line: Line | None) -> dict[str, Any]:
    if line and line.kind == "bot":
        return person("bot", BOT, from_ai_agent=True, is_ai_answer=True)
    if line and line.kind == "greeting":
        return person("bot", "Operator", from_ai_agent=False, is_ai_answer=False)
    if line and line.kind != "visitor":
        return person("admin", line.who)
    visitor = chat.visitor
    return person(
        "user" if visitor.email else "lead", visitor.name or "", id=f"c-{visitor.number}", email=visitor.email
    )


def _contact(chat: Conversation) -> dict[str, Any]:
    visitor = chat.visitor
    return {
        "type": "contact", "workspace_id": "w", "id": f"c-{visitor.number}", "role": "user", "name": visitor.name,
        "email": visitor.email, "phone": visitor.phone,
        "location": {"type": "location", "country_code": visitor.country},
    }  # fmt: skip


def _html(text: str) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in text.split("\n"))


SYSTEM = System(
    name="Intercom", write=write, id=lambda chat: str(chat.number),
    lacking=frozenset(["offline form", "supervised", "line"]), facts=frozenset(["department"]),
    begun_by_visitors=True, assigns=False,
)  # fmt: skip
