"""Why an article is where it is: the stored reasons, put into sentences an editor can read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from clusterer.core.lines.reasons import sentence
from clusterer.core.model import Document
from clusterer.core.records import PreparedFacts, Revision
from clusterer.core.scoring.reasons import Reasons
from clusterer.pipeline.lookup import wording
from clusterer.pipeline.lookup.article_reader import ArticleReader
from clusterer.pipeline.lookup.mentions import mentioned
from clusterer.pipeline.lookup.views import CutView, DecisionView, ExplanationView, NearMember, RelationView
from clusterer.ports import CollectionStore

_MENTIONED = 12


def explanation(books: CollectionStore, articles: ArticleReader, article_id: str) -> ExplanationView:
    """The explanation of an article's latest revision. Raises NotFound, Gone."""
    received, facts = articles.latest(article_id)
    document = books.document(received.seq)
    relations = articles.relations(facts.relations) if facts else ()
    cluster_id = facts.cluster if facts else None
    decision = _decisions(articles, {article_id: books.reasons(received.seq)}).get(article_id)
    return ExplanationView(
        article_id=article_id,
        revision=received.number,
        state=received.state,
        cluster_id=cluster_id,
        summary=(
            *_state(received),
            *_cut(document),
            *_related(relations),
            *_decided(
                decision,
                cluster_id,
                f"{document.title}\n{document.text}" if document else "",
                _apart(articles, facts, decision),
            ),
            *_told_with(books, decision, cluster_id),
        ),
        cuts=tuple(CutView(cut.text, sentence(cut)) for cut in document.cuts) if document else (),
        relations=relations,
        decision=decision,
    )


def decisions(books: CollectionStore, articles: ArticleReader, article_ids: Sequence[str]) -> dict[str, DecisionView]:
    """Why the latest revisions of articles are where they are, by id; those of which nothing is stored are left out."""
    latest = articles.latest_of(article_ids)
    stored = books.reasons_of([facts.seq for facts in latest])
    return _decisions(articles, {facts.article_id: one for facts, one in zip(latest, stored, strict=True)})


def _state(received: Revision) -> Sequence[str]:
    if received.state == "pending":
        return ["It was accepted and waits to be processed."]
    if received.state == "dead":
        return [f"It failed too often and is dead: {received.reason}."]
    return []


def _cut(document: Document | None) -> Sequence[str]:
    if document is None:
        return []
    sentences = []
    if document.cuts:
        reasons = ", ".join(sorted({sentence(cut) for cut in document.cuts}))
        sentences.append(f"{len(document.cuts)} pieces of the page were cut before comparing: {reasons}.")
    return [*sentences, *wording.shown_as(document.kind, document.multi_event)]


def _related(relations: Sequence[RelationView]) -> Iterator[str]:
    for relation in relations:
        alike = wording.alike(relation)
        yield (
            f"It is {wording.relation_to(relation.kind)} {relation.article_id!r}"
            + (f" ({alike})" if alike else "")
            + ("; as a copy it goes wherever that article goes." if relation.is_copy else ".")
        )


def _apart(articles: ArticleReader, facts: PreparedFacts | None, decision: DecisionView | None) -> float | None:
    """Days between an article and the one that was closest to it."""
    near = articles.latest_of([one.article_id for one in decision.closest[:1]]) if decision and decision.closest else []
    return wording.days_between(facts.published_at, near[0].published_at) if facts and near else None


def _decided(decision: DecisionView | None, cluster_id: str | None, text: str, days: float | None) -> Iterator[str]:
    """Of the article whose headline and text these are; days: between it and the closest to it."""
    if decision is None or decision.rule == "follows_original":  # the relation says it already
        return
    if told := wording.by_rule(decision.rule):
        yield told
        return
    if decision.joined:
        how = f"It joined cluster {decision.considered_id}; {wording.of_cluster(decision)}."
        yield f"{how} {wording.limit(decision)}".rstrip()
    else:
        yield f"It did not join the nearest cluster, {decision.considered_id}: {wording.kept_apart(decision)}."
    for near in decision.closest[:1]:
        yield f"The article closest to it then: {_called(near)}; {wording.of_article(near.probability, days)}."
    if shared := mentioned(decision, text, _MENTIONED):
        yield f"Also mentioned there: {', '.join(shared)}."  # by one or another of the closest few
    if other := decision.runner_up:
        yield f"The next best would have been cluster {other.cluster_id} ({round(100 * other.probability)} of 100)."
    if decision.joined and cluster_id not in (None, decision.considered_id):
        yield f"Since then it was moved to cluster {cluster_id}."


def _called(near: NearMember) -> str:
    return f"“{near.title}” ({near.article_id!r})" if near.title else repr(near.article_id)


def _told_with(books: CollectionStore, decision: DecisionView | None, cluster_id: str | None) -> Sequence[str]:
    """That the cluster it was kept apart from tells the same saga, where it does."""
    considered = decision.considered_id if decision else None
    kept_from = books.resolve(considered) if considered and cluster_id else None
    if not kept_from or not cluster_id or kept_from == cluster_id:
        return []
    storyline = books.storyline_of(cluster_id)
    if storyline is None or storyline != books.storyline_of(kept_from):
        return []
    return [f"Cluster {kept_from} is another event of the same storyline, {storyline}."]


def _decisions(articles: ArticleReader, stored: Mapping[str, bytes | None]) -> dict[str, DecisionView]:
    """Stored reasons by article, without those that are not there in a form this release reads."""
    read = {article_id: Reasons.from_json(one) for article_id, one in stored.items()}
    facts = articles.facts_by_seq({item.seq for one in read.values() if one for item in one.closest})
    return {article_id: _decision(one, facts) for article_id, one in read.items() if one is not None}


def _decision(reasons: Reasons, facts: Mapping[int, PreparedFacts]) -> DecisionView:
    return DecisionView(
        rule=reasons.rule,
        joined=reasons.joined is not None,
        considered_id=reasons.cluster_id,
        probability=reasons.probability,
        threshold=reasons.threshold,
        logit=reasons.logit,
        intercept=reasons.intercept,
        terms=reasons.terms,
        shared_words=reasons.shared_words,
        shared_names=reasons.shared_names,
        shared_numbers=reasons.shared_numbers,
        runner_up=reasons.runner_up,
        closest=tuple(
            NearMember(facts[item.seq].article_id, facts[item.seq].title, item.probability)
            for item in reasons.closest
            if item.seq in facts
        ),
    )
