"""What can be wrong with a record or a file, as codes that the screen words."""

from typing import Any

REJECTION_REASONS = (
    "not_json",
    "not_csv",
    "open_quote",
    "not_text",
    "not_object",
    "missing",
    "wrong_type",
    "bad_time",
    "year_out_of_range",
    "bad_number",
    "out_of_range",
    "bad_choice",
    "too_long",
    "too_many_values",
    "repeated_id",
    "rounded_id",
    "bad_list",
    "wrong_columns",
    "cut_off",
)
REFUSAL_REASONS = (
    "empty",
    "not_chats",
    "not_text",
    "not_encoding",
    "cut_off",
    "unknown_columns",
    "broken_gzip",
    "broken_zip",
    "encrypted_zip",
    "unsafe_zip",
    "too_large",
    "too_many_columns",
    "broken_parquet",
    "workbook",
    "encrypted_workbook",
    "unreadable",
    "link",
    "no_file",
    "failed",
    "reader_died",
    "memory",
    "engine",
    "accounts",
    "several_lists",
    "intercom_1",
    "zendesk_tickets",
    "zendesk_sunshine",
    "chatwoot_report",
    "livechat_report",
    "rocketchat_report",
)


class FieldError(ValueError):
    """A record is rejected because of `value` in `field` (a path like `messages[3].at`; None: the whole record)."""

    def __init__(self, field: str | None, value: Any, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.value = value
        self.reason = reason

    def inside(self, path: str) -> "FieldError":
        """The same problem, of a record that stands at `path` of a larger one."""
        return FieldError(f"{path}.{self.field}" if self.field else path, self.value, self.reason)


class Unfit(Exception):  # noqa: N818 - as a refusal, of which it is the reason
    """A reader, which does not know the name of its file, finds that the file cannot be taken."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ImportRefused(Exception):  # noqa: N818 - the refusal is an answer, not a fault
    """The import stopped and stored nothing, because the file named `file` cannot be taken.

    `told` is what there is to say of this file: the fields of `wording.DETAILS`.
    """

    def __init__(self, reason: str, file: str, **told: str) -> None:
        super().__init__(f"{file}: {reason}")
        self.reason = reason
        self.file = file
        self.told = told
