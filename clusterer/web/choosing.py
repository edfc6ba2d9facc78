"""Which cluster or article a person means who names it in a form: by its id, the address of its page, or words of its headline."""

from __future__ import annotations

from collections.abc import Sequence

from clusterer.core.errors import NotFound
from clusterer.pipeline.collection import Collection
from clusterer.pipeline.lookup.views import ArticleView, ClusterView
from clusterer.web.routing import Form, Refused, Undecided

_OFFERED = 8


def cluster_meant(collection: Collection, form: Form, field: str) -> str:
    """The id of the one cluster. Raises Refused; Undecided where words leave a choice."""
    given = form.target(field, "clusters")
    if collection.books.resolve(given):
        return given
    return _one(form, field, "clusters", given, collection.browse.clusters_like(given))


def article_meant(collection: Collection, form: Form, field: str) -> str:
    """The id of the one article. Raises Gone, Refused; Undecided where words leave a choice."""
    given = form.target(field, "articles")
    try:
        return collection.lookup.article(given).id
    except NotFound:
        return _one(form, field, "articles", given, collection.browse.articles_like(given))


def _one(form: Form, field: str, kind: str, given: str, found: Sequence[ClusterView | ArticleView]) -> str:
    """The only one with exactly this headline, whatever its case; what else was found is offered."""
    exact = [one for one in found if (one.title or "").casefold().split() == given.casefold().split()]
    if len(exact) == 1:
        return exact[0].id
    title, noun = f"Which {kind.removesuffix('s')}?", kind if exact else kind.removesuffix("s")
    much = f"Several {noun} have" if exact else f"No {noun} has"
    if not found:
        raise Refused(422, title, f"{much} the headline “{given}”. Give its id, or the address of its page.")
    raise Undecided(
        title, f"{much} the headline “{given}”. Choose one:", field, kind, (exact or found)[:_OFFERED], form
    )
