"""What recurs on a source's pages, kept with the books: used when a page is cleaned, extended by every page that is no copy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from clusterer.core.boilerplate import (
    Learnt,
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


class Templates:
    """One collection's templates by source. Reads and writes a source once a batch."""

    def __init__(self, books: CollectionStore) -> None:
        self._books = books
        self._learnt: dict[str, Learnt] = {}

    def begin_batch(self) -> None:
        """Forget what was read, so that a reset or another worker's pages count from now on."""
        self._learnt.clear()

    def of(self, source: str | None, at: datetime) -> Learnt | None:
        """What to cut of a source's pages; None for pages without a source."""
        if not source:
            return None
        if source not in self._learnt:
            self._learnt[source] = learnt(self._profile(source), at)
        return self._learnt[source]

    def observe(self, pages: Iterable[tuple[str | None, Document, datetime]]) -> None:
        """Count pages that are neither copies nor versions: (source, document, received at)."""
        by_source: dict[str, list[tuple[Document, datetime]]] = defaultdict(list)
        for source, document, at in pages:
            if source:
                by_source[source].append((document, at))
        for source, documents in by_source.items():
            profile = self._profile(source)
            for document, at in documents:
                profile = observe(profile, paragraph_keys(document), at)
            self._books.save_boilerplate(source, encode(profile))

    def recurring(self, source: str, at: datetime) -> list[Recurring]:
        """The paragraphs that are cut from a source's pages, the most frequent first."""
        return recurring(self._profile(source), at)

    def reset(self, source: str) -> None:
        """Forget a source's template."""
        self._books.save_boilerplate(source, None)

    def _profile(self, source: str) -> Profile:
        stored = self._books.boilerplate(source)
        return decode(stored) if stored else Profile()
