"""Templates and how they are filled. Everything that comes from articles is escaped, and no script but our own may run."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, StreamingResponse

from clusterer.core.url_dates import MID_MONTH, date_in_url
from clusterer.core.urls import path_segment
from clusterer.pipeline.browsing.families import is_day
from clusterer.pipeline.browsing.names import Named
from clusterer.pipeline.lookup import pair_wording, wording
from clusterer.pipeline.service import DEFAULT_COLLECTION, Service
from clusterer.web.plot import histogram
from clusterer.web.words import done, later, outcome, sentence, site, state

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",  # with `no-referrer` a browser sends no usable Origin along with a form
}
ASSETS: Mapping[str, str] = {
    "style.css": "text/css; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
_DOUBTFUL = timedelta(days=31)
_ACTED_ON = ("health", "nights")  # pages with buttons, to which one goes back from what was not possible


@lru_cache(maxsize=len(ASSETS))
def asset(name: str) -> bytes:
    """A shipped file."""
    return files("clusterer.web").joinpath("static", name).read_bytes()


def asset_version(name: str) -> str:
    """Changes with the file's content, so that it may be kept for ever under its address."""
    return sha256(asset(name)).hexdigest()[:12]


def when(moment: datetime | None) -> Markup:
    """A time as people read it, UTC, to the minute; of midnight the day, since that is how dates without a time are kept."""
    if moment is None:
        return Markup("unknown")
    utc = moment.astimezone(UTC)
    told = f"{utc:%-d %b %Y}" if is_day(utc) else f"{utc:%-d %b %Y, %H:%M}"
    return Markup('<time datetime="{}">{}</time>').format(utc.isoformat(timespec="seconds"), told)


def by_address(moment: datetime) -> Markup:
    """The day that an address gives; the month alone where that may be all that it gives."""
    told = f"{moment:%b %Y}" if moment.day == MID_MONTH else f"{moment:%-d %b %Y}"
    return Markup("{} by its address").format(told)


def by_month(*articles: Any) -> bool:
    """Whether of one of them the address alone gives a date, and the month alone."""
    return any(_has_month_alone(one) for one in articles)


def _has_month_alone(article: Any) -> bool:
    if isinstance(article, Named):
        return bool(article.of_address and article.published_at and article.published_at.day == MID_MONTH)
    day = None if article.published_at else date_in_url(article.url, article.received_at)
    return day is not None and day.day == MID_MONTH


def doubt(article: Any) -> datetime | None:
    """The date that an article's address gives where it lies more than a month from the stated one, which counts."""
    other = date_in_url(article.url, article.received_at) if article.published_at else None
    return other if other and abs(other - article.published_at) > _DOUBTFUL else None


def span(first: datetime | None, last: datetime | None) -> Markup:
    """From one time to another, the day named once."""
    if first is None or last is None:
        return when(first or last)
    if last - first < timedelta(minutes=1):
        return when(first)
    if first.astimezone(UTC).date() == last.astimezone(UTC).date():
        ending = f"{last.astimezone(UTC):%H:%M}"
        if is_day(first):  # of the first the day is all that is known
            return when(first)
        between = "–"
        return Markup('{}{}<time datetime="{}">{}</time>').format(when(first), between, last.isoformat(), ending)
    return Markup("{} – {}").format(when(first), when(last))


def path_of(request: Request, *segments: str, **query: object) -> str:
    """The address of a page of the collection that is being looked at; parameters that are None or blank are left out."""
    name = collection_name(request)
    given = {key: value for key, value in query.items() if value not in (None, "")}
    if name != DEFAULT_COLLECTION:
        given["collection"] = name
    path = prefix_of(request.scope) + "/" + "/".join(path_segment(segment) for segment in segments)
    return path + (f"?{urlencode(given)}" if given else "")


def may_correct(request: Request) -> bool:
    """Whether who asks may change what is decided."""
    grant = request.scope.get("state", {}).get("grant")
    return grant is None or "admin" in grant.scopes


def prefix_of(scope: MutableMapping[str, Any]) -> str:
    """The path of a proxy below which all pages are; mostly none."""
    return str(scope.get("state", {}).get("prefix", ""))


def collection_name(request: Request) -> str:
    """The collection that a request names."""
    return request.query_params.get("collection") or DEFAULT_COLLECTION


def page(request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """A page. `context` goes to the template, beside what every page needs."""
    html = _environment().get_template(template).render(_shared(request) | context)
    return HTMLResponse(html, status, dict(HEADERS))


def error_page(
    request: Request, status: int, title: str, detail: str, headers: Mapping[str, str] | None = None
) -> HTMLResponse:
    """A page that says what went wrong. Asks the store nothing, since it may be what went wrong."""
    section = request.scope["path"].split("/")[1]
    back = section if section in _ACTED_ON else None
    context = _frame(request) | {"collections": [], "title": title, "detail": detail, "back": back}
    html = _environment().get_template("error.html").render(context)
    return HTMLResponse(html, status, {**HEADERS, **(headers or {})})


def growing_page(request: Request, template: str, **context: Any) -> StreamingResponse:
    """A page that is sent while it is made, for a template that waits for something on the way."""
    parts = _environment().get_template(template).generate(_shared(request) | context)
    unbuffered = {"X-Accel-Buffering": "no"}  # by nginx, which would keep it back until it is whole
    return StreamingResponse(parts, media_type="text/html", headers={**HEADERS, **unbuffered})


def compile_templates() -> None:
    """Otherwise each is compiled by the first page that needs it; all take a fifth of a second."""
    for name in _environment().list_templates():
        _environment().get_template(name)


def _shared(request: Request) -> dict[str, Any]:
    """What every page needs."""
    service: Service = request.app.state.service
    grant = request.scope.get("state", {}).get("grant")
    sees_all = grant is None or grant.collections == "all"
    return _frame(request) | {"collections": service.store.collections() if sees_all else []}


def _frame(request: Request) -> dict[str, Any]:
    """What surrounds every page."""
    grant = request.scope.get("state", {}).get("grant")
    return {
        "url": lambda *segments, **query: path_of(request, *segments, **query),
        "asset_url": lambda name: path_of(request, "assets", name, v=asset_version(name)),
        "collection": collection_name(request),
        "here": request.url.path,
        "user": grant.name if grant else None,
        "may_correct": may_correct(request),
        "tokens_on": request.app.state.tokens is not None,
    }


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("clusterer.web"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        when=when,
        day_of_address=lambda article: date_in_url(article.url, article.received_at),
        by_address=by_address,
        doubt=doubt,
        later=later,
        kind=wording.relation,
        kind_of=wording.relation_to,
        reason=sentence,
        site=site,
        state=state,
        done=done,
        outcome=outcome,
    )
    environment.globals.update(
        by_month=by_month,
        words_without_counts=pair_wording.uncounted,
        span=span,
        histogram=histogram,
        words=wording,
        plural=wording.plural,
    )
    return environment
