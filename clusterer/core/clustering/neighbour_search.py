"""Which known articles are nearest to an arrival, and what it shares with them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clusterer.core.clustering.locality import NeighbourIndex
from clusterer.core.clustering.neighbourhood import NEIGHBOURS, Near, Neighbourhood
from clusterer.core.evidence.evidence import Evidence, is_brief, is_headline
from clusterer.core.evidence.termbook import TermBook
from clusterer.core.scoring.pairs import Floats, language_number
from clusterer.core.scoring.scales import SPREAD, background


@dataclass(frozen=True, slots=True)
class _Found:
    """The neighbours of the last arrival asked about, kept so that deciding and adding search once."""

    evidence: Evidence
    near: Near


class NeighbourSearch:
    """Searches what a window knows, whose index, neighbourhood and words it reads."""

    def __init__(
        self, index: NeighbourIndex, known: Neighbourhood, terms: TermBook, languages: Collection[str]
    ) -> None:
        """languages: those that the model learnt, see `language_number`."""
        self._index = index
        self._known = known
        self._terms = terms
        self._languages = languages
        self._found: _Found | None = None

    def forget(self) -> None:
        """What was found does not hold any more: articles came or went."""
        self._found = None

    def near(self, evidence: Evidence) -> Near:
        """Known articles nearest to one that is not known."""
        found = self._found
        if found is None or found.evidence is not evidence:
            ids = self._index.search(evidence.lead[None, :], NEIGHBOURS)[1][0]
            near = self.among(evidence, ids, estimated=len(ids) > NEIGHBOURS)
            found = self._found = _Found(evidence, near)
        return found.near

    def among(self, evidence: Evidence, ids: NDArray[np.int64], estimated: bool) -> Near:
        """The nearest of some articles; ids that are not known do not count.

        estimated: the ids are candidates by estimates, which miss some. Those are found among the neighbours of the nearest ones, which
        are most likely near too (as in NN-descent, Dong, Moses and Li 2011).
        """
        seqs = np.array([seq for seq in ids.tolist() if seq in self._known], np.int64)
        if not len(seqs):
            return self._compared(evidence, seqs, np.zeros(0))
        candidates = seqs
        seqs, meaning = _ranked(candidates, self._known.leads(candidates) @ evidence.lead)
        if estimated:
            further, leads = self._known.around(seqs, without=candidates)
            own = (leads @ evidence.lead).astype(np.float64)
            seqs, meaning = _ranked(np.concatenate([seqs, further]), np.concatenate([meaning, own]))
        return self._compared(evidence, seqs, meaning)

    def best(self, evidence: Evidence, ids: NDArray[np.int64], scores: NDArray[np.float32]) -> Near:
        """The nearest of articles by their scores; the least stand with ids that are not known."""
        return self.among(evidence, ids[np.argsort(-scores, kind="stable")[:NEIGHBOURS]], estimated=False)

    def of(self, evidence: Evidence, near: Near) -> Near:
        """Neighbours found before, with what the article's own evidence says."""
        number, brief = language_number(evidence.lang, self._languages), is_brief(evidence.sparse)
        return Near(near.seqs, near.meaning, near.words, number, near.background, near.series, brief)

    def _compared(self, evidence: Evidence, seqs: NDArray[np.int64], meaning: Floats) -> Near:
        """Neighbours with what they share of words; nearest first."""
        language, brief = language_number(evidence.lang, self._languages), is_brief(evidence.sparse)
        if not len(seqs):
            return Near(seqs, np.zeros(0), np.zeros(0), language, brief=brief)
        words = self._terms.against(self._terms.row(evidence.sparse), seqs.tolist())
        usual = self._background(evidence) if is_headline(evidence.sparse) else float("inf")
        return Near(seqs, meaning, words, language, usual, brief=brief)

    def _background(self, evidence: Evidence) -> float:
        return float(background((self._known.spread(SPREAD) @ evidence.lead)[None, :])[0])


def _ranked(seqs: NDArray[np.int64], meaning: Floats | NDArray[np.float32]) -> tuple[NDArray[np.int64], Floats]:
    """The nearest of some articles by their similarities, nearest first."""
    order = np.lexsort((seqs, -meaning))[:NEIGHBOURS]
    return seqs[order], meaning[order].astype(np.float64)
