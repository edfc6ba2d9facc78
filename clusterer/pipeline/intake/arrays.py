"""A JSON array, item by item: what is not asked for is not parsed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

_BLANKS = re.compile(r"[ \t\n\r]*")
_AFTER_ITEM = frozenset(" \t\n\r,]")
_FIRST_READ = 1 << 16
_MOST_DIGITS = 4_000  # sys.set_int_max_str_digits is 4,300 unless somebody changed it


def array_items(read: Callable[[int], str], max_item_chars: int) -> Iterator[Any]:
    """The items of the array in a text, which `read(n)` gives in pieces of about n characters, "" at its end.

    The standard library's parser takes lone surrogates, which then fail in their own item only; strict parsers refuse the whole
    array for them. Raises ValueError where the text is no JSON array or one item is longer than `max_item_chars`, and
    RecursionError for an item that is nested too deeply; the items before have been given then.
    """
    source = _Source(read, max_item_chars)
    if source.mark() != "[":
        raise json.JSONDecodeError("a JSON array is expected", source.text, source.at)
    source.at += 1
    if source.mark() != "]":
        yield source.item()
        while source.mark() == ",":
            source.at += 1
            source.mark()
            yield source.item()
    if source.mark() != "]":
        raise json.JSONDecodeError("Expecting ',' delimiter", source.text, source.at)
    source.at += 1
    if source.mark():
        raise json.JSONDecodeError("Extra data", source.text, source.at)


class _Source:
    """The text read so far and the place in it."""

    def __init__(self, read: Callable[[int], str], max_item_chars: int) -> None:
        self._read = read
        self._max_item_chars = max_item_chars
        self._decoder = json.JSONDecoder(parse_constant=_no_constant, parse_int=_int)
        self.text, self.at = read(_FIRST_READ), 0

    def mark(self) -> str:
        """The next character that is not blank, "" at the end."""
        while True:
            blanks = _BLANKS.match(self.text, self.at)
            self.at = blanks.end() if blanks else self.at
            if self.at < len(self.text) or not self._more():
                return self.text[self.at : self.at + 1]

    def item(self) -> Any:
        """The value that begins here."""
        while True:
            try:
                value, end = self._decoder.raw_decode(self.text, self.at)
                if self.text[end : end + 1] in _AFTER_ITEM or not self._more():  # else a number may go on
                    self.at = end
                    return value
            except json.JSONDecodeError:
                if not self._more():
                    raise

    def _more(self) -> bool:
        """Read on, as much again as is unread: an item that is parsed anew each time then costs twice its length at most."""
        unread = len(self.text) - self.at
        if unread > self._max_item_chars:
            raise ValueError(f"an item has more than {self._max_item_chars} characters")
        piece = self._read(max(_FIRST_READ, unread))
        if piece:
            self.text, self.at = self.text[self.at :] + piece, 0
        return bool(piece)


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def _int(digits: str) -> float:
    """Beyond what Python reads as an integer, a float as other parsers give: one such number must not end the array."""
    return int(digits) if len(digits) <= _MOST_DIGITS else float(digits)
