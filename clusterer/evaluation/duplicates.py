"""How well copies and excerpts are found: every text goes through the posting index and the decision, as in the service.

Two forms of input are understood: listed pairs with their exact overlap (`a, b, text_a, text_b, jaccard5, containment5`),
of which only the listed ones are scored, and articles with planted copies (the same `cluster`), where every pair counts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import combinations, islice

from clusterer.core.copies.candidates import candidates
from clusterer.core.copies.dedup import DedupPolicy, relate
from clusterer.core.copies.fingerprint import FingerprintPolicy, fingerprint, index_terms
from clusterer.core.model import Article, Document, Relation, copy_of
from clusterer.core.records import Known
from clusterer.evaluation.datasets import Row, article_from_row, gold_of
from clusterer.evaluation.scores import Scores

Cleaning = Callable[[Article], Document]
Pair = tuple[int, int]  # (earlier seq, later seq)

THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9)
CLEARLY_NO_EXCERPT = 0.6  # containment below which an excerpt_of is counted as wrong


@dataclass(slots=True)
class Postings:
    """A posting index in memory that never expires. Lists hold the first `cap` articles of a term."""

    cap: int = 50
    lists: dict[bytes, list[int]] = field(default_factory=lambda: defaultdict(list))

    def register(
        self, seq: int, exact: bytes | None, bands: Sequence[bytes], sketch: Sequence[bytes], at: datetime
    ) -> dict[int, int]:
        """Enter the terms; return earlier articles that share some, as the store does. `at` has no meaning here."""
        hits: list[dict[int, int]] = []
        for terms in ((exact,) if exact else (), bands, sketch):
            shared: Counter[int] = Counter()
            for term in terms:
                members = self.lists[term]
                shared.update(member for member in members if member < seq)
                if len(members) < self.cap and seq not in members:
                    members.append(seq)
            hits.append(dict(shared))
        return candidates(*hits)


def uncleaned(article: Article) -> Document:
    """The article as its own document: for measuring the comparison of texts alone."""
    return Document(title=article.title or "", text=article.text or article.html or "")


@dataclass(slots=True)
class CopyFinder:
    """Cleans, fingerprints, registers and relates articles one after the other, like the articles worker."""

    clean: Cleaning = uncleaned
    prints: FingerprintPolicy = field(default_factory=FingerprintPolicy)
    policy: DedupPolicy = field(default_factory=DedupPolicy)
    index: Postings = field(default_factory=Postings)
    known: dict[int, Known] = field(default_factory=dict)
    relations: dict[int, tuple[Relation, ...]] = field(default_factory=dict)
    terms: int = 0
    compared: int = 0

    def add(self, article: Article) -> int:
        """The seq that the article got; its relations are in `relations[seq]`."""
        seq = len(self.known) + 1
        document = self.clean(article)
        text_fingerprint = fingerprint(document, self.prints)
        # The moment of reception is of no account in a set, so all articles have the same.
        at = datetime(2000, 1, 1, tzinfo=UTC)
        new = Known(
            seq, text_fingerprint, article.id, at, article.published_at, article.source, article.url, document.title
        )
        terms = index_terms(text_fingerprint, self.prints)
        found = self.index.register(seq, terms.exact, terms.bands, terms.sketch, at)
        hits = dict(islice(found.items(), self.policy.max_candidates))
        seqs = set(hits) | {head for head in (self.known[hit].canonical for hit in hits) if head is not None}
        relations = relate(new, [replace(self.known[hit], hits=hits.get(hit, 0)) for hit in seqs], self.policy)
        self.terms += len(terms.bands) + len(terms.sketch) + (terms.exact is not None)
        self.compared += len(seqs)
        self.relations[seq] = relations
        self.known[seq] = replace(new, canonical=copy_of(relations))
        return seq

    def head(self, seq: int) -> int:
        """The article that this one is counted under: its canonical article, or itself."""
        return self.known[seq].canonical or seq

    def kind(self, one: int, other: int) -> str | None:
        """How two articles are related, directly or as copies of the same article; None when they are not."""
        for later, earlier in ((max(one, other), min(one, other)), (min(one, other), max(one, other))):
            for relation in self.relations[later]:
                if self.head(relation.other) == self.head(earlier):
                    return relation.kind
        return None


def evaluate_duplicates(
    rows: Iterable[Row],
    *,
    clean: Cleaning | None = None,
    threshold: float = 0.7,
    prints: FingerprintPolicy | None = None,
    policy: DedupPolicy | None = None,
) -> dict[str, object]:
    """Scores of the relations found: `pairs, threshold, precision, recall, f1` of copies, and details by relation.

    A listed pair is positive from `jaccard5 >= threshold` on; for planted copies the threshold has no meaning. A pair
    counts as found when it is linked as `exact`, `near` or `version_of`. `clean` None compares the texts as they are.
    """
    finder = CopyFinder(clean or uncleaned, prints or FingerprintPolicy(), policy or DedupPolicy())
    rows = list(rows)
    listed = bool(rows) and "text_a" in rows[0]
    result = _score_listed(finder, rows, threshold) if listed else _score_planted(finder, rows)
    articles = max(len(finder.known), 1)
    return {
        "threshold": threshold if listed else None,
        **result,
        "cleaned": clean is not None,
        "articles": len(finder.known),
        "terms_per_article": round(finder.terms / articles, 1),
        "compared_per_article": round(finder.compared / articles, 2),
    }


_COPIES = frozenset({"exact", "near", "version_of"})


def _score_listed(finder: CopyFinder, rows: Sequence[Row], threshold: float) -> dict[str, object]:
    seqs: dict[str, int] = {}
    for row in rows:
        for side in "ab":
            if str(row[side]) not in seqs:
                seqs[str(row[side])] = finder.add(_side(row, side))
    kinds = [finder.kind(seqs[str(row["a"])], seqs[str(row["b"])]) for row in rows]
    linked = [kind in _COPIES for kind in kinds]
    jaccards = [float(row["jaccard5"]) for row in rows]
    excerpts = [kind == "excerpt_of" for kind in kinds]
    containments = [float(row["containment5"]) for row in rows]
    least = finder.policy.min_containment
    expected = [c >= least and j < threshold for c, j in zip(containments, jaccards, strict=True)]
    return {
        "pairs": len(rows),
        **_scores(linked, [jaccard >= threshold for jaccard in jaccards]),
        "by_relation": dict(Counter(kind or "none" for kind in kinds)),
        "by_threshold": {str(at): _scores(linked, [jaccard >= at for jaccard in jaccards]) for at in THRESHOLDS},
        "excerpts": {
            "expected": sum(expected),
            "found": sum(e and x for e, x in zip(excerpts, expected, strict=True)),
            "wrong": sum(e and c < CLEARLY_NO_EXCERPT for e, c in zip(excerpts, containments, strict=True)),
        },
    }


def _score_planted(finder: CopyFinder, rows: Sequence[Row]) -> dict[str, object]:
    labels: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        seq = finder.add(article_from_row(row, "evaluation"))
        label = gold_of(row)
        if label is not None:
            labels[label].append(seq)
    expected = {pair for members in labels.values() for pair in combinations(members, 2)}
    found = set(_linked_pairs(finder))
    pairs = sorted(expected | found)
    return {
        "pairs": len(pairs),
        **_scores([pair in found for pair in pairs], [pair in expected for pair in pairs]),
        "by_relation": dict(Counter(finder.kind(*pair) or "none" for pair in pairs)),
    }


def _linked_pairs(finder: CopyFinder) -> Iterator[Pair]:
    families: dict[int, list[int]] = defaultdict(list)
    for seq in finder.known:
        heads = {finder.head(relation.other) for relation in finder.relations[seq] if relation.kind in _COPIES}
        yield from ((member, seq) for head in heads for member in families[head])
        families[finder.head(seq)].append(seq)


def _scores(linked: Sequence[bool], expected: Sequence[bool]) -> dict[str, float]:
    correct = sum(one and other for one, other in zip(linked, expected, strict=True))
    scores = Scores.of_counts(correct, sum(linked), sum(expected))
    return {"precision": scores.precision, "recall": scores.recall, "f1": scores.f1}


def _side(row: Row, side: str) -> Article:
    fields = ("title", "text", "source", "published")
    return article_from_row({"id": row[side]} | {name: row.get(f"{name}_{side}") for name in fields}, "evaluation")
