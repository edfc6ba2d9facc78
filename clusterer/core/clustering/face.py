"""A cluster's face: the title and the words by which a reader knows it, and how closely its members hang together.

Everything comes from stored facts and evidence of a bounded number of members, so a face costs the same for a cluster
of two hundred and of twenty thousand.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt

import numpy as np

from clusterer.core.calendar import is_calendar_word
from clusterer.core.clustering.evidence import LEAD, NAME, NUMBER, TITLE, Sparse
from clusterer.core.model import Coherence, Representative, RepresentativeReason, Vector
from clusterer.core.records import PreparedFacts

_VELOCITY_SPANS = {"1h": timedelta(hours=1), "24h": timedelta(hours=24)}
_EMPHASIS = {TITLE: 2.0, LEAD: 1.0}  # where a word stands says how much it says
_WORD = re.compile(r"\w+(?:['’]\w{2,})*")
_APOSTROPHE = re.compile("['’]")
_MC = re.compile(r"\bMc([a-z])(?=[a-z]{2})")
COMMON_RARITY = 32  # two nats as stored: a word that one article in seven has tells no cluster from another


@dataclass(frozen=True, slots=True)
class FacePolicy:
    """members: the latest that are looked at. keywords, names: the most that are shown."""

    members: int = 200
    keywords: int = 10
    names: int = 10


@dataclass(frozen=True, slots=True)
class FaceMember:
    """One member: `lead` is its unit vector and None for a copy, which has no say in the face but is counted."""

    facts: PreparedFacts
    lead: Vector | None
    sparse: Sparse


@dataclass(frozen=True, slots=True)
class Face:
    """What a reader is shown of a cluster; see `build_face`."""

    title: str | None
    representative: Representative | None
    medoid_id: str | None
    keywords: tuple[str, ...]
    names: tuple[str, ...]
    coherence: Coherence


def build_face(members: Sequence[FaceMember], policy: FacePolicy) -> Face:
    """The face of a cluster from its latest members, oldest first. An empty cluster has an empty face.

    The medoid is the member nearest to the mean of all; the title is that of the titled member nearest to it, or of
    the earliest when no member has a vector.
    """
    ranked = _by_centrality(members)
    chosen, reason = _representative(members, ranked)
    keywords, names = _telling_terms(members, policy)
    return Face(
        title=(chosen.facts.title or None) if chosen else None,
        representative=Representative(chosen.facts.article_id, reason) if chosen else None,
        medoid_id=ranked[0].facts.article_id if ranked else None,
        keywords=keywords,
        names=names,
        coherence=_coherence(members),
    )


def velocity(received: Iterable[datetime], now: datetime) -> Mapping[str, int]:
    """Articles received in the last hour ("1h") and day ("24h")."""
    times = list(received)
    return {name: sum(now - span < time <= now for time in times) for name, span in _VELOCITY_SPANS.items()}


def _by_centrality(members: Sequence[FaceMember]) -> list[FaceMember]:
    """Members with a vector, nearest to the mean of all first; pages that must not move a centre come last."""
    placed = [(member, member.lead) for member in members if member.lead is not None]
    if not placed:
        return []
    vectors = np.stack([lead for _, lead in placed])
    weights = np.array([1.0 if member.facts.movable else 0.0 for member, _ in placed])
    if not weights.any():
        weights[:] = 1.0
    nearness = vectors @ (weights @ vectors)
    order = np.lexsort((np.arange(len(placed)), -nearness.round(6), -weights))
    return [placed[i][0] for i in order]


def _representative(
    members: Sequence[FaceMember], ranked: Sequence[FaceMember]
) -> tuple[FaceMember | None, RepresentativeReason]:
    if len(members) == 1:
        return members[0], "only_member"
    titled = [member for member in ranked if member.facts.title]
    if titled:
        return titled[0], "closest_to_centre"
    any_title = [member for member in members if member.facts.title]
    if any_title:
        return any_title[0], "only_titled_member" if len(any_title) == 1 else "earliest_member"
    return (members[0], "earliest_member") if members else (None, "earliest_member")


def _coherence(members: Sequence[FaceMember]) -> Coherence:
    leads = [member.lead for member in members if member.lead is not None]
    if len(leads) < 2:
        return Coherence(None, None)
    vectors = np.stack(leads)
    cosines = (vectors @ vectors.T)[np.triu_indices(len(leads), 1)]
    return Coherence(round(float(cosines.mean()), 4), round(float(cosines.min()), 4))


def _telling_terms(members: Sequence[FaceMember], policy: FacePolicy) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(keywords, names): rare words that many members share, those in titles before those in texts.

    A term that only one of several members has says something about that member, not about the cluster. Names are spelled as in the
    members' titles, since words are stored without case; days and months are in neither.
    """
    weight: defaultdict[str, float] = defaultdict(float)
    holders: defaultdict[str, int] = defaultdict(int)
    is_name: defaultdict[str, int] = defaultdict(int)
    voices = [member for member in members if member.lead is not None] or members
    for member in voices:
        counts, kinds, rarity = (column.tolist() for column in member.sparse.arrays())
        for term, count, kind, rare in zip(member.sparse.terms, counts, kinds, rarity, strict=True):
            if kind & NUMBER or rare <= COMMON_RARITY or is_calendar_word(term.partition(" ")[0]):
                continue
            emphasis = 1.0 + sum(value for bit, value in _EMPHASIS.items() if kind & bit)
            # Roots, so that a word of the headline which comes often tells more than a rarity which comes once.
            weight[term] += emphasis * sqrt((rare - COMMON_RARITY) * count)
            holders[term] += 1
            is_name[term] += bool(kind & NAME)
    needed = 1 if len(voices) < 3 else 2
    ranked = sorted(
        (term for term in weight if holders[term] >= needed),
        key=lambda term: (-weight[term] * holders[term], term),
    )
    names = [term for term in ranked if 2 * is_name[term] > holders[term]]
    keywords = [term for term in ranked if 2 * is_name[term] <= holders[term]]
    spellings = _spellings(member.facts.title for member in members)
    shown = _without_parts(_without_titles(names, weight))[: policy.names]
    return tuple(keywords[: policy.keywords]), tuple(_spelled(name, spellings) for name in shown)


