"""A change of the embedding model: vectors of all articles are made again while work goes on, then published in one step.

What is left to do is listed in the books, so a run that was ended goes on where it stopped. Until the last step everybody reads,
and workers go on to write, the vectors of the model before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from clusterer.core.errors import Conflict
from clusterer.core.model import Document
from clusterer.core.records import Reembedded
from clusterer.pipeline.failpoints import reached
from clusterer.pipeline.nightly.nightly import BUSY, JOB
from clusterer.pipeline.stages.embedding import embed
from clusterer.ports import CollectionStore, Encoder

log = structlog.get_logger(__name__)

_BATCH = 32
_LEASE_S = 120.0  # the first batch loads the model


@dataclass(frozen=True, slots=True)
class ReembeddingReport:
    """What a run did. before, after: fingerprints of the models, equal when there was nothing to change; None: no vectors at all."""

    before: str | None
    after: str | None
    embedded: int


class Reembedder:
    """Gives one collection's articles the vectors of the configured model."""

    def __init__(self, books: CollectionStore, encoder: Encoder) -> None:
        self._books = books
        self._encoder = encoder

    def run(
        self, worker: str, on_progress: Callable[[int, int], object] = lambda embedded, left: None
    ) -> ReembeddingReport:
        """Until the new vectors are published; calls `on_progress` with the numbers of articles embedded and left.

        A change of model begun before is gone on with if it is to the same model, and given up if not. Raises Conflict while the
        collection is being reclustered: the two would see each other's vectors.
        """
        self._hold(worker)
        try:
            return self._run(worker, on_progress)
        finally:
            self._books.release_job(JOB, worker)

    def _run(self, worker: str, on_progress: Callable[[int, int], object]) -> ReembeddingReport:
        books, after = self._books, self._encoder.fingerprint
        before, embedded = books.model(), 0
        if before not in (None, after):
            books.begin_reembedding(after)
            while not books.adopt_vectors(after):
                embedded += self._embed(books.unembedded(_BATCH))
                reached("reembedded")
                on_progress(embedded, books.count_unembedded())
                self._hold(worker)
            reached("adopted")
            log.info("reembedded", collection=books.name, before=before, after=after, articles=embedded)
        books.drop_staged()
        return ReembeddingReport(before, after if before else None, embedded)

    def _hold(self, worker: str) -> None:
        """Take or keep the job: whoever reclusters meanwhile would see vectors of two models."""
        if not self._books.claim_job(JOB, worker, _LEASE_S):
            raise Conflict(BUSY)

    def _embed(self, seqs: Sequence[int]) -> int:
        # The vectors are read before the document: if the article is prepared anew in between, the store sees that they differ.
        published = self._books.vectors(seqs)
        documents = {seq: self._books.document(seq) or _NOTHING for seq in seqs}
        vectors = embed(self._encoder, documents)
        items = [Reembedded(seq, old, vectors.get(seq)) for seq, old in zip(seqs, published, strict=True)]
        return self._books.stage_vectors(self._encoder.fingerprint, items)


_NOTHING = Document(title="", text="")
