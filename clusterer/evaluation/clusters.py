"""How well clusters agree with people: labelled articles go through the product's own pipeline, one stream a set.

Every set starts from empty with the same configuration, in order of publication. The clock shows each article's `published` as the
article is accepted, so that windows and expiry work as they do live.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from clusterer.bootstrap import Clusterer
from clusterer.core.errors import ClustererError
from clusterer.evaluation.datasets import Row, gold_of, in_order, payload_from_row, read_rows
from clusterer.evaluation.scores import Scores, bcubed, pairwise
from clusterer.pipeline.intake import ArticleIn, Rejected, parse_article
from clusterer.ports import Encoder
from clusterer.settings import Settings

Mode = Literal["stream", "nightly"]
Progress = Callable[[int], None]
Night = Callable[[Clusterer], object]

BATCH = 64
BATCH_SPAN = timedelta(hours=1)  # a live batch arrived within seconds; in one over years no window would end
_NO_DATES = datetime(2000, 1, 1, tzinfo=UTC)
_FACTS_SLICE = 5_000


class EvaluationFailed(ClustererError):
    """A set could not be measured: an article was refused, or did not come through the pipeline."""


@dataclass(slots=True)
class SetClock:
    """A clock that shows what it was told."""

    time: datetime = _NO_DATES

    def now(self) -> datetime:
        return self.time


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """Articles in the order in which they are streamed, and the gold label of each id; ids are unique."""

    name: str
    articles: tuple[ArticleIn, ...]
    gold: dict[str, str | None]

    @property
    def gold_clusters(self) -> int:
        """Distinct gold labels."""
        return len(set(self.gold.values()) - {None})


@dataclass(frozen=True, slots=True)
class SetResult:
    """Scores of one set. largest: articles in the largest cluster found. seconds: wall time, loading the model not counted."""

    name: str
    articles: int
    gold_clusters: int
    clusters: int
    largest: int
    bcubed: Scores
    pairwise: Scores
    seconds: float


def load_set(path: Path) -> LabelledSet:
    """A set from (gzipped) JSON lines, named after its file. An id that occurs again gets a number.

    Raises OSError, BadRow, and EvaluationFailed for an article that the service would refuse.
    """
    return labelled_set(path.name.split(".")[0], read_rows(path))


def labelled_set(name: str, rows: Iterable[Row]) -> LabelledSet:
    """A set from rows in the fields of `datasets`."""
    articles: list[ArticleIn] = []
    gold: dict[str, str | None] = {}
    for number, row in enumerate(rows, start=1):
        payload = payload_from_row(row)
        article_id = payload.get("id", f"row-{number}")
        if article_id in gold:
            article_id = f"{article_id}#{number}"
        gold[article_id] = gold_of(row)
        try:
            articles.append(parse_article({**payload, "id": article_id}))
        except Rejected as rejected:
            raise EvaluationFailed(f"{name}, article {article_id!r}: {rejected}") from None
    return LabelledSet(name, tuple(in_order(articles)), gold)


def headlines_of(labelled: LabelledSet) -> LabelledSet:
    """The set as its headlines alone; articles without one are left out."""
    titled = (article for article in labelled.articles if (article.title or "").strip())
    bare = [article.model_copy(update={"text": "", "html": None}) for article in titled]
    return replace(labelled, name=f"{labelled.name}, headlines", articles=tuple(bare))


def evaluate_set(
    labelled: LabelledSet,
    settings: Settings,
    *,
    encoder: Encoder | None = None,
    batch: int = BATCH,
    night: Night | None = None,
    days_a_night: int = 1,
    progress: Progress = lambda _: None,
) -> SetResult:
    """Stream one set and score the clusters. Raises EvaluationFailed.

    night: called with the service at the end of a day that had articles (UTC, by the clock), `days_a_night` days after the one before at
    the earliest, and at the end.
    progress: called with the number of articles just assigned.
    """
    clock = SetClock()
    service = Clusterer.in_memory(settings, encoder=encoder, clock=clock)
    began = time.perf_counter()
    ids = stream(labelled, service, clock, batch, night, days_a_night, progress)
    clusters = _clusters(service, ids, labelled.name)
    sizes = Counter(clusters.values())
    return SetResult(
        name=labelled.name,
        articles=len(labelled.articles),
        gold_clusters=labelled.gold_clusters,
        clusters=len(sizes),
        largest=max(sizes.values(), default=0),
        bcubed=bcubed(clusters, labelled.gold),
        pairwise=pairwise(clusters, labelled.gold),
        seconds=round(time.perf_counter() - began, 2),
    )


def stream(
    labelled: LabelledSet,
    service: Clusterer,
    clock: SetClock,
    batch: int = BATCH,
    night: Night | None = None,
    days_a_night: int = 1,
    progress: Progress = lambda _: None,
) -> dict[int, str]:
    """Accept and assign a set's articles in order; their ids by seq."""
    intake = service.collection().intake
    earliest = min((a.published_at for a in labelled.articles if a.published_at), default=_NO_DATES)
    ids: dict[int, str] = {}
    clock.time = earliest
    last_night = earliest.date() - timedelta(days=1)  # of the day before the first
    for articles in _batches(labelled.articles, earliest, batch):
        day = clock.time.date()
        day_over = (articles[0].published_at or earliest).date() > day
        if night is not None and day_over and (day - last_night).days >= days_a_night:
            night(service)
            last_night = day
        for article in articles:
            clock.time = article.published_at or earliest
            [receipt] = intake.accept([article])
            ids[receipt.seq] = receipt.article_id
        service.drain()
        progress(len(articles))
    if night is not None:
        night(service)
    return ids


