"""A cluster's face: the title and the words by which a reader knows it, and how closely its members hang together.

Everything comes from stored facts and evidence of a bounded number of members, so a face costs the same for a cluster
of one hundred and of twenty thousand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from clusterer.core.evidence.evidence import Evidence, extract
from clusterer.core.faces.keywords import keywords_and_names
from clusterer.core.faces.terms import FaceTerm, Voice, telling, told_by_title
from clusterer.core.model import Coherence, Document, Representative, RepresentativeReason

_AS_NEAR = 0.06  # cosine with the centre; among titles of articles so much alike the one that says most is chosen
_VELOCITY_SPANS = {"1h": timedelta(hours=1), "24h": timedelta(hours=24)}
COUNTED_FOR = max(_VELOCITY_SPANS.values())


@dataclass(frozen=True, slots=True)
class FacePolicy:
    """members: the latest that are looked at. texts: of so many of them names are read. keywords, names: the most that are shown."""

    members: int = 100
    texts: int = 3
    keywords: int = 10
    names: int = 10


@dataclass(frozen=True, slots=True)
class Face:
    """What a reader is shown of a cluster; see `build_face`."""

    title: str | None
    representative: Representative | None
    medoid_id: str | None
    keywords: tuple[str, ...]
    names: tuple[str, ...]
    coherence: Coherence


def build_face(
    members: Sequence[Evidence], policy: FacePolicy, documents: Mapping[int, Document] | None = None
) -> Face:
    """The face of a cluster from its latest members, oldest first. An empty cluster has an empty face.

    documents: of some members (`worth_reading`), by seq; names are shown as these write them.

    The medoid is the member nearest to the mean of all. The title is that of the titled member nearest to it, or of one nearly as near
    that says more of what the members share, so that a pun or an aside is not chosen where a plain title is; without vectors it is
    the earliest.
    """
    voices = _voices(members, documents or {})
    terms = telling(voices)
    keywords, names = keywords_and_names(voices, terms, policy.keywords, policy.names)
    ranked = _by_centrality(members)
    chosen, reason = _representative(members, ranked, terms)
    return Face(
        title=(chosen.heading or None) if chosen else None,
        representative=Representative(chosen.article_id, reason) if chosen else None,
        medoid_id=ranked[0][0].article_id if ranked else None,
        keywords=keywords,
        names=names,
        coherence=_coherence(members),
    )


def _voices(members: Sequence[Evidence], documents: Mapping[int, Document]) -> list[Voice]:
    """What originals say, by the words that are stored of them; where there are none, what the documents at hand say."""
    originals = [member for member in members if member.comparable]
    if not originals and documents:
        read = [(member, documents[member.seq]) for member in members if member.seq in documents]
        return [Voice(extract(document), member.heading, member.source, document) for member, document in read]
    return [
        Voice(member.sparse, member.heading, member.source, documents.get(member.seq))
        for member in originals or members
    ]


def worth_reading(members: Sequence[Evidence], policy: FacePolicy) -> list[int]:
    """Seqs of the members whose texts say best how names are written: those nearest to the mean of all."""
    ranked = [member for member, _ in _by_centrality(members)] or members
    return [member.seq for member in ranked[: policy.texts]]


def velocity(received: Iterable[datetime], now: datetime) -> Mapping[str, int]:
    """Articles received in the last hour ("1h") and day ("24h")."""
    times = list(received)
    return {name: sum(now - span < time <= now for time in times) for name, span in _VELOCITY_SPANS.items()}


def _by_centrality(members: Sequence[Evidence]) -> list[tuple[Evidence, float]]:
    """Members with a vector and their mean cosine with all, nearest first; pages that must not move a centre come last."""
    directions = [(member, member.direction()) for member in members]
    placed = [(member, lead) for member, lead in directions if lead is not None]
    if not placed:
        return []
    vectors = np.stack([lead for _, lead in placed])
    weights = np.array([1.0 if member.movable else 0.0 for member, _ in placed])
    if not weights.any():
        weights[:] = 1.0
    nearness = vectors @ (weights @ vectors) / weights.sum()
    order = np.lexsort((np.arange(len(placed)), -nearness.round(6), -weights))
    return [(placed[i][0], float(nearness[i])) for i in order]


def _representative(
    members: Sequence[Evidence], ranked: Sequence[tuple[Evidence, float]], terms: Mapping[str, FaceTerm]
) -> tuple[Evidence | None, RepresentativeReason]:
    if len(members) == 1:
        return members[0], "only_member"
    titled = [(member, nearness) for member, nearness in ranked if member.heading]
    if titled:
        nearest, best = titled[0]
        as_near = [
            member
            for member, nearness in titled[: max(3, (len(titled) + 1) // 2)]
            if nearness >= best - _AS_NEAR and member.movable == nearest.movable
        ]
        if len(titled) == 2:  # both are as near
            return nearest, "closest_to_centre"
        chosen = max(as_near, key=lambda member: told_by_title(member.sparse, terms))
        return chosen, "closest_to_centre" if chosen is nearest else "says_most"
    any_title = [member for member in members if member.heading]
    if any_title:
        return any_title[0], "only_titled_member" if len(any_title) == 1 else "earliest_member"
    return (members[0], "earliest_member") if members else (None, "earliest_member")


def _coherence(members: Sequence[Evidence]) -> Coherence:
    leads = [lead for member in members if (lead := member.direction()) is not None]
    if len(leads) < 2:
        return Coherence(None, None)
    vectors = np.stack(leads)
    cosines = (vectors @ vectors.T)[np.triu_indices(len(leads), 1)]
    return Coherence(round(float(cosines.mean()), 4), round(float(cosines.min()), 4))
