"""The Python client, in both forms, against a live server over a real Redis: what it reads, and what it does when answers fail."""

from __future__ import annotations

import asyncio
import inspect
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args, get_type_hints
from zlib import crc32

import httpx
import msgspec
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from support.http import HTTP
from support.live_api import Faulty, serving

from clusterer import client as package
from clusterer.api.app import create_app
from clusterer.api.limits import ApiLimits
from clusterer.bootstrap import Clusterer
from clusterer.client import (
    ApiError,
    AsyncClient,
    Client,
    Conflict,
    ConnectionFailed,
    Gone,
    Invalid,
    NotAllowed,
    NotFound,
    Overloaded,
    Retries,
    RevisionMismatch,
    Unavailable,
    UnreadableAnswer,
    asynchronous,
    calls,
    models,
    synchronous,
)
from clusterer.client.events import EventReader
from clusterer.client.retrying import Retries as Policy
from clusterer.pipeline.access import Grant, Tokens, digest_of, new_token
from clusterer.settings import Settings

FLOOD = (
    "The river Wend rose over its banks at Lowfield on Monday night and flooded two hundred houses in the old town. "
)
STRIKE = "Train drivers of Vellen Rail will stop work for two days from Wednesday, their union announced in Halvern. "
QUICK = Retries(attempts=4, first_s=0.001, longest_s=2)


class Driven:
    """An AsyncClient that is called like a Client."""

    def __init__(self, portal: BlockingPortal, client: AsyncClient) -> None:
        self._portal = portal
        self._client = client

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._client, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            answer = method(*args, **kwargs)
            if isinstance(answer, AsyncIterator):
                return self._walk(answer)
            return self._portal.call(self._wait, answer)

        return call

    async def _wait(self, answer: Coroutine[Any, Any, Any]) -> Any:
        return await answer

    def _walk(self, items: AsyncIterator[Any]) -> Iterator[Any]:
        async def following() -> tuple[Any, ...]:
            async for item in items:
                return (item,)
            return ()

        while found := self._portal.call(following):
            yield found[0]


@pytest.fixture(scope="module")
def service() -> Clusterer:
    return Clusterer.in_memory(Settings(model="hashing"))


@pytest.fixture(scope="module")
def faulty(service: Clusterer) -> Faulty:
    return Faulty(create_app(service, ApiLimits(stream_s=0.4)))


@pytest.fixture(scope="module")
def url(faulty: Faulty) -> Iterator[str]:
    with serving(faulty) as address:
        yield address


@pytest.fixture(scope="module")
def portal() -> Iterator[BlockingPortal]:
    with start_blocking_portal() as portal:
        yield portal


@pytest.fixture(params=["sync", "async"])
def connect(request: pytest.FixtureRequest, url: str, faulty: Faulty, portal: BlockingPortal) -> Iterator[Any]:
    """A function that makes a client of one form; faults and what was seen begin anew."""
    faulty.faults.clear()
    faulty.seen.clear()
    made: list[Any] = []

    def make(**options: Any) -> Any:
        options = {"url": url, "retries": QUICK, "timeout_s": 300} | options
        if request.param == "sync":
            made.append(Client(**options))
        else:

            async def build() -> AsyncClient:
                return AsyncClient(**options)

            made.append(Driven(portal, portal.call(build)))
        return made[-1]

    yield make
    for one in made:
        one.close() if isinstance(one, Client) else one.aclose()


@pytest.fixture
def name(service: Clusterer, request: pytest.FixtureRequest) -> str:
    """A collection of the test's own."""
    made = f"t{crc32(request.node.name.encode())}"
    service.store.create_collection(made, {})
    return made


def articles(count: int) -> list[dict[str, Any]]:
    return [
        {"id": f"post/{n}", "title": f"Case {n}", "text": f"{FLOOD * 2} Case {n} of {count}.", "source": "Post"}
        for n in range(count)
    ]


# -- reading and writing


