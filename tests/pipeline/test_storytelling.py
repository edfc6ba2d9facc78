"""Storylines over the whole pipeline: made at night, gone on with by day, kept up when clusters change, checked and mended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import redis
from support.articles import SetClock, article

from clusterer.bootstrap import Clusterer
from clusterer.core.cluster_records import Regroup
from clusterer.core.errors import InvalidCursor, NotFound
from clusterer.core.scoring.scorer import shipped_weights
from clusterer.pipeline.collection import Collection
from clusterer.pipeline.upkeep.audit import audit
from clusterer.pipeline.upkeep.repair import Repairer

DAM = {
    "crack": "Engineers found a crack in the Tessin dam above Corvale after long rain. Warden Ilse Maro closed the valley road at noon. "
    "The water authority sent divers, and pumps from three districts are on their way to the dam.",
    "flight": "The valley road below the Tessin dam above Corvale is full of cars: warden Ilse Maro ordered everybody out at noon. "
    "Engineers say that the crack in the dam grew. The water authority opened gymnasiums in Brenno.",
    "trial": "A judge in Brenno asked warden Ilse Maro why the Tessin dam above Corvale was never inspected. "
    "Prosecutors produced letters from nineteen residents. The hearing goes on in spring with testimony of the engineers.",
}
OTHER = {
    "strike": "Ferry crews of Havnsund struck over shifts on Friday. Union leader Bo Lindqvist spoke of the longest walkout in a decade. "
    "Lorries queued for nine kilometres and fish was taken north by aeroplane.",
    "cup": "Rovers of Eastmoor won the county cup on penalties. Keeper Dan Oakes saved twice before eleven thousand spectators. "
    "The team rides through town in an open bus on Sunday.",
}


@pytest.fixture
def service(make_service: Callable[..., Clusterer], tmp_path: Path) -> Clusterer:
    """Joins hardly anything, whatever the weights of the day: here it is storylines that are looked at."""
    path = tmp_path / "weights.json"
    path.write_text(replace(shipped_weights(), threshold=0.99999).to_json())
    return make_service(weights_path=path)


@pytest.fixture
def filled(service: Clusterer, collection: Collection, clock: SetClock) -> Collection:
    """Each text is an event of its own; the dam's come over three weeks."""
    for name, text in (DAM | OTHER).items():
        collection.intake.accept([article(name, text, published_at=clock.now())])
        service.drain()
        clock.forward(days=7)
    assert len({cluster_of(collection, name) for name in DAM | OTHER}) == 5
    return collection


def cluster_of(collection: Collection, name: str) -> str:
    cluster = collection.lookup.article(name).cluster_id
    assert cluster is not None
    return cluster


def told_with(collection: Collection, name: str) -> list[str]:
    """The articles of a storyline in its order, one cluster holding one of them."""
    names = {cluster_of(collection, one): one for one in DAM | OTHER}
    found = collection.lookup.storyline_of(cluster_of(collection, name), 100, None)
    return [names.get(cluster.id, cluster.id) for cluster in found.clusters]


def test_a_night_tells_the_events_of_a_saga_in_order_of_time(filled: Collection) -> None:
    assert told_with(filled, "crack") == []
    filled.nightly.run("w")
    assert told_with(filled, "flight") == ["crack", "flight", "trial"]
    assert (told_with(filled, "strike"), told_with(filled, "cup")) == ([], [])
    assert audit(filled.books).problems == ()


def test_a_dry_run_tells_nothing(filled: Collection) -> None:
    filled.nightly.run("w", dry_run=True)
    assert filled.books.storylines() == {}


def test_the_next_night_keeps_the_id(filled: Collection) -> None:
    filled.nightly.run("w")
    before = filled.books.storylines()
    filled.nightly.run("w")
    assert filled.books.storylines() == before


def test_an_article_goes_on_with_a_storyline_when_it_comes(
    filled: Collection, service: Clusterer, clock: SetClock
) -> None:
    filled.nightly.run("w")
    storyline = filled.books.storyline_of(cluster_of(filled, "crack"))
    verdict = (
        "The court in Brenno fined warden Ilse Maro for the Tessin dam. Corvale gets a siren and a second road. "
        "The prosecutors had asked for prison; residents cheered the ruling from the gallery."
    )
    weather = "Meteorologist Una Reeve expects snow on the moors by Tuesday, with gusts and drifts on high passes."
    filled.intake.accept([article("verdict", verdict, published_at=clock.now()), article("snow", weather)])
    service.drain()
    assert cluster_of(filled, "verdict") not in {cluster_of(filled, name) for name in DAM}
    assert filled.books.storyline_of(cluster_of(filled, "verdict")) == storyline
    assert filled.books.storyline_of(cluster_of(filled, "snow")) is None
    assert [view.id for view in filled.lookup.storyline(str(storyline), 100, None).clusters][-1] == cluster_of(
        filled, "verdict"
    )
    assert audit(filled.books).problems == ()


