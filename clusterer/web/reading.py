"""The pages that are read: what happens now, a cluster, an article, two texts side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import get_args

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from clusterer.pipeline.lookup.cluster_filter import ClusterFilter, Sort
from clusterer.web.rendering import may_correct, page
from clusterer.web.routing import CollectionOf, PageRoute, Refused, ServiceOf, number_of, segment

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_CLUSTERS = 25
_FAMILIES = 40
_NEAR = 5
_ACTS = 50  # of people, latest first, of which it is known whether they still hold
_CHAPTERS = 50  # clusters of a storyline that are listed on the page of one of them
_LEAST_NEARNESS = 0.25
_UNDOABLE = ("merged", "split", "moved")  # what a person has just done
_WITHIN = {"1h": timedelta(hours=1), "24h": timedelta(days=1), "7d": timedelta(days=7)}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address of the first page asks for, as it stands there; what cannot be read is left out."""

    q: str = ""
    sort: str = "velocity"
    within: str = ""
    published_from: str = ""
    published_to: str = ""
    source: str = ""
    language: str = ""
    min_size: str = ""
    min_origins: str = ""

    @classmethod
    def of(cls, request: Request) -> Wanted:
        given = {name: request.query_params.get(name, "").strip()[:200] for name in cls.__slots__}
        given["sort"] = given["sort"] if given["sort"] in get_args(Sort) else "velocity"
        return cls(**given)

    def narrowed(self) -> bool:
        """Whether anything but the order is asked for."""
        return self != Wanted(sort=self.sort)

    def filter(self, now: datetime) -> ClusterFilter:
        within = _WITHIN.get(self.within)
        return ClusterFilter(
            since=now - within if within else None,
            min_size=number_of(self.min_size),
            source=self.source or None,
            language=self.language or None,
            min_origins=number_of(self.min_origins),
            published_since=_day(self.published_from),
            published_until=_day(self.published_to, 1),
            words=self.q or None,
        )


@router.get("/")
def now(request: Request, service: ServiceOf, collection: CollectionOf) -> HTMLResponse:
    """The clusters, by velocity unless the address says otherwise."""
    wanted = Wanted.of(request)
    sort: Sort = wanted.sort  # type: ignore[assignment]
    asked = wanted.filter(service.clock.now())
    found = collection.lookup.catalogued(asked, sort, _CLUSTERS, request.query_params.get("cursor") or None)
    template = "clusters.html" if request.query_params.get("part") == "clusters" else "now.html"
    return page(
        request,
        template,
        wanted=wanted,
        rows=[
            (one, summary, asked.published(summary)) for one, summary in zip(found.data, found.summaries, strict=True)
        ],
        total=found.total,
        found=found.found,
        next_cursor=found.next_cursor,
        waiting=collection.books.books().pending,
        change=collection.books.position().change,
    )


@router.get("/near")
def near(request: Request, collection: CollectionOf) -> HTMLResponse:
    """Clusters near in meaning to what is being typed: a part of the first page, fetched after it."""
    text = request.query_params.get("q", "").strip()[:1_000]
    hits = collection.lookup.search_text(text, _NEAR, _LEAST_NEARNESS).data if text else ()
    return page(request, "near.html", hits=hits)


@router.get("/clusters/{cluster_id}/near")
def near_cluster(request: Request, collection: CollectionOf) -> HTMLResponse:
    """The clusters of its storyline and those nearest to it: a part of its page, fetched after it, since it may have to wait."""
    cluster_id = segment(request, "cluster_id")
    storyline = collection.lookup.storyline_of(cluster_id, _CHAPTERS, None)
    told = {one.id for one in storyline.clusters}
    hits = collection.lookup.related_clusters(cluster_id, _NEAR).data
    return page(
        request,
        "near.html",
        storyline=storyline,
        own=cluster_id,
        hits=[hit for hit in hits if hit.cluster.id not in told],
    )


@router.get("/articles/{article_id}/near")
def near_article(request: Request, collection: CollectionOf) -> HTMLResponse:
    """The clusters nearest to an article, as a part of its page."""
    article_id = segment(request, "article_id")
    own = collection.lookup.article(article_id).cluster_id
    hits = list(collection.lookup.search_article(article_id, _NEAR + 1, _LEAST_NEARNESS).data)
    hits = [hit for hit in hits if hit.cluster.id != own][:_NEAR]
    return page(request, "near.html", hits=hits, article_id=article_id)


@router.get("/clusters/{cluster_id}")
def cluster(request: Request, collection: CollectionOf) -> HTMLResponse:
    """A cluster."""
    start = number_of(request.query_params.get("from"), 0) or 0
    found = collection.browse.cluster(segment(request, "cluster_id"), start, _FAMILIES)
    done = request.query_params.get("done")
    acts = collection.corrector.acts(1) if done in _UNDOABLE and may_correct(request) else ()
    last_act = next(
        (act for act in acts if act.target and collection.books.resolve(act.target) == found.cluster.id), None
    )
    rules = collection.corrector.left_by(last_act) if last_act else ()
    named = {one for rule in rules for one in rule.article_ids[:2]}
    return page(
        request,
        "cluster.html",
        last_act=last_act,
        rules=rules,
        named={one: collection.browse.names.article(one) for one in named},
        found=found,
        cluster=found.cluster,
        done=done,
        compared=request.query_params.get("compare"),
        following=start + _FAMILIES if start + _FAMILIES < found.family_count else None,
        before=max(0, start - _FAMILIES) if start else None,
    )


@router.get("/articles/{article_id}")
def article(request: Request, collection: CollectionOf) -> HTMLResponse:
    """An article."""
    found = collection.browse.article(segment(request, "article_id"))
    acts = collection.corrector.acts(_ACTS) if any(step.actor for step in found.steps) else ()
    return page(
        request,
        "article.html",
        found=found,
        article=found.article,
        undoable={act.number for act in acts if may_correct(request)},
    )


@router.get("/articles/{article_id}/beside/{other_id}")
def beside(request: Request, collection: CollectionOf) -> HTMLResponse:
    """Two articles side by side."""
    found = collection.browse.compare(segment(request, "article_id"), segment(request, "other_id"))
    return page(request, "beside.html", found=found)


@router.get("/articles/{article_id:path}")
def article_with_slashes(request: Request, collection: CollectionOf) -> HTMLResponse:
    """An article at an address that somebody wrote with the slashes of its id as they are."""
    return article(request, collection)


@router.get("/clusters/{rest:path}")
@router.get("/near/{rest:path}")
@router.get("/corrections/{rest:path}")
@router.get("/nights/{rest:path}")
@router.get("/health/{rest:path}")
def nowhere(rest: str) -> HTMLResponse:
    """An address below a page that leads nowhere."""
    raise Refused(404, "Not found", "There is no page at this address.")


def _day(text: str, later: int = 0) -> datetime | None:
    """The beginning of a day, or of one so many days later; None for what is none."""
    try:
        return datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC) + timedelta(days=later)
    except (ValueError, OverflowError):
        return None
