"""Lists of clusters page by page: of all clusters in the orders that the store keeps, of the newest ones in any other."""

from __future__ import annotations

from clusterer.core.cluster_records import ClusterRecord
from clusterer.pipeline.lookup.cluster_filter import ClusterFilter, ClusterList, Sort, ranked
from clusterer.pipeline.lookup.cluster_reader import ClusterReader
from clusterer.pipeline.lookup.cursors import decode_cursor, encode_cursor
from clusterer.pipeline.lookup.steady import Steady
from clusterer.pipeline.lookup.views import ClusterView, Page, part
from clusterer.pipeline.reach import Horizon
from clusterer.pipeline.replicas.catalogue import Catalogue, Summary
from clusterer.ports import CollectionStore

_SCAN_PAGE = 100
_SCAN_PAGES = 10  # 1,000 clusters looked at for one page of a narrow filter, then the cursor goes on


class ClusterLists:
    """The two kinds of lists. Every method may raise StoreUnavailable."""

    def __init__(self, books: CollectionStore, clusters: ClusterReader, horizon: Horizon, steady: Steady) -> None:
        self._books = books
        self._clusters = clusters
        self._horizon = horizon
        self._steady = steady
        self._catalogue = Catalogue(books)

    def stored(self, wanted: ClusterFilter, sort: Sort, limit: int, cursor: str | None) -> Page[ClusterView]:
        """Clusters in an order that the store keeps, by what their records tell, descending. Raises InvalidCursor.

        A page can be short of `limit`, even empty, and still have a cursor: a narrow filter looks at a bounded number
        of clusters a page.
        """
        listing = f"clusters:{sort}"
        wanted = wanted.as_of(self._horizon.at()) if wanted.status else wanted
        start = decode_cursor(listing, cursor) if cursor else _start(wanted, sort)

        def total(generation: int) -> int | None:
            return self._books.cluster_count(generation) if wanted == ClusterFilter() else None

        def look(generation: int) -> Page[ClusterView]:
            found: list[ClusterRecord] = []
            below, size = start, limit  # where nearly all are admitted, the first rows fill the page
            for _ in range(_SCAN_PAGES):
                rows = self._books.cluster_ids("size" if sort == "size" else "last_seen", below, size)
                records = self._books.clusters([cluster_id for _, cluster_id in rows], generation)
                for below, record in zip(rows, records, strict=True):
                    if record is None or not wanted.admits(record):
                        continue
                    found.append(record)
                    if len(found) == limit:
                        return Page(self._clusters.views_of(found), encode_cursor(listing, *below), total(generation))
                if len(rows) < size or (below is not None and _past_the_end(below[0], wanted, sort)):
                    return part(self._clusters.views_of(found), None, cursor, total(generation))
                size = _SCAN_PAGE
            more = encode_cursor(listing, *below) if below else None
            return Page(self._clusters.views_of(found), more, total(generation))

        return self._steady.look(look)

    def catalogued(self, wanted: ClusterFilter, sort: Sort, limit: int, cursor: str | None) -> ClusterList:
        """Clusters of the newest articles in an order, descending, and how many are known. Raises InvalidCursor."""
        listing = f"catalogue:{sort}"
        below = decode_cursor(listing, cursor) if cursor else None
        wanted = wanted.as_of(self._horizon.at()) if wanted.status else wanted
        rows = ranked(wanted.chosen(self._catalogue.summaries()), sort, wanted)
        total = len(rows) if self._catalogue.knows_all() else None
        start = next((at for at, row in enumerate(rows) if row[:2] < below), len(rows)) if below else 0

        gone: list[str] = []

        def look(generation: int) -> ClusterList:
            found: list[tuple[ClusterRecord, float, Summary]] = []
            gone.clear()
            at = start
            while at < len(rows) and len(found) < limit:
                asked = rows[at : at + limit - len(found)]
                records = self._books.clusters([cluster_id for _, cluster_id, _ in asked], generation)
                for (value, cluster_id, summary), record in zip(asked, records, strict=True):
                    if record is None or record.status == "retired":
                        gone.append(cluster_id)
                    else:
                        found.append((record, value, summary))
                at += len(asked)
            more = len(found) == limit and at < len(rows)
            return ClusterList(
                self._clusters.views_of([record for record, _, _ in found]),
                encode_cursor(listing, found[-1][1], found[-1][0].id) if more else None,
                total,
                len(rows),
                tuple(summary for _, _, summary in found),
            )

        answer = self._steady.look(look)
        for cluster_id in gone:
            self._catalogue.forget(cluster_id)
        return answer


def _start(wanted: ClusterFilter, sort: Sort) -> tuple[float, str] | None:
    """Where a listing may begin, so that a filter on its own sort value skips nothing one by one."""
    if sort == "last_seen" and wanted.until is not None:
        return wanted.until.timestamp(), ""
    if sort == "size" and wanted.max_size is not None:
        return wanted.max_size + 1, ""
    return None


def _past_the_end(value: float, wanted: ClusterFilter, sort: Sort) -> bool:
    """Whether nothing below this sort value can pass the filter."""
    if sort == "last_seen":
        return wanted.since is not None and value < wanted.since.timestamp()
    return wanted.min_size is not None and value < wanted.min_size
