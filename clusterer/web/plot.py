"""The geometry of small plots; templates draw them as SVG."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_LEAST_S = 60.0


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many moments fall into each of equally long spans between `start` and `end`."""

    counts: tuple[int, ...]
    start: datetime
    end: datetime

    @property
    def most(self) -> int:
        return max(self.counts)

    def bars(self, width: float, height: float) -> list[tuple[float, float, float, float]]:
        """(x, y, width, height) of each span that is not empty; one with few is still seen."""
        step = width / len(self.counts)
        return [
            (round(i * step, 1), round(height - tall, 1), round(max(step - 0.6, 1.0), 1), round(tall, 1))
            for i, count in enumerate(self.counts)
            if count
            for tall in [max(2.0, height * count / self.most)]
        ]


def histogram(moments: Iterable[datetime | float | None], bins: int) -> Histogram | None:
    """None for less than a minute, of which the time that is told beside it says all. Moments are times, or seconds since 1970; None is
    left out.
    """
    seconds = [one.timestamp() if isinstance(one, datetime) else one for one in moments if one is not None]
    first, last = min(seconds, default=0.0), max(seconds, default=0.0)
    length = last - first
    if length < _LEAST_S:
        return None
    counts = [0] * bins
    for one in seconds:
        counts[min(bins - 1, int((one - first) / length * bins))] += 1
    start = datetime.fromtimestamp(first, UTC)
    return Histogram(tuple(counts), start, start + timedelta(seconds=last - first))
