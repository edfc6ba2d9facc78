"""Who writes while a window takes long to build, and what a writer does whose store went back in time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import redis
from faults.articles import event_articles
from support.kept import entries, put_back

from clusterer.bootstrap import Clusterer
from clusterer.core.clustering.window import Window
from clusterer.pipeline.intake import parse_article
from clusterer.pipeline.stages import assign
from clusterer.pipeline.upkeep.audit import audit

LEASE_S = 600.0  # so long that no machine is too slow for it: what is looked at is how often it is asked for again
TOGETHER = 5


def test_a_long_rebuild_keeps_the_lease_and_shows_progress(
    make_service: Callable[..., Clusterer], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else two writers with a large window would take over from each other for ever, and the watchdog would end both."""
    rows = event_articles(10, 3, seed=1)
    make_service().collection().intake.accept([parse_article(row) for row in rows])
    make_service().drain("before")
    monkeypatch.setattr(assign, "_LOADED_TOGETHER", TOGETHER)
    service = make_service()
    policy = replace(service.assign_policy(), leader_lease_s=LEASE_S)
    service.assign_policy = lambda: policy
    collection, other = service.collection(), make_service().collection()
    claim, make_window = collection.books.claim, service.make_window
    claims: list[tuple[object, ...]] = []
    signs: list[int] = []
    asked_before_it_was_built: list[int] = []
    taken: list[int | None] = []

    def noted_claim(*given: object) -> int | None:
        claims.append(given)
        return claim(*given)  # type: ignore[arg-type]

    def noted_window() -> Window:
        window = make_window()
        load = window.load

        def noted_load(*given: object) -> None:
            taken.append(other.books.claim("other", LEASE_S))
            load(*given)  # type: ignore[arg-type]
            asked_before_it_was_built.append(len(claims))

        window.load = noted_load  # type: ignore[method-assign]
        return window

    monkeypatch.setattr(collection.books, "claim", noted_claim)
    service.make_window = noted_window
    service.on_progress = lambda: signs.append(len(taken))
    collection.books.release("before")
    collection.assigner.run("slow")
    assert taken == [None] * (len(rows) // TOGETHER)
    assert set(claims) == {("slow", LEASE_S)}
    assert asked_before_it_was_built[-1] >= len(rows) // TOGETHER, "asked for again while it was built, not afterwards"
    assert len(signs) >= len(rows) // TOGETHER - 1
    assert collection.assigner.window_size == len(rows)


def test_a_redis_that_comes_back_without_its_last_writes_is_followed(
    service: Clusterer, redis_client: redis.Redis
) -> None:
    """Else an article would join a cluster that was lost, or be told from articles that nobody has."""
    collection = service.collection()
    flood, strike = (list(event_articles(1, 3, seed)) for seed in (1, 2))

    def take(*rows: dict[str, object]) -> None:
        collection.intake.accept([parse_article(row) for row in rows])
        service.drain("writer")

    take(flood[0])
    before = entries(redis_client)
    take(*({**row, "id": f"strike {number}"} for number, row in enumerate(strike)))
    assert collection.assigner.window_size == 4
    redis_client.flushall()
    put_back(redis_client, before)
    take({**strike[2], "id": "again"})
    assert collection.assigner.window_size == 2
    assert collection.books.books().assigned == 2
    assert audit(collection.books).problems == ()
