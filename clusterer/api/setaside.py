"""What could not be processed or taken: dead articles, and what queue producers sent in vain. Read, replayed, dropped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Path

from clusterer.api.parameters import ArticleId, CollectionOf, Cursor, Limit, ServiceOf, only_known_parameters
from clusterer.api.problems import FieldProblem, Problem, problem_responses
from clusterer.core.errors import NotFound
from clusterer.pipeline.intake import Rejected
from clusterer.pipeline.lookup.setaside import (
    DeadArticle,
    RefusedArticle,
    all_dead,
    dead_articles,
    refused_article,
    refused_articles,
)
from clusterer.pipeline.lookup.views import Page

router = APIRouter(
    prefix="/v1/admin",
    tags=["admin"],
    dependencies=[Depends(only_known_parameters)],
    responses=problem_responses(404, 422, 503),
)

Number = Annotated[str, Path(pattern=r"^[0-9]{1,19}-[0-9]{1,19}$", description="As listed.")]


@dataclass(frozen=True, slots=True)
class Replayed:
    """The article that is worked on again."""

    article_id: str


@router.get("/dead")
def get_dead(collection: CollectionOf, limit: Limit = 20, cursor: Cursor = None) -> Page[DeadArticle]:
    """Dead articles in order of acceptance: title, attempts, since when, and why."""
    return dead_articles(collection.books, limit, cursor)


@router.post("/dead/{article_id}/replay", status_code=202, responses=problem_responses(415))
def replay_dead(service: ServiceOf, collection: CollectionOf, article_id: ArticleId) -> Replayed:
    """Process a dead article again, from the beginning."""
    chosen = [one for one in all_dead(collection.books) if one.article_id == article_id]
    if not any([collection.books.retry_dead(one.seq) for one in chosen]):
        raise NotFound(f"there is no dead article {article_id!r}")
    service.hints.articles()
    return Replayed(article_id)


@router.get("/rejected")
def get_rejected(collection: CollectionOf, limit: Limit = 20, cursor: Cursor = None) -> Page[RefusedArticle]:
    """Rejected articles of queue producers, oldest first. The default collection has those sent to no existing collection."""
    return refused_articles(collection.books, limit, cursor or "")


@router.get("/rejected/{number}")
def get_one_rejected(collection: CollectionOf, number: Number) -> RefusedArticle:
    """A rejected article with its complete `payload` as JSON."""
    return refused_article(collection.books, number)


@router.post("/rejected/{number}/replay", status_code=202, responses=problem_responses(415, 429))
def replay_rejected(service: ServiceOf, collection: CollectionOf, number: Number) -> Replayed:
    """Submit a rejected article again."""
    try:
        return Replayed(service.replay_refusal(collection, number).article_id)
    except Rejected as rejected:
        errors = [FieldProblem("body", error.pointer, error.detail) for error in rejected.errors]
        raise Problem("validation_failed", str(rejected), errors) from None


@router.delete("/rejected/{number}", status_code=204)
def drop_rejected(collection: CollectionOf, number: Number) -> None:
    """Delete a rejected article permanently."""
    if not collection.books.drop_refusal(number):
        raise NotFound(f"there is no rejected article {number}")
