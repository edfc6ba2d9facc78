"""Builds that are broken on purpose, to see that the harness finds out: `python -m tests.faults.sabotage KIND MODULE ARGUMENT...`

The product has no switch for this: its scripts and methods are replaced in the process, just before the module runs.
"""

from __future__ import annotations

import ctypes
import os
import runpy
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import redis
from celery.worker import WorkController
from clusterer_workers import lifecycle
from kombu.transport.redis import QoS

from clusterer.adapters.redis_store import scripts
from clusterer.core.model import Article, Document
from clusterer.core.records import Leased
from clusterer.pipeline.stages import assign, prepare

_SLOW_S = 0.3
HANGS, KILLS = "wuxahang", "wuxakill"


def commit_without_check() -> None:
    """An article that is assigned already is assigned again."""
    _change_script("commit", "if state ~= 'pending' then", "if not state then")
    _change_script("commit", "if stage ~= 'ready' then", "if stage == 'received' or stage == 'parked' then")


def acknowledge_before_commit() -> None:
    """A worker that dies between acknowledging and committing takes the articles along."""
    commit = assign.Assigner._assign

    def assign_late(self: assign.Assigner, epoch: int, entries: Sequence[Leased], *rest: Any) -> None:
        link = self._books.lease.__self__._link  # type: ignore[attr-defined]
        for entry in entries:
            link.do("XACK", link.key("ready"), "workers", entry.entry)
            link.do("XDEL", link.key("ready"), entry.entry)
        commit(self, epoch, entries, *rest)

    assign.Assigner._assign = assign_late  # type: ignore[method-assign]
    slow_commits()


def flip_without_tail_check() -> None:
    """A new generation is published although articles were assigned since it was made."""
    _change_script("flip", "(redis.call('HGET', HEAD, 'change') or '0') ~= replayed", "false")
    _change_script("flip", "if staged ~= assigned then", "if false then")


def epoch_ignored() -> None:
    """A writer whose lease has passed to another goes on writing."""
    slow_commits()
    _change_script(
        "prelude", "if epoch ~= '' and epoch ~= (redis.call('HGET', HEAD, 'epoch') or '0') then", "if false then"
    )


def slow_commits() -> None:
    """Not broken: a slow machine, on which most kills and pauses of a writer fall between its decisions and their commit."""
    assign.reached = lambda step: time.sleep(_SLOW_S) if step == "before_commit" else None  # type: ignore[attr-defined]


def hostile_texts() -> None:
    """Not a broken build but broken surroundings: cleaning a text with these words hangs in C code, or ends the process."""
    clean = prepare.clean

    def hostile(article: Article, *rest: Any) -> Document:
        if HANGS in (article.text or ""):
            ctypes.PyDLL(None).sleep(3_600)  # which does not let go of the interpreter
        if KILLS in (article.text or ""):
            os._exit(1)
        return clean(article, *rest)

    prepare.clean = hostile


def lost_acknowledgements() -> None:
    """Broken surroundings again: whenever Celery acknowledges a message, the connection is gone."""

    def fail(*_: Any, **__: Any) -> None:
        raise redis.ConnectionError("Connection closed by server.")

    QoS.ack = fail


def endless_shutdown() -> None:
    """And again: Celery's warm shutdown does not end."""
    lifecycle._STOP_GRACE_S = 2.0
    WorkController.stop = lambda *_, **__: time.sleep(600)


KINDS: dict[str, Callable[[], None]] = {
    kind.__name__: kind
    for kind in (
        commit_without_check,
        acknowledge_before_commit,
        flip_without_tail_check,
        epoch_ignored,
        slow_commits,
        hostile_texts,
        lost_acknowledgements,
        endless_shutdown,
    )
}


def _change_script(name: str, right: str, wrong: str) -> None:
    """In the text of one script, or of all for the shared `prelude`. Fails when the text is not as it was."""
    text = scripts._text

    def changed(asked: str) -> str:
        original = text(asked)
        if asked == name or name == "prelude":
            if original.count(right) != 1:
                raise AssertionError(f"{name}.lua has changed: this sabotage does nothing any more")
            return original.replace(right, wrong)
        return original

    scripts._text = changed  # type: ignore[assignment]


if __name__ == "__main__":
    KINDS[sys.argv[1]]()
    sys.argv = sys.argv[2:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