def test_why_two_clusters_are_apart_names_their_storyline(filled: Collection) -> None:
    explained = filled.lookup.explain("flight")
    assert explained.decision is not None
    assert explained.decision.considered_id == cluster_of(filled, "crack")
    assert not [sentence for sentence in explained.summary if "storyline" in sentence]
    filled.nightly.run("w")
    storyline = filled.books.storyline_of(cluster_of(filled, "crack"))
    said = f"Cluster {cluster_of(filled, 'crack')} is another event of the same storyline, {storyline}."
    assert filled.lookup.explain("flight").summary[-1] == said


def test_pages_of_a_storyline_and_what_is_none(filled: Collection) -> None:
    filled.nightly.run("w")
    storyline = str(filled.books.storyline_of(cluster_of(filled, "crack")))
    first = filled.lookup.storyline(storyline, 2, None)
    rest = filled.lookup.storyline(storyline, 2, first.next_cursor)
    assert (first.id, rest.id, rest.next_cursor) == (storyline, storyline, None)
    assert [view.id for view in first.clusters + rest.clusters] == [cluster_of(filled, name) for name in DAM]
    with pytest.raises(NotFound):
        filled.lookup.storyline("never", 2, None)
    with pytest.raises(NotFound):
        filled.lookup.storyline_of("never", 2, None)
    with pytest.raises(InvalidCursor):
        filled.lookup.storyline(storyline, 2, "x")


def test_the_id_of_a_storyline_that_went_over_into_another_still_answers(filled: Collection) -> None:
    filled.nightly.run("w")
    books, (now,) = filled.books, set(filled.books.storylines().values())
    for cluster in books.storylines():
        books.tell(
            [
                (
                    cluster,
                    "01AAAA" if cluster == cluster_of(filled, "trial") else now,
                    filled.lookup.cluster(cluster).first_seen,
                )
            ]
        )
    filled.nightly.run("w")
    assert set(books.storylines().values()) == {now}
    assert filled.lookup.storyline("01AAAA", 9, None).id == now
    assert told_with(filled, "trial") == ["crack", "flight", "trial"]


def test_what_a_night_changes_in_clusters_shows_in_storylines(filled: Collection, clock: SetClock) -> None:
    """A person merged two events of the saga; the night tears a foreign article out of a third."""
    filled.nightly.run("w")
    crack, flight = cluster_of(filled, "crack"), cluster_of(filled, "flight")
    position = filled.books.position()
    assert filled.books.regroup(None, position.generation, [Regroup("merged", flight, crack, ())], clock.now())
    assert [view.id for view in filled.lookup.storyline_of(crack, 9, None).clusters] == [
        crack,
        cluster_of(filled, "trial"),
    ]
    filled.nightly.run("w", force=True)
    told = filled.books.storylines()
    assert all(filled.books.resolve(cluster) == cluster for cluster in told)
    filled.nightly.rollback("ada", "looked wrong")
    assert all(filled.books.resolve(cluster) == cluster for cluster in filled.books.storylines())
    assert audit(filled.books).problems == ()


def test_erasing_an_event_takes_it_out(filled: Collection) -> None:
    filled.nightly.run("w")
    filled.eraser.erase("flight")
    crack = filled.lookup.storyline_of(cluster_of(filled, "crack"), 9, None)
    assert [view.id for view in crack.clusters] == [cluster_of(filled, "crack"), cluster_of(filled, "trial")]
    assert audit(filled.books).problems == ()


@pytest.mark.parametrize("damage", ["lose the list", "list a stranger", "hold what is gone"])
def test_damage_is_named_and_mended(
    damage: str, filled: Collection, service: Clusterer, redis_client: redis.Redis
) -> None:
    filled.nightly.run("w")
    before = filled.books.storylines()
    (name,) = redis_client.keys("*:storyline:*")
    table = name.partition(b":storyline:")[0] + b":storylines"
    if damage == "lose the list":
        redis_client.delete(name)
    elif damage == "list a stranger":
        redis_client.zadd(name, {cluster_of(filled, "cup"): 1})
    else:
        redis_client.hset(table, "01GONE", before[cluster_of(filled, "crack")])
    report = audit(filled.books)
    assert report.damaged == {"storylines"}
    repairs = Repairer(filled.books, service.clock, 600.0).run("mender", report)
    assert repairs.retold > 0
    assert audit(filled.books).problems == ()
    assert filled.books.storylines() == before
    assert sorted(told_with(filled, "crack")) == sorted(DAM)
