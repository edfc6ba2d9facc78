"""What handlers return is written as the framework would write it, by less work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends, FastAPI, Path, Query, Request, Response
from fastapi.testclient import TestClient

from clusterer.api.answers import WrittenRoute
from clusterer.api.parameters import only_known_parameters
from clusterer.api.problems import install_handlers
from clusterer.pipeline.lookup.views import Page


@dataclass(frozen=True, slots=True)
class Seen:
    at: datetime
    count: int
    score: float | None
    names: tuple[str, ...]
    by_source: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class SeenHere(Seen):
    links: Mapping[str, str]


MOMENTS = [
    datetime(2026, 3, 9, 6, 30, tzinfo=UTC),
    datetime(2026, 3, 9, 6, 30, 0, 120_000, tzinfo=UTC),
    datetime(1969, 12, 31, 23, 59, 59, 7, tzinfo=UTC),
]
SCORES = [None, 0.1, -1.0, 1e-9, 123_456_789.25, 1 / 3]
PAGE = Page(
    tuple(
        SeenHere(
            at,
            len(str(score)),
            score,
            ("é", 'quote " and \\ and </script>', "日本"),
            {"Post": 2, "": 1},
            {"self": "/x%2Fy"},
        )
        for at in MOMENTS
        for score in SCORES
    ),
    "next",
    None,
)


def client_of(router: APIRouter) -> TestClient:
    @router.get("/page")
    def page() -> Page[SeenHere]:
        return PAGE

    @router.get("/tagged")
    def tagged(response: Response) -> SeenHere | None:
        response.headers["ETag"] = '"7"'
        return PAGE.data[0]

    @router.get("/own")
    def own() -> Response:
        return Response("text", 203, media_type="text/plain")

    @router.get("/made", status_code=201)
    def made() -> SeenHere:
        return PAGE.data[1]

    @router.delete("/gone", status_code=204)
    def gone() -> None:
        return None

    @router.get("/later")
    async def later(request: Request) -> dict[str, str]:
        return {"path": request.url.path}

    @router.get("/plain/{name}", dependencies=[Depends(only_known_parameters)])
    def plain(
        response: Response,
        name: Annotated[str, Path(max_length=5)],
        count: Annotated[int, Query(alias="n", ge=1)] = 3,
        words: str | None = None,
        *,
        needed: bool,
    ) -> dict[str, Any]:
        response.headers["ETag"] = f'"{count}"'
        return {"name": name, "count": count, "words": words, "needed": needed}

    app = FastAPI()
    install_handlers(app)
    app.router.routes.extend(router.routes)
    return TestClient(app)


@pytest.mark.parametrize("path", ["/page", "/tagged", "/own", "/made", "/later"])
def test_answers_and_their_description_are_those_of_the_framework(path: str) -> None:
    ours, theirs = client_of(APIRouter(route_class=WrittenRoute)), client_of(APIRouter())
    answer, expected = ours.get(path), theirs.get(path)
    assert (answer.status_code, answer.content, dict(answer.headers)) == (
        expected.status_code,
        expected.content,
        dict(expected.headers),
    )
    assert ours.get("/openapi.json").json() == theirs.get("/openapi.json").json()


@pytest.mark.parametrize(
    "asked",
    [
        "abc?needed=1",
        "abc?needed=false&n=2&words=a%20b",
        "abc?needed=1&n=2&n=4",
        "abc?needed=1&words=",
        "a%2Cc?needed=on",
        "abc",
        "abcdef?needed=1",
        "abc?needed=1&n=0",
        "abc?needed=perhaps&n=x",
        "abc?needed=1&number=2",
        "abc?needed=1&count=2",
        "abc?needed=1&name=abc",
    ],
)
def test_what_is_asked_is_read_as_the_framework_reads_it(asked: str) -> None:
    ours, theirs = client_of(APIRouter(route_class=WrittenRoute)), client_of(APIRouter())
    answer, expected = ours.get(f"/plain/{asked}"), theirs.get(f"/plain/{asked}")
    assert (answer.status_code, answer.json(), answer.headers.get("etag")) == (
        expected.status_code,
        expected.json(),
        expected.headers.get("etag"),
    )


def test_no_content_stays_none() -> None:
    answer = client_of(APIRouter(route_class=WrittenRoute)).delete("/gone")
    assert (answer.status_code, answer.content) == (204, b"")
