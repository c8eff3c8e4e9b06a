"""Who is signed in, by what the identity provider says of the user."""

from collections.abc import Collection, Mapping
from typing import Any, Literal

from lib.settings import EVERYBODY, GROUP

Refusal = Literal["nobody_allowed", "unverified", "not_allowed"]


def name_of(user: Mapping[str, Any]) -> str | None:
    """What a signed-in user is called here: the e-mail address, where there is one; None: nobody is signed in."""
    if not user.get("is_logged_in"):
        return None
    return str(user.get("email") or user.get("name") or user.get("sub"))


def refusal(user: Mapping[str, Any], allowed: Collection[str]) -> Refusal | None:
    """Why a signed-in user may not come in; None: they may, or nobody is signed in.

    `allowed` has addresses, domains ("@example.com") and groups ("group:support"), or EVERYBODY.
    """
    if not user.get("is_logged_in"):
        return None
    if not allowed:
        return "nobody_allowed"
    if str(user.get("email_verified", True)).lower() == "false":
        return "unverified"
    return None if EVERYBODY in allowed or _is_named(user, allowed) else "not_allowed"


def _is_named(user: Mapping[str, Any], allowed: Collection[str]) -> bool:
    name, at, domain = str(user.get("email") or "").lower().rpartition("@")
    groups = user.get("groups")
    named = [groups] if isinstance(groups, str) else groups or []
    # What the provider calls an address is never taken for a group.
    is_address = bool(name and at) and not name.startswith(GROUP)
    return (is_address and not {f"{name}@{domain}", f"@{domain}"}.isdisjoint(allowed)) or any(
        f"{GROUP}{each}" in allowed for each in named
    )
