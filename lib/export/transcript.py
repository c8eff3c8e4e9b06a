"""The transcript of one chat as a file: to print, or to import again."""

from collections.abc import Sequence
from typing import Final, Protocol
from uuid import UUID

from lib.chats.filter.matching import Matching
from lib.chats.listing import NEWEST_FIRST
from lib.export import rows
from lib.export.choice import Choice
from lib.export.ordering import lines_of
from lib.store import Store
from lib.text import as_html, html_page

_STYLE: Final = """
:root { color-scheme: light }
body { font: 11pt/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; max-width: 44rem; margin: 2rem auto }
h1 { font-size: 1.3rem; margin: 0 } h2 { font-size: 1rem; margin: 1.5rem 0 0.5rem; border-bottom: 1px solid #bbb }
p { margin: 0 } .facts { color: #555; white-space: pre-wrap }
.said { margin: 0.6rem 6rem 0.6rem 0; break-inside: avoid }
.operator, .bot { margin: 0.6rem 0 0.6rem 6rem } .who { font-weight: 600 } .text { white-space: pre-wrap }
.text { overflow-wrap: anywhere; unicode-bidi: isolate; padding-left: 1.2rem } .visitor .who { color: #1f5fbf }
.said { padding-left: 0.6rem; border-left: 3px solid #bbb } .visitor { border-left-color: #1f5fbf }
.system .text { color: #555; font-style: italic } time { color: #555; font-weight: 400; margin-right: 0.5rem }
@page { margin: 2cm } @media print { body { margin: 0; max-width: none } }
"""


class Said(Protocol):
    """One message in words."""

    @property
    def day(self) -> str:
        """Its day."""

    @property
    def clock(self) -> str:
        """Its time of the day."""

    @property
    def speaker(self) -> str:
        """Who."""

    @property
    def kind(self) -> str:
        """`visitor`, `operator`, `bot` or `system`."""

    @property
    def text(self) -> str:
        """What."""


def transcript_html(heading: str, facts: Sequence[str], said: Sequence[Said], language: str) -> bytes:
    """A page of its own to print, in UTF-8: a heading, lines of facts, and what was said. All of it is escaped."""
    parts = [f'<h1>{as_html(heading)}</h1><p class="facts">{as_html(chr(10).join(facts))}</p>']
    day = ""
    for entry in said:
        if entry.day and entry.day != day:
            day = entry.day
            parts.append(f"<h2>{as_html(day)}</h2>")
        time = f"<time>{as_html(entry.clock)}</time>" if entry.clock else ""
        head = f'<p class="who">{time}{as_html(entry.speaker)}</p>'
        parts.append(f'<div class="said {as_html(entry.kind)}">{head}<p class="text">{as_html(entry.text)}</p></div>')
    return html_page(heading, language, _STYLE, parts)


def transcript_json(store: Store, chat_id: UUID) -> bytes:
    """The chat with its messages as an object of the export format, in UTF-8; empty where there is no such chat."""
    choice = Choice()
    with store.snapshot(), store.reading() as cursor:
        parts = rows.choose(cursor, Matching("id = $chat_id", {"chat_id": chat_id}), NEWEST_FIRST)
        batches = [batch for part in parts.slices for batch in rows.chat_lines(cursor, choice, part)]
        return b"".join(bytes(lines_of(batch).text) for batch in batches)
