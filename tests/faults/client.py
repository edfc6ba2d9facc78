"""Clients of the API who take no answer but 202 for an answer, and keep a journal of what they were promised."""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections.abc import Callable, Iterator

import httpx

from .articles import Payload


class Client:
    """Posts batches from a stream until stopped or at `limit` articles, about `per_s` a second, while `may_post`.

    Each batch is posted until it is answered.
    Some batches are posted twice. `journal` has (article id, revision) of every article that was answered with 202.
    """

    def __init__(
        self, url: str, stream: Iterator[Payload], per_s: float, limit: int, seed: int, may_post: Callable[[], bool]
    ) -> None:
        self._url = f"{url}/v1/articles:batch"
        self._stream = itertools.islice(stream, limit)
        self._per_s = per_s
        self._rng = random.Random(seed)
        self._may_post = may_post
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="client", daemon=True)
        self.journal: set[tuple[str, int]] = set()
        self.retries = 0
        self.finished = False
        self.refusals: list[str] = []  # answers that say that the batch itself is wrong

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        """Let the batch under way be answered, and post no more."""
        self._stop.set()
        self._thread.join(timeout_s)
        assert not self._thread.is_alive(), "the API did not answer"

    def _run(self) -> None:
        began, posted = time.monotonic(), 0
        with httpx.Client(timeout=20.0) as http:
            while not self._stop.is_set():
                if not self._may_post():
                    self._stop.wait(0.2)
                    continue
                batch = list(itertools.islice(self._stream, self._rng.randint(1, 40)))
                if not batch:
                    break
                for _ in range(2 if self._rng.random() < 0.1 else 1):
                    self._post(http, batch)
                posted += len(batch)
                self._stop.wait(max(0.0, began + posted / self._per_s - time.monotonic()))
        self.finished = True

    def _post(self, http: httpx.Client, batch: list[Payload]) -> None:
        for attempt in itertools.count():
            self.retries += attempt > 0
            try:
                answer = http.post(self._url, json=batch)
            except httpx.HTTPError:
                time.sleep(0.3)
                continue
            if answer.status_code == 202:
                self._note(answer.json()["items"])
                return
            if answer.status_code < 500 and answer.status_code != 429:
                self.refusals.append(f"{answer.status_code}: {answer.text[:300]}")
                return
            time.sleep(0.3)

    def _note(self, items: list[Payload]) -> None:
        for item in items:
            if item["status"] == "rejected":
                self.refusals.append(f"rejected: {item}")
            else:
                self.journal.add((item["id"], item["revision"]))
