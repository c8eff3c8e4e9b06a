"""The outbox as a list: its counts, a page of its mails, and what became of one of them."""

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args
from uuid import UUID

from lib.mail.mails import Problem, State, problem_in
from lib.store import Store

Box = Literal["all", "queued", "sending", "sent", "failed", "unknown", "cancelled"]
BOXES: Final[tuple[Box, ...]] = get_args(Box)
PAGE_SIZE: Final = 100


@dataclass(frozen=True)
class Listed:
    """A mail of the list, without its text; times are naive UTC."""

    id: UUID
    chat_id: UUID
    state: State
    state_since: datetime
    created_at: datetime
    created_by: str
    recipient: str
    copies: tuple[str, ...]
    subject: str
    attempts: int
    next_attempt_at: datetime | None
    problem: Problem | None


@dataclass(frozen=True)
class Outbox:
    """A page of a part of the outbox, newest first, and the number of mails of every part at the same moment."""

    mails: tuple[Listed, ...]
    counts: dict[Box, int]
    page: int
    pages: int

    @property
    def waiting(self) -> int:
        """Number of mails that are queued or being sent."""
        return self.counts["queued"] + self.counts["sending"]


@dataclass(frozen=True)
class Happening:
    """Something that happened to a mail (naive UTC): an action, by whom, and what was wrong."""

    happened_at: datetime
    actor: str
    action: str
    problem: Problem | None
    next_attempt_at: datetime | None


# One query, so that counts and rows cannot disagree.
_PAGE: Final = """
    WITH shown AS (
        SELECT id, chat_id, number, state, state_since, created_at, created_by, recipient, copies, subject, attempts,
            next_attempt_at, problem
        FROM mails WHERE $box = 'all' OR state = $box
        ORDER BY created_at DESC, number DESC, id LIMIT $size OFFSET $start
    )
    SELECT counts, shown.*
    FROM (SELECT histogram(state) AS counts FROM mails) LEFT JOIN shown ON TRUE
    ORDER BY created_at DESC, number DESC, id
"""


def outbox_page(store: Store, box: Box, page: int) -> Outbox:
    """The page (from 1; the last one where there are fewer) of a part of the outbox."""
    found = store.read(_PAGE, {"box": box, "start": (page - 1) * PAGE_SIZE, "size": PAGE_SIZE})
    counts: dict[str, int] = found[0]["counts"] or {}
    numbers: dict[Box, int] = {name: int(counts.get(name, 0)) for name in BOXES}
    numbers["all"] = sum(int(count) for count in counts.values())
    pages = max(1, math.ceil(numbers[box] / PAGE_SIZE))
    if page > pages:
        return outbox_page(store, box, pages)
    listed = []
    for row in found:
        if row["id"] is not None:
            own = {name: row[name] for name in Listed.__dataclass_fields__}
            listed.append(Listed(**{**own, "copies": tuple(row["copies"]), "problem": problem_in(row["problem"])}))
    return Outbox(tuple(listed), numbers, page, pages)


def failed_count(store: Store) -> int:
    """Number of mails that were not sent and wait for a person's decision."""
    return int(store.read("SELECT count(*) AS n FROM mails WHERE state = 'failed'")[0]["n"])


def waiting_count(store: Store, chat_ids: Sequence[UUID]) -> int:
    """Number of mails of these chats that are queued."""
    sql = """
        SELECT count(*) AS n FROM mails WHERE state = 'queued' AND chat_id IN (SELECT unnest($ids::UUID[]))
    """
    return int(store.read(sql, {"ids": [str(each) for each in chat_ids]})[0]["n"])


def states_of(store: Store, mail_ids: Sequence[UUID]) -> Counter[State]:
    """In which states these mails are now, and how many in each."""
    sql = "SELECT state, count(*) AS n FROM mails WHERE id IN (SELECT unnest($ids::UUID[])) GROUP BY state"
    found = store.read(sql, {"ids": [str(each) for each in mail_ids]})
    return Counter({row["state"]: int(row["n"]) for row in found})


def fingerprint(store: Store, chat_id: UUID | None = None) -> tuple[int, datetime | None]:
    """Something that changes with every change in the outbox, or with one of this chat's mails."""
    sql = "SELECT count(*) AS n, max(state_since) AS since FROM mails WHERE $chat IS NULL OR chat_id = $chat"
    found = store.read(sql, {"chat": chat_id})
    return int(found[0]["n"]), found[0]["since"]


def history(store: Store, mail_id: UUID, chat_id: UUID) -> list[Happening]:
    """What happened to a mail of a chat, the last first."""
    found = store.read(
        """SELECT happened_at, actor, action, detail FROM events
           WHERE chat_id = $chat AND json_extract_string(detail, '$.mail') = $mail
           ORDER BY happened_at DESC""",
        {"chat": chat_id, "mail": str(mail_id)},
    )
    happenings = []
    for row in found:
        detail = json.loads(row["detail"])
        problem = Problem(detail["problem"], detail.get("reply", "")) if "problem" in detail else None
        planned = detail.get("next_attempt")
        again_at = datetime.fromisoformat(planned) if planned else None
        happenings.append(Happening(row["happened_at"], row["actor"], row["action"], problem, again_at))
    return happenings
