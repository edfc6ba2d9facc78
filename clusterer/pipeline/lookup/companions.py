"""Which article is closest to another, when it came and today, and what both mention."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clusterer.core.clustering.company import Common, closest, in_common
from clusterer.core.clustering.evidence import Evidence
from clusterer.core.records import PreparedFacts
from clusterer.pipeline.lookup.article_reader import ArticleReader
from clusterer.pipeline.lookup.names import Named, Names
from clusterer.pipeline.lookup.portraits import face_members
from clusterer.pipeline.lookup.views import DecisionView
from clusterer.ports import CollectionStore

_COMPANY = 200  # the latest members, of which the closest is looked for


@dataclass(frozen=True, slots=True)
class Company:
    """An article close to another, and what both mention. text: of that other, whose spelling names are told in.

    moved_to: the cluster of the close one, where it has left the one in which it was found.
    """

    article: Named
    common: Common
    text: str
    moved_to: Named | None = None


class Companions:
    """Over one collection."""

    def __init__(self, books: CollectionStore, names: Names) -> None:
        self._books = books
        self._articles = ArticleReader(books)
        self._names = names

    def today(self, article_ids: Sequence[str], cluster_id: str) -> dict[str, Company]:
        """The closest to each among the latest members of a cluster."""
        owns = self._articles.latest_of(article_ids)
        latest = set(self._books.latest_members([cluster_id], _COMPANY)[0])
        members = face_members(self._books, list({*latest, *(one.seq for one in owns)}))
        texts = self._texts([one.seq for one in owns])
        found = {}
        for own in (one for one in members if one.seq in texts):
            near = closest(own, [one for one in members if one is not own and one.seq in latest])
            if near is not None:
                found[own.article_id] = _beside(own, near, texts[own.seq])
        return found

    def nearest(self, decisions: Mapping[str, DecisionView]) -> dict[str, Company]:
        """The other article that was closest to each when it came; those that are gone are left out.

        The words of a decision are shared with several articles, so that they do not say what this one has of them.
        """
        pairs = {
            article_id: next((one.article_id for one in decision.closest if one.article_id != article_id), article_id)
            for article_id, decision in decisions.items()
        }
        latest = {facts.article_id: facts for facts in self._articles.latest_of(list({*pairs, *pairs.values()}))}
        members = {one.article_id: one for one in face_members(self._books, [one.seq for one in latest.values()])}
        told = {own: other for own, other in pairs.items() if own != other and own in members and other in members}
        texts = self._texts([members[own].seq for own in told])
        return {
            own: _beside(
                members[own],
                members[other],
                texts.get(members[own].seq, ""),
                self._moved_to(latest[own], latest[other], decisions[own]),
            )
            for own, other in told.items()
        }

    def common(self, article_id: str, other_id: str) -> Common | None:
        """What two articles both mention; None where one of them cannot be compared."""
        seqs = [facts.seq for facts in self._articles.latest_of([article_id, other_id])]
        members = face_members(self._books, seqs)
        return in_common(members[0].sparse, members[1].sparse) if len(members) == 2 else None

    def is_lost(self, decision: DecisionView, nearest: Company | None, cluster_id: str) -> bool:
        """Whether what a decision to join rests on is not in the cluster any more, or never was."""
        if not decision.joined or decision.considered_id is None:
            return False
        return bool(nearest and nearest.moved_to) or self._names.living(decision.considered_id) != cluster_id

    def _moved_to(self, own: PreparedFacts, near: PreparedFacts, decision: DecisionView) -> Named | None:
        """Where the closest to an article is by now: neither with it nor where it was found."""
        if near.cluster is None or near.cluster in (own.cluster, decision.considered_id):
            return None
        known = {self._names.living(one) for one in (own.cluster, decision.considered_id) if one}
        return None if self._names.living(near.cluster) in known else self._names.cluster(near.cluster)

    def _texts(self, seqs: Sequence[int]) -> dict[int, str]:
        """Headlines and texts of articles, as names are written there."""
        texts = zip(seqs, self._books.texts(seqs), strict=True)
        return {seq: f"{document.title}\n{document.text}" if document else "" for seq, (_, document) in texts}


def _beside(own: Evidence, near: Evidence, text: str, moved_to: Named | None = None) -> Company:
    named = Named(near.article_id, near.heading or None, near.source)
    return Company(named, in_common(own.sparse, near.sparse), text, moved_to)
