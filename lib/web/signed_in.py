"""Who is signed in, by what the identity provider says of the user."""

from collections.abc import Mapping
from typing import Any


def name_of(user: Mapping[str, Any]) -> str | None:
    """What a signed-in user is called here: the e-mail address, where there is one; None: nobody is signed in."""
    if not user.get("is_logged_in"):
        return None
    return str(user.get("email") or user.get("name") or user.get("sub"))
