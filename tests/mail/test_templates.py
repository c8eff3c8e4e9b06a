"""The shipped templates with whatever is known of a chat, and those that people change."""

import json
import threading
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib.language import LANGUAGES, in_language
from lib.mail.draft import ChatFacts, draft_for
from lib.mail.template_text import FIELDS
from lib.mail.templates import (
    LONGEST_BODY,
    PURPOSES,
    SHIPPED,
    ChangedMeanwhile,
    Template,
    UnfitTemplateError,
    body_problems,
    problem_sentence,
    save_template,
    ship_template,
    subject_problems,
    templates_of,
)

KEY = ("follow_up", "en")


def events(store):
    found = store.read("SELECT actor, detail FROM events WHERE action = 'change_template' ORDER BY happened_at")
    return [(row["actor"], json.loads(row["detail"])) for row in found]


def test_there_is_one_for_each_purpose_and_language():
    assert set(SHIPPED) == {(purpose, language) for purpose in PURPOSES for language in LANGUAGES}


@pytest.mark.parametrize("template", SHIPPED.values(), ids=lambda each: f"{each.purpose}-{each.language}")
def test_nothing_is_wrong_with_the_shipped_ones(template):
    assert subject_problems(template.subject) == body_problems(template.body) == ()


FACTS = st.builds(
    ChatFacts,
    id=st.just(UUID(int=1)),
    mails=st.just(0),
    status=st.sampled_from(["missed", "completed"]),
    language=st.just("en"),
    visitor_name=st.none() | st.text(max_size=150),
    visitor_email=st.none() | st.text(max_size=20),
    question=st.none() | st.text(max_size=100),
    started_at=st.none() | st.datetimes(datetime(1900, 1, 1), datetime(9999, 12, 31)),
    website=st.none() | st.text(max_size=20),
)
PLAIN = st.characters(exclude_characters="{}[],，、.–", exclude_categories=["C", "Z"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FACTS, st.sampled_from(sorted(SHIPPED)), st.data())
def test_a_missing_value_leaves_no_hole(facts, key, data):
    values = ("visitor_name", "question", "website")
    known = {name: data.draw(st.none() | st.text(PLAIN, min_size=1, max_size=40)) for name in values}
    person = data.draw(st.just("") | st.text(PLAIN, min_size=1, max_size=20))
    draft = draft_for(replace(facts, **known), person, "Asia/Tokyo", key[0], language=key[1])
    assert draft.subject.strip()
    lines = draft.body.split("\n")
    assert lines[0] not in {"Dear ,", "Dear", ",", "様", " 様", ""}
    assert not lines[0].startswith((" ", "Dear ,"))
    for text in (draft.subject, draft.body):
        assert not set("{}[]") & set(text)
        assert " ," not in text
        assert " ." not in text
        assert "\n\n\n" not in text
        assert "–" not in text


@settings(max_examples=60, deadline=None)
@given(FACTS, st.sampled_from(sorted(SHIPPED)), st.sampled_from(["{question}", "[a|{name}]", "{{name}}", "]", "{"]))
def test_a_hostile_value_is_never_filled(facts, key, hostile):
    plain = draft_for(replace(facts, visitor_name="NAME", question="Q"), "K", "UTC", key[0], language=key[1])
    draft = draft_for(replace(facts, visitor_name=hostile, question="Q"), "K", "UTC", key[0], language=key[1])
    assert draft.body == plain.body.replace("NAME", hostile)
    assert draft.subject == plain.subject


def test_what_somebody_saves_wins(store):
    assert templates_of(store) == SHIPPED
    saved = save_template(store, replace(SHIPPED[KEY], subject="Hi", body="Hi [{name}|you]"), "Ann")
    assert templates_of(store) == {**SHIPPED, KEY: saved}
    assert (saved.subject, saved.changed_by) == ("Hi", "Ann")
    assert saved.changed_at
    again = save_template(store, replace(saved, body="Bye"), "Ben")
    assert templates_of(store)[KEY] == again
    assert [(actor, told["before"]["body"], told["after"]["body"]) for actor, told in events(store)] == [
        ("Ann", SHIPPED[KEY].body, "Hi [{name}|you]"),
        ("Ben", "Hi [{name}|you]", "Bye"),
    ]
    assert events(store)[0][1] | {"before": None, "after": None} == {
        "purpose": "follow_up", "language": "en", "shipped": False, "before": None, "after": None,
    }  # fmt: skip


def test_the_shipped_text_comes_back(store):
    saved = save_template(store, replace(SHIPPED[KEY], body="Hi"), "Ann")
    assert ship_template(store, saved, "Ben") == SHIPPED[KEY]
    assert templates_of(store) == SHIPPED
    assert events(store)[-1][0] == "Ben"
    assert events(store)[-1][1]["shipped"] is True


def test_who_did_not_see_the_last_change_is_refused(store):
    first = save_template(store, replace(SHIPPED[KEY], body="first"), "Ann")
    assert save_template(store, replace(SHIPPED[KEY], body="second"), "Ben") == ChangedMeanwhile(
        "Ann", first.changed_at
    )
    assert templates_of(store)[KEY] == first
    assert ship_template(store, SHIPPED[KEY], "Ben") == ChangedMeanwhile("Ann", first.changed_at)
    ship_template(store, first, "Cy")
    refused = save_template(store, replace(first, body="third"), "Ben")
    assert isinstance(refused, ChangedMeanwhile)
    assert refused.by == "Cy"
    assert len(events(store)) == 2


def test_of_two_at_once_one_is_refused(store):
    barrier, results = threading.Barrier(4), []

    def save(name):
        barrier.wait()
        results.append(save_template(store, replace(SHIPPED[KEY], body=name), name))

    threads = [threading.Thread(target=save, args=(name,)) for name in "ABCD"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (saved,) = [result for result in results if isinstance(result, Template)]
    assert {result.by for result in results if isinstance(result, ChangedMeanwhile)} == {saved.changed_by}
    assert len(store.read("SELECT * FROM mail_templates")) == len(events(store)) == 1


@pytest.mark.parametrize(
    ("subject", "body"), [("{nmae}", "x"), ("x", "[a"), ("x", " \n"), ("x" * 201, "x"), ("x", "x" * (LONGEST_BODY + 1))]
)
def test_what_cannot_be_filled_is_not_saved(store, subject, body):
    with pytest.raises(UnfitTemplateError):
        save_template(store, replace(SHIPPED[KEY], subject=subject, body=body), "Ann")
    assert templates_of(store) == SHIPPED


def test_no_template_for_an_unknown_purpose_or_language(store):
    for odd in (replace(SHIPPED[KEY], purpose="x"), replace(SHIPPED[KEY], language="de")):
        with pytest.raises(UnfitTemplateError):
            save_template(store, odd, "Ann")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mistake_is_named_with_what_was_typed(language):
    found = [*body_problems("{nmae} [a [b] ] } { ｛name｝ [c"), *body_problems(""), *subject_problems("x" * 300)]
    with in_language(language):
        sentences = [problem_sentence(each) for each in found]
    assert len(set(sentences)) == len(found) == 9
    assert all(each.value in sentence for each, sentence in zip(found, sentences, strict=True))


def test_the_fields_that_are_described_are_all():
    assert set(FIELDS) == {"name", "question", "date", "operator", "website"}
