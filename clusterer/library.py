"""The front for programs: articles in, clusters out, in this process."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import structlog
from structlog.typing import EventDict, WrappedLogger

from clusterer.bootstrap import Clusterer as Service
from clusterer.pipeline.intake import parse_article
from clusterer.pipeline.lookup.cluster_filter import ClusterFilter
from clusterer.pipeline.lookup.views import ClusterView, DuplicatesView, ExplanationView
from clusterer.ports import Encoder
from clusterer.settings import Settings

_PAGE = 100
_OF_EVERY_RECORD = (vars(logging.makeLogRecord({})).keys() | {"message", "asctime"}) - {"exc_info", "stack_info"}


@dataclass(frozen=True, slots=True)
class Cluster:
    """The articles that report one event, in order of arrival. `title` is the most central article's; keywords: most telling first."""

    id: str
    title: str | None
    keywords: tuple[str, ...]
    names: tuple[str, ...]
    article_ids: tuple[str, ...]


class Clusterer:
    """The whole pipeline over a private Redis that keeps nothing: no other process, nothing printed, nothing left behind.

    Raises ExtraNotInstalled without the extra `worker`. Log records go to the standard library's logger `clusterer`.
    """

    def __init__(self, settings: Settings | None = None, *, encoder: Encoder | None = None) -> None:
        _log_quietly()
        self._service = Service.in_memory(settings, encoder=encoder)
        self._collection = self._service.collection()

    def add(self, articles: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
        """Take articles and decide about each; their ids, which are made up where they have none.

        An article has `text` or `html`, and may have `id`, `title`, `url`, `source`, `published_at` and `lang`. Sent again it changes
        nothing. Raises Rejected, naming the field, before any of them is taken.
        """
        parsed = [parse_article(dict(article)) for article in articles]
        receipts = self._collection.intake.accept(parsed)
        self._service.drain()
        return tuple(receipt.article_id for receipt in receipts)

    def clusters(self, min_size: int = 1) -> tuple[Cluster, ...]:
        """All clusters with at least so many articles, the largest first."""
        found: list[Cluster] = []
        cursor: str | None = None
        while True:
            page = self._collection.lookup.clusters(ClusterFilter(min_size=min_size), "size", _PAGE, cursor)
            found += [self._cluster(view) for view in page.data]
            cursor = page.next_cursor
            if cursor is None:
                return tuple(found)

    def storyline(self, cluster_id: str) -> tuple[Cluster, ...]:
        """The clusters that tell one saga with this one, itself among them, in order of time; none where it stands alone.

        `regroup` makes storylines. Raises NotFound; MergedAway, Gone for a cluster that is no more.
        """
        found: list[Cluster] = []
        cursor: str | None = None
        while True:
            page = self._collection.lookup.storyline_of(cluster_id, _PAGE, cursor)
            found += [self._cluster(view) for view in page.clusters]
            cursor = page.next_cursor
            if cursor is None:
                return tuple(found)

    def duplicates(self, article_id: str) -> DuplicatesView:
        """The copies, excerpts and versions that an article belongs to. Raises NotFound."""
        return self._collection.lookup.duplicates(article_id)

    def explain(self, article_id: str) -> ExplanationView:
        """Why an article is in its cluster. Raises NotFound."""
        return self._collection.lookup.explain(article_id)

    def regroup(self) -> None:
        """Group everything anew with hindsight, as the nightly job does."""
        self._collection.nightly.run("library", force=True)

    def close(self) -> None:
        """Give its memory back; it cannot be used afterwards."""
        del self._collection, self._service

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _cluster(self, view: ClusterView) -> Cluster:
        ids: list[str] = []
        cursor: str | None = None
        while True:
            page = self._collection.lookup.cluster_articles(view.id, _PAGE, cursor)
            ids += [member.article_id for member in page.data]
            cursor = page.next_cursor
            if cursor is None:
                return Cluster(view.id, view.title, view.keywords, view.names, tuple(ids))


def _log_quietly() -> None:
    """Unless the program has configured structlog, whose default is to print."""
    if not structlog.is_configured():
        structlog.configure(
            processors=[structlog.stdlib.filter_by_level, _name_apart, structlog.stdlib.render_to_log_kwargs],
            logger_factory=structlog.stdlib.LoggerFactory(),
            wrapper_class=structlog.stdlib.BoundLogger,
        )
        logging.getLogger("clusterer").addHandler(logging.NullHandler())


def _name_apart(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """A record of the standard library has attributes of its own, and no field may bear their names: `created` becomes `created_`."""
    return {f"{name}_" if name in _OF_EVERY_RECORD else name: value for name, value in event.items()}
