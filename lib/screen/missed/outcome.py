"""What came of a change of missed chats, and the way back."""

from collections import Counter
from dataclasses import replace
from typing import Literal
from uuid import UUID

from lib.language import _, plural
from lib.missed.apply import Applied, Refusal, undo
from lib.missed.changes import ChangeCode
from lib.screen.frame import session
from lib.screen.frame.storing import stores
from lib.screen.missed.looks import STATES
from lib.screen.parts import outcome
from lib.screen.parts.outcome import Telling, undo_way

MOST_REASONS = 6
# Stands for any chat where refusals are counted by their reasons.
NO_CHAT = UUID(int=0)

Code = ChangeCode | Literal["undo"]


def tell(code: Code, applied: Applied, name: str = "") -> None:
    """Tells what was tried, by which name (of the new assignee), and what it did, with the way back."""

    def telling() -> Telling:
        way = undo_way(lambda: _undo(applied))
        if code == "undo":
            way = replace(way, label=_("Redo"), icon="redo")
        # What was done, and for how many chats not, and why; holds names of people, so it is no Markdown.
        changed = len(applied.changed)
        done = [_done(code, changed, name)] if changed or not applied.refused else []
        groups = Counter(replace(each, chat_id=NO_CHAT) for each in applied.refused)
        return Telling(
            " ".join([*done, *(_refused(why, count) for why, count in groups.most_common(MOST_REASONS))]),
            [way] if applied.changed else [],
        )

    outcome.tell(telling)


@stores
def _undo(applied: Applied) -> None:
    store, actor = session.store(), session.actor()
    tell("undo", undo(store, applied, actor))


def _done(code: Code, n: int, name: str) -> str:
    sentences = {
        "take": lambda: plural("You have taken {n} chat.", "You have taken {n} chats.", n),
        "assign": lambda: plural("{n} chat is assigned to {name}.", "{n} chats are assigned to {name}.", n, name=name),
        "release": lambda: plural("{n} chat is with nobody now.", "{n} chats are with nobody now.", n),
        "set_due": lambda: plural("{n} chat has a new due time.", "{n} chats have a new due time.", n),
        "contacted": lambda: plural("{n} chat is marked as contacted.", "{n} chats are marked as contacted.", n),
        "not_needed": lambda: plural("{n} chat is marked as not needed.", "{n} chats are marked as not needed.", n),
        "reopen": lambda: plural("{n} chat is to do again.", "{n} chats are to do again.", n),
        "take_in": lambda: plural("{n} chat is taken back in.", "{n} chats are taken back in.", n),
        "undo": lambda: plural("{n} chat is as it was before.", "{n} chats are as they were before.", n),
    }
    return sentences[code]()


def _refused(why: Refusal, n: int) -> str:
    state = _(STATES[why.state].name) if why.state else ""
    sentences = {
        "gone": lambda: plural("{n} chat was deleted meanwhile.", "{n} chats were deleted meanwhile.", n),
        "not_missed": lambda: plural("{n} chat is not missed any more.", "{n} chats are not missed any more.", n),
        "taken": lambda: plural(
            "{n} chat was left alone, because {name} has it.", "{n} chats were left alone, because {name} has them.", n,
            name=session.shown_actor(why.by),
        ),
        "changed": lambda: plural(
            "{n} chat was left alone, because {name} has changed it meanwhile.",
            "{n} chats were left alone, because {name} has changed them meanwhile.", n,
            name=session.shown_actor(why.by),
        ),
        "state": lambda: plural(
            "{n} chat was left alone: its state is “{state}”.",
            "{n} chats were left alone: their state is “{state}”.", n, state=state,
        ),
        "same": lambda: plural("{n} chat was like that already.", "{n} chats were like that already.", n),
    }  # fmt: skip
    return sentences[why.reason]()
