"""What an address of a web page tells."""

from typing import Any
from urllib.parse import urlsplit


def host(address: Any) -> str | None:
    """The host of a web address, or None where it is no such address."""
    if not isinstance(address, str):
        return None
    try:
        return urlsplit(address.strip()).hostname
    except ValueError:
        return None
