"""Articles a second and core through the search for copies: clean, fingerprint, register, verify. Prints JSON.

    python -m benchmarks.dedup [--articles 500] [--identical 2000] [--file FILE]

Ours is what an articles worker does with a plain text, with the posting index in memory in place of Redis: first with an empty index,
then with one text entered under many ids, which an index must not slow down for. Beside it, in the same process, datasketch as its
manual has it: words in lower case, five at a time, MinHash of 128 permutations, MinHashLSH asked and entered; it neither cleans nor
verifies and finds no excerpts; and rensa in the same way, where it is installed (`pip install rensa`). CPU seconds of one thread. The
identical ones are cleaned once, so that 100,000 of them take minutes.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from datasketch import MinHash, MinHashLSH

from benchmarks.arrival import surroundings
from benchmarks.memory import articles_of
from clusterer.core.cleaning.clean import clean
from clusterer.core.model import Article
from clusterer.evaluation.duplicates import CopyFinder
from clusterer.pipeline.intake import ArticleIn

_PERMUTATIONS = 128
_WORDS = 5
_THRESHOLD = 0.7
_BANDS = 16  # of rensa's index; datasketch derives its own from the threshold


def measure(articles: Sequence[ArticleIn], identical: int) -> dict[str, Any]:
    """Rates of one run over articles with a `text`. The identical ones are copies of the first."""
    texts = [Article(id=one.id, title=one.title, text=one.text, source=one.source) for one in articles if one.text]
    same = [Article(id=f"same-{number}", title=texts[0].title, text=texts[0].text) for number in range(identical)]
    quarter = max(identical // 4, 1)
    first_cleaned = clean(texts[0])
    finder = CopyFinder(clean)
    crowded = CopyFinder(lambda one: first_cleaned if one.text == texts[0].text else clean(one))
    finder.add(texts[0])  # loads what is loaded once
    ours = _rate(finder.add, texts[1:])
    first, _, last = (
        _rate(crowded.add, same[:quarter]),
        _rate(crowded.add, same[quarter:-quarter]),
        _rate(crowded.add, same[-quarter:]),
    )
    beside_them = _rate(crowded.add, texts[1:])
    copies = [
        seq for seq in range(2, identical + 1) if crowded.relations[seq] and crowded.relations[seq][0].kind == "exact"
    ]
    return {
        "articles": len(texts),
        "words": round(sum(len((one.text or "").split()) for one in texts) / len(texts)),
        "identical": identical,
        "articles_per_cpu_s": {
            "ours": ours,
            "ours_with_identical": beside_them,
            "identical_first_quarter": first,
            "identical_last_quarter": last,
            "datasketch": _rate(_Datasketch().add, texts[1:]),
        }
        | ({"rensa": _rate(_Rensa().add, texts[1:])} if find_spec("rensa") else {}),
        "identical_found": len(copies),
        "copies_found": sum(bool(relations) and relations[0].is_copy for relations in finder.relations.values()),
    }


class _Datasketch:
    """MinHash and MinHashLSH, both as they come."""

    def __init__(self) -> None:
        self._index = MinHashLSH(threshold=_THRESHOLD, num_perm=_PERMUTATIONS)
        self._count = 0

    def add(self, article: Article) -> None:
        sketch = MinHash(num_perm=_PERMUTATIONS)
        sketch.update_batch([gram.encode() for gram in _grams(article)])
        self._index.query(sketch)
        self._index.insert(self._count, sketch)
        self._count += 1


class _Rensa:
    """The same with rensa, which is written in Rust."""

    def __init__(self) -> None:
        rensa = import_module("rensa")
        self._sketch = rensa.RMinHash
        self._index = rensa.RMinHashLSH(threshold=_THRESHOLD, num_perm=_PERMUTATIONS, num_bands=_BANDS)
        self._count = 0

    def add(self, article: Article) -> None:
        sketch = self._sketch(num_perm=_PERMUTATIONS, seed=1)
        sketch.update(list(_grams(article)))
        self._index.query(sketch)
        self._index.insert(self._count, sketch)
        self._count += 1


def _grams(article: Article) -> set[str]:
    words = (article.text or "").lower().split()
    return {" ".join(words[at : at + _WORDS]) for at in range(max(len(words) - _WORDS + 1, 1))}


def _rate(add: Callable[[Article], object], articles: Sequence[Article]) -> float:
    began = time.process_time()
    for one in articles:
        add(one)
    return round(len(articles) / max(time.process_time() - began, 1e-9), 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--identical", type=int, default=2_000)
    parser.add_argument("--file", type=Path)
    options = parser.parse_args()
    figures = measure(articles_of(options.file, options.articles), options.identical)
    print(json.dumps(figures | surroundings(), indent=2))


if __name__ == "__main__":
    main()
