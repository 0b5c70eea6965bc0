"""Rooms for tests of what every door shares."""

from tests.chat.conftest import room

__all__ = ["room"]
