"""Turns a written chat into a record of the import format."""

from typing import Any

from .choices import Draw, pick, weighted
from .conversation import Chat
from .dialogue import Clock
from .team import SUPERVISORS

Record = dict[str, Any]

_CHANNELS = {
    "ja": weighted({"web": 48, "app": 26, "line": 20, "email": 4, "": 2}),
    "en": weighted({"web": 60, "app": 27, "email": 7, "sms": 4, "": 2}),
}
_WEBSITES = {
    "ja": weighted({"jp.example.com": 78, "plus.example.com": 15, "shop.example.com": 4, "": 3}),
    "en": weighted({"shop.example.com": 76, "plus.example.com": 17, "jp.example.com": 4, "": 3}),
}
_RATINGS = {False: weighted({5: 54, 4: 29, 3: 9, 2: 4, 1: 4}), True: weighted({5: 5, 4: 11, 3: 22, 2: 29, 1: 33})}
_COMMENTS = {1: "rated_low", 2: "rated_low", 3: "rated_mid", 4: "rated_high", 5: "rated_high"}
_NO_DEPARTMENT, _NO_LANGUAGE, _NO_END = 0.07, 0.12, 0.004
_RATED, _TAGGED, _NOTED, _WITH_QUESTION, _WITH_WAIT = 0.33, 0.62, 0.09, 0.45, 0.6


def record(draw: Draw, clock: Clock, chat: Chat) -> Record:
    """Return the chat as a record; what is unknown is left out."""
    found: Record = {"id": f"S-{chat.number:06d}", "started_at": clock.text(chat.start)}
    if chat.end is not None and (chat.status != "completed" or draw() >= _NO_END):
        found["ended_at"] = clock.text(chat.end)
    found["status"] = chat.status
    if chat.monitored:
        found["supervisors"] = [pick(draw, SUPERVISORS)]
    _add_place(draw, found, chat)
    if chat.served:
        found["operator"] = chat.served[0].name
        if len(chat.served) > 1 or draw() < 0.2:
            found["operators"] = [operator.name for operator in chat.served]
        if chat.wait is not None and draw() < _WITH_WAIT:
            found["wait_s"] = chat.wait
    found["visitor"] = chat.visitor.fields.copy()
    if draw() >= _NO_LANGUAGE:
        found["language"] = chat.language.code
    if draw() < _WITH_QUESTION:
        found["question"] = chat.talk.question
    if draw() < _TAGGED:
        found["tags"] = list(chat.scenario.tags)
        if draw() < 0.15:
            found["tags"].append(pick(draw, chat.language.phrases["extra_tags"]))
    if chat.served and chat.end is not None:
        _add_rating(draw, found, chat)
        if draw() < _NOTED:
            text = chat.talk.filled(pick(draw, chat.language.phrases["notes"]))
            found["notes"] = [{"at": clock.text(chat.talk.at), "author": chat.served[-1].name, "text": text}]
    found["messages"] = chat.talk.messages
    return found


def _add_place(draw: Draw, found: Record, chat: Chat) -> None:
    channel, website = pick(draw, _CHANNELS[chat.language.code]), pick(draw, _WEBSITES[chat.language.code])
    for key, value in (("channel", channel), ("website", website)):
        if value:
            found[key] = value
    if chat.scenario.department and draw() >= _NO_DEPARTMENT:
        found["department"] = chat.scenario.department
    if channel in ("web", "app") and website and draw() < (0.95 if channel == "web" else 0.3):
        address, title = pick(draw, chat.scenario.pages)
        found["page_url"] = f"https://{website}{chat.talk.filled(address)}"
        if draw() < 0.9:
            found["page_title"] = chat.talk.filled(title)


def _add_rating(draw: Draw, found: Record, chat: Chat) -> None:
    if draw() >= _RATED:
        return
    slow = chat.wait is not None and chat.wait > 300
    rating = pick(draw, _RATINGS[chat.scenario.unhappy or (slow and draw() < 0.5)])
    found["rating"] = rating
    if draw() < (0.7 if rating < 3 else 0.4):
        key = "rated_slow" if slow and rating < 4 else _COMMENTS[rating]
        found["comment"] = chat.talk.filled(pick(draw, chat.language.phrases[key]))
