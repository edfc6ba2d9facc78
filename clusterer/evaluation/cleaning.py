"""How well cleaning finds the article on a page: word 4-grams of the kept text against those of the known article."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import orjson

from clusterer.core.cleaning.clean import clean
from clusterer.core.lines.line_model import SHIPPED, LineModel
from clusterer.core.model import Article

_WORD = re.compile(r"\w+")


def read_pages(path: Path) -> list[dict[str, str]]:
    """Pages of a JSON-lines file, gzipped or plain; each has `gold`, and `page_text` or `html`."""
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


def score_page(page: Mapping[str, str], model: LineModel = SHIPPED) -> tuple[float, float, float]:
    """Precision, recall and F1 of what `clean` keeps of a page; the title counts for `page_text`, whose gold text begins with it."""
    if "html" in page:
        return page_score(clean(Article(id="page", html=page["html"])).text, page["gold"])
    document = clean(Article(id="page", text=page["page_text"]), model=model)
    return page_score(f"{document.title}\n{document.text}", page["gold"])


def summary(scores: Sequence[tuple[float, float, float]]) -> dict[str, float | int]:
    """Number of pages, the means over them, and how many pages of known text have nothing of it left."""
    n = max(1, len(scores))
    precision, recall, f1 = (round(sum(score[i] for score in scores) / n, 4) for i in range(3))
    return {
        "pages": len(scores),
        "precision": precision,
        "recall": recall,
        "f1": f1,
        "lost": sum(not s[1] for s in scores),
    }


def evaluate_cleaning(pages: Iterable[Mapping[str, str]]) -> dict[str, float | int]:
    """`{"pages", "precision", "recall", "f1", "lost"}`, means over pages, of what `clean` keeps.

    Each page has `html` and `gold` (the article without its headline), or `page_text` (the whole page as plain text) and `gold`
    (the article, headline first). The shipped line model is fitted on the MSV pages; for them `line_model.cross_validate` gives
    the figure that counts.
    """
    return summary([score_page(page) for page in pages])
