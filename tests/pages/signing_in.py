"""People who sign in, for the tests of what each of them may do."""

import pytest

from lib import settings
from lib.access.roles import give_role, policy_of
from lib.screen.frame import session

ANN, BEN = "ann@example.com", "ben@example.com"
AUTH = {"auth": {"redirect_uri": "https://chats.example.com/oauth2callback"}}


@pytest.fixture
def store(world, set_up, monkeypatch):
    """A store whose people sign in; Ann is its administrator."""
    monkeypatch.setattr(settings, "_secrets", lambda: AUTH)
    set_up(ADMINISTRATORS=ANN)
    world("review")
    return session.whole_store()


def user(address: str, **told) -> dict[str, object]:
    """What the identity provider says of somebody."""
    return {"is_logged_in": True, "email": address, **told}


def give(store, role: str | None, person: str = BEN) -> None:
    """Ann gives a role, or takes it back."""
    give_role(store, policy_of(session.settings().roles), person, role, ANN)


def keys(at) -> set[str]:
    """Keys of what can be pressed, or written into, on a page."""
    found = {node.proto.id.split("-")[-1] for node in at.get("download_button")}
    return found | {str(each.key) for each in [*at.button, *at.text_area, *at.toggle]}
