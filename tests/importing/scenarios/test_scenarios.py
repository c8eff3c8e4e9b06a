"""An export of 200 chats of each system, with every scenario, gives the facts that a plain reading finds in it."""

import random
from itertools import chain

import pytest

from lib.importing import Source
from tests import worlds
from tests.importing.files import content, json_file, load, zipped
from tests.importing.scenarios import chatwoot, intercom, livechat, rocketchat, zendesk, zoho
from tests.importing.scenarios.conversations import COURSES, conversations
from tests.importing.scenarios.plain_reading import System, expected, stored

SYSTEMS = {module.SYSTEM.name: module.SYSTEM for module in (chatwoot, intercom, livechat, rocketchat, zendesk, zoho)}


def export(system: System) -> dict[str, list[Source]]:
    """The files of an export: lists, pages and visitors."""
    written = system.write(conversations(system.lacking))
    return {
        kind: [json_file(answer, f"{kind}_{number}.json") for number, answer in enumerate(answers)]
        for kind, answers in written.items()
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


@pytest.mark.parametrize("name", SYSTEMS)
def test_every_fact_is_as_it_was_told(in_file, name):
    system = SYSTEMS[name]
    report = load(in_file, *chain(*export(system).values()))
    assert (report.new, report.rejected, report.messages_waiting) == (200, 0, 0)
    assert differences(system, in_file) == []


def test_each_scenario_is_tried():
    for system in SYSTEMS.values():
        assert {chat.scenario for chat in conversations(system.lacking)} == COURSES.keys() - system.lacking


def groupings(files: dict[str, list[Source]], seed: str) -> list[list[list[Source]]]:
    """The files in three orders: each is a list of imports."""
    chance = random.Random(seed)
    lists, pages, people = (chance.sample(found, len(found)) for found in files.values())
    together = chance.sample([*lists, *pages, *people], len(lists) + len(pages) + len(people))
    return [
        [[zipped(*people, *pages, *lists)]],
        [together[part::3] for part in range(3)],
        [lists, [zipped(*pages[::2])], [*people, zipped(*pages[1::2])]],
    ]


@pytest.mark.parametrize("name", SYSTEMS)
def test_any_order_and_grouping_gives_the_same_store(in_file, name):
    files = export(SYSTEMS[name])
    load(in_file, *chain(*files.values()))
    wanted = content(in_file, "ordinal")
    for imports in groupings(files, name):
        worlds.empty(in_file)
        for sources in filter(None, imports):
            load(in_file, *sources)
        assert content(in_file, "ordinal") == wanted
