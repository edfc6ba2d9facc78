"""Which cluster or article a person means who names it in a form: by its id, the address of its page, or words of its headline."""

from __future__ import annotations

from collections.abc import Sequence

from clusterer.core.errors import NotFound
from clusterer.pipeline.collection import Collection
from clusterer.pipeline.lookup.views import ArticleView, ClusterView
from clusterer.web.routing import Form, Refused, Undecided

_OFFERED = 8


def cluster_meant(collection: Collection, form: Form, field: str, than: str | None) -> str:
    """The id of the one cluster; words mean another one than `than`. Raises Refused; Undecided where words leave a choice."""
    given = form.target(field, "clusters")
    if collection.books.resolve(given):
        return given
    return _one(form, field, "clusters", given, collection.browse.clusters_like(given), than)


def article_meant(collection: Collection, form: Form, field: str, than: str) -> str:
    """The id of the one article; words mean another one than `than`. Raises Gone, Refused; Undecided where words leave a choice."""
    given = form.target(field, "articles")
    try:
        return collection.lookup.article(given).id
    except NotFound:
        return _one(form, field, "articles", given, collection.browse.articles_like(given), than)


def _one(
    form: Form, field: str, kind: str, given: str, like: Sequence[ClusterView | ArticleView], than: str | None
) -> str:
    """The only other one with exactly this headline, whatever its case; what else was found is offered."""
    found = [one for one in like if one.id != than]
    exact = [one for one in found if (one.title or "").casefold().split() == given.casefold().split()]
    if len(exact) == 1:
        return exact[0].id
    title, noun = f"Which {kind.removesuffix('s')}?", kind if exact else kind.removesuffix("s")
    much = f"Several other {noun} have" if exact else f"No other {noun} has"
    if not found:
        raise Refused(422, title, f"{much} the headline “{given}”. Give its id, or the address of its page.")
    raise Undecided(
        title, f"{much} the headline “{given}”. Choose one:", field, kind, (exact or found)[:_OFFERED], form
    )
