"""Arrays whose values name one another by their place, as pages of Nuxt 3 (devalue) and React Router (turbo-stream) carry their data.

`[{"title": 1, "body": 2}, "Wall falls", "<p>..."]`: in an object or a list each number is the place of a value, and the first one is the
root. A type stands before what it wraps (`["Reactive", 1]`), and a name may be a place too (`{"_1": 2}`). Values may be shared and may
go round, so what is read of one, and of all, is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_MAX_DEPTH = 20
_MAX_NODES, _MAX_ALL_NODES = 5_000, 100_000
_LOOKED_AT = 50  # values from the beginning, in which an object of places is looked for
_PLACED_NAME = re.compile(r"_\d{1,7}")


def is_reference_array(value: list[Any]) -> bool:
    """Is there an object at the beginning that holds nothing but places?"""
    if len(value) < 3 or not isinstance(value[0], dict | list):
        return False
    return any(
        isinstance(node, dict) and node and all(_is_place(inner, value) for inner in node.values())
        for node in value[:_LOOKED_AT]
    )


def values_named(array: list[Any], wanted: re.Pattern[str]) -> Iterator[Any]:
    """The values under names that match, as plain data; what is too deep or too much is None."""
    left = _MAX_ALL_NODES
    for node in array:
        if isinstance(node, dict):
            for name, place in node.items():
                if wanted.search(_name(name, array)) and left > 0:
                    budget = min(left, _MAX_NODES)
                    reader = _Reader(array, budget)
                    yield reader.at(place, 0)
                    left -= budget - reader.left


class _Reader:
    """Puts values in the place of places, as long as `left` lasts."""

    def __init__(self, array: list[Any], left: int) -> None:
        self._array = array
        self.left = left

    def at(self, place: Any, depth: int) -> Any:
        self.left -= 1
        if depth > _MAX_DEPTH or self.left < 0 or not (_is_place(place, self._array) and place >= 0):
            return None
        node = self._array[place]
        if isinstance(node, dict):
            return {_name(name, self._array): self.at(inner, depth + 1) for name, inner in node.items()}
        if not isinstance(node, list):
            return node
        if len(node) == 2 and isinstance(node[0], str):
            return self.at(node[1], depth + 1)
        return [self.at(inner, depth + 1) for inner in node if not isinstance(inner, str)]


def _is_place(value: Any, array: list[Any]) -> bool:
    """Below 0 are values that JSON has no words for."""
    return isinstance(value, int) and not isinstance(value, bool) and value < len(array)


def _name(name: str, array: list[Any]) -> str:
    if _PLACED_NAME.fullmatch(name) and int(name[1:]) < len(array):
        return str(array[int(name[1:])])
    return name
