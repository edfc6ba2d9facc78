"""`python -m tests.faults.nightly PAUSE_S HELD_S`: one reclustering after another, each publishing something, until killed.

Groupings by two different thresholds take turns, so that each run finds something to change. A killed run's lease ends soon, and the
moment between the last look at the change feed and the flip is stretched every other time until an article has come in between, by
HELD_S at most.
"""

from __future__ import annotations

import itertools
import random
import sys
import time
from dataclasses import replace

from clusterer.bootstrap import Clusterer
from clusterer.core.errors import ClustererError
from clusterer.environment import read_settings
from clusterer.logging import configure_logging
from clusterer.pipeline.nightly import nightly

_LEASE_S = 3.0
_STRICT = 1 - 1e-12  # beyond what any pair of articles reaches


def _wait_for_an_article(service: Clusterer, held_s: float) -> None:
    books = service.collection().books
    seen, until = books.position().change, time.monotonic() + held_s
    while books.position().change == seen and time.monotonic() < until:
        time.sleep(0.02)


def main(pause_s: float, held_s: float) -> None:
    settings = read_settings()
    configure_logging(settings)
    service = Clusterer.connect(settings)
    nightly.reached = lambda step: (
        _wait_for_an_article(service, held_s) if step == "replayed" and random.random() < 0.5 else None
    )
    policy = replace(service.nightly_policy(), lease_s=_LEASE_S)
    service.nightly_policy = lambda: policy
    shipped = service.weights()
    strict = replace(shipped, threshold=_STRICT)
    turn = shipped
    service.weights = lambda: turn
    for number in itertools.count():
        time.sleep(pause_s)
        turn = strict if number % 2 else shipped
        try:
            run = service.collection().nightly.run(f"nightly:{time.time_ns()}", force=True, actor="faults")
            sys.stdout.write(f"outcome {run.outcome} replayed {run.replayed}\n")
        except ClustererError as error:
            sys.stdout.write(f"gave up: {type(error).__name__}: {error}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(float(sys.argv[1]), float(sys.argv[2]))
