"""Answers of chat systems that cannot be read as chats, each known by its fields: its refusal says what to do."""

from collections.abc import Callable, Iterable
from typing import Any

Answer = dict[str, Any]

TICKET = frozenset(["requester_id", "submitter_id"])
COMMENT = frozenset(["audit_id", "html_body"])
SUNSHINE = ({"businessLastRead"}, {"received", "author", "content"})
CHATWOOT_SUMMARY = frozenset(["avg_first_response_time", "conversations_count", "incoming_messages_count"])
CHATWOOT_POINTS = frozenset(["value", "timestamp"])
LIVECHAT_REPORT = frozenset(["total", "records", "request"])
LIVECHAT_COUNTS = frozenset(["missed_chats", "chats_count", "not_rated", "rated_good", "begin"])


def reason_of(answers: Iterable[Answer]) -> str | None:
    """Why answers cannot be read, a code of `REFUSAL_REASONS`; None where they are none of these."""
    return next((reason for answer in answers for reason, fits in UNFIT.items() if fits(answer)), None)


def is_older_intercom(answer: Answer) -> bool:
    """Whether it is of Intercom's API 1, whose conversations begin with `conversation_message`."""
    return any("conversation_message" in item and "source" not in item for item in _records(answer, "conversations"))


def _records(answer: Answer, *places: str) -> list[Answer]:
    """The records in lists of an answer, those in an object of its own, or the answer itself."""
    found = [answer.get(place) for place in places if place in answer]
    items = [item for value in found for item in (value if isinstance(value, list) else [value])]
    return [item for item in items or [answer] if isinstance(item, dict)]


def _is_ticket(answer: Answer) -> bool:
    records = _records(answer, "tickets", "ticket", "comments", "results")
    return any(item.keys() >= TICKET or item.keys() >= COMMENT for item in records)


def _is_sunshine(answer: Answer) -> bool:
    return any(item.keys() >= signs for item in _records(answer, "conversations", "messages") for signs in SUNSHINE)


def _is_chatwoot_report(answer: Answer) -> bool:
    return answer.keys() >= CHATWOOT_SUMMARY or answer.keys() in (CHATWOOT_POINTS, CHATWOOT_POINTS | {"count"})


def _is_livechat_report(answer: Answer) -> bool:
    days = [value for value in answer.values() if isinstance(value, dict)]
    return answer.keys() >= LIVECHAT_REPORT or any(LIVECHAT_COUNTS & day.keys() and "id" not in day for day in days)


UNFIT: dict[str, Callable[[Answer], bool]] = {
    "intercom_1": is_older_intercom,
    "zendesk_tickets": _is_ticket,
    "zendesk_sunshine": _is_sunshine,
    "chatwoot_report": _is_chatwoot_report,
    "livechat_report": _is_livechat_report,
    "rocketchat_report": lambda answer: isinstance(answer.get("totalizers"), list),
}