def _spellings(titles: Iterable[str]) -> Mapping[str, str]:
    """How words are written in titles, by the folded word: with capitals where any title has them, but not in titles of capitals only."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for title in titles:
        if title != title.upper():
            for whole in _WORD.findall(title):
                for word in {whole, *_APOSTROPHE.split(whole)}:
                    if word != word.lower():
                        found[word.casefold()][word] += 1
    return {word: min(counts, key=lambda one: (-counts[one], one)) for word, counts in found.items()}


def _spelled(name: str, spellings: Mapping[str, str]) -> str:
    return " ".join(spellings.get(word) or _MC.sub(_after_mc, word.title()) for word in name.split(" "))


def _after_mc(found: re.Match[str]) -> str:
    return "Mc" + found[1].upper()


def _without_titles(names: Sequence[str], weight: Mapping[str, float]) -> list[str]:
    """Drop pairs that end where a full name begins: "leader mitch" beside "mitch mcconnell"."""
    pairs = [name.split(" ") for name in names if " " in name]
    begins = {first: weight[f"{first} {last}"] for first, last in reversed(pairs)}
    return [name for name in names if " " not in name or begins.get(name.split(" ")[1], 0.0) < weight[name] / 2]


def _without_parts(names: Sequence[str]) -> list[str]:
    """Drop single words that a name of two words among the strongest already contains."""
    parts = {part for name in names[:40] if " " in name for part in name.split(" ")}
    return [name for name in names if name not in parts]
