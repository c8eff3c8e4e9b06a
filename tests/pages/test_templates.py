"""The page Templates: what is typed is previewed, saved once, and never lost."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from lib.language import in_language
from lib.mail import SHIPPED, save_template, templates_of
from tests import worlds
from tests.pages.driving import CHATS, SAFE_PLACES, TEMPLATES, body, captions, click, has, places, run, visit
from tests.pages.page_worlds import evil

KEY = ("missed_in_hours", "en")
SUBJECT, BODY = (f"template_missed_in_hours_en_{part}" for part in ("subject", "body"))


def typed(at: AppTest, text: str) -> AppTest:
    """The page after a text was typed into the editor."""
    return run(at.text_area(key=BODY).input(text))


def events(store) -> list[str]:
    return [row["actor"] for row in store.read("SELECT actor FROM events WHERE action = 'change_template'")]


def test_a_template_is_previewed_saved_and_put_back(world):
    store = world("review")
    at = visit(TEMPLATES, session={"acting_as": "Ann"})
    assert (at.text_input(key=SUBJECT).value, at.text_area(key=BODY).value) == (SHIPPED[KEY].subject, SHIPPED[KEY].body)
    assert "This is the shipped text." in captions(at)
    at = click(click(at, "save_template"), "undo_template")
    assert not has(at, "bring_back_template")
    assert not has(at, "ship_template")
    assert "Dear Rin," in body(at)
    assert "> Where is my parcel?" in body(at)
    assert "Subject: Your question in our chat\n" in body(at) + "\n"

    at = typed(at, "[{name}|You] and {operator}\n\n{question}")
    assert "Rin and Ann\n\n> Where is my parcel?" in [text.value for text in at.text]
    assert "You and Ann" in [text.value for text in at.text]
    assert templates_of(store) == SHIPPED
    at = click(at, "save_template")
    saved = templates_of(store)[KEY]
    assert (saved.body, saved.changed_by) == ("[{name}|You] and {operator}\n\n{question}", "Ann")
    assert "Changed by Ann, " in body(at)
    assert "Saved." in body(at)

    at = click(at, "ship_template")
    assert templates_of(store) == SHIPPED
    assert at.text_area(key=BODY).value == SHIPPED[KEY].body
    at = click(at, "bring_back_template")
    assert at.text_area(key=BODY).value == saved.body
    at = click(at, "undo_template")
    assert at.text_area(key=BODY).value == SHIPPED[KEY].body
    assert events(store) == ["Ann", "Ann"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Dear {nmae},", "There is no field {nmae}."),
        ("[Dear {name},", "A [ is not closed."),
        ("｛name｝ 様", "｛name｝ has full-width braces, so it would stay in the e-mail as it stands."),
        (" ", "The text is empty."),
    ],
)
def test_what_cannot_be_filled_cannot_be_saved(world, text: str, sentence: str):
    store = world("one")
    at = typed(visit(TEMPLATES), text)
    assert sentence in body(at)
    assert not [badge for badge in click(at, "save_template").markdown if "[:material/check: Saved" in badge.value]
    assert [info.value for info in at.info] == ["The preview comes back when the text can be used."]
    at.session_state[BODY] = SHIPPED[KEY].body + text
    assert templates_of(store) == SHIPPED


def test_save_takes_the_text_that_was_typed_with_the_click(world):
    store = world("one")
    at = visit(TEMPLATES)
    at.text_area(key=BODY).input("Typed last")
    click(at, "save_template")
    assert templates_of(store)[KEY].body == "Typed last"


def test_a_text_waits_while_another_template_or_page_is_looked_at(world):
    world("review")
    at = typed(visit(TEMPLATES), "Half a text")
    at = run(at.segmented_control(key="template_purpose").select("follow_up"))
    with in_language("en"):
        at = run(at.segmented_control(key="template_language").select("ja"))
    assert at.text_area(key="template_follow_up_ja_body").value == SHIPPED["follow_up", "ja"].body
    at = run(run(at.switch_page(CHATS)).switch_page(TEMPLATES))
    assert at.segmented_control(key="template_purpose").value == "follow_up"
    at = run(at.segmented_control(key="template_purpose").select("missed_in_hours"))
    at = run(at.segmented_control(key="template_language").select("en"))
    assert at.text_area(key=BODY).value == "Half a text"
    assert has(click(at, "undo_template"), "bring_back_template")


def test_of_two_who_edit_the_second_is_told_and_loses_nothing(world):
    store = world("one")
    ann = typed(visit(TEMPLATES, session={"acting_as": "Ann"}), "by Ann")
    ben = typed(visit(TEMPLATES, session={"acting_as": "Ben"}), "by Ben")
    click(ann, "save_template")
    ben = click(ben, "save_template")
    assert templates_of(store)[KEY].body == "by Ann"
    assert "Nothing was saved: Ann was faster." in body(ben)
    assert "by Ann" in [text.value for text in ben.text]
    assert ben.text_area(key=BODY).value == "by Ben"
    assert not has(ben, "save_template")
    taken = click(ben, "undo_template")
    assert taken.text_area(key=BODY).value == "by Ann"
    ben = click(taken, "bring_back_template")
    ben = click(ben, "save_template")
    assert templates_of(store)[KEY].body == "by Ben"
    assert not ben.warning


def test_one_may_save_over_the_text_that_was_shown(world):
    store = world("one")
    ben = typed(visit(TEMPLATES, session={"acting_as": "Ben"}), "by Ben")
    save_template(store, replace(SHIPPED[KEY], body="by Ann"), "Ann")
    ben = run(ben)
    assert ben.warning
    click(ben, "save_over_template")
    assert templates_of(store)[KEY].body == "by Ben"
    assert events(store) == ["Ann", "Ben"]


def test_what_others_save_is_shown_where_nothing_is_typed(world):
    store = world("one")
    at = visit(TEMPLATES)
    save_template(store, replace(SHIPPED[KEY], body="by Ann"), "Ann")
    assert run(at).text_area(key=BODY).value == "by Ann"
    assert not at.warning


def test_the_preview_is_for_a_chat_of_that_kind_and_language_or_made_up(world):
    store = world("one")
    worlds.make_chat(store, "late", status="missed", visitor_name="健", language="ja")
    at = visit(TEMPLATES)
    assert "Dear Aiko Sato," in body(at)
    at = run(at.segmented_control(key="template_language").select("ja"))
    assert "健 様" in body(at)
    at = run(at.segmented_control(key="template_purpose").select("follow_up"))
    assert "佐藤 愛子 様" in body(at)
    at = run(at.segmented_control(key="template_language").select("en"))
    assert "Dear Rin," in body(at)


def test_every_field_is_explained(world):
    world("empty")
    explained = "\n".join(text.value for text in visit(TEMPLATES).markdown)
    for template in SHIPPED.values():
        assert template.body
    for name in ("name", "question", "date", "operator", "website"):
        assert f"`{{{name}}}` " in explained


def test_names_of_people_are_text(world):
    store = world("marked")
    save_template(store, replace(SHIPPED[KEY], body=f"{evil('template')} {{name}}"), evil("editor"))
    at = visit(TEMPLATES)
    for marker in ("template", "editor", "visitor_name"):
        assert places(at, evil(marker).split(" ")[0])
    assert places(at, "evil.example") <= SAFE_PLACES
    at = typed(at, "{![x](https://evil.example/field.png)}")
    save_template(store, replace(templates_of(store)[KEY], body="x"), evil("editor"))
    assert places(run(at), "evil.example") <= SAFE_PLACES
