"""The HTTP interface over the whole pipeline in this process, and what its answers owe."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi.testclient import TestClient

from clusterer.api.app import create_app
from clusterer.api.limits import ApiLimits
from clusterer.bootstrap import Clusterer
from clusterer.pipeline.collection import Collection
from clusterer.settings import Settings

LIMITS = ApiLimits(max_body_bytes=100_000, max_text_chars=20_000, max_batch=50, max_wait_s=300)

FLOOD = (
    "The river Wend rose over its banks at Lowfield on Monday night and flooded two hundred houses in the old town. "
    "Firefighters brought forty people to safety in boats. Mayor Helen Strand asked the army for sandbags. "
    "Schools stay closed until Thursday, and meteorologists expect more rain before the weekend."
)
STRIKE = (
    "Train drivers of Vellen Rail will stop work for two days from Wednesday, their union announced in Halvern. "
    "Talks about rosters had failed for the third time, said union leader Piet Marrow. "
    "The company promised an emergency timetable, and bus companies are adding forty coaches."
)


@dataclass
class Bench:
    service: Clusterer
    client: TestClient

    @property
    def collection(self) -> Collection:
        return self.service.collection()

    def post(self, path: str = "/v1/articles", body: Any = None, **headers: str) -> httpx.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(path, content=content, headers={"Content-Type": "application/json"} | names)

    def take(self, id: str, text: str = FLOOD, **fields: Any) -> str:
        """Accept and process an article; the id of its cluster."""
        assert self.post(body={"id": id, "text": text, **fields}).status_code == 202
        self.service.drain()
        cluster_id = self.collection.lookup.article(id).cluster_id
        assert cluster_id is not None
        return cluster_id


def make_bench(limits: ApiLimits = LIMITS) -> Bench:
    service = Clusterer.in_memory(Settings(model="hashing"))
    return Bench(service, TestClient(create_app(service, limits), "http://localhost", raise_server_exceptions=False))


def problem(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Checks a problem document and returns it."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = response.json()
    assert set(document) == {"type", "title", "status", "detail", "instance", "code", "request_id", "errors"}
    assert (document["status"], document["code"], document["type"]) == (status, code, f"/problems/{code}")
    assert document["request_id"] == response.headers["x-request-id"]
    assert all(set(error) == {"part", "pointer", "detail"} for error in document["errors"])
    return document


def pointers(document: Mapping[str, Any]) -> list[str]:
    return [error["pointer"] for error in document["errors"]]
