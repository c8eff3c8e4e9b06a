"""What an entry of Activity says, in words. The texts of notes and of e-mails, words that were searched for and queries
never stand there; nor does what this version does not know.
"""

from collections.abc import Callable, Mapping
from typing import Any

from lib.access.actions import ACTIONS
from lib.access.activity import Entry
from lib.access.roles import ROLE_NAMES
from lib.commands import COMMANDS, RIGHT_NAMES, RIGHTS
from lib.importing.wording import refusal_sentence
from lib.language import _, joined, language_name, number, plural
from lib.mail import Problem, mail_sentence
from lib.missed.history import HistoryEntry
from lib.screen.chat.notes import deed
from lib.screen.frame import labels
from lib.views.content import DEFAULT_NAMES, name_of

Detail = Mapping[str, Any]


def what_was_done(entry: Entry) -> str:
    """The action, in words; its name where this version does not know it."""
    return _(ACTIONS[entry.action].words) if entry.action in ACTIONS else entry.action


def in_detail(entry: Entry) -> str:
    """What else is told of it; empty where there is nothing."""
    try:
        if entry.action == "follow_up":
            return deed(HistoryEntry(entry.happened_at, entry.actor, entry.action, entry.detail))
        if entry.action.startswith("mail_"):
            return mail_sentence(Problem(entry.detail["problem"], "")) if entry.detail.get("problem") else ""
        words = DETAILS.get(entry.action)
        return words(entry.detail) if words else ""
    except (KeyError, TypeError, ValueError, AttributeError):
        # Another version recorded it, and its list is not to end with it.
        return ""


def _text(name: str) -> Callable[[Detail], str]:
    return lambda detail: str(detail.get(name) or "")


def _rows(detail: Detail) -> str:
    rows = detail.get("rows")
    return "" if rows is None else plural("{n} row", "{n} rows", rows)


def _chats(detail: Detail) -> str:
    chats = detail.get("chats")
    return "" if chats is None else plural("{n} chat", "{n} chats", chats)


def _beside(*parts: Callable[[Detail], str]) -> Callable[[Detail], str]:
    return lambda detail: " · ".join(filter(None, (part(detail) for part in parts)))


def _change(before: object, after: object) -> str:
    if before in (None, "") or after in (None, ""):
        return str(after or before or "")
    return _("{before} → {after}", before=before, after=after)


def _format(detail: Detail) -> str:
    code = str(detail.get("format") or detail.get("file") or "")
    return FORMATS.get(code, code)


def _imported(detail: Detail) -> str:
    counts = _(
        "{new} new, {updated} updated, {rejected} rejected",
        **{name: number(detail.get(name, 0)) for name in ("new", "updated", "rejected")},
    )
    return " · ".join(filter(None, [joined(detail.get("files", [])), counts]))


def _undone(detail: Detail) -> str:
    return _(
        "{removed} removed, {restored} as they were before",
        removed=number(detail.get("removed", 0)),
        restored=number(detail.get("restored", 0)),
    )


def _refused_file(detail: Detail) -> str:
    return f"{detail.get('file', '')} · {refusal_sentence(detail['problem'])}"


def _rule(detail: Detail) -> str:
    return " · ".join([str(detail.get("system", "")), _("on") if detail.get("enabled") else _("off"), _chats(detail)])


def _template(detail: Detail) -> str:
    parts = [_(labels.PURPOSES[detail["purpose"]]), language_name(detail["language"])]
    return " · ".join([*parts, *([_("as it was shipped")] if detail.get("shipped") else [])])


def _view(detail: Detail) -> str:
    called = str(detail.get("called") or "")
    return name_of(called, None) if called in DEFAULT_NAMES else called


def _renamed(detail: Detail) -> str:
    names = detail.get("name") or {}
    return _change(names.get("before"), names.get("after")) or _view(detail)


def _limit(detail: Detail) -> str:
    limits = detail.get("threshold") or {}
    told = [_("none") if limits.get(when) is None else number(limits[when]) for when in ("before", "after")]
    return f"{_view(detail)} · {_change(*told)}"


def _role(detail: Detail) -> str:
    before, after = (_role_name(detail.get(which)) for which in ("before", "role"))
    return f"{detail.get('person', '')} · {_change(before, after)}"


def _role_name(role: object) -> str:
    return _(ROLE_NAMES[str(role)]) if role in ROLE_NAMES else str(role or "")


def _right(detail: Detail) -> str:
    # Of a file it is the right itself.
    name = str(detail.get("command") or "")
    right = COMMANDS[name].right if name in COMMANDS else next((each for each in RIGHTS if each == name), None)
    return _(RIGHT_NAMES[right]) if right else name


# What programs call formats, and people do.
FORMATS = {
    "text": "TXT",
    "html": "HTML",
    "json": "JSON",
    "csv": "CSV",
    "jsonl": "JSON Lines",
    "json_lines": "JSON Lines",
    "parquet": "Parquet",
}
DETAILS: Mapping[str, Callable[[Detail], str]] = {
    "query": _rows,
    "delete": _text("reason"),
    "do_not_contact_added": _text("address"),
    "do_not_contact_removed": _text("address"),
    "import": _imported,
    "undo_import": _undone,
    "inbox_refused": _refused_file,
    "inbox_again": lambda detail: joined(detail["files"]),
    "save_mapping": _text("name"),
    "forget_mapping": _text("name"),
    "switch_rule": _rule,
    "name_account": _beside(_text("system"), lambda detail: _change(detail["account"], detail["name"])),
    "remove_sample": _chats,
    "erasure_scheduled": lambda detail: plural("in {n} day", "in {n} days", detail["days"]),
    "erased": _beside(_chats, lambda detail: _("the chats stay") if detail.get("keeps_chats") else ""),
    "retention_run": _beside(_text("rule"), _chats),
    "retention_saved": _text("rule"),
    "retention_removed": _text("rule"),
    "person_taken": _chats,
    "persons_joined": _chats,
    "persons_parted": _chats,
    "export": _beside(_chats, _format, _text("reason")),
    "export_asked": _beside(_chats, _format, _text("reason")),
    "export_agreed": _beside(_text("person"), _chats),
    "export_denied": _beside(_text("person"), _chats),
    "export_withdrawn": _chats,
    "export_downloaded": _text("file"),
    "export_transcript": _format,
    "explore_export": _beside(_rows, _format),
    "activity_export": _rows,
    "add_colleague": _text("name"),
    "remove_colleague": _text("name"),
    "change_template": _template,
    "view_saved": _view,
    "view_renamed": _renamed,
    "view_shared": _view,
    "view_made_private": _view,
    "view_threshold_set": _limit,
    "view_updated": _view,
    "view_deleted": _view,
    "view_restored": _view,
    "view_moved": _view,
    "role_given": _role,
    "role_taken": _role,
    "confined": lambda detail: f"{detail['person']} · {labels.seen_words(detail['sees'].items())}",
    "not_confined": _text("person"),
    "refused": _right,
    "accesses_removed": lambda detail: plural("{n} entry", "{n} entries", detail["accesses"]),
}
