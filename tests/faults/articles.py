"""Made-up articles in any number, the same ones for the same seed: events in invented words, wire copies, new versions, odd pages."""

from __future__ import annotations

import gzip
import json
import random
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]
_RECENT = 60  # articles of which copies and versions are still made

Payload = dict[str, Any]


def event_articles(events: int, each: int, seed: int) -> list[Payload]:
    """`events` times `each` articles in random order, no two of them near-duplicates; the id begins with the event's name."""
    rng = random.Random(seed)
    articles = [article for number in range(events) for article in _Event(rng, f"event{number}").articles(each)]
    rng.shuffle(articles)
    return articles


def endless_stream(seed: int, variants: float = 0.4) -> Iterator[Payload]:
    """Events of a few articles each, several at a time. A share of `variants`: copies under another source, versions, empty pages."""
    rng = random.Random(seed)
    open_events: list[_Event] = []
    recent: deque[Payload] = deque(maxlen=_RECENT)
    number = 0
    while True:
        number += 1
        if recent and rng.random() < variants:
            yield _variant(rng, rng.choice(recent), number)
            continue
        if len(open_events) < 8:
            open_events.append(_Event(rng, f"s{seed}-event{number}"))
        event = rng.choice(open_events)
        article = event.article()
        if event.told >= 5:
            open_events.remove(event)
        recent.append(article)
        yield article


def file_stream(path: Path) -> Iterator[Payload]:
    """The articles of a JSON lines file, plain or gzipped, with the fields that the service takes."""
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            kept = {name: row[name] for name in ("id", "title", "text", "source", "url") if row.get(name)}
            yield {"text": "", **kept}


class _Event:
    def __init__(self, rng: random.Random, name: str) -> None:
        self._rng = rng
        self.name = name
        self.told = 0
        self._names = [_word(rng, 3).capitalize() for _ in range(8)]
        self._words = [_word(rng, 4) for _ in range(30)]

    def article(self) -> Payload:
        rng = self._rng
        words = rng.sample(self._words, 22) + rng.sample(self._names, 6) + [_word(rng, 4) for _ in range(12)]
        rng.shuffle(words)
        self.told += 1
        return {
            "id": f"{self.name}/{self.told}",
            "title": " ".join(self._names[:3] + rng.sample(self._words, 3)),
            "text": " ".join(words) + ".",
            "source": f"Gazette {rng.randrange(20)}",
        }

    def articles(self, count: int) -> list[Payload]:
        return [self.article() for _ in range(count)]


def _variant(rng: random.Random, article: Payload, number: int) -> Payload:
    kind = rng.random()
    if kind < 0.8:  # the same text in another paper
        return {**article, "id": f"copy{number}/{article['id']}", "source": f"Courier {rng.randrange(20)}"}
    if kind < 0.95:  # the same article with a sentence more
        return {**article, "text": f"{article['text']} {_word(rng, 4).capitalize()} {_word(rng, 4)}."}
    return {"id": f"odd{number}", "text": "", "source": f"Gazette {rng.randrange(20)}"}


def _word(rng: random.Random, syllables: int) -> str:
    return "".join(rng.choice(_SYLLABLES) for _ in range(syllables))
