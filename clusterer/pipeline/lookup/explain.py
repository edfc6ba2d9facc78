"""Why an article is where it is: the stored reasons, put into sentences an editor can read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from clusterer.core.cleaning.reasons import sentence
from clusterer.core.clustering.reasons import Reasons
from clusterer.core.model import Document
from clusterer.core.records import PreparedFacts, Revision
from clusterer.pipeline.lookup.article_reader import ArticleReader
from clusterer.pipeline.lookup.views import CutView, DecisionView, ExplanationView, NearMember, RelationView
from clusterer.ports import CollectionStore

_RELATION_WORDS = {
    "exact": "has the same words as",
    "near": "is nearly word for word",
    "excerpt_of": "is an excerpt of",
    "same_template": "uses the same template as, but is about something else than,",
    "version_of": "is a later version of",
}
_RULE_WORDS = {
    "nothing_to_compare": "It has no text that could be compared, so it is a cluster of its own.",
    "no_candidates": "No similar article was known, so it started a new cluster.",
    "chaining": "It is close to some members of cluster {cluster} but not to the cluster as a whole.",
    "two_things": "It is like the articles of cluster {cluster}, but names another thing, or is another issue of the same column.",
    "must_link": "A person assigned it to cluster {cluster}.",
    "cannot_link": "A person said that it does not belong to the nearest cluster.",
}


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
            *_decided(decision, cluster_id),
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
    if document.kind != "article":
        sentences.append(f"The page contains no article ({document.kind}).")
    if document.multi_event:
        sentences.append("It reports several events, so it does not move its cluster's centre.")
    return sentences


def _related(relations: Sequence[RelationView]) -> Sequence[str]:
    return [
        f"It {_RELATION_WORDS.get(relation.kind, relation.kind)} {relation.article_id!r}{_likeness(relation)}"
        + ("; as a copy it follows that article into its cluster." if relation.is_copy else ".")
        for relation in relations
    ]


def _likeness(relation: RelationView) -> str:
    jaccard, containment = relation.evidence.get("jaccard"), relation.evidence.get("containment")
    if relation.kind == "excerpt_of" and isinstance(containment, float):
        return f" ({containment:.0%} of the shorter text's word sequences are in the longer)"
    if relation.kind != "exact" and isinstance(jaccard, float):
        return f" ({jaccard:.0%} of the word sequences of the two are common to both)"
    return ""


def _decided(decision: DecisionView | None, cluster_id: str | None) -> Sequence[str]:
    if decision is None or decision.rule == "follows_original":  # the relation says it already
        return []
    if decision.rule in _RULE_WORDS:
        return [_RULE_WORDS[decision.rule].format(cluster=decision.considered_id)]
    verdict = "joined" if decision.joined else "did not join"
    sentences = [
        f"It {verdict} cluster {decision.considered_id}: the probability of the same event was "
        f"{decision.probability:.2f}, and {decision.threshold:.2f} is needed."
    ]
    told = [word for word in decision.shared_words if len(word) > 2]  # not the s of a genitive
    shared = [*decision.shared_names, *decision.shared_numbers, *told]
    if shared:
        sentences.append(f"Shared with it: {', '.join(shared[:12])}.")
    if decision.runner_up:
        other = decision.runner_up
        sentences.append(f"The next best was cluster {other.cluster_id} with {other.probability:.2f}.")
    if decision.joined and cluster_id not in (None, decision.considered_id):
        sentences.append(f"Since then it was moved to cluster {cluster_id}.")
    return sentences


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
    read = {article_id: _reasons(one) for article_id, one in stored.items()}
    facts = articles.facts_by_seq({item.seq for one in read.values() if one for item in one.closest})
    return {article_id: _decision(one, facts) for article_id, one in read.items() if one is not None}


def _reasons(stored: bytes | None) -> Reasons | None:
    try:
        return msgspec.json.decode(stored or b"null", type=Reasons | None)
    except msgspec.DecodeError:
        return None


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
