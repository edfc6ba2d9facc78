"""The last part of a night: which published clusters tell one saga.

Nothing depends on it, so it is no part of the plan, and a run that dies here leaves storylines that the next night goes on with: every
cluster is in one at most all the time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from clusterer.core.clustering.storylines import Chapter, ChapterIndex, chapter, storylines
from clusterer.core.evidence.evidence import Evidence
from clusterer.core.nightly.storyline_ids import identified
from clusterer.pipeline.failpoints import reached
from clusterer.ports import CollectionStore

_SLICE = 5_000
_LONG_AGO = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Storyteller:
    """Makes the storylines of one collection anew, under the ids that they have."""

    books: CollectionStore
    make_index: Callable[[int], ChapterIndex]
    new_id: Callable[[], str]

    def run(self, evidence: Mapping[int, Evidence]) -> int:
        """Look at the clusters of some articles; how many clusters changed their storyline.

        What is committed, merged or erased meanwhile is not in its way: see `CollectionStore.tell`.
        """
        seqs_of = self._by_cluster(evidence)
        if not seqs_of:
            return 0
        chapters: list[Chapter] = []
        received: dict[str, datetime] = {}
        for cluster in sorted(seqs_of):
            articles = [evidence[seq] for seq in seqs_of[cluster]]
            chapters.append(chapter(cluster, articles))
            received[cluster] = min(article.received_at for article in articles)
        found = storylines(chapters, self.make_index(len(chapters[0].lead)))
        old = self.books.storylines()
        plan = identified(old, found, seqs_of.keys(), self.new_id)
        begins = {one.cluster: one.first_at or received[one.cluster] for one in chapters}
        rows: list[tuple[str, str | None, datetime]] = [
            (cluster, plan.assignment.get(cluster), begins.get(cluster) or self._began(cluster))
            for cluster in sorted(old.keys() | plan.assignment.keys())
            if cluster in begins or old.get(cluster) != plan.assignment.get(cluster)
        ]
        reached("storylines")
        self.books.tell(rows, plan.aliases)
        reached("told")
        return sum(old.get(cluster) != storyline for cluster, storyline, _ in rows)

    def _by_cluster(self, seqs: Iterable[int]) -> dict[str, list[int]]:
        """Articles, ascending, by the cluster that they are in now."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        ordered = sorted(seqs)
        for start in range(0, len(ordered), _SLICE):
            part = ordered[start : start + _SLICE]
            for seq, facts in zip(part, self.books.facts(part), strict=True):
                if facts is not None and facts.cluster is not None:
                    found[facts.cluster].append(seq)
        return dict(found)

    def _began(self, cluster: str) -> datetime:
        """Of a cluster that was not looked at."""
        record = self.books.cluster(cluster)
        return record.first_seen if record else _LONG_AGO
