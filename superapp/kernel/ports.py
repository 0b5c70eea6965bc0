"""Named places where an upper app registers what a lower app calls.

A lower app owns the port and never learns who listens; handlers run in the caller's
transaction, in the order in which the apps registered them.
"""

from collections.abc import Callable, Iterator
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
V = TypeVar("V")


class Port(Generic[P]):
    """A list of handlers, all called with the same arguments."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._handlers: list[Callable[P, None]] = []

    def register(self, handler: Callable[P, None]) -> None:
        if handler not in self._handlers:
            self._handlers.append(handler)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> None:
        for handler in self._handlers:
            handler(*args, **kwargs)


class Registry(Generic[V]):
    """Things registered by name; registering another thing under a taken name is a bug."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._items: dict[str, V] = {}

    def register(self, key: str, item: V) -> None:
        if self._items.setdefault(key, item) is not item:
            raise ValueError(f"{self.name}: {key} is registered twice")

    def get(self, key: str) -> V | None:
        return self._items.get(key)

    def __getitem__(self, key: str) -> V:
        return self._items[key]

    def __iter__(self) -> Iterator[tuple[str, V]]:
        return iter(self._items.items())
