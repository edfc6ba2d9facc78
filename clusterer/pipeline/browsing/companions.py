"""Which article is closest to another, when it came and today, and what both mention."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from clusterer.core.clustering.subjects import subject_of, two_things
from clusterer.core.copies.fingerprint import folded_words
from clusterer.core.evidence.evidence import Evidence, extract
from clusterer.core.faces.in_common import Common, closest, in_common
from clusterer.core.language import in_two_languages, primary_language
from clusterer.core.records import PreparedFacts
from clusterer.pipeline.browsing.names import Named, Names
from clusterer.pipeline.lookup.article_reader import ArticleReader
from clusterer.pipeline.lookup.explain import decisions
from clusterer.pipeline.lookup.mentions import mentioned
from clusterer.pipeline.lookup.portraits import face_members, opening
from clusterer.pipeline.lookup.views import DecisionView
from clusterer.pipeline.lookup.wording import days_between
from clusterer.ports import CollectionStore

_RUN = 5  # words
_PASSAGE = 30  # words
_COMPANY = 200  # the latest members, of which the closest is looked for


@dataclass(frozen=True, slots=True)
class Company:
    """An article close to another, and what both mention. earlier, later: the texts of the two as they came; so both pages
    tell the same. sources: of both.

    days_apart: between their publications, None where one has no date. likelihood: that the two alone report one event, as it was found
    when the later one came; None where they were not compared. in_two_languages: their words were not compared. moved_to: the cluster of
    the close one, where it has left the one in which it was found.
    """

    article: Named
    common: Common
    earlier: str
    later: str
    sources: tuple[str | None, ...]
    days_apart: float | None
    likelihood: float | None
    in_two_languages: bool = False
    moved_to: Named | None = None

    def mentions(self, most: int) -> tuple[str, ...]:
        """What both mention, most telling first."""
        return mentions(self.common, self.earlier, self.later, self.sources, most)

    @property
    def verbatim(self) -> float:
        """How much of the shorter text the other has too, word for word, by runs of five words: 0 to 1."""
        return in_common_verbatim(self.earlier, self.later)


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
        pairs = [
            (own, near)
            for own in members
            if own.seq in texts
            and (near := closest(own, [one for one in members if one is not own and one.seq in latest]))
        ]
        told = decisions(self._books, self._articles, list({one.article_id for pair in pairs for one in pair}))
        texts |= self._texts([near.seq for _, near in pairs if near.seq not in texts])
        return {own.article_id: _beside(own, near, texts, _likelihood(own, near, told)) for own, near in pairs}

    def nearest(self, decided: Mapping[str, DecisionView]) -> dict[str, Company]:
        """The other article that was closest to each when it came; those that are gone are left out.

        The words of a decision are shared with several articles, so that they do not say what this one has of them.
        """
        pairs = {
            article_id: next((one.article_id for one in decision.closest if one.article_id != article_id), article_id)
            for article_id, decision in decided.items()
        }
        latest = {facts.article_id: facts for facts in self._articles.latest_of(list({*pairs, *pairs.values()}))}
        found = self._with_words(face_members(self._books, [one.seq for one in latest.values()]))
        members = {one.article_id: one for one in found}
        told = {own: other for own, other in pairs.items() if own != other and own in members and other in members}
        texts = self._texts(list({members[one].seq for pair in told.items() for one in pair}))
        return {
            own: _beside(
                members[own],
                members[other],
                texts,
                _likelihood(members[own], members[other], {own: decided[own]}),
                self._moved_to(latest[own], latest[other], decided[own]),
            )
            for own, other in told.items()
        }

    def pair(self, article_id: str, other_id: str) -> tuple[Evidence, Evidence] | None:
        """What two articles are compared by; None where one of them cannot be."""
        seqs = [facts.seq for facts in self._articles.latest_of([article_id, other_id])]
        members = self._with_words(face_members(self._books, seqs))
        return (members[0], members[1]) if len(members) == 2 else None

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

    def _with_words(self, members: Sequence[Evidence]) -> list[Evidence]:
        """Those of a copy are not stored: its document gives them."""
        bare = [one.seq for one in members if one.copy_of is not None and not one.sparse.terms]
        texts = zip(bare, self._books.texts(bare), strict=True)
        words = {seq: extract(document) for seq, (_, document) in texts if document is not None}
        return [replace(one, sparse=words[one.seq]) if one.seq in words else one for one in members]

    def _texts(self, seqs: Sequence[int]) -> dict[int, str]:
        """Headlines and texts of articles, as names are written there."""
        texts = zip(seqs, self._books.texts(seqs), strict=True)
        return {seq: f"{document.title}\n{document.text}" if document else "" for seq, (_, document) in texts}


def _beside(
    own: Evidence,
    near: Evidence,
    texts: Mapping[int, str],
    likelihood: float | None,
    moved_to: Named | None = None,
) -> Company:
    """texts: headlines and texts by seq. How its text begins stands for the headline of a near one that has none."""
    earlier, later = (texts.get(seq, "") for seq in sorted((own.seq, near.seq)))
    near_text = texts.get(near.seq, "")
    heading = near.heading or (opening(near_text.strip()) if near_text.strip() else None)
    named = Named(near.article_id, heading, near.source, near.published_at, near.stated_at is None)
    days_apart = days_between(own.published_at, near.published_at)
    common = in_common(own.sparse, near.sparse)
    languages = in_two_languages(primary_language(own.lang), primary_language(near.lang))
    return Company(
        named, common, earlier, later, (own.source, near.source), days_apart, likelihood, languages, moved_to
    )


def mentions(common: Common, earlier: str, later: str, sources: Iterable[str | None], most: int) -> tuple[str, ...]:
    """What two articles both mention, as a reader would write it; who publishes either is nothing that they report."""
    publishers = {name for source in sources if source for name in _publisher_names(source)}
    told = mentioned(common, earlier, most + len(publishers), later)
    return tuple(one for one in told if _letters(one) not in publishers)[:most]


def _publisher_names(source: str) -> set[str]:
    """What a publisher is called, as far as its site or name says: `abcnews` of abcnews.go.com, `verge` of theverge.com."""
    return {_letters(part).removeprefix("the") for part in (source.split(".")[:-1] or [source])}


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


def in_common_verbatim(one: str, other: str) -> float:
    """How much of the shorter of two texts the other has too, by runs of five words: 0 to 1."""
    runs, others = _runs(one), _runs(other)
    return len(runs & others) / max(1, min(len(runs), len(others)))


def have_one_passage(one: str, other: str) -> bool:
    """Whether two texts have a passage word for word that nobody writes twice by chance."""
    return not _runs(one, _PASSAGE).isdisjoint(_runs(other, _PASSAGE))


def _runs(text: str, length: int = _RUN) -> set[tuple[str, ...]]:
    words = folded_words(text)
    return set(zip(*(words[start:] for start in range(length)), strict=False))


def are_two_things(one: Evidence, other: Evidence) -> bool:
    """Whether two articles are made alike and told apart all the same, as two fires from one form or two issues of a column are."""
    if in_two_languages(primary_language(one.lang), primary_language(other.lang)):
        return False
    subjects = (subject_of(item.sparse, item.heading, item.source, item.published_at) for item in (one, other))
    return two_things(*subjects)


def _likelihood(own: Evidence, near: Evidence, told: Mapping[str, DecisionView]) -> float | None:
    """What the decision about either says of the other, first that about the near one."""
    for one, other in ((near, own), (own, near)):
        for compared in told[one.article_id].closest if one.article_id in told else ():
            if compared.article_id == other.article_id:
                return compared.probability
    return None
