"""Why a store cannot be used."""

from typing import Literal

Reason = Literal[
    "locked", "newer", "damaged", "unwritable", "cut", "log_alone", "log_damaged", "foreign", "no_folder", "no_file"
]


class StoreError(Exception):
    """The store at `path` cannot be opened; `holder` names the program that holds a locked one, if known."""

    def __init__(self, reason: Reason, path: str, holder: str | None = None) -> None:
        super().__init__(f"store {path}: {reason}" + (f" by {holder}" if holder else ""))
        self.reason: Reason = reason
        self.path = path
        self.holder = holder
