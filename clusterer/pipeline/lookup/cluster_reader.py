"""Reads clusters from one collection's books and turns them into views with a face."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from clusterer.core.clustering.evidence import Sparse, decode_sparse
from clusterer.core.clustering.face import Face, FaceMember, FacePolicy, build_face, velocity
from clusterer.core.errors import Gone, MergedAway, NotFound
from clusterer.core.records import ClusterRecord, StoredEvidence
from clusterer.pipeline.lookup.search import lead_of
from clusterer.pipeline.lookup.views import ClusterView
from clusterer.pipeline.reach import Horizon
from clusterer.ports import Clock, CollectionStore

_FACES_KEPT = 4_096
_MEMBER_PAGE = 10_000
_DATED_MEMBERS = 2_000  # whose times of publication are looked at
_OPENING_CHARS = 110


@dataclass(frozen=True, slots=True)
class _Portrait:
    """A face, when the members behind it were received, and when the first and the last of all were published."""

    face: Face
    received: tuple[datetime, ...]
    first_published_at: datetime | None
    last_published_at: datetime | None


class ClusterReader:
    """Keeps faces until their cluster's revision moves on; otherwise stateless."""

    def __init__(self, books: CollectionStore, clock: Clock, horizon: Horizon, policy: FacePolicy) -> None:
        self._books = books
        self._horizon = horizon
        self._clock = clock
        self._policy = policy
        self._portrait = lru_cache(maxsize=_FACES_KEPT)(self._drawn)

    def record(self, cluster_id: str, generation: int) -> ClusterRecord:
        """A living cluster. Raises NotFound, MergedAway, Gone."""
        record = self._books.cluster(cluster_id, generation)
        if record is not None and record.status != "retired":
            return record
        living = self._books.resolve(cluster_id)
        if living is not None and living != cluster_id:
            raise MergedAway(cluster_id, living)
        # A cluster that erasure emptied is in no later generation, but the feed remembers that it was.
        if record is not None or living is not None or self._books.changes_of(cluster_id, 0, 1):
            raise Gone(f"cluster {cluster_id!r} has no articles any more")
        raise NotFound(f"there is no cluster {cluster_id!r}")

    def view(self, cluster_id: str, generation: int) -> ClusterView:
        """Raises NotFound, MergedAway, Gone."""
        return self.view_of(self.record(cluster_id, generation))

    def view_of(self, record: ClusterRecord) -> ClusterView:
        """A record with its face."""
        portrait = self._portrait(record.id, record.generation, record.revision)
        face = portrait.face
        return ClusterView(
            id=record.id,
            status="cold" if self._horizon.is_past(record.last_seen) else "active",
            title=face.title,
            representative=face.representative,
            medoid_id=face.medoid_id,
            article_count=record.article_count,
            source_count=len(record.sources),
            origin_count=record.origin_count,
            languages=record.languages,
            sources=record.sources,
            keywords=face.keywords,
            names=face.names,
            first_seen=record.first_seen,
            last_seen=record.last_seen,
            last_added_at=record.last_added_at,
            velocity=velocity(portrait.received, self._clock.now()),
            coherence=face.coherence,
            revision=record.revision,
            generation=record.generation,
            pinned=record.pinned,
            aliases=record.aliases,
            split_from=record.split_from,
            first_published_at=portrait.first_published_at,
            last_published_at=portrait.last_published_at,
        )

    def latest_members(self, cluster_id: str, generation: int) -> list[int]:
        """Seqs of the latest members, as many as a face looks at, ascending."""
        return self._latest(cluster_id, generation, self._policy.members)

    def _latest(self, cluster_id: str, generation: int, most: int) -> list[int]:
        latest: list[int] = []
        after = 0
        while page := self._books.members(cluster_id, after, _MEMBER_PAGE, generation):
            latest = (latest + page)[-most:]
            after = page[-1]
            if len(page) < _MEMBER_PAGE:
                break
        return latest

    def _drawn(self, cluster_id: str, generation: int, revision: int) -> _Portrait:
        """`revision` is only the key under which the cache keeps the portrait."""
        every = self._latest(cluster_id, generation, _DATED_MEMBERS)
        members, earlier = every[-self._policy.members :], every[: -self._policy.members]
        evidence = [item for item in self._books.evidence(members) if item is not None]
        face = build_face([_face_member(item) for item in evidence], self._policy)
        published = [fact.published_at for fact in self._books.facts(earlier + members) if fact and fact.published_at]
        return _Portrait(
            face if face.title else replace(face, title=self._opening(face, evidence)),
            tuple(item.facts.received_at for item in evidence),
            min(published, default=None),
            max(published, default=None),
        )

    def _opening(self, face: Face, evidence: Sequence[StoredEvidence]) -> str | None:
        """What stands for a title where no article has one: how the text of the representative begins, else what it is about."""
        chosen = face.representative.article_id if face.representative else None
        for item in evidence:
            if item.facts.article_id == chosen:
                document = self._books.document(item.facts.seq)
                if document is not None and document.text.strip():
                    return opening(document.text)
        return ", ".join([*face.names[:2], *face.keywords[:3]]) or None


def opening(text: str) -> str:
    """The beginning of a text in the length of a headline: its first sentence, or as many whole words as fit."""
    line = " ".join(text[: 4 * _OPENING_CHARS].split())
    end = next(
        (
            at + 1
            for at in range(20, min(len(line), _OPENING_CHARS))
            if line[at] in ".!?。" and line[at + 1 :][:1] in " "
        ),
        0,
    )
    if end or len(line) <= _OPENING_CHARS:
        return line[: end or None]
    return line[:_OPENING_CHARS].rsplit(" ", 1)[0] + "…"


def face_of(books: CollectionStore, members: Sequence[int], policy: FacePolicy) -> Face:
    """The face that a cluster of these articles has; members: seqs, ascending."""
    evidence = books.evidence(members[-policy.members :])
    return build_face([_face_member(item) for item in evidence if item is not None], policy)


def _face_member(item: StoredEvidence) -> FaceMember:
    return FaceMember(item.facts, lead_of(item), decode_sparse(item.sparse) if item.sparse else Sparse())
