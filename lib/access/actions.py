"""The register of everything that people do and see here, and what the app does by itself, in words.

Every action of the events and of the accesses stands in it, once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from lib.language import mark

Group = Literal["reading", "chats", "missed", "mail", "imports", "exports", "settings", "access"]
GROUPS: Final[tuple[Group, ...]] = get_args(Group)
GROUP_NAMES: Final[Mapping[Group, str]] = {
    "reading": mark("Reading and searching"),
    "chats": mark("Chats"),
    "missed": mark("Missed chats"),
    "mail": mark("E-mails"),
    "imports": mark("Import"),
    "exports": mark("Export"),
    "settings": mark("Settings"),
    "access": mark("Sign-in and roles"),
}


@dataclass(frozen=True)
class Action:
    """Something that is done or seen: what it belongs to, and how it is told of whoever did it."""

    group: Group
    words: str


ACTIONS: Final[Mapping[str, Action]] = {
    "chat_read": Action("reading", mark("Read the chat")),
    "search": Action("reading", mark("Searched for words")),
    "query": Action("reading", mark("Ran a query")),
    "note": Action("chats", mark("Wrote a note")),
    "delete": Action("chats", mark("Deleted the chat")),
    "restore": Action("chats", mark("Restored the chat")),
    "persons_joined": Action("chats", mark("Joined persons")),
    "persons_parted": Action("chats", mark("Parted persons")),
    "person_taken": Action("exports", mark("Took along all that is known of a person")),
    "erasure_scheduled": Action("chats", mark("Planned an erasure")),
    "erasure_cancelled": Action("chats", mark("Cancelled an erasure")),
    "erased": Action("chats", mark("Erased for good")),
    "retention_run": Action("chats", mark("Carried out a retention rule")),
    "hold_put": Action("chats", mark("Put under legal hold")),
    "hold_lifted": Action("chats", mark("Lifted a legal hold")),
    "follow_up": Action("missed", mark("Followed up on the missed chat")),
    "seen_news": Action("missed", mark("Marked what is new as seen")),
    "unseen_news": Action("missed", mark("Marked what is new as unseen")),
    "mail_queued": Action("mail", mark("Wrote an e-mail")),
    "mail_sent": Action("mail", mark("Sent the e-mail")),
    "mail_failed": Action("mail", mark("Could not send the e-mail")),
    "mail_deferred": Action("mail", mark("Could not send the e-mail yet")),
    "mail_unknown": Action("mail", mark("May have sent the e-mail")),
    "mail_cancelled": Action("mail", mark("Cancelled the e-mail")),
    "mail_restored": Action("mail", mark("Let the e-mail wait again")),
    "mail_retried": Action("mail", mark("Tried the e-mail again")),
    "mail_resolved_sent": Action("mail", mark("Found that the e-mail was sent")),
    "mail_resolved_queued": Action("mail", mark("Sent the e-mail again")),
    "do_not_contact_added": Action("mail", mark("Put an address on the do-not-contact list")),
    "do_not_contact_removed": Action("mail", mark("Took an address off the do-not-contact list")),
    "import": Action("imports", mark("Imported chats")),
    "undo_import": Action("imports", mark("Undid an import")),
    "inbox_refused": Action("imports", mark("Refused a file of the inbox")),
    "inbox_again": Action("imports", mark("Had refused files tried again")),
    "save_mapping": Action("imports", mark("Saved a column mapping")),
    "forget_mapping": Action("imports", mark("Removed a column mapping")),
    "switch_rule": Action("imports", mark("Switched a rule for missed chats")),
    "name_account": Action("imports", mark("Named an account")),
    "remove_sample": Action("imports", mark("Removed the sample")),
    "export": Action("exports", mark("Exported chats")),
    "export_asked": Action("exports", mark("Asked for a larger export")),
    "export_agreed": Action("exports", mark("Agreed to an export")),
    "export_denied": Action("exports", mark("Did not agree to an export")),
    "export_withdrawn": Action("exports", mark("Took back the wish for an export")),
    "export_downloaded": Action("exports", mark("Downloaded an export")),
    "export_transcript": Action("exports", mark("Downloaded the transcript")),
    "explore_export": Action("exports", mark("Downloaded the rows of a query")),
    "activity_export": Action("exports", mark("Downloaded the activity")),
    "change_rules": Action("settings", mark("Changed hours and rules")),
    "add_colleague": Action("settings", mark("Added a colleague to the team")),
    "remove_colleague": Action("settings", mark("Removed a colleague from the team")),
    "change_template": Action("settings", mark("Changed a template")),
    "retention_saved": Action("settings", mark("Saved a retention rule")),
    "retention_removed": Action("settings", mark("Removed a retention rule")),
    "view_saved": Action("settings", mark("Saved a view")),
    "view_renamed": Action("settings", mark("Renamed a view")),
    "view_shared": Action("settings", mark("Shared a view")),
    "view_made_private": Action("settings", mark("Made a view private")),
    "view_threshold_set": Action("settings", mark("Changed the limit of a view")),
    "view_updated": Action("settings", mark("Changed what a view shows")),
    "view_deleted": Action("settings", mark("Deleted a view")),
    "view_restored": Action("settings", mark("Restored a view")),
    "view_moved": Action("settings", mark("Moved a view")),
    "signed_in": Action("access", mark("Signed in")),
    "refused": Action("access", mark("Was refused")),
    "role_given": Action("access", mark("Gave a role")),
    "role_taken": Action("access", mark("Took a role back")),
    "confined": Action("access", mark("Had somebody see only some chats")),
    "not_confined": Action("access", mark("Had somebody see all chats again")),
    "accesses_removed": Action("access", mark("Removed old readings")),
}


def actions_of(group: str) -> list[str]:
    """The actions of a group."""
    return [code for code, action in ACTIONS.items() if action.group == group]
