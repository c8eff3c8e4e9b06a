"""Fixtures of the tests of lib/screen: the same installation as for the pages."""

from tests.pages.conftest import installation, made_worlds, set_up, world

__all__ = ["installation", "made_worlds", "set_up", "world"]
