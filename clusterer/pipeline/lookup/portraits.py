"""Draws the faces of clusters from the books: the latest members, and the texts that say best how names are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from clusterer.core.cluster_records import ClusterRecord
from clusterer.core.evidence.evidence import Evidence
from clusterer.core.faces.face import (
    COUNTED_FOR,
    Face,
    FacePolicy,
    build_face,
    velocity,
    worth_reading,
)
from clusterer.core.faces.written_lines import is_abbreviation
from clusterer.core.model import Document
from clusterer.ports import CollectionStore

_DATED_MEMBERS = 2_000  # whose times are looked at
_OPENING_CHARS = 110


@dataclass(frozen=True, slots=True)
class Portrait:
    """A face, when members were received in the day before it was drawn, and when the first and the last were published."""

    face: Face
    received: tuple[datetime, ...]
    first_published_at: datetime | None
    last_published_at: datetime | None

    def velocity(self, now: datetime) -> Mapping[str, int]:
        """Articles received in the last hour ("1h") and day ("24h")."""
        return velocity(self.received, now)


class _Times(NamedTuple):
    """Of an article; published_at as stated."""

    received_at: datetime
    published_at: datetime | None


class Portraits:
    """Stateless, safe for threads."""

    def __init__(self, books: CollectionStore, policy: FacePolicy | None = None) -> None:
        self._books = books
        self._policy = policy or FacePolicy()

    def latest_members(self, cluster_id: str, generation: int) -> list[int]:
        """Seqs of the latest members, as many as a face looks at, ascending."""
        return self._books.latest_members([cluster_id], self._policy.members, generation)[0]

    def drawn(self, records: Sequence[ClusterRecord], now: datetime) -> list[Portrait]:
        """Of clusters of one generation, read together; in the order given."""
        members = self._books.latest_members([one.id for one in records], _DATED_MEMBERS, records[0].generation)
        looked_at = [seq for seqs in members for seq in seqs[-self._policy.members :]]
        evidence = {item.seq: item for item in self._books.evidence(looked_at) if item is not None}
        others = self._books.facts([seq for seqs in members for seq in seqs if seq not in evidence])
        times = {fact.seq: _Times(fact.received_at, fact.published_at) for fact in others if fact is not None}
        times |= {seq: _Times(item.received_at, item.stated_at) for seq, item in evidence.items()}
        looks = [[evidence[seq] for seq in seqs[-self._policy.members :] if seq in evidence] for seqs in members]
        read = [seq for look in looks for seq in worth_reading(look, self._policy)]
        texts = zip(read, self._books.texts(read), strict=True)
        documents = {seq: document for seq, (_, document) in texts if document is not None}
        return [
            self._portrait(look, documents, [times[seq] for seq in seqs if seq in times], now)
            for look, seqs in zip(looks, members, strict=True)
        ]

    def _portrait(
        self,
        members: Sequence[Evidence],
        documents: Mapping[int, Document],
        dated: Sequence[_Times],
        now: datetime,
    ) -> Portrait:
        face = build_face(members, self._policy, documents)
        published = [one.published_at for one in dated if one.published_at is not None]
        return Portrait(
            face if face.title else replace(face, title=self._opening(face, members)),
            tuple(one.received_at for one in dated if one.received_at > now - COUNTED_FOR),
            min(published, default=None),
            max(published, default=None),
        )

    def _opening(self, face: Face, members: Sequence[Evidence]) -> str | None:
        """What stands for a title where no article has one: how the text of the representative begins, else what it is about."""
        chosen = face.representative.article_id if face.representative else None
        for item in members:
            if item.article_id == chosen:
                document = self._books.document(item.seq)
                if document is not None and document.text.strip():
                    return opening(document.text)
        return ", ".join([*face.names[:2], *face.keywords[:3]]) or None


def opening(text: str) -> str:
    """The beginning of a text in the length of a headline: its first sentence, or as many whole words as fit."""
    line = " ".join(text[: 4 * _OPENING_CHARS].split())
    ends = (at for at in range(20, min(len(line), _OPENING_CHARS)) if line[at] in ".!?。" and line[at + 1 :][:1] in " ")
    end = next((at + 1 for at in ends if not _goes_on(line, at)), 0)
    if end or len(line) <= _OPENING_CHARS:
        return line[: end or None]
    return line[:_OPENING_CHARS].rsplit(" ", 1)[0] + "…"


def _goes_on(line: str, at: int) -> bool:
    """Whether a full stop at this place ends an abbreviation and no sentence."""
    word = line[:at].rpartition(" ")[2]
    return line[at] == "." and (
        line[at + 2 : at + 3].islower() or len(word) == 1 or "." in word or is_abbreviation(word)
    )


def face_of(books: CollectionStore, members: Sequence[int], policy: FacePolicy) -> Face:
    """The face that a cluster of these articles has; members: seqs, ascending."""
    return build_face(face_members(books, members[-policy.members :]), policy)


def face_members(books: CollectionStore, seqs: Sequence[int]) -> list[Evidence]:
    """What a face is built of, without articles that are gone."""
    return [item for item in books.evidence(seqs) if item is not None]
