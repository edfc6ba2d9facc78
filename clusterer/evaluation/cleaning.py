"""How well cleaning finds the article on a page: word 4-grams of the kept text against those of the known article."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable
from pathlib import Path

import orjson

from clusterer.core.clean import CleanPolicy, clean
from clusterer.core.model import Article

_WORD = re.compile(r"\w+")


def read_pages(path: Path) -> list[dict[str, str]]:
    """Pages of a JSON-lines file, gzipped or plain; each has `page_text` and `gold`."""
    raw = path.read_bytes()
    lines = (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).splitlines()
    return [orjson.loads(line) for line in lines if line.strip()]


def words_of(text: str) -> list[str]:
    """Lower-case words."""
    return _WORD.findall(text.lower())


def four_grams(text: str) -> set[tuple[str, ...]]:
    """The distinct runs of four words; a shorter text is one run, an empty one none."""
    words = words_of(text)
    return {tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3))} if words else set()


def page_score(kept: str, gold: str) -> tuple[float, float, float]:
    """Precision, recall and F1 of the kept text's distinct 4-grams; all 1 when both texts are empty."""
    found, wanted = four_grams(kept), four_grams(gold)
    if not found and not wanted:
        return 1.0, 1.0, 1.0
    common = len(found & wanted)
    precision, recall = common / max(1, len(found)), common / max(1, len(wanted))
    return precision, recall, 2 * precision * recall / (precision + recall) if common else 0.0


def evaluate_cleaning(pages: Iterable[dict[str, str]], policy: CleanPolicy = CleanPolicy()) -> dict[str, float | int]:
    """Means over pages of the scores of what `clean` keeps, the title included.

    Each page has `page_text` (the whole page as plain text) and `gold` (the article, headline first).
    """
    scores = []
    for page in pages:
        document = clean(Article(id="page", text=page["page_text"]), policy=policy)
        scores.append(page_score(f"{document.title}\n{document.text}", page["gold"]))
    n = max(1, len(scores))
    precision, recall, f1 = (round(sum(column) / n, 4) for column in zip(*scores, strict=True)) if scores else (0.0, 0.0, 0.0)
    return {"pages": len(scores), "precision": precision, "recall": recall, "f1": f1}
