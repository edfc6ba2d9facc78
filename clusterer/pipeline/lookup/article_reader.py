"""Reads articles from one collection's books and turns them into views."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clusterer.core.cluster_records import Change
from clusterer.core.errors import Gone, NotFound
from clusterer.core.model import Article, Document, Relation
from clusterer.core.records import PreparedFacts, Revision
from clusterer.pipeline.lookup.views import (
    ArticleView,
    ChangeView,
    DuplicatesView,
    DuplicateView,
    MemberView,
    RelatedArticle,
    RelationView,
    VersionView,
)
from clusterer.ports import CollectionStore

if TYPE_CHECKING:
    from clusterer.pipeline.replicas.search import NearArticle

_MAX_HOPS = 16  # a copy of a copy of ...: relations only point back, but a reader's work stays bounded
_MAX_COPIES = 1_000
_RECEIVED_SLICE = 64
_GONE = ("erased", "expired")  # of these only a tombstone is left


@dataclass(frozen=True, slots=True)
class Standing:
    """An article by its latest kept revision; revisions: how many are kept."""

    latest: PreparedFacts
    revisions: int


class ArticleReader:
    """Stateless. Methods raise NotFound for an unknown article id and Gone for an erased one."""

    def __init__(self, books: CollectionStore) -> None:
        self._books = books

    def latest(self, article_id: str) -> tuple[Revision, PreparedFacts | None]:
        """The latest revision, and its facts if any are kept."""
        received = self.revisions(article_id)[-1]
        return received, self._books.facts([received.seq])[0]

    def revisions(self, article_id: str) -> list[Revision]:
        """All kept revisions, oldest first; never empty."""
        seqs = self._books.revisions(article_id)
        if not seqs:
            raise NotFound(f"there is no article {article_id!r}")
        kept = [item for item in self._received(seqs) if item is not None and item.state not in _GONE]
        if not kept:
            raise Gone(f"article {article_id!r} was erased or has expired")
        return kept

    def canonical(self, facts: PreparedFacts) -> PreparedFacts:
        """The head of the copy family: the article itself, or what it is a copy of."""
        for _ in range(_MAX_HOPS):
            original = facts.copy_of
            other = None if original is None else self.facts_by_seq([original]).get(original)
            if other is None:
                return facts
            facts = other
        return facts

    def facts_by_seq(self, seqs: Collection[int]) -> dict[int, PreparedFacts]:
        """Facts of those that are kept; nothing of erased and expired ones."""
        facts = self._books.facts(list(seqs)) if seqs else []
        return {fact.seq: fact for fact in facts if fact is not None and fact.state not in _GONE}

    def view(self, article_id: str) -> ArticleView:
        """The latest revision."""
        seqs = self._books.revisions(article_id)
        if not seqs:
            raise NotFound(f"there is no article {article_id!r}")
        standing = self._standings([seqs])[0]
        if standing is None:
            raise Gone(f"article {article_id!r} was erased or has expired")
        return self.views([standing])[0]

    def views_of_url(self, url: str) -> tuple[ArticleView, ...]:
        """Articles with this URL in any kept revision, by their latest."""
        kept = self.facts_by_seq(self._books.seqs_of_url(url))
        ids = list(dict.fromkeys(facts.article_id for facts in kept.values()))
        return self.views([one for one in self._standings(self._books.revisions_of(ids)) if one is not None])

    def views(self, standings: Sequence[Standing]) -> tuple[ArticleView, ...]:
        """Views of articles, in the order given."""
        latest = [standing.latest for standing in standings]
        names = self.names(_named_in([relation for facts in latest for relation in facts.relations]))
        texts = self._books.texts([facts.seq for facts in latest])
        return tuple(
            _article_view(standing, article or Article(""), document, names)
            for standing, (article, document) in zip(standings, texts, strict=True)
        )

    def latest_of(self, article_ids: Sequence[str]) -> list[PreparedFacts]:
        """The latest kept revision of each article that has one."""
        return [one.latest for one in self._standings(self._books.revisions_of(article_ids)) if one is not None]

    def _standings(self, revisions: Sequence[Sequence[int]]) -> list[Standing | None]:
        """Of each article by the seqs of its revisions, oldest first; None where none is kept."""
        facts = self.facts_by_seq([seq for seqs in revisions for seq in seqs])
        kept = ([facts[seq] for seq in seqs if seq in facts] for seqs in revisions)
        return [Standing(of_one[-1], len(of_one)) if of_one else None for of_one in kept]

    def standings_of(self, latest: Sequence[PreparedFacts], revisions: Sequence[Sequence[int]]) -> list[Standing]:
        """The same of articles whose latest revision is known and kept."""
        former = self.facts_by_seq([seq for seqs in revisions for seq in seqs[:-1]])
        return [
            Standing(facts, 1 + sum(seq in former for seq in seqs[:-1]))
            for facts, seqs in zip(latest, revisions, strict=True)
        ]

    def versions(self, article_id: str) -> tuple[VersionView, ...]:
        """All kept revisions, oldest first."""
        revisions = self.revisions(article_id)
        facts = self.facts_by_seq([item.seq for item in revisions])
        return tuple(
            VersionView(
                revision=item.number,
                state=item.state,
                received_at=item.received_at,
                published_at=item.article.published_at,
                title=item.article.title,
                content_hash=item.content_hash,
                cluster_id=facts[item.seq].cluster if item.seq in facts else None,
            )
            for item in revisions
        )

    def duplicates(self, article_id: str) -> DuplicatesView:
        """The copy family: that of the latest revision, and what earlier ones were copied by."""
        kept = self.revisions(article_id)
        received = kept[-1]
        facts = self.facts_by_seq([one.seq for one in kept[-_MAX_HOPS:]])
        canonical = self.canonical(facts[received.seq]) if received.seq in facts else None
        heads = dict.fromkeys([*([canonical.seq] if canonical else ()), *sorted(facts, reverse=True)])
        found = dict.fromkeys(seq for head in heads for seq in self._books.copies_of(head, _MAX_COPIES + 1))
        seqs = [seq for seq in found if seq not in facts or seq == received.seq]
        return DuplicatesView(
            article_id=article_id,
            state=received.state,
            canonical_id=canonical.article_id if canonical else article_id,
            is_canonical=canonical is None or canonical.seq == received.seq,
            copies=self._duplicate_views(seqs[:_MAX_COPIES]),
            more=len(seqs) > _MAX_COPIES,
        )

    def _duplicate_views(self, seqs: Sequence[int]) -> tuple[DuplicateView, ...]:
        facts = self.facts_by_seq(seqs)
        names = self.names(_named_in([one for fact in facts.values() for one in fact.relations[:1]]))
        return tuple(
            DuplicateView(
                article_id=fact.article_id,
                revision=fact.revision,
                state=fact.state,
                kind=fact.relations[0].kind,
                is_copy=fact.relations[0].is_copy,
                title=fact.title or None,
                source=fact.source,
                url=fact.url,
                published_at=fact.published_at,
                received_at=fact.received_at,
                evidence=fact.relations[0].evidence,
                closest_id=_closest_id(fact.relations[0], names),
            )
            for fact in (facts[seq] for seq in seqs if seq in facts)
            if fact.relations
        )

    def related(
        self, near: Sequence[NearArticle], own: Collection[str], cluster_id: str | None
    ) -> tuple[RelatedArticle, ...]:
        """Views of near articles in their order, without those whose id is in `own`."""
        return tuple(
            RelatedArticle(
                article_id=fact.article_id,
                score=round(item.score, 4),
                cluster_id=fact.cluster,
                same_cluster=fact.cluster is not None and fact.cluster == cluster_id,
                title=fact.title,
                source=fact.source,
                url=fact.url,
                published_at=fact.published_at,
            )
            for item, fact in ((item, item.facts) for item in near)
            if fact.article_id not in own
        )

    def members(self, seqs: Sequence[int]) -> tuple[MemberView, ...]:
        """Views of a cluster's members, in the order given."""
        facts = self.facts_by_seq(seqs)
        names = self.names(_named_in([one for fact in facts.values() for one in fact.relations[:1]]))
        return tuple(
            MemberView(
                article_id=fact.article_id,
                revision=fact.revision,
                title=fact.title,
                source=fact.source,
                url=fact.url,
                lang=fact.lang,
                published_at=fact.published_at,
                received_at=fact.received_at,
                relation=next(iter(_relation_views(fact.relations[:1], names)), None),
            )
            for fact in (facts[seq] for seq in seqs if seq in facts)
        )

    def relations(self, relations: Sequence[Relation]) -> tuple[RelationView, ...]:
        """Relations with the other article's public id; those to an erased article are left out."""
        return _relation_views(relations, self.names(_named_in(relations)))

    def names(self, seqs: Collection[int]) -> dict[int, str]:
        """Public ids of articles, as far as they are still known."""
        return {seq: facts.article_id for seq, facts in self.facts_by_seq(seqs).items()}

    def change_views(self, changes: Sequence[Change]) -> tuple[ChangeView, ...]:
        """Change records with public article ids."""
        names = self.names({seq for change in changes for seq in change.seqs})
        return tuple(
            ChangeView(
                number=change.number,
                at=change.at,
                kind=change.kind,
                cluster_id=change.cluster,
                other_id=change.other,
                article_ids=tuple(names[seq] for seq in change.seqs if seq in names),
                generation=change.generation,
                actor=change.actor,
                reason=change.reason,
            )
            for change in changes
        )

    def _received(self, seqs: Collection[int]) -> list[Revision | None]:
        wanted = list(seqs)
        slices = (wanted[start : start + _RECEIVED_SLICE] for start in range(0, len(wanted), _RECEIVED_SLICE))
        return [item for slice_ in slices for item in self._books.received(slice_)]