def test_articles_go_in_and_clusters_come_out(connect: Any, service: Clusterer, name: str) -> None:
    news = connect(collection=name)
    sent = news.add(
        [
            {"id": "a/1", "title": "Flood", "text": FLOOD * 3},
            {"id": "bad"},
            {"id": "a/2", "text": FLOOD * 3},
            {"id": "b", "text": STRIKE * 3},
        ]
    )
    assert [(item.index, item.status) for item in sent] == [
        (0, "accepted"),
        (1, "rejected"),
        (2, "accepted"),
        (3, "accepted"),
    ]
    assert "text" in sent[1].errors[0].detail
    assert news.article("a/1").state == "pending"
    service.drain()
    article = news.article("a/1")
    assert (article.state, article.title, article.received_at.utcoffset().total_seconds()) == ("assigned", "Flood", 0)
    assert [one.id for one in news.articles(words="flood")] == ["a/1"]
    found = {cluster.id: cluster for cluster in news.clusters()}
    flood, strike = (news.cluster_of(one).cluster for one in ("a/1", "b"))
    assert found == {flood.id: flood, strike.id: strike}
    assert [cluster.id for cluster in news.clusters(min_size=2, sort="size")] == [flood.id]
    assert [member.article_id for member in news.members(flood.id)] == ["a/1", "a/2"]
    assert news.duplicates("a/2").canonical_id == "a/1"
    assert news.explain("b").decision is not None
    assert news.text("b").text.startswith("Train drivers")
    assert [version.revision for version in news.versions("b")] == [1]
    assert news.search("a flood in Lowfield, the river Wend rose", limit=1)[0].cluster.id == flood.id
    assert news.search(article_id="b", limit=5)[0].cluster.id == strike.id
    assert news.related("a/1", limit=1)
    assert news.related_clusters(flood.id)[0].cluster.id == strike.id
    assert [entry.kind for entry in news.history(strike.id)] == ["created"]
    assert news.ready().status == "ready"


def test_one_article_may_be_waited_for(connect: Any, service: Clusterer, name: str) -> None:
    news = connect(collection=name)
    first = news.add_one({"id": "x", "text": FLOOD * 3})
    assert (first.outcome, first.state, first.cluster) == ("accepted", None, None)
    service.drain()
    again = news.add_one({"id": "x", "text": FLOOD * 3}, wait_s=5)
    assert (again.outcome, again.state) == ("known", "assigned")
    assert again.cluster.article_count == 1


def test_corrections(connect: Any, service: Clusterer, name: str) -> None:
    news = connect(collection=name)
    news.add([{"id": "a", "text": FLOOD * 3}, {"id": "b", "text": STRIKE * 3}, {"id": "c", "text": FLOOD * 3}])
    service.drain()
    flood, strike = (news.cluster_of(one).cluster for one in ("a", "b"))
    with pytest.raises(RevisionMismatch):
        news.merge(strike.id, into=flood.id, reason="one event", actor="ada", revision=strike.revision + 7)
    merged = news.merge(strike.id, into=flood.id, reason="one event", actor="ada", revision=strike.revision)
    assert merged.cluster_id == flood.id
    assert news.cluster(strike.id).id == flood.id  # the API redirects to where it went
    for made in news.constraints():
        news.withdraw(made.key, reason="another example", actor="ada")
    parted = news.split(flood.id, article_ids=["b"], reason="no, two", actor="ada")
    assert news.cluster_of("b").cluster.id == parted.cluster_id
    for made in news.constraints():
        news.withdraw(made.key, reason="another example", actor="ada")
    assert news.move("b", into=flood.id, reason="yes", actor="ada").cluster_id == flood.id
    assert news.pin(flood.id, reason="done", actor="ada").kind == "pin"
    tie = news.must_link("a", "c", reason="same", actor="ada")
    assert tie in news.constraints()
    news.withdraw(tie.key, reason="not needed", actor="ada")
    assert tie not in news.constraints()
    for made in news.constraints():
        news.withdraw(made.key, reason="another example", actor="ada")
    assert news.cannot_link("a", "c", reason="other", actor="ada").kind == "cannot_link"
    news.erase("b")
    with pytest.raises(Gone):
        news.article("b")


def test_lists_are_walked_to_their_end(connect: Any, service: Clusterer, name: str) -> None:
    news = connect(collection=name)
    assert list(news.articles()) == []
    sent = news.add(articles(230))
    assert [item.index for item in sent] == list(range(230))
    assert {item.status for item in sent} == {"accepted"}
    assert {one.id for one in news.articles()} == {item.id for item in sent}