def to_json(results: Sequence[SetResult], mode: Mode) -> dict[str, Any]:
    """`{"mode", "sets": [...], "mean": {"bcubed_f1", "pairwise_f1"}}`; the means are over sets, not over articles."""
    count = max(len(results), 1)
    return {
        "mode": mode,
        "sets": [
            {
                "name": result.name,
                "articles": result.articles,
                "gold_clusters": result.gold_clusters,
                "clusters": result.clusters,
                "largest_cluster": result.largest,
                "bcubed": _rounded(result.bcubed),
                "pairwise": _rounded(result.pairwise),
                "seconds": result.seconds,
            }
            for result in results
        ],
        "mean": {
            "bcubed_f1": round(sum(result.bcubed.f1 for result in results) / count, 4),
            "pairwise_f1": round(sum(result.pairwise.f1 for result in results) / count, 4),
        },
    }


def _rounded(scores: Scores) -> dict[str, float]:
    return {"precision": round(scores.precision, 4), "recall": round(scores.recall, 4), "f1": round(scores.f1, 4)}


def _batches(articles: Sequence[ArticleIn], undated: datetime, size: int) -> Iterator[list[ArticleIn]]:
    """Neighbours in time, at most `size` of them and at most BATCH_SPAN apart."""
    current: list[ArticleIn] = []
    began = undated
    for article in articles:
        at = article.published_at or undated
        if current and (len(current) == size or at - began > BATCH_SPAN):
            yield current
            current = []
        if not current:
            began = at
        current.append(article)
    if current:
        yield current


def _clusters(service: Clusterer, ids: dict[int, str], name: str) -> dict[str, str]:
    books = service.collection().books
    clusters: dict[str, str] = {}
    seqs = list(ids)
    for start in range(0, len(seqs), _FACTS_SLICE):
        for facts in books.facts(seqs[start : start + _FACTS_SLICE]):
            if facts is not None and facts.cluster is not None:
                clusters[ids[facts.seq]] = facts.cluster
    if len(clusters) < len(ids):
        lost = next(article_id for article_id in ids.values() if article_id not in clusters)
        raise EvaluationFailed(f"{name}: {len(ids) - len(clusters)} articles were not assigned, {lost!r} the first")
    return clusters