def _named_in(relations: Sequence[Relation]) -> set[int]:
    """The articles that some relations are to, or about."""
    return {relation.other for relation in relations} | {
        matched for one in relations if isinstance(matched := one.evidence.get("matched"), int)
    }


def _closest_id(relation: Relation, names: Mapping[int, str]) -> str | None:
    matched = relation.evidence.get("matched")
    closest = names.get(matched) if relation.is_copy and isinstance(matched, int) else None
    return None if closest == names.get(relation.other) else closest


def _relation_views(relations: Sequence[Relation], names: Mapping[int, str]) -> tuple[RelationView, ...]:
    return tuple(
        RelationView(
            relation.kind, names[relation.other], relation.is_copy, relation.evidence, _closest_id(relation, names)
        )
        for relation in relations
        if relation.other in names
    )


def _article_view(
    standing: Standing, article: Article, document: Document | None, names: Mapping[int, str]
) -> ArticleView:
    facts = standing.latest
    return ArticleView(
        id=facts.article_id,
        revision=facts.revision,
        revisions=standing.revisions,
        state=facts.state,
        received_at=facts.received_at,
        published_at=article.published_at,  # the facts know it to the millisecond
        title=(document.title if document else None) or article.title,
        source=article.source,
        url=article.url,
        lang=(document.lang if document else None) or article.lang,
        cluster_id=facts.cluster,
        relations=_relation_views(facts.relations, names),
        kind=document.kind if document else None,
        multi_event=document.multi_event if document else False,
        cuts=len(document.cuts) if document else None,
        reason=facts.reason,
    )
