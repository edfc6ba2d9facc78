"""What recurs on a source's pages, kept with the books: used when a page is cleaned, extended by every page that is no copy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from clusterer.core.cleaning.boilerplate import (
    Learnt,
    ParagraphKey,
    Profile,
    Recurring,
    decode,
    encode,
    learnt,
    observe,
    paragraph_keys,
    recurring,
)
from clusterer.core.model import Document
from clusterer.ports import CollectionStore


class Boilerplate:
    """One collection's boilerplate by source. Reads and writes a source once a batch."""

    def __init__(self, books: CollectionStore) -> None:
        self._books = books
        self._learnt: dict[str, Learnt] = {}
        self._decoded: dict[str, tuple[bytes, Profile]] = {}  # as read in this batch

    def begin_batch(self) -> None:
        """Forget what was read, so that a reset or another worker's pages count from now on."""
        self._learnt.clear()
        self._decoded.clear()

    def of(self, source: str | None, at: datetime) -> Learnt | None:
        """What to cut of a source's pages; None for pages without a source."""
        if not source:
            return None
        if source not in self._learnt:
            self._learnt[source] = learnt(self._profile(source), at)
        return self._learnt[source]

    def observe(self, pages: Iterable[tuple[str | None, Document, datetime]]) -> None:
        """Count pages that are neither copies nor versions: (source, document, received at)."""
        by_source: dict[str, list[tuple[list[ParagraphKey], datetime]]] = defaultdict(list)
        for source, document, at in pages:
            if source:
                by_source[source].append((paragraph_keys(document), at))
        self._books.save_boilerplates(
            {source: encode(observe(self._profile(source), keyed)) for source, keyed in by_source.items()}
        )

    def recurring(self, source: str, at: datetime) -> list[Recurring]:
        """The paragraphs that are cut from a source's pages, the most frequent first."""
        return recurring(self._profile(source), at)

    def reset(self, source: str) -> None:
        """Forget what was learnt of a source."""
        self._books.save_boilerplate(source, None)

    def _profile(self, source: str) -> Profile:
        """As stored now, which may be without what was there when the batch began: somebody may have reset it."""
        stored = self._books.boilerplate(source)
        if not stored:
            return Profile()
        known = self._decoded.get(source)
        if known is None or known[0] != stored:
            known = self._decoded[source] = stored, decode(stored)
        return known[1]
