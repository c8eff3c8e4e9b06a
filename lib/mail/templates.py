"""Mail templates: one for each purpose and language, the shipped ones and those that somebody changed."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Final, Literal, get_args

from lib.commands import command
from lib.language import _, mark, number
from lib.mail.headers import LONGEST_SUBJECT
from lib.mail.template_text import Mistake, TextProblem, problems
from lib.store import Cursor, Store, insert, now, record_event, rows, take_turn

Purpose = Literal["missed_in_hours", "missed_out_of_hours", "follow_up", "blank"]
PURPOSES: Final[tuple[Purpose, ...]] = get_args(Purpose)

LONGEST_BODY: Final = 10_000


@dataclass(frozen=True)
class Template:
    """A text with fields (see filling.py); who changed it and when (naive UTC), None where it is the shipped one."""

    purpose: Purpose
    language: str
    subject: str
    body: str
    changed_at: datetime | None = None
    changed_by: str | None = None


Templates = Mapping[tuple[Purpose, str], Template]


@dataclass(frozen=True)
class ChangedMeanwhile:
    """Nothing was saved, because somebody else changed the template since it was read: who and when (naive UTC)."""

    by: str
    at: datetime | None


class UnfitTemplateError(ValueError):
    """A template that cannot be filled was to be saved."""


_OPENING_EN = "[Dear {name},|Hello,]"
_CLOSING_EN = "Kind regards,\n{operator}"
_OPENING_JA = "[{name} 様|お客様]\n\nお問い合わせいただきありがとうございます。"
_CLOSING_JA = "どうぞよろしくお願いいたします。\n{operator}"
_QUESTION_EN = (
    "[Your question was:\n\n{question}\n\n"
    "If you still need an answer, please reply to this e-mail, and we will take care of it."
    "|If we can still help you, please reply to this e-mail, and we will take care of it.]"
)
_QUESTION_JA = (
    "[いただいたお問い合わせは、以下のとおりです。\n\n{question}\n\n"
    "引き続きご回答をご希望の場合は、お手数ですが本メールにご返信ください。担当者よりご連絡いたします。"
    "|引き続きご用件がございましたら、お手数ですが本メールにご返信ください。担当者よりご連絡いたします。]"
)
# Subject, and the paragraphs of the text.
_TEXTS: Final[Mapping[tuple[Purpose, str], tuple[str, Sequence[str]]]] = {
    ("missed_in_hours", "en"): (
        "Your question in our chat[ on {date}|]",
        [
            _OPENING_EN,
            "We are sorry that nobody was there for you when you wrote to us in our chat[ on {date}|].",
            _QUESTION_EN,
            _CLOSING_EN,
        ],
    ),
    ("missed_out_of_hours", "en"): (
        "Your question in our chat[ on {date}|]",
        [
            _OPENING_EN,
            "Thank you for writing to us in our chat[ on {date}|]. It was outside our working hours, "
            "and we are sorry that nobody was there to answer you.",
            _QUESTION_EN,
            _CLOSING_EN,
        ],
    ),
    ("follow_up", "en"): (
        "Our chat [on {date}|with you]",
        [
            _OPENING_EN,
            "Thank you for talking with us in our chat[ on {date}|].",
            "We are writing to follow up. If anything is still open, please reply to this e-mail, "
            "and we will take care of it.",
            _CLOSING_EN,
        ],
    ),
    ("blank", "en"): ("Our chat [on {date}|with you]", [_OPENING_EN, _CLOSING_EN]),
    ("missed_in_hours", "ja"): (
        "[{date}に|]チャットでいただいたお問い合わせについて",
        [
            _OPENING_JA,
            "[{date}に|このたびは]チャットでお問い合わせをいただいたにもかかわらず、"
            "担当者が対応できず、誠に申し訳ございませんでした。",
            _QUESTION_JA,
            _CLOSING_JA,
        ],
    ),
    ("missed_out_of_hours", "ja"): (
        "[{date}に|]チャットでいただいたお問い合わせについて",
        [
            _OPENING_JA,
            "[{date}に|]チャットでお問い合わせいただいた際は、営業時間外のため担当者が対応できず、"
            "ご不便をおかけしましたことをお詫び申し上げます。",
            _QUESTION_JA,
            _CLOSING_JA,
        ],
    ),
    ("follow_up", "ja"): (
        "[{date}の|]チャットでのお問い合わせについて",
        [
            _OPENING_JA,
            "[{date}に|先日]チャットでお話しした件について、ご連絡いたします。",
            "その後のご状況はいかがでしょうか。ご不明な点がございましたら、本メールにご返信ください。"
            "担当者よりご連絡いたします。",
            _CLOSING_JA,
        ],
    ),
    ("blank", "ja"): ("[{date}の|]チャットでのお問い合わせについて", [_OPENING_JA, _CLOSING_JA]),
}
SHIPPED: Final[Templates] = {
    key: Template(*key, subject, "\n\n".join(paragraphs)) for key, (subject, paragraphs) in _TEXTS.items()
}

_MISTAKES: Final[Mapping[Mistake, str]] = {
    "unknown_field": mark("There is no field {value}."),
    "full_width": mark("{value} has full-width braces, so it would stay in the e-mail as it stands."),
    "brace_left_open": mark("After {value} the name of a field and its closing brace are missing."),
    "stray_brace": mark("Before {value} the opening brace of a field is missing. Doubled, it is the character itself."),
    "bracket_left_open": mark("A {value} is not closed."),
    "stray_bracket": mark("A {value} closes nothing. Doubled, it is the character itself."),
    "nested": mark("A second {value} begins before the first one is closed. Doubled, it is the character itself."),
    "no_text": mark("The text is empty."),
    "too_long": mark("This is longer than {value} characters."),
}


def templates_of(store: Store) -> Templates:
    """All templates, as they are used now."""
    stored = [Template(**row) for row in store.read(f"{_STORED} ORDER BY changed_at")]
    return {**SHIPPED, **{(each.purpose, each.language): each for each in stored}}


def subject_problems(subject: str) -> tuple[TextProblem, ...]:
    """What is wrong with the subject of a template; an empty one is allowed."""
    return (*_length_problems(subject, LONGEST_SUBJECT), *problems(subject))


def body_problems(body: str) -> tuple[TextProblem, ...]:
    """What is wrong with the text of a template."""
    empty = () if body.strip() else (TextProblem("no_text", ""),)
    return (*empty, *_length_problems(body, LONGEST_BODY), *problems(body))


def problem_sentence(problem: TextProblem) -> str:
    """What is wrong with a template, in the current language; holds what was typed, so it is no Markdown."""
    return _(_MISTAKES[problem.mistake], value=problem.value)


@command("template.change", "templates", "change_template", undone_by="template.ship")
def save_template(store: Store, edited: Template, actor: str) -> Template | ChangedMeanwhile:
    """The template as it is kept now; `edited` says when the one that was edited had been changed.

    Raises UnfitTemplateError where something is wrong with it.
    """
    if (
        (edited.purpose, edited.language) not in SHIPPED
        or subject_problems(edited.subject)
        or body_problems(edited.body)
    ):
        raise UnfitTemplateError(edited.purpose)
    saved = replace(edited, changed_at=now(), changed_by=actor)
    return store.write(lambda cursor: _change(cursor, edited, saved, actor))


@command("template.ship", "templates", "change_template", undone_by="template.change")
def ship_template(store: Store, seen: Template, actor: str) -> Template | ChangedMeanwhile:
    """The shipped template, which is used again from now on; `seen` is the one that it is to replace."""
    shipped = SHIPPED[seen.purpose, seen.language]
    return store.write(lambda cursor: _change(cursor, seen, shipped, actor))


_STORED = "SELECT purpose, language, subject, body, changed_at, changed_by FROM mail_templates"
_THIS = "purpose = $purpose AND language = $language"


def _change(cursor: Cursor, seen: Template, new: Template, actor: str) -> Template | ChangedMeanwhile:
    take_turn(cursor, "templates")
    key = {"purpose": seen.purpose, "language": seen.language}
    found = rows(cursor.execute(f"{_STORED} WHERE {_THIS} ORDER BY changed_at DESC LIMIT 1", key))
    old = Template(**found[0]) if found else SHIPPED[seen.purpose, seen.language]
    if old.changed_at != seen.changed_at:
        # The last change may have been the way back to the shipped one.
        sql = """
            SELECT actor, happened_at FROM events
            WHERE action = 'change_template' AND json_extract_string(detail, '$.purpose') = $purpose
                AND json_extract_string(detail, '$.language') = $language
            ORDER BY happened_at DESC LIMIT 1
        """
        last = rows(cursor.execute(sql, key))
        return ChangedMeanwhile(last[0]["actor"], last[0]["happened_at"]) if last else ChangedMeanwhile("", None)
    cursor.execute(f"DELETE FROM mail_templates WHERE {_THIS}", key)
    if new.changed_at:
        insert(cursor, "mail_templates", asdict(new))
    detail = {"before": _told(old), "after": _told(new), "shipped": new.changed_at is None}
    record_event(cursor, "change_template", actor, None, new.changed_at or now(), **key, **detail)
    return new


def _told(template: Template) -> dict[str, str]:
    return {"subject": template.subject, "body": template.body}


def _length_problems(text: str, longest: int) -> tuple[TextProblem, ...]:
    return (TextProblem("too_long", number(longest)),) if len(text) > longest else ()
