"""Gold sets for fitting weights, made of labelled articles by the product's own pipeline, and the probabilities stated on them."""

from __future__ import annotations

from dataclasses import replace

from clusterer.bootstrap import Clusterer, load_weights
from clusterer.core.clustering.window import Window
from clusterer.core.errors import ClustererError
from clusterer.core.evidence.evidence import Evidence
from clusterer.evaluation.clusters import LabelledSet, SetClock, headlines_of, stream
from clusterer.evaluation.fitting import GoldSet, cluster_stream
from clusterer.evaluation.reliability import Judged, judged
from clusterer.ports import Encoder
from clusterer.settings import Settings

_EVIDENCE_SLICE = 5_000


class NotFitted(ClustererError):
    """The sets are too few or too small to fit weights on."""


def gold_set(labelled: LabelledSet, settings: Settings, encoder: Encoder) -> GoldSet:
    """The labelled articles as the clusters worker compares them, in order of the stream. Copies, which it never compares, are left
    out. Raises EvaluationFailed.
    """
    clock = SetClock()
    service = Clusterer.in_memory(settings, encoder=encoder, clock=clock)
    ids = stream(labelled, service, clock)
    seqs = [seq for seq, article_id in ids.items() if labelled.gold[article_id] is not None]
    books = service.collection().books
    evidence: list[Evidence] = []
    for start in range(0, len(seqs), _EVIDENCE_SLICE):
        found = books.evidence(seqs[start : start + _EVIDENCE_SLICE])
        evidence += [one for one in found if one is not None and one.comparable]
    return GoldSet(labelled.name, tuple(evidence), {one.seq: labelled.gold[ids[one.seq]] or "" for one in evidence})


def gold_with_headlines(labelled: LabelledSet, settings: Settings, encoder: Encoder) -> GoldSet:
    """The labelled articles as `gold_set` gives them, with their headlines where there are two or more. Raises EvaluationFailed."""
    headlines = gold_set(headlines_of(labelled), settings, encoder)
    return replace(gold_set(labelled, settings, encoder), headlines=headlines if len(headlines.evidence) > 1 else None)


def judged_set(labelled: LabelledSet, settings: Settings, encoder: Encoder) -> list[Judged]:
    """The probabilities that the weights of the settings state of arrivals, and what is so. Raises EvaluationFailed, SettingsError."""
    gold = gold_set(labelled, settings, encoder)
    weights = load_weights(settings.weights_path, settings.model).at(settings.granularity)
    index = Clusterer.in_memory(settings, encoder=encoder).make_index(encoder.dimension)
    _, decisions = cluster_stream(gold.evidence, Window(index, weights))
    return judged(decisions, gold.labels)
