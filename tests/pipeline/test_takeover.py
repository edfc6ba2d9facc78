"""Who writes while a window takes long to build."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from faults.articles import event_articles

from clusterer.bootstrap import Clusterer
from clusterer.core.clustering.window import Window
from clusterer.pipeline.intake import parse_article
from clusterer.pipeline.stages import assign

LEASE_S = 1.0
BUILD_S = 2.5


def test_a_long_rebuild_keeps_the_lease_and_shows_progress(
    make_service: Callable[..., Clusterer], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else two writers with a large window would take over from each other for ever, and the watchdog would end both."""
    rows = event_articles(10, 3, seed=1)
    make_service().collection().intake.accept([parse_article(row) for row in rows])
    make_service().drain("before")
    monkeypatch.setattr(assign, "_LOADED_TOGETHER", 5)
    service = make_service(leader_lease_s=LEASE_S)
    policy = replace(service.assign_policy(), leader_lease_s=LEASE_S)
    service.assign_policy = lambda: policy
    quick, signs = service.make_window, []

    def slow_window() -> Window:
        window = quick()
        add = window.add

        def slow_add(*given: object) -> None:
            time.sleep(BUILD_S / len(rows))
            add(*given)  # type: ignore[arg-type]

        window.add = slow_add  # type: ignore[method-assign]
        return window

    service.make_window = slow_window
    service.on_progress = lambda: signs.append(time.monotonic())
    collection = service.collection()
    collection.books.release("before")
    rebuilding = threading.Thread(target=lambda: collection.assigner.run("slow"))
    rebuilding.start()
    time.sleep(0.2)
    taken = []
    while rebuilding.is_alive():
        taken.append(make_service().collection().books.claim("other", LEASE_S))
        time.sleep(0.1)
    assert len(taken) > 10
    assert set(taken) == {None}
    assert len(signs) >= len(rows) // 5 - 1
    assert collection.assigner.window_size == len(rows)


def test_a_writer_that_lost_its_lease_meanwhile_gives_up(
    make_service: Callable[..., Clusterer], monkeypatch: pytest.MonkeyPatch
) -> None:
    service = make_service()
    collection = service.collection()
    collection.intake.accept([parse_article(row) for row in event_articles(4, 2, seed=1)])
    service.drain("first")
    monkeypatch.setattr(assign, "_LOADED_TOGETHER", 2)
    collection.assigner.unload()

    def taken_over() -> None:
        collection.books.release("first")
        assert collection.books.claim("second", LEASE_S) is not None

    collection.assigner._on_progress = taken_over
    assert collection.assigner.run("first") == 0
    assert collection.assigner.window_size == 0


def test_decisions_that_failed_to_be_committed_are_forgotten(
    make_service: Callable[..., Clusterer], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the window would go on with clusters that the books do not have."""
    service = make_service()
    collection, books = service.collection(), service.collection().books
    collection.intake.accept([parse_article(row) for row in event_articles(3, 2, seed=1)])
    service.prepare("w")
    commit, failures = books.commit, [RuntimeError("broken")]

    def fail_once(*given: object) -> object:
        if failures:
            raise failures.pop()
        return commit(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(books, "commit", fail_once)
    collection.assigner.run("w")
    assert (books.books().assigned, books.books().pending) == (6, 0)
    assert len(books.cluster_ids("size", None, 10)) == 3
