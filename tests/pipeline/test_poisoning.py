"""What somebody can try who may post articles: drag two events together, or take over a cluster or an original by backdating."""

from __future__ import annotations

import random
from itertools import combinations

import pytest
from support.articles import FLOOD, STRIKE, SetClock, article
from support.events import event_articles, partition

from clusterer.bootstrap import Clusterer
from clusterer.core.cluster_records import Regroup
from clusterer.pipeline.collection import Collection
from clusterer.pipeline.intake import ArticleIn
from clusterer.pipeline.upkeep.audit import audit

LONG_AGO = "1975-01-01T00:00:00Z"


def take(service: Clusterer, articles: list[ArticleIn]) -> None:
    for start in range(0, len(articles), 8):
        service.collection().intake.accept(articles[start : start + 8])
        service.drain()


def cluster_of(collection: Collection, article_id: str) -> str:
    cluster_id = collection.lookup.article(article_id).cluster_id
    assert cluster_id is not None
    return cluster_id


@pytest.fixture
def victims(service: Clusterer, collection: Collection) -> dict[str, list[ArticleIn]]:
    """Three events of six articles, each in a cluster of its own."""
    articles = event_articles(3, 6)
    take(service, articles)
    events: dict[str, list[ArticleIn]] = {}
    for one in articles:
        events.setdefault(str(one.id).split("/")[0], []).append(one)
    assert len(partition(collection)) == 3
    return events


def mixed(one: ArticleIn, other: ArticleIn, share: float, number: int) -> ArticleIn:
    """Words of two articles in the order they had; share: of the second."""
    mine, theirs = str(one.text).split(), str(other.text).split()
    cut, begin = round(len(mine) * (1 - share)), len(theirs) - round(len(theirs) * share)
    words = [*mine[:cut], *theirs[begin:], f"filler{number}"]
    title = one.title if share < 0.5 else other.title
    return ArticleIn(
        id=f"evil/{number}", text=" ".join(words) + ".", title=title, source=f"E{number}", published_at=LONG_AGO
    )


def attack_blend(one: ArticleIn, other: ArticleIn) -> list[ArticleIn]:
    """Forty near-duplicates of a text that is half of either event."""
    return [mixed(one, other, 0.5, number) for number in range(40)]


def attack_chain(one: ArticleIn, other: ArticleIn) -> list[ArticleIn]:
    """Forty steps from one article to the other, each a near-duplicate of the one before."""
    return [mixed(one, other, number / 39, number) for number in range(40)]


def attack_both_sides(one: ArticleIn, other: ArticleIn) -> list[ArticleIn]:
    """Twenty near-duplicates of either article, each with the other's title."""
    rows = []
    for number in range(40):
        body, title = (one, other.title) if number % 2 else (other, one.title)
        rows.append(
            ArticleIn(id=f"evil/{number}", text=f"{body.text} filler{number}", title=title, source=f"E{number}")
        )
    return rows


@pytest.mark.parametrize("attack", [attack_blend, attack_chain, attack_both_sides])
def test_two_events_are_not_dragged_together(
    service: Clusterer, collection: Collection, victims: dict[str, list[ArticleIn]], attack: object
) -> None:
    before = {str(one.id): cluster_of(collection, str(one.id)) for event in victims.values() for one in event}
    first, second, third = victims.values()
    evil = attack(first[0], second[0])  # type: ignore[operator]
    random.Random(3).shuffle(evil)
    take(service, evil)
    assert {id: cluster_of(collection, id) for id in before} == before
    for _ in range(2):
        collection.nightly.run(
            "w", force=True
        )  # the guard would refuse some of these plans; the grouping must not need it
        homes = [{cluster_of(collection, str(one.id)) for one in event} for event in victims.values()]
        assert all(not one & other for one, other in combinations(homes, 2))
        assert homes[2] == {before[str(third[0].id)]}  # who is not attacked notices nothing
    assert audit(collection.books).clean


def test_a_flood_of_copies_does_not_take_an_events_id_along(
    service: Clusterer, collection: Collection, victims: dict[str, list[ArticleIn]]
) -> None:
    """Copies of one article drift towards another event and outnumber the honest articles; their event keeps its id."""
    first, second, _ = victims.values()
    owner = cluster_of(collection, str(first[0].id))
    evil = attack_chain(first[0], second[0])
    random.Random(3).shuffle(evil)
    take(service, evil)
    collection.nightly.run("w", force=True)
    homes = {str(one.id): cluster_of(collection, str(one.id)) for one in first}
    assert sum(str(one.id) in homes for one in first) == len(first) < len(evil)
    del homes[str(first[0].id)]  # where the copied one goes, its copies go
    assert set(homes.values()) == {owner}
    assert audit(collection.books).clean


def test_a_backdated_copy_does_not_become_the_original(
    service: Clusterer, collection: Collection, clock: SetClock
) -> None:
    take(service, [article("true", FLOOD, published_at="2026-03-02T08:00:00Z")])
    clock.forward(minutes=5)
    take(service, [article("false", FLOOD, source="Thief", published_at=LONG_AGO)])
    family = collection.lookup.duplicates("true")
    assert (family.canonical_id, family.is_canonical) == ("true", True)
    assert [copy.article_id for copy in family.copies] == ["false"]
    assert cluster_of(collection, "true") == cluster_of(collection, "false")


def test_a_backdated_article_changes_no_clusters_times(
    service: Clusterer, collection: Collection, clock: SetClock
) -> None:
    take(service, [article("true", FLOOD)])
    before = collection.lookup.cluster(cluster_of(collection, "true"))
    clock.forward(minutes=5)
    take(service, [article("false", f"{FLOOD} {STRIKE}", title=FLOOD[:60], published_at=LONG_AGO)])
    after = collection.lookup.cluster(before.id)
    assert after.first_seen == before.first_seen


def test_backdating_does_not_steal_a_clusters_id(
    service: Clusterer, collection: Collection, victims: dict[str, list[ArticleIn]], clock: SetClock
) -> None:
    """The thief's articles of the same event stand in a cluster of their own, as many as the victim's and older by their own
    account, when the night joins the two: the id that was there first lives on."""
    clock.forward(hours=1)
    victim = next(iter(victims.values()))
    owner = cluster_of(collection, str(victim[0].id))
    event = str(victim[0].id).split("/")[0]
    more = [one for one in event_articles(3, 12) if str(one.id).split("/")[0] == event and one not in victim]
    thief = [
        ArticleIn(id=f"evil/{n}", title=one.title, text=one.text, source=f"E{n}", published_at=LONG_AGO)
        for n, one in enumerate(more[:6])
    ]
    take(service, thief)
    books = collection.books
    evil = [books.revisions(str(one.id))[-1] for one in thief]
    staying = [fact.seq for fact in books.facts(evil) if fact and fact.cluster == owner]
    step = Regroup("split", owner, service.new_cluster_id(), tuple(staying))
    assert staying
    assert books.regroup(None, books.position().generation, [step], clock.now())
    stolen = step.target
    assert len(partition(collection)[stolen]) >= 3
    run = collection.nightly.run("w", force=True)
    assert run.outcome == "published"
    assert books.resolve(stolen) == owner
    assert {cluster_of(collection, str(one.id)) for one in victim} == {owner}
    assert audit(books).clean
