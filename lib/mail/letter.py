"""What the visitor reads: the reply with the transcript below it, as plain text and as HTML."""

from html import escape
from typing import Final

from lib.mail.draft import Draft
from lib.mail.transcript import Transcript, begins_day, plain, transcript_text

_RULE: Final = "-" * 40
_PAGE: Final = "font-family:sans-serif;font-size:15px;line-height:1.6;max-width:640px"
_QUIET: Final = "font-size:13px;color:#666666;margin:16px 0 4px 0"
_SAID: Final = "margin:0 0 12px 0;padding:8px 12px;border-left:3px solid {colour}"
_COLOURS: Final = {"visitor": "#8a8a8a", "operator": "#2f6fde", "bot": "#2f6fde", "system": "#d0d0d0"}


def letter_text(draft: Draft, transcript: Transcript | None) -> str:
    """The whole mail as plain text, ended by a newline."""
    body = plain(draft.body).rstrip()
    shown = _shown(draft, transcript)
    return f"{body}\n\n{_RULE}\n{transcript_text(shown)}\n" if shown else f"{body}\n"


def letter_html(draft: Draft, transcript: Transcript | None) -> str:
    """The whole mail as HTML: everything from people is escaped, nothing is loaded and nothing is a link."""
    text = plain(draft.body).strip()
    blocks = [block for block in text.split("\n\n") if block.strip()]
    parts = ["\n".join(f'<p dir="auto" style="margin:0 0 16px 0">{_lines(block.strip())}</p>' for block in blocks)]
    shown = _shown(draft, transcript)
    if shown:
        parts += [
            '<hr style="border:0;border-top:1px solid #d0d0d0;margin:24px 0">',
            f'<p style="font-weight:bold;margin:0">{escape(shown.heading)}</p>',
            f'<p style="{_QUIET}">{escape(shown.zone)}</p>',
        ]
        for index, entry in enumerate(shown.entries):
            if entry.day and begins_day(shown, index):
                parts.append(f'<p style="margin:20px 0 8px 0;font-weight:bold">{escape(entry.day)}</p>')
            said = _SAID.format(colour=_COLOURS[entry.kind])
            parts += [
                f'<p style="{_QUIET}">{escape(entry.clock)} <bdi>{escape(entry.speaker)}</bdi></p>',
                f'<p dir="auto" style="{said}">{_lines(entry.text)}</p>',
            ]
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(draft.language)}">\n<head><meta charset="utf-8"></head>\n'
        f'<body>\n<div style="{_PAGE}">\n' + "\n".join(parts) + "\n</div>\n</body>\n</html>\n"
    )


def _shown(draft: Draft, transcript: Transcript | None) -> Transcript | None:
    return transcript if draft.with_transcript and transcript and transcript.entries else None


def _lines(text: str) -> str:
    # Line breaks as elements: several mail programs do not know white-space: pre-wrap.
    return escape(text).replace("\n", "<br>\n")
