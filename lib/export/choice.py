"""What is to be exported, and how: one frozen value."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

from lib.chats.clock import Clock
from lib.chats.export_marks import Format
from lib.chats.filter.filter import EMPTY, ChatFilter
from lib.chats.listing import NEWEST_FIRST, Sort

if TYPE_CHECKING:
    from lib.export.for_people import ForPeople

FORMATS: tuple[Format, ...] = get_args(Format)

Mask = Literal["names", "emails", "phones", "ips"]
MASKS: tuple[Mask, ...] = get_args(Mask)


@dataclass(frozen=True)
class Choice:
    """The format, whether messages come along, which columns (None: all), and what is masked.

    `for_people` are columns before all others, of a CSV.
    """

    format: Format = "json_lines"
    with_messages: bool = True
    columns: frozenset[str] | None = None
    masks: frozenset[Mask] = frozenset()
    for_people: "ForPeople | None" = None

    def has(self, code: str) -> bool:
        """Whether a column is exported."""
        return self.columns is None or code in self.columns


@dataclass(frozen=True)
class Request:
    """An export that a person asked for: exactly the chats of a filter, in the order of a sort.

    `link` is the address that shows the same chats on the screen, `language` the one of the sentence in the manifest,
    `browser` what the person's browser is known by: the file is for it alone.
    """

    clock: Clock
    person: str
    chosen: ChatFilter = EMPTY
    sort: Sort = NEWEST_FIRST
    choice: Choice = field(default_factory=Choice)
    link: str = ""
    language: str = "en"
    browser: str = ""
