"""What exports are called: their formats, what is masked, why there is none, and one that was asked for."""

from lib.chats.own_files import Format, Mask
from lib.export.asking import Asked
from lib.export.choice import MASKS
from lib.export.jobs import Refusal
from lib.language import _, listing, mark, plural

FORMAT_NAMES: dict[Format, str] = {
    "csv": mark("CSV for spreadsheets"),
    "json_lines": mark("JSON Lines"),
    "parquet": mark("Parquet"),
}
FORMAT_MEANINGS: dict[Format, str] = {
    "json_lines": mark("Exact. One chat a line, with its messages inside."),
    "csv": mark("For spreadsheets: a text that a spreadsheet would run as a formula gets a quote before it."),
    "parquet": mark("Exact, with types. One chat a row, with its messages inside."),
}
MASK_NAMES: dict[Mask, str] = {
    "names": mark("Names"),
    "emails": mark("E-mail addresses"),
    "phones": mark("Phone numbers"),
    "ips": mark("IP addresses"),
}
REFUSALS: dict[Refusal, str] = {
    "above_limit": mark(
        "That is more than you may export today by yourself. Ask for it; a second person has to agree."
    ),
    "grown": mark("Meanwhile more chats match than were agreed to. Export fewer, or ask again."),
    "not_agreed": mark("Nobody agrees to this any more: it was made, taken back, or a day has passed. Ask again."),
    "running": mark("An export of yours is running already."),
    "too_many": mark("Two exports are running already. Start yours when one of them is done."),
}


def about(asked: Asked) -> str:
    """How many chats, how, and why, in words; holds the person's reason, so no Markdown."""
    choice = asked.request.choice
    parts = [
        plural("{n} chat", "{n} chats", asked.chats),
        _(FORMAT_NAMES[choice.format]),
        _("With messages") if choice.with_messages else "",
        _("Masked: {what}", what=listing(_(MASK_NAMES[mask]) for mask in MASKS if mask in choice.masks))
        if choice.masks
        else "",
        asked.request.reason,
    ]
    return " · ".join(filter(None, parts))
