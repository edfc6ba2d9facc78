"""CPU milliseconds an article spends in each stage of the pipeline, everything in one process and nothing in Redis.

Accepting is left out. `rest` is what no stage covers: queues, records, metrics.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.throughput import from_file, synthetic
from clusterer.bootstrap import Clusterer
from clusterer.core.clustering.window import Window
from clusterer.core.evidence import evidence
from clusterer.pipeline.intake import ArticleIn
from clusterer.pipeline.stages import prepare
from clusterer.pipeline.stages.boilerplate import Boilerplate
from clusterer.settings import Settings

_BATCH = 16  # embedded at once, so that nothing else runs beside it
_STAGES: dict[str, list[tuple[Any, str]]] = {
    "learnt boilerplate": [(Boilerplate, "of"), (Boilerplate, "observe")],
    "cleaning": [(prepare, "clean")],
    "fingerprint": [(prepare, "fingerprint"), (prepare, "index_terms")],
    "relations": [(prepare, "relate")],
    "embedding": [(prepare, "embed")],
    "telling words": [(prepare, "extract"), (prepare, "encode_sparse"), (evidence, "decode_sparse")],
    "decision": [(Window, "decide")],
    "entry": [(Window, "add")],
    "second look": [(Window, "second_look")],
}


def measure(rows: list[ArticleIn], settings: Settings) -> dict[str, float]:
    """Stage to milliseconds of CPU time, all threads of this process together."""
    service = Clusterer.in_memory(settings)
    collection = service.collection()
    service.encoder.encode(["warm up"] * _BATCH)
    spent_s: defaultdict[str, float] = defaultdict(float)
    with ExitStack() as stack:
        for stage, places in _STAGES.items():
            for owner, name in places:
                stack.enter_context(
                    patch.object(owner, name, _timed(getattr(owner, name), partial(_add, spent_s, stage)))
                )
        for start in range(0, len(rows), _BATCH):
            collection.intake.accept(rows[start : start + _BATCH])
            started = time.process_time()
            service.drain()
            spent_s["all"] += time.process_time() - started
    spent_s["rest"] = 2 * spent_s["all"] - sum(spent_s.values())
    return {stage: round(1000 * spent_s[stage] / len(rows), 2) for stage in (*_STAGES, "rest", "all")}


def _add(spent_s: defaultdict[str, float], stage: str, seconds: float) -> None:
    spent_s[stage] += seconds


def _timed(function: Callable[..., Any], add: Callable[[float], None]) -> Callable[..., Any]:
    def timed(*arguments: Any, **named: Any) -> Any:
        started = time.process_time()
        try:
            return function(*arguments, **named)
        finally:
            add(time.process_time() - started)

    return timed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1_000)
    parser.add_argument("--file", type=Path, help="JSON lines to take articles from instead of the mixed sample")
    options = parser.parse_args()
    rows = from_file(options.file, options.articles) if options.file else synthetic(options.articles, seed=1)
    found = measure(rows, Settings())
    print(json.dumps({"articles": len(rows), "cpu_ms_an_article": found}, indent=2))


if __name__ == "__main__":
    main()
