"""What the purposes of mails and the fields of templates are called."""

from lib.language import _, mark
from lib.mail import Purpose
from lib.mail.template_text import FieldName

PURPOSE_NAMES: dict[Purpose, str] = {
    "missed_in_hours": mark("Missed in working hours"),
    "missed_out_of_hours": mark("Missed out of hours"),
    "follow_up": mark("Follow-up"),
    "blank": mark("Blank"),
}

FIELD_MEANINGS: dict[FieldName, str] = {
    "name": mark("The visitor's name"),
    "question": mark("The visitor's question, quoted line by line"),
    "date": mark("The day of the chat"),
    "operator": mark("The person who writes the e-mail"),
    "website": mark("The website on which the chat began"),
}


def purpose_name(purpose: Purpose) -> str:
    """A purpose in the current language."""
    return _(PURPOSE_NAMES[purpose])
