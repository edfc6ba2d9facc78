"""Articles of made-up events, the clusters that they end in, and harm for a night to repair."""

from __future__ import annotations

import random

from clusterer.core.cluster_records import Regroup
from clusterer.pipeline.collection import Collection
from clusterer.pipeline.intake import ArticleIn
from clusterer.ports import Clock

SYLLABLES = [first + second for first in "bdfgklmnprstvz" for second in "aeiou"]


def event_articles(events: int, each: int, seed: int = 1) -> list[ArticleIn]:
    """Made-up words and names: articles of one event share many, articles of two share none, and none are near-duplicates."""
    rows = []
    for event in range(events):
        random_ = random.Random(f"{seed}-{event}")
        names = [_word(random_, 3).capitalize() for _ in range(8)]
        words = [_word(random_, 4) for _ in range(30)]
        for number in range(each):
            text = random_.sample(words, 22) + random_.sample(names, 6) + [_word(random_, 4) for _ in range(12)]
            random_.shuffle(text)
            title = " ".join(names[:3] + random_.sample(words, 3))
            rows.append(
                ArticleIn(id=f"e{seed}-{event}/{number}", title=title, text=" ".join(text) + ".", source=f"S{number}")
            )
    random.Random(seed).shuffle(rows)
    return rows


def _word(random_: random.Random, syllables: int) -> str:
    return "".join(random_.choice(SYLLABLES) for _ in range(syllables))


def partition(collection: Collection) -> dict[str, frozenset[str]]:
    books = collection.books
    return {
        cluster_id: frozenset(fact.article_id for fact in books.facts(books.members(cluster_id, 0, 1000)) if fact)
        for _, cluster_id in books.cluster_ids("size", None, 1000)
    }


def break_up(collection: Collection, clock: Clock) -> tuple[str, str, str]:
    """Split one cluster in two and merge two others, so that the night has something to repair. (split, kept, absorbed)."""
    books = collection.books
    one, two, three = (cluster_id for _, cluster_id in books.cluster_ids("size", None, 3))
    members = books.members(one, 0, 100)
    steps = [
        Regroup("split", one, "01ZZZZZZZZZZZZZZZZZZZZZZZZ", tuple(members[2:])),
        Regroup("merged", two, three, tuple(books.members(two, 0, 100))),
    ]
    assert books.regroup(None, books.position().generation, steps, clock.now())
    return one, three, two