def test_batches_are_cut_by_number_and_by_size() -> None:
    sizes = [call.body.count(b'"id"') for call in calls.add(articles(450))]
    assert sizes == [200, 200, 50]
    large = [{"id": str(n), "text": "x" * 1_500_000} for n in range(5)]
    assert [call.body.count(b'"id"') for call in calls.add(large)] == [2, 2, 1]
    assert list(calls.add([])) == []
    keys = {call.headers["Idempotency-Key"] for call in calls.add(articles(450))}
    assert len(keys) == 3


def test_changes_are_followed_once_and_in_order_over_broken_connections(
    connect: Any, service: Clusterer, name: str, faulty: Faulty
) -> None:
    news = connect(collection=name)
    start = news.changes()
    assert start.data == ()
    news.add([{"id": str(n), "text": f"{text * 3}"} for n, text in enumerate([FLOOD, STRIKE])])
    service.drain()
    faulty.faults += ["gateway error", "turned away"]  # then connections that end after .4 s each
    following = news.follow(start.next_cursor)
    first = next(following)
    assert first.change.number == 1
    news.add([{"id": "late", "text": "A reef was mapped off Tessaly by divers in the spring. " * 3}])
    service.drain()
    numbers = [first.change.number]
    while not any("late" in event.change.article_ids for event in [first]):
        first = next(following)
        numbers.append(first.change.number)
    everything = news.changes(start.next_cursor, limit=1000)
    assert numbers == [change.number for change in everything.data] == list(range(1, len(numbers) + 1))
    assert news.changes(first.cursor).data == ()
    assert sum(path == "/v1/changes/stream" for _, path, _ in faulty.seen) >= 3


def test_a_stream_that_breaks_before_its_first_change_goes_on_where_it_began(service: Clusterer, url: str) -> None:
    HTTP.post(f"{url}/v1/articles", json={"id": "before", "text": STRIKE * 3}).raise_for_status()
    service.drain()
    reader = EventReader()
    with httpx.stream("GET", f"{url}/v1/changes/stream", timeout=300) as response:
        for line in response.iter_lines():
            assert reader.take(line) is None
    assert reader.cursor is not None
    HTTP.post(f"{url}/v1/articles", json={"id": "between", "text": FLOOD * 3}).raise_for_status()
    service.drain()
    with Client(url) as news:
        assert [change.article_ids for change in news.changes(reader.cursor).data] == [("between",)]


# -- faults


@pytest.mark.parametrize(
    "faults",
    [["turned away"], ["gateway error", "slow down"], ["taken, no answer"], ["taken, no answer", "turned away"]],
    ids=" and ".join,
)
@pytest.mark.parametrize("way", ["batch", "one"])
def test_a_request_that_is_sent_again_takes_nothing_twice(
    connect: Any, faulty: Faulty, service: Clusterer, name: str, faults: list[Any], way: str
) -> None:
    """The articles have no ids: without the key, each repeat would be another article."""
    news = connect(collection=name)
    faulty.faults += faults
    if way == "batch":
        sent = news.add([{"text": FLOOD}, {"text": STRIKE}])
    else:
        sent = (news.add_one({"text": FLOOD}), news.add_one({"text": STRIKE}))
    assert not faulty.faults
    assert {one.id for one in news.articles()} == {one.id for one in sent}
    assert service.store.collection(name).books().accepted == 2
    keys = [key for method, _, key in faulty.seen if method == "POST"]
    assert len(keys) == len(faults) + (1 if way == "batch" else 2)
    assert len(set(keys)) == (1 if way == "batch" else 2)
    assert "" not in keys


def test_reads_are_sent_again_and_give_up_in_the_end(connect: Any, faulty: Faulty) -> None:
    news = connect()
    faulty.faults += ["turned away", "gateway error", "slow down"]
    assert list(news.constraints()) == []
    faulty.faults += ["turned away"] * 4
    with pytest.raises(Unavailable) as refused:
        news.constraints()
    assert (refused.value.problem.status, refused.value.problem.detail, refused.value.retry_after_s) == (503, "away", 0)
    assert len(faulty.seen) == 8


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, html="<h1>Welcome to the hotel</h1>"),
        httpx.Response(200),
        httpx.Response(200, content=b'{"data": "\xff"}'),
        httpx.Response(200, json={"data": 7}),
    ],
    ids=["page", "nothing", "no UTF-8", "other types"],
)
def test_an_answer_of_somebody_else_is_said_to_be_one(answer: httpx.Response) -> None:
    with (
        Client(transport=httpx.MockTransport(lambda _: answer), retries=QUICK) as news,
        pytest.raises(UnreadableAnswer, match="not an answer of the API"),
    ):
        list(news.articles())


