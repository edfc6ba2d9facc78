"""Who writes while a window takes long to build, and what a writer does whose store went back in time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import orjson
import pytest
import redis
from faults.articles import event_articles
from numpy.typing import NDArray
from support.kept import entries, put_back

from clusterer.adapters.encoder import HashingEncoder
from clusterer.adapters.window_index import WindowIndex
from clusterer.bootstrap import Clusterer
from clusterer.core.clustering import columns
from clusterer.core.clustering.stored_near import decode_near, encode_near
from clusterer.core.clustering.window import Window
from clusterer.pipeline.collection import Collection
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


def test_a_writer_that_took_over_decides_as_the_one_that_stayed(
    make_service: Callable[..., Clusterer], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two collections get the same articles. In one each part has another writer, which asks its index about its arrivals alone."""
    asked: list[int] = []
    search = WindowIndex.search

    def noted_search(self: WindowIndex, vectors: NDArray[np.float32], k: int) -> object:
        asked.append(len(vectors))
        return search(self, vectors, k)

    monkeypatch.setattr(WindowIndex, "search", noted_search)
    # A part that comes first has an empty index, which is not asked.
    monkeypatch.setattr(assign, "_LOADED_TOGETHER", TOGETHER)
    rows = [parse_article(row) for row in event_articles(12, 4, seed=3)]
    stays = make_service()
    stays.store.create_collection("stays", {})
    stays.store.create_collection("changes hands", {})
    for start in range(0, len(rows), 12):
        for name, service in (("stays", stays), ("changes hands", make_service())):
            collection = service.collection(name)
            collection.intake.accept(rows[start : start + 12])
            collection.preparer.run("articles")
            collection.assigner.run(f"writer {start if service is not stays else ''}")
            collection.books.release(f"writer {start if service is not stays else ''}")
            assert collection.assigner.window_size == start + 12
    assert sum(asked) == 2 * len(rows)
    left, right = (told(stays.collection(name)) for name in ("stays", "changes hands"))
    assert left == right
    assert len({one[0] for one in left}) > 3


def told(collection: Collection) -> list[tuple[int, object, object]]:
    """Of each article the first of its cluster, and by what rule and by which terms it came there."""
    books = collection.books
    facts = [one for one in books.facts(books.accepted_seqs(0, 1_000)) if one]
    first = {one.cluster: one.seq for one in reversed(facts)}
    reasons = [orjson.loads(one or b"{}") for one in books.reasons_of([one.seq for one in facts])]
    return [(first[one.cluster], why["rule"], why.get("terms")) for one, why in zip(facts, reasons, strict=True)]


@pytest.mark.parametrize("former", [False, True])
def test_series_of_titles_are_read_and_made_only_where_none_are_stored(
    make_service: Callable[..., Clusterer],
    redis_client: redis.Redis,
    monkeypatch: pytest.MonkeyPatch,
    former: bool,
) -> None:
    rows = [parse_article({**row, "source": "Gazette"}) for row in event_articles(6, 4, seed=5)]
    before = make_service()
    before.collection().intake.accept(rows)
    before.drain("before")
    if former:
        for key in redis_client.keys("clu:{default}:a:*"):
            seq = int(key.rpartition(b":")[2])
            near = decode_near(redis_client.hget(key, "near"), seq, before.encoder.fingerprint)
            assert near is not None
            redis_client.hset(key, "near", encode_near(seq, replace(near, series=None), before.encoder.fingerprint))
    made: list[str] = []
    series_of = columns.series_of
    monkeypatch.setattr(columns, "series_of", lambda title, source: made.append(title) or series_of(title, source))
    assigner = make_service().collection().assigner
    assert assigner.run("before") == 0
    assert assigner.window_size == len(rows)
    assert len(made) == (len(rows) if former else 0)
    assert assigner._window is not None
    left, right = (one._window._telling for one in (before.collection().assigner, assigner))
    series = [[telling.series(seq) for seq in range(1, len(rows) + 1)] for telling in (left, right)]
    assert series[0] == series[1]
    assert all(series[0])


def test_neighbours_by_the_vectors_of_a_former_model_are_not_used(
    make_service: Callable[..., Clusterer], redis_client: redis.Redis
) -> None:
    """A window that is built after the model was changed is as if none had been stored."""
    rows = [parse_article(row) for row in event_articles(6, 4, seed=4)]
    former = make_service()
    former.collection().intake.accept(rows)
    former.drain("former")
    make_service(HashingEncoder(32)).collection().reembedder.run("changes the model")
    similar = []
    for stored in (True, False):
        if not stored:
            assert sum(redis_client.hdel(key, "near") for key in redis_client.keys("clu:{default}:a:*")) == len(rows)
        assigner = make_service(HashingEncoder(32)).collection().assigner
        assert assigner.run("former") == 0
        assert assigner.window_size == len(rows)
        window = assigner._window
        assert window is not None
        near = [window.compare_known(seq)[0] for seq in range(1, len(rows) + 1)]
        similar.append([(one.seqs.tolist(), one.meaning.tolist()) for one in near])
    assert similar[0] == similar[1]


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
