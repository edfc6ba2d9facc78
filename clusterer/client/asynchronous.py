"""`AsyncClient`, for asyncio."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from itertools import count
from types import TracebackType
from typing import Any, Self, TypeVar, Unpack

import httpx

from clusterer.client import calls, models
from clusterer.client.calls import ArticleFilter, Call, ClusterFilter, Time
from clusterer.client.connecting import options, stream_request, timeouts
from clusterer.client.errors import ApiError, Overloaded, Unavailable, check_stream, error_of, failure_of
from clusterer.client.events import EventReader
from clusterer.client.models import Page
from clusterer.client.retrying import Retries

T = TypeVar("T")


class AsyncClient:
    """The API of one collection, with the methods of `Client`. Close it, or use it as an asynchronous context manager.

    Methods raise ApiError, by the kind of the problem, and ConnectionFailed. Lists are asynchronous iterators that ask for pages
    as they go.
    """

    def __init__(
        self,
        url: str = "http://127.0.0.1:8000",
        *,
        token: str | None = None,
        collection: str = "default",
        timeout_s: float = 30.0,
        retries: Retries | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._http = httpx.AsyncClient(**options(url, token, collection), transport=transport)
        self._timeout_s = timeout_s
        self._retries = retries or Retries()

    async def add(self, articles: Iterable[Mapping[str, Any]]) -> tuple[models.BatchItem, ...]:
        """Send articles; what became of each. They are stored when this returns, and clustered soon after.

        An article has `text` or `html`, and may have `id`, `title`, `url`, `source`, `published_at` and `lang`. One that is `rejected`
        does not keep the others out. Batches are sent again under the same Idempotency-Key, so that none is taken twice.
        """
        return tuple(calls.numbered([await self._send(call) for call in calls.add(articles)]))

    async def add_one(self, article: Mapping[str, Any], *, wait_s: float = 0) -> models.AcceptedArticle:
        """Send one article; with `wait_s` up to so many seconds are waited for its cluster. Raises Invalid for one that is not taken."""
        return await self._send(calls.add_one(article, wait_s))

    async def article(self, article_id: str) -> models.Article:
        """An article by its latest revision."""
        return await self._send(calls.get(models.Article, "articles", article_id))

    def articles(self, **wanted: Unpack[ArticleFilter]) -> AsyncIterator[models.Article]:
        """Articles, latest received first."""
        return self._each(calls.get(Page[models.Article], "articles", limit=100, **wanted))

    async def text(self, article_id: str) -> models.ArticleText:
        """The text of an article as cleaning left it."""
        return await self._send(calls.get(models.ArticleText, "articles", article_id, "text"))

    async def versions(self, article_id: str) -> tuple[models.Version, ...]:
        """All revisions of an article, oldest first."""
        return (await self._send(calls.get(Page[models.Version], "articles", article_id, "versions"))).data

    async def cluster_of(self, article_id: str) -> models.ClusterOf:
        """The cluster of an article."""
        return await self._send(calls.get(models.ClusterOf, "articles", article_id, "cluster"))

    async def duplicates(self, article_id: str) -> models.Duplicates:
        """The copies, excerpts and versions that an article belongs to."""
        return await self._send(calls.get(models.Duplicates, "articles", article_id, "duplicates"))

    async def related(self, article_id: str, *, limit: int = 10) -> tuple[models.RelatedArticle, ...]:
        """The nearest articles."""
        return (
            await self._send(calls.get(Page[models.RelatedArticle], "articles", article_id, "related", limit=limit))
        ).data

    async def explain(self, article_id: str, *, beside: str | None = None) -> models.Explanation:
        """Why an article is in its cluster; `beside` another one, also how the two compare today."""
        return await self._send(calls.get(models.Explanation, "articles", article_id, "explain", **{"with": beside}))

    async def erase(self, article_id: str) -> None:
        """Erase an article everywhere, with all its revisions."""
        await self._send(calls.erase(article_id))

    def clusters(self, **wanted: Unpack[ClusterFilter]) -> AsyncIterator[models.Cluster]:
        """Clusters in an order, descending; the latest first unless `sort` says otherwise."""
        return self._each(calls.get(Page[models.Cluster], "clusters", limit=100, **wanted))

    async def cluster(self, cluster_id: str) -> models.Cluster:
        """A cluster; for the id of one that was merged away, the one that it stands for now."""
        return await self._send(calls.get(models.Cluster, "clusters", cluster_id))

    def members(self, cluster_id: str) -> AsyncIterator[models.Member]:
        """The articles of a cluster, in the order they were accepted."""
        return self._each(calls.get(Page[models.Member], "clusters", cluster_id, "articles", limit=100))

    async def related_clusters(self, cluster_id: str, *, limit: int = 10) -> tuple[models.ClusterHit, ...]:
        """The clusters nearest to this one."""
        return (
            await self._send(calls.get(Page[models.ClusterHit], "clusters", cluster_id, "related", limit=limit))
        ).data

    def history(self, cluster_id: str, *, at: Time | None = None) -> AsyncIterator[models.HistoryEntry]:
        """The changes of a cluster, oldest first."""
        return self._each(calls.get(Page[models.HistoryEntry], "clusters", cluster_id, "history", at=at, limit=100))

    async def search(
        self, text: str | None = None, *, article_id: str | None = None, limit: int = 10, threshold: float = 0.0
    ) -> tuple[models.ClusterHit, ...]:
        """The clusters nearest to a text or to an article, nearest first."""
        return (await self._send(calls.search(text, article_id, limit, threshold))).data

    async def changes(self, cursor: str | None = None, *, limit: int = 100) -> Page[models.Change]:
        """What happened after a cursor, oldest first. Keep `next_cursor`, also of an empty page, and ask again."""
        return await self._send(calls.get(Page[models.Change], "changes", cursor=cursor, limit=limit))

    async def follow(self, cursor: str | None = None) -> AsyncIterator[models.Event]:
        """Changes as they happen, each once and in order, without end; from now on where no cursor is given.

        A connection that breaks is made again, after pauses that grow, and goes on where it was; keep `event.cursor` to go on in another
        process.
        """
        reader = EventReader(cursor)
        attempt = 0
        while True:
            attempt, began = attempt + 1, time.monotonic()
            reader.begin()
            try:
                async with self._http.stream(**stream_request(reader.cursor, self._timeout_s)) as response:
                    if not response.is_success:
                        await response.aread()
                        raise error_of(response)
                    check_stream(response)
                    async for line in response.aiter_lines():
                        event = reader.take(line)
                        if event is not None:
                            attempt = 0
                            yield event
            except (httpx.RequestError, Overloaded, Unavailable) as error:
                asked_s = error.retry_after_s if isinstance(error, ApiError) else None
                await asyncio.sleep(self._retries.back_after_s(attempt, asked_s))
            else:
                lasted_s = time.monotonic() - began
                attempt = attempt if lasted_s < self._retries.longest_s else 0
                if attempt:  # it ended at once, and told nothing
                    await asyncio.sleep(self._retries.back_after_s(attempt))

    async def merge(
        self, cluster_id: str, *, into: str, reason: str, actor: str | None = None, revision: int | None = None
    ) -> models.Corrected:
        """Merge a cluster into another one. revision: of the cluster as you saw it; raises RevisionMismatch if it changed."""
        body = calls.decision(reason, actor, into=into)
        return await self._send(calls.correct(models.Corrected, "clusters", "merge", cluster_id, body, revision))

    async def split(
        self,
        cluster_id: str,
        *,
        article_ids: Iterable[str],
        reason: str,
        actor: str | None = None,
        revision: int | None = None,
    ) -> models.Corrected:
        """Split articles off a cluster into a new cluster."""
        body = calls.decision(reason, actor, article_ids=list(article_ids))
        return await self._send(calls.correct(models.Corrected, "clusters", "split", cluster_id, body, revision))

    async def pin(
        self, cluster_id: str, *, reason: str, actor: str | None = None, revision: int | None = None
    ) -> models.Correction:
        """Pin a cluster: no reclustering changes its articles."""
        body = calls.decision(reason, actor)
        return await self._send(calls.correct(models.Correction, "clusters", "pin", cluster_id, body, revision))

    async def move(
        self, article_id: str, *, into: str, reason: str, actor: str | None = None, revision: int | None = None
    ) -> models.Corrected:
        """Move an article and its copies to another cluster. revision: of the cluster that it leaves."""
        body = calls.decision(reason, actor, into=into)
        return await self._send(calls.correct(models.Corrected, "articles", "move", article_id, body, revision))

    async def must_link(self, one: str, other: str, *, reason: str, actor: str | None = None) -> models.Correction:
        """Two articles must share a cluster, from the next decision on."""
        return await self._send(calls.link("must_link", (one, other), calls.decision(reason, actor)))

    async def cannot_link(self, one: str, other: str, *, reason: str, actor: str | None = None) -> models.Correction:
        """Two articles must not share a cluster, from the next decision on."""
        return await self._send(calls.link("cannot_link", (one, other), calls.decision(reason, actor)))

    async def constraints(self) -> tuple[models.Correction, ...]:
        """All corrections in force, oldest first."""
        return (await self._send(calls.get(Page[models.Correction], "constraints"))).data

    async def withdraw(self, key: str, *, reason: str, actor: str | None = None) -> None:
        """A correction no longer holds."""
        await self._send(calls.withdraw(key, reason, actor))

    async def ready(self) -> models.Readiness:
        """Whether articles can be accepted, and which workers live. Raises Unavailable."""
        return await self._send(Call("GET", "/readyz", models.Readiness))

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def _each(self, call: Call[Page[T]]) -> AsyncIterator[T]:
        while True:
            page = await self._send(call)
            for item in page.data:
                yield item
            if page.next_cursor is None:
                return
            call = call.after(page.next_cursor)

    async def _send(self, call: Call[T]) -> T:
        for attempt in count(1):
            outcome: httpx.Response | httpx.RequestError
            try:
                outcome = await self._http.request(
                    call.method,
                    call.path,
                    params=call.params,
                    content=call.body,
                    headers=call.headers,
                    timeout=timeouts(self._timeout_s, call.wait_s),
                )
            except httpx.RequestError as error:
                outcome = error
            if isinstance(outcome, httpx.Response) and call.is_done(outcome, attempt):
                return call.decoded(outcome)
            pause_s = self._retries.pause_s(call, outcome, attempt)
            if pause_s is None:
                raise failure_of(f"{call.method} {call.path}", outcome)
            await asyncio.sleep(pause_s)
        raise AssertionError("unreachable")
