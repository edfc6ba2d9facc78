"""Gold sets for fitting weights, made of labelled articles by the product's own pipeline."""

from __future__ import annotations

from clusterer.bootstrap import Clusterer
from clusterer.core.errors import ClustererError
from clusterer.evaluation.clusters import LabelledSet, SetClock, stream
from clusterer.evaluation.fitting import GoldSet
from clusterer.pipeline.stored import to_evidence
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
    evidence = []
    for start in range(0, len(seqs), _EVIDENCE_SLICE):
        for stored in books.evidence(seqs[start : start + _EVIDENCE_SLICE]):
            found = to_evidence(stored) if stored is not None else None
            if found is not None:
                evidence.append(found)
    return GoldSet(labelled.name, tuple(evidence), {one.seq: labelled.gold[ids[one.seq]] or "" for one in evidence})
