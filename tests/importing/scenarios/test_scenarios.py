"""An export of 200 chats of each system, with every scenario, gives the facts that a plain reading finds in it."""

import random
from itertools import chain

import pytest

from lib.importing import Source
from tests import worlds
from tests.importing.files import content, json_file, load, zipped
from tests.importing.scenarios import chatwoot, intercom, livechat, rocketchat, zendesk, zoho
from tests.importing.scenarios.conversations import COURSES, Conversation, conversations, while_it_ran
from tests.importing.scenarios.plain_reading import System, expected, stored
from tests.thorough import rarely

# Whose answers come apart in the most ways; those of others have fewer.
APART = ("Chatwoot",)
SYSTEMS = {module.SYSTEM.name: module.SYSTEM for module in (chatwoot, intercom, livechat, rocketchat, zendesk, zoho)}


def export(system: System, chats: list[Conversation]) -> dict[str, list[Source]]:
    """The files of an export: lists, pages and visitors."""
    return {
        kind: [json_file(answer, f"{kind}_{number}.json") for number, answer in enumerate(answers)]
        for kind, answers in system.write(chats).items()
    }


def differences(system, store):
    """All facts that the store does not hold as they are, by chat."""
    found, said = store.read("SELECT * FROM chats"), {}
    for message in store.read("SELECT * FROM messages ORDER BY chat_id, position"):
        said.setdefault(message["chat_id"], []).append(message)
    facts = {row["vendor_id"]: stored(system, row, said.get(row["id"], [])) for row in found}
    chats = conversations(system.lacking)
    assert facts.keys() == {system.id(chat) for chat in chats}
    return [
        (chat.number, chat.scenario, name, facts[system.id(chat)][name], value)
        for chat in chats
        for name, value in expected(system, chat).items()
        if facts[system.id(chat)][name] != value
    ]


def test_each_scenario_is_tried():
    for system in SYSTEMS.values():
        assert {chat.scenario for chat in conversations(system.lacking)} == COURSES.keys() - system.lacking


@pytest.mark.parametrize("name", SYSTEMS)
def test_every_fact_is_as_it_was_told(in_file, name):
    system = SYSTEMS[name]
    report = load(in_file, *chain(*export(system, conversations(system.lacking)).values()))
    assert (report.new, report.rejected, report.messages_waiting) == (200, 0, 0)
    assert differences(system, in_file) == []


@pytest.mark.parametrize("name", [*APART, *rarely(name for name in SYSTEMS if name not in APART)])
def test_any_order_and_grouping_gives_the_same_store(in_file, name):
    chance, system = random.Random(name), SYSTEMS[name]
    files = export(system, conversations(system.lacking)).values()
    lists, pages, people = (chance.sample(found, len(found)) for found in files)
    together = sorted(chain(lists, pages, people), key=lambda _: chance.random())
    wanted = None
    for imports in (
        [[zipped(*people, *pages, *lists)]],
        [together[part::3] for part in range(3)],
        [lists, [zipped(*pages[::2])], [*people, zipped(*pages[1::2])]],
    ):
        worlds.empty(in_file)
        for sources in imports:
            load(in_file, *sources)
        wanted = wanted or content(in_file, "ordinal")
        assert content(in_file, "ordinal") == wanted


@pytest.mark.parametrize(
    "name",
    [*APART, *rarely(name for name, each in SYSTEMS.items() if name not in APART and "ongoing" not in each.lacking)],
)
def test_what_was_exported_while_chats_ran_changes_nothing(in_file, name):
    chance, system = random.Random(name), SYSTEMS[name]
    chats = conversations(system.lacking)
    older = export(system, [chat for chat in map(while_it_ran, chats) if chat]).values()
    files = sorted(chain(*older, *export(system, chats).values()), key=lambda _: chance.random())
    for part in range(2):
        load(in_file, *files[part::2])
    assert differences(system, in_file) == []
