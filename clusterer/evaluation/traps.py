"""Pages that are alike because of what stands around the article: templates, paywalls, forms. Taken for copies, they lie."""

from __future__ import annotations

from itertools import combinations

from clusterer.bootstrap import Clusterer
from clusterer.core.copies.fingerprint import FingerprintPolicy, fingerprint, overlap
from clusterer.core.model import Document, copy_of
from clusterer.core.records import PreparedFacts
from clusterer.evaluation.clusters import LabelledSet, SetClock, stream
from clusterer.ports import Encoder
from clusterer.settings import Settings


def evaluate_traps(
    labelled: LabelledSet, settings: Settings, *, encoder: Encoder | None = None, alike: float = 0.8
) -> dict[str, object]:
    """Streams the pages through the product and looks at the pairs of two gold events whose raw texts have a Jaccard of `alike`.

    copies: pairs linked as copies of each other or of the same article. related: with any other relation. same_cluster: in one
    cluster, for whatever reason; titles can be a good one. walls: pages recognised as having no article in them.
    """
    clock = SetClock()
    service = Clusterer.in_memory(settings, encoder=encoder, clock=clock)
    ids = stream(labelled, service, clock)
    books = service.collection().books
    facts = {fact.seq: fact for fact in books.facts(list(ids)) if fact is not None}
    pairs = _look_alikes(labelled, ids, alike)
    return {
        "articles": len(ids),
        "look_alike_pairs": len(pairs),
        "copies": sum(_head(facts, one) == _head(facts, other) for one, other in pairs),
        "related": sum(_related(facts[one], facts[other]) for one, other in pairs),
        "same_cluster": sum(facts[one].cluster == facts[other].cluster for one, other in pairs),
        "walls": sum((document := books.document(seq)) is not None and document.kind == "wall" for seq in ids),
    }


def _look_alikes(labelled: LabelledSet, ids: dict[int, str], alike: float) -> list[tuple[int, int]]:
    policy = FingerprintPolicy()
    texts = {article.id: article.text or "" for article in labelled.articles}
    raw = {seq: fingerprint(Document("", texts[name]), policy) for seq, name in ids.items()}
    return [
        (one, other)
        for one, other in combinations(sorted(ids), 2)
        if labelled.gold[ids[one]] != labelled.gold[ids[other]] and overlap(raw[one], raw[other]).jaccard >= alike
    ]


def _head(facts: dict[int, PreparedFacts], seq: int) -> int:
    relations = facts[seq].relations
    original = copy_of(relations)
    return seq if original is None else _head(facts, original)


def _related(one: PreparedFacts, other: PreparedFacts) -> bool:
    return any(relation.other == one.seq for relation in other.relations) or any(
        relation.other == other.seq for relation in one.relations
    )
