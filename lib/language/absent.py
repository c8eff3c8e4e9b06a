"""How a value that is not known is shown."""

from typing import Final, TypeGuard, TypeVar

UNKNOWN: Final = "\N{EN DASH}"

Value = TypeVar("Value")


def known(value: Value | None) -> TypeGuard[Value]:
    """Return whether there is a value: not None, NaN or pandas' NaT."""
    # The latter two alone differ from themselves.
    return value is not None and value == value  # noqa: PLR0124
