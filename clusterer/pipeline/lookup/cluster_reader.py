"""Reads clusters from one collection's books and turns them into views with a face."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from clusterer.core.clustering.evidence import Sparse, decode_sparse
from clusterer.core.clustering.face import Face, FaceMember, FacePolicy, build_face, velocity, worth_reading
from clusterer.core.errors import Gone, MergedAway, NotFound
from clusterer.core.model import Document
from clusterer.core.records import ClusterRecord, StoredEvidence
from clusterer.pipeline.lookup.search import lead_of
from clusterer.pipeline.lookup.views import ClusterView
from clusterer.pipeline.reach import Horizon
from clusterer.ports import Clock, CollectionStore

_FACES_KEPT = 4_096
_DRAWN_AT_ONCE = 25
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
    """Keeps faces until their cluster's revision moves on; otherwise stateless. Safe for threads."""

    def __init__(self, books: CollectionStore, clock: Clock, horizon: Horizon, policy: FacePolicy) -> None:
        self._books = books
        self._horizon = horizon
        self._clock = clock
        self._policy = policy
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[int, int, _Portrait]] = {}  # by id, with generation and revision; last used last

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
        return self.views_of([self.record(cluster_id, generation)])[0]

    def views_of(self, records: Sequence[ClusterRecord]) -> tuple[ClusterView, ...]:
        """Records of one generation with their faces, in the order given."""
        portraits = self._portraits(records)
        cold = self._horizon.are_past([record.last_seen for record in records])
        now = self._clock.now()
        return tuple(
            _view(record, portraits[record.id], is_cold, now) for record, is_cold in zip(records, cold, strict=True)
        )

    def latest_members(self, cluster_id: str, generation: int) -> list[int]:
        """Seqs of the latest members, as many as a face looks at, ascending."""
        return self._books.latest_members([cluster_id], self._policy.members, generation)[0]

    def _portraits(self, records: Sequence[ClusterRecord]) -> dict[str, _Portrait]:
        """By id. What is not kept is drawn together."""
        found: dict[str, _Portrait] = {}
        missing: list[ClusterRecord] = []
        with self._lock:
            for record in records:
                kept = self._kept.pop(record.id, None)
                if kept is not None and kept[:2] == (record.generation, record.revision):
                    self._kept[record.id] = kept
                    found[record.id] = kept[2]
                else:
                    missing.append(record)
        for start in range(0, len(missing), _DRAWN_AT_ONCE):
            part = missing[start : start + _DRAWN_AT_ONCE]
            for record, portrait in zip(part, self._drawn(part), strict=True):
                found[record.id] = portrait
                self._keep(record, portrait)
        return found

    def _keep(self, record: ClusterRecord, portrait: _Portrait) -> None:
        with self._lock:
            self._kept[record.id] = record.generation, record.revision, portrait
            while len(self._kept) > _FACES_KEPT:
                del self._kept[next(iter(self._kept))]

    def _drawn(self, records: Sequence[ClusterRecord]) -> list[_Portrait]:
        members = self._books.latest_members([one.id for one in records], _DATED_MEMBERS, records[0].generation)
        looked_at = [seq for seqs in members for seq in seqs[-self._policy.members :]]
        evidence = {item.facts.seq: item for item in self._books.evidence(looked_at) if item is not None}
        others = self._books.facts([seq for seqs in members for seq in seqs if seq not in evidence])
        published = {fact.seq: fact.published_at for fact in others if fact is not None}
        published |= {seq: item.facts.published_at for seq, item in evidence.items()}
        looks = [
            [_face_member(evidence[seq]) for seq in seqs[-self._policy.members :] if seq in evidence]
            for seqs in members
        ]
        read = [seq for look in looks for seq in worth_reading(look, self._policy)]
        texts = zip(read, self._books.texts(read), strict=True)
        documents = {seq: document for seq, (_, document) in texts if document is not None}
        return [
            self._portrait(look, documents, [moment for seq in seqs if (moment := published.get(seq)) is not None])
            for look, seqs in zip(looks, members, strict=True)
        ]

    def _portrait(
        self, members: Sequence[FaceMember], documents: Mapping[int, Document], published: Sequence[datetime]
    ) -> _Portrait:
        face = build_face(members, self._policy, documents)
        return _Portrait(
            face if face.title else replace(face, title=self._opening(face, members)),
            tuple(member.facts.received_at for member in members),
            min(published, default=None),
            max(published, default=None),
        )

    def _opening(self, face: Face, members: Sequence[FaceMember]) -> str | None:
        """What stands for a title where no article has one: how the text of the representative begins, else what it is about."""
        chosen = face.representative.article_id if face.representative else None
        for item in members:
            if item.facts.article_id == chosen:
                document = self._books.document(item.facts.seq)
                if document is not None and document.text.strip():
                    return opening(document.text)
        return ", ".join([*face.names[:2], *face.keywords[:3]]) or None


def _view(record: ClusterRecord, portrait: _Portrait, is_cold: bool, now: datetime) -> ClusterView:
    face = portrait.face
    return ClusterView(
        id=record.id,
        status="cold" if is_cold else "active",
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
        velocity=velocity(portrait.received, now),
        coherence=face.coherence,
        revision=record.revision,
        generation=record.generation,
        pinned=record.pinned,
        aliases=record.aliases,
        split_from=record.split_from,
        first_published_at=portrait.first_published_at,
        last_published_at=portrait.last_published_at,
    )


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
    return build_face(face_members(books, members[-policy.members :]), policy)


def face_members(books: CollectionStore, seqs: Sequence[int]) -> list[FaceMember]:
    """What a face is built of, without articles that are gone."""
    return [_face_member(item) for item in books.evidence(seqs) if item is not None]


def _face_member(item: StoredEvidence) -> FaceMember:
    return FaceMember(item.facts, lead_of(item), decode_sparse(item.sparse) if item.sparse else Sparse())
