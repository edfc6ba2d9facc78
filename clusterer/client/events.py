"""Server-sent events, as far as the change feed uses them: lines to events. Source: the HTML standard, 9.2.6."""

from __future__ import annotations

from dataclasses import dataclass, field

from clusterer.client.errors import read
from clusterer.client.models import Change, Event


@dataclass(slots=True)
class EventReader:
    """Takes lines one by one. `cursor` is the last id that was received whole: where to go on after a break."""

    cursor: str | None = None
    _id: str | None = None
    _data: list[str] = field(default_factory=list)

    def take(self, line: str) -> Event | None:
        """The event that this line completes."""
        if line:
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if name == "id":
                self._id = value
            elif name == "data":
                self._data.append(value)
            return None
        self.cursor = self._id if self._id is not None else self.cursor
        text, self._data = "\n".join(self._data), []
        if not text or self.cursor is None:
            return None
        return Event(self.cursor, read(text, Change))

    def begin(self) -> None:
        """A new connection: what was received in part will come again."""
        self._id, self._data = None, []