def test_an_error_of_somebody_else_in_another_encoding() -> None:
    answer = httpx.Response(503, content=b"\xff\xfe nobody home", headers={"Retry-After": "9" * 400})
    with Client(transport=httpx.MockTransport(lambda _: answer), retries=QUICK) as news:
        with pytest.raises(Unavailable) as refused:
            news.article("a")
        assert (refused.value.problem.status, refused.value.retry_after_s) == (503, None)


def test_junk_in_a_stream_and_redirects_without_end() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/stream"):
            return httpx.Response(200, content=b"id: 1\ndata: <html>\n\n", headers=EVENTS)
        return httpx.Response(302, headers={"Location": "/again"})

    with Client(transport=httpx.MockTransport(answer), retries=QUICK) as news:
        with pytest.raises(UnreadableAnswer):
            next(iter(news.follow("1")))
        with pytest.raises((ConnectionFailed, ApiError)):
            news.article("a")


EVENTS = {"Content-Type": "text/event-stream; charset=utf-8"}


@pytest.mark.parametrize(
    ("status", "content", "headers"),
    [
        (200, b"", EVENTS),
        (200, b"retry: 0\nid: 7\n\n", EVENTS),
        (302, b"", {"Location": "/v1/changes/stream"}),
        (200, b"no gzip", {**EVENTS, "Content-Encoding": "gzip"}),
    ],
    ids=["nothing", "a place", "redirects", "damaged"],
)
def test_a_stream_that_ends_at_once_is_asked_for_after_pauses_that_grow(
    status: int, content: bytes, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 4:
            raise InterruptedError

    async def sleep_too(seconds: float) -> None:
        sleep(seconds)

    # In the client's modules alone: a server of other tests runs in a thread of this process.
    monkeypatch.setattr(synchronous, "time", SimpleNamespace(sleep=sleep, monotonic=time.monotonic))
    monkeypatch.setattr(asynchronous, "asyncio", SimpleNamespace(sleep=sleep_too))
    wanted = Retries(first_s=10, longest_s=1_000)

    def again(_: httpx.Request) -> httpx.Response:
        return httpx.Response(status, stream=httpx.ByteStream(content), headers=headers)

    async def follow() -> None:
        async with AsyncClient(transport=httpx.MockTransport(again), retries=wanted) as news:
            async for _ in news.follow():
                raise AssertionError

    with Client(transport=httpx.MockTransport(again), retries=wanted) as news, pytest.raises(InterruptedError):
        next(news.follow())
    first, pauses[:] = tuple(pauses), ()
    with pytest.raises(InterruptedError):
        asyncio.run(follow())
    for found in (first, pauses):
        assert all(5 * 2**number <= pause <= 10 * 2**number for number, pause in enumerate(found)), found


def test_a_page_in_place_of_a_stream_is_said_to_be_one() -> None:
    page = httpx.Response(200, html="<p>Log in</p>")
    with (
        Client(transport=httpx.MockTransport(lambda _: page)) as news,
        pytest.raises(UnreadableAnswer, match="text/html"),
    ):
        next(news.follow())


@pytest.mark.parametrize("article_id", [".", "..", "...", "./a", "../a", "a/..", ".:move"])
def test_ids_may_be_what_paths_go_up_by(connect: Any, service: Clusterer, name: str, article_id: str) -> None:
    news = connect(collection=name)
    accepted = news.add_one({"id": article_id, "text": FLOOD})
    service.drain()
    assert news.article(article_id).id == accepted.id == article_id
    assert news.text(article_id).text
    news.erase(article_id)
    with pytest.raises(Gone):
        news.article(article_id)


def test_a_longer_wait_than_wanted_is_not_waited_for(connect: Any, faulty: Faulty) -> None:
    news = connect(retries=Retries(attempts=5, first_s=0.001, longest_s=0.5))
    faulty.faults += ["slow down"]
    with pytest.raises(Overloaded) as refused:
        news.constraints()
    assert refused.value.retry_after_s == 1
    assert len(faulty.seen) == 1


def test_an_erasure_whose_answer_was_lost_is_done(connect: Any, faulty: Faulty, service: Clusterer, name: str) -> None:
    news = connect(collection=name)
    news.add([{"id": "a", "text": FLOOD}])
    faulty.faults += ["taken, no answer"]
    connect(collection=name).erase("a")
    with pytest.raises(Gone):
        news.erase("a")
    with pytest.raises(NotFound):
        news.erase("never there")


def test_a_correction_that_may_have_been_carried_out_is_not_sent_again(
    connect: Any, faulty: Faulty, service: Clusterer, name: str
) -> None:
    news = connect(collection=name)
    news.add([{"id": "a", "text": FLOOD * 3}, {"id": "b", "text": STRIKE * 3}])
    service.drain()
    flood, strike = (news.cluster_of(one).cluster.id for one in ("a", "b"))
    faulty.seen.clear()
    faulty.faults += ["slow down", "taken, no answer"]
    with pytest.raises(ConnectionFailed, match=":merge"):
        connect(collection=name).merge(strike, into=flood, reason="one event", actor="ada")
    assert len(faulty.seen) == 2
    assert news.cluster(strike).id == flood
    faulty.faults += ["gateway error"]
    with pytest.raises(Unavailable):
        news.pin(flood, reason="done", actor="ada")


def test_an_answer_that_does_not_come_is_not_waited_for(connect: Any, faulty: Faulty) -> None:
    faulty.faults += ["silence"] * 2
    news = connect(timeout_s=0.2, retries=Retries(attempts=2, first_s=0.001))
    with pytest.raises(ConnectionFailed, match="GET /v1/constraints") as failed:
        news.constraints()
    assert isinstance(failed.value.__cause__, httpx.TimeoutException)


def test_nobody_there(connect: Any) -> None:
    news = connect(url="http://127.0.0.1:9", retries=Retries(attempts=2, first_s=0.001))
    with pytest.raises(ConnectionFailed, match="GET /v1/constraints") as failed:
        news.constraints()
    assert isinstance(failed.value.__cause__, httpx.ConnectError)


def test_errors_carry_the_problem(connect: Any, name: str) -> None:
    news = connect(collection=name)
    with pytest.raises(NotFound) as missing:
        news.article("nobody/knows")
    assert (missing.value.problem.code, missing.value.problem.instance) == ("not_found", "/v1/articles/nobody%2Fknows")
    assert missing.value.problem.request_id
    with pytest.raises(Invalid) as wrong:
        news.add_one({"id": "a", "text": 7})
    assert wrong.value.problem.errors[0].pointer == "/text"
    with pytest.raises(Invalid):
        list(news.clusters(sort="beauty"))
    news.add([{"id": one, "text": f"{one} {FLOOD}"} for one in "abc"])
    news.must_link("a", "b", reason="r", actor="ada")
    news.must_link("b", "c", reason="r", actor="ada")
    with pytest.raises(Conflict):
        news.cannot_link("a", "c", reason="r", actor="ada")
    with pytest.raises(NotFound):
        connect(collection="nowhere").constraints()


def test_a_token_is_sent(service: Clusterer) -> None:
    secret = new_token()
    grant = Grant(name="desk", sha256=digest_of(secret), scopes=frozenset({"read"}))
    with serving(create_app(service, tokens=Tokens([grant]))) as address:
        with Client(address, token=secret) as news:
            assert news.constraints() == ()
            with pytest.raises(NotAllowed):
                news.add([{"text": FLOOD}])
        with Client(address) as nobody, pytest.raises(NotAllowed):
            nobody.constraints()


def test_the_example_of_the_documentation_runs(
    service: Clusterer, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (Path(__file__).parents[2] / "docs" / "client.md").read_text()
    example = text.split("```python\n")[1].split("```")[0]
    assert "http://127.0.0.1:8000" in example
    over = threading.Event()

    def work() -> None:
        while not over.wait(0.02):
            service.drain()

    worker = threading.Thread(target=work)
    worker.start()
    try:
        exec(compile(example.replace("http://127.0.0.1:8000", url), "client.md", "exec"), {})
    finally:
        over.set()
        worker.join()
    assert capsys.readouterr().out  # whether it was assigned within the wait depends on the machine
    with Client(url) as news:
        assert {"post/114", "times/9"} <= {article.id for article in news.articles()}


# -- what it is


def test_both_forms_have_the_same_methods() -> None:
    def methods(of: type) -> dict[str, Any]:
        return {name: value for name, value in vars(of).items() if not name.startswith("_") and callable(value)}

    one, other = methods(Client), methods(AsyncClient)
    other["close"] = other.pop("aclose")
    assert one.keys() == other.keys()
    for name, method in one.items():
        assert (
            str(inspect.signature(method)).split(" -> ")[0] == str(inspect.signature(other[name])).split(" -> ")[0]
        ), name
        assert inspect.getdoc(method).split(".")[0] == inspect.getdoc(other[name]).split(".")[0], name


def test_nothing_large_is_imported() -> None:
    heavy = {"torch", "numpy", "faiss", "redis", "celery", "pydantic", "fastapi", "scipy", "lxml", "babel"}
    code = (
        f"import sys, clusterer.client; print(sorted({heavy!r} & sys.modules.keys()),"
        "sorted(one for one in sys.modules if one.startswith('clusterer.') and 'client' not in one))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[] []\n"


SCHEMAS = {
    models.Article: "ArticleResource",
    models.Cluster: "ClusterResource",
    models.ClusterOf: "ArticleClusterResource",
    models.ClusterHit: "ClusterHitResource",
    models.AcceptedArticle: "AssignedArticle",
    models.Relation: "RelationView",
    models.Version: "VersionView",
    models.Duplicate: "DuplicateView",
    models.Duplicates: "DuplicatesView",
    models.Member: "MemberView",
    models.Change: "ChangeView",
    models.NearMember: "NearMember",
    models.Decision: "DecisionView",
    models.Cut: "CutView",
    models.Explanation: "ExplanationView",
    models.Pair: "PairView",
    models.Correction: "CorrectionView",
}
OURS = {models.Page, models.Event}


def test_types_have_the_fields_of_the_document(service: Clusterer) -> None:
    schemas = create_app(service).openapi()["components"]["schemas"]
    kinds = [kind for kind in vars(models).values() if isinstance(kind, type) and issubclass(kind, msgspec.Struct)]
    checked = [kind for kind in kinds if kind is not msgspec.Struct and kind not in OURS]
    assert len(checked) > 20
    for kind in checked:
        schema = schemas[SCHEMAS.get(kind, kind.__name__)]
        assert set(kind.__struct_fields__) == set(schema["properties"]) - {"links"}, kind
        for name, hint in get_type_hints(kind).items():
            may_be_null = {"type": "null"} in schema["properties"][name].get("anyOf", [])
            assert (type(None) in get_args(hint)) >= may_be_null, (kind, name)


def test_filters_are_those_of_the_document(service: Clusterer) -> None:
    paths = create_app(service).openapi()["paths"]
    for path, kind in (("/v1/clusters", package.ClusterFilter), ("/v1/articles", package.ArticleFilter)):
        names = {item["name"] for item in paths[path]["get"]["parameters"]} - {"limit", "cursor", "collection", "id"}
        assert names == set(kind.__annotations__), path


@pytest.mark.parametrize("attempt", range(1, 9))
def test_pauses_grow_and_stay_bounded(attempt: int) -> None:
    call = calls.get(models.Readiness, "x")
    answer = httpx.Response(503, headers={"retry-after": "3"})
    pause = Policy(attempts=8, first_s=1, longest_s=10).pause_s(call, answer, attempt)
    if attempt == 8:
        assert pause is None
    else:
        assert pause is not None
        assert 3 <= pause <= max(3, min(10, 2 ** (attempt - 1)))
    for code in ("no_model", "schema_mismatch"):
        stays = httpx.Response(503, json={"status": 503, "code": code})
        assert Policy(attempts=8).pause_s(call, stays, attempt) is None
