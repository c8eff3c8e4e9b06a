import pytest

from lib.importing import import_files
from tests.importing.files import CHAT, json_lines, load, raw


class UserLeftError(Exception):
    pass


def many(chats: int) -> list[dict]:
    return [{"id": n, "messages": [{"sender_type": "bot", "text": "x" * 50}] * 10} for n in range(chats)]


def test_progress_is_told_from_start_to_end(store):
    told = []
    file = json_lines(*many(3000))
    load(store, file, progress=told.append)
    reading = [each for each in told if each.stage == "reading"]
    storing = [each for each in told if each.stage == "storing"]
    assert {each.total for each in reading} == {len(file.data)}
    assert [each.done for each in reading] == sorted(each.done for each in reading)
    assert [each.done for each in storing] == list(range(storing[0].total + 1))
    assert told.index(storing[0]) == len(reading)
    assert storing[-1].messages == 30_000


@pytest.mark.parametrize("stage", ["reading", "storing"])
def test_who_leaves_leaves_nothing(store, stage):
    def leave(progress):
        if (progress.stage == stage and progress.done == progress.total) or progress.messages > 0:
            raise UserLeftError

    with pytest.raises(UserLeftError):
        import_files(store, [json_lines(CHAT)], zone="UTC", actor="Ann", progress=leave)
    assert store.read("FROM chats") == store.read("FROM imports") == []
    assert load(store, json_lines(CHAT)).new == 1


def test_an_unknown_zone_is_an_error(store):
    with pytest.raises(KeyError):
        import_files(store, [raw("id\n1\n")], zone="Mars/Base", actor="Ann")
