"""Generated articles over HTTP into a real Redis: each accepted or refused with its field, none answered 5xx, none stuck.

Set CLUSTERER_TEST_ARTICLES for another number than 300; `make faults` sends 5,000.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from datetime import datetime
from itertools import count
from typing import Any

import pytest
import redis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from clusterer.adapters.redis_store import RedisStore
from clusterer.api.app import create_app
from clusterer.api.limits import ApiLimits
from clusterer.bootstrap import Clusterer
from clusterer.pipeline.upkeep.audit import audit
from clusterer.settings import Settings

ARTICLES = int(os.environ.get("CLUSTERER_TEST_ARTICLES", "300"))
BATCH = 50
SEED = int(os.environ.get("CLUSTERER_TEST_SEED", "1"))

VOCABULARY = (
    "the river rose over banks in Lowfield mayor said strike of drivers ends on Friday 2026 7,5 % A.B. naïve Größe "
    "河水 река نهر 🌊"
)
WORDS = VOCABULARY.split()
ODD = [
    "\u202e",
    "\u2066",
    "\ufeff",
    "\x00",
    "\x07",
    "\r",
    "\u2028",
    "\u0301" * 9,
    "﷽",
    "👩\u200d👧",
    "İ",
    "ſ",
    "\x1b[2J",
    "${x}",
    "%s",
]
MARKUP = [
    "<p>",
    "</p>",
    "<div class='x'>",
    "</div>",
    "<script>",
    "</script>",
    "<!--",
    "-->",
    "<table><tr>",
    "&nbsp;",
    "&#0;",
    "]]>",
]

anything = st.text(max_size=80)
words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=120).map(" ".join)
noise = st.lists(st.sampled_from(WORDS + ODD), min_size=1, max_size=60).map(" ".join)
pages = st.lists(st.sampled_from(MARKUP + WORDS + ODD), min_size=1, max_size=80).map(" ".join)
repeated = st.tuples(st.text(min_size=1, max_size=20), st.integers(1, 400)).map(lambda pair: pair[0] * pair[1])
texts = st.lists(words | noise | repeated, min_size=1, max_size=5).map("\n\n".join)
odd_but_allowed = st.fixed_dictionaries(
    {"text": texts},
    optional={
        "title": words,
        "source": st.sampled_from(["Harbour Post", "Courier", "*", "clu:{default}:head", "h?[a]"]),
        "url": st.sampled_from(["https://x.example/1", "https://x.example/%C3%BC?q=1"]),
        "lang": st.sampled_from(["en", "de", "zh"]),
        "published_at": st.datetimes(datetime(1990, 1, 1), datetime(2030, 1, 1)).map(lambda at: at.isoformat() + "Z"),
    },
)
page = st.fixed_dictionaries({"html": pages | texts}, optional={"title": words, "source": st.just("Courier")})
wild = st.fixed_dictionaries(
    {},
    optional={
        "text": anything | st.none() | st.lists(anything, max_size=2),
        "html": anything,
        "title": noise | anything,
        "source": anything,
        "url": st.sampled_from(["http://[::1", "javascript:1", "https://x.example/ü?q=%zz"]) | anything,
        "lang": st.text(max_size=5),
        "published_at": st.integers(-(10**12), 10**13) | st.floats() | anything | st.booleans(),
        "unknown": st.none(),
    },
)
article = odd_but_allowed | page | wild


@pytest.fixture(scope="module")
def service(redis_server: str) -> Clusterer:
    client = redis.Redis.from_url(redis_server)
    client.flushall()
    return Clusterer.over(RedisStore(client), Settings(model="hashing"))


class Sender:
    """Posts in batches, and counts what the answers say."""

    def __init__(self, service: Clusterer) -> None:
        self._client = TestClient(create_app(service, ApiLimits()), "http://localhost", raise_server_exceptions=False)
        self._waiting: list[bytes] = []
        self.answers: Counter[str] = Counter()

    def add(self, fields: dict[str, Any]) -> None:
        self._waiting.append(json.dumps(fields).encode())
        if len(self._waiting) == BATCH:
            self.flush()

    def flush(self) -> None:
        lines, self._waiting = self._waiting, []
        response = self._client.post(
            "/v1/articles:batch", content=b"\n".join(lines), headers={"content-type": "application/x-ndjson"}
        )
        assert response.status_code == 202, response.text
        for line, item in zip(lines, response.json()["items"], strict=True):
            assert item["status"] != "rejected" or item["errors"][0]["detail"], line
            self.answers[item["status"]] += 1


@pytest.fixture(scope="module")
def sender(service: Clusterer) -> Sender:
    return Sender(service)


@pytest.mark.timeout(1_200)
def test_articles_are_generated_and_sent(sender: Sender) -> None:
    numbers = count()

    @seed(SEED)
    @settings(
        max_examples=ARTICLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(article)
    def send(fields: dict[str, Any]) -> None:
        sender.add({"id": f"generated/{next(numbers)}", **fields})

    send()
    assert sender.answers.total() >= ARTICLES - BATCH


@pytest.mark.timeout(1_200)  # thousands of articles, on machines of any speed
def test_none_is_stuck(service: Clusterer, sender: Sender, capsys: pytest.CaptureFixture[str]) -> None:
    service.drain()
    books = service.collection().books.books()
    with capsys.disabled():
        by_answer = ", ".join(f"{number} {answer}" for answer, number in sorted(sender.answers.items()))
        print(f"\n{sender.answers.total()} generated articles (seed {SEED}): {by_answer}; {books.dead} dead")
    assert books.accepted == books.assigned == sender.answers["accepted"]
    assert books.accepted > ARTICLES / 3
    report = audit(service.collection().books)
    assert report.clean, report.problems
