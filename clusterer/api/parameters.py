"""The parameters that many routes share, and where they come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated
from urllib.parse import unquote_to_bytes

from fastapi import Depends, Path, Query, Request
from fastapi.dependencies.models import Dependant
from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from clusterer.api.limits import ApiLimits
from clusterer.api.problems import FieldProblem, Problem
from clusterer.api.proxies import public_path
from clusterer.core.urls import path_segment
from clusterer.pipeline.access import SCOPES, Scope
from clusterer.pipeline.collection import Collection
from clusterer.pipeline.intake import COLLECTION_PATTERN
from clusterer.pipeline.service import DEFAULT_COLLECTION, Service


def get_service(request: Request) -> Service:
    """The service that this application fronts."""
    service: Service = request.app.state.service
    return service


def get_limits(request: Request) -> ApiLimits:
    """What one request may ask for."""
    limits: ApiLimits = request.app.state.limits
    return limits


CollectionName = Annotated[
    str, Query(alias="collection", pattern=COLLECTION_PATTERN, description="Name of the collection.")
]


def get_collection(request: Request, name: CollectionName = DEFAULT_COLLECTION) -> Collection:
    """The collection a request names. Raises NotFound."""
    return get_service(request).collection(name)


@dataclass(frozen=True, slots=True)
class Asked:
    """The collection that a request names, before it was looked for."""

    service: Service
    name: str

    def collection(self) -> Collection:
        """Raises NotFound."""
        return self.service.collection(self.name)


async def asked(request: Request, name: CollectionName = DEFAULT_COLLECTION) -> Asked:
    """The collection that a request names, to be looked for by whoever needs it."""
    return Asked(get_service(request), name)


def decoded_segment(value: str) -> str:
    """A path segment as the client meant it. Routing left it percent-encoded, so that ids may hold slashes."""
    try:
        decoded = unquote_to_bytes(value).decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError("must be percent-encoded UTF-8") from None
    if not 1 <= len(decoded) <= 256:
        raise ValueError("must have 1 to 256 characters")
    return decoded


def _utc(value: object) -> object:
    """RFC 3339 or a date; a naive time means UTC. A blank stands for the plus sign that URLs turn into one."""
    if not isinstance(value, str):
        return value
    try:
        if len(value) == len("2026-03-01"):
            return datetime.combine(date.fromisoformat(value), datetime.min.time(), tzinfo=UTC)
        parsed = datetime.fromisoformat(value.replace(" ", "+") if "T" in value else value)
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("must be an RFC 3339 time or a date, such as 2026-03-01T09:30:00Z") from None


def _without_surrogates(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("must be percent-encoded UTF-8") from None
    return value


ServiceOf = Annotated[Service, Depends(get_service)]
LimitsOf = Annotated[ApiLimits, Depends(get_limits)]
CollectionOf = Annotated[Collection, Depends(get_collection)]
LookedUp = Annotated[Collection, Depends(asked)]  # for a WrittenRoute, whose handlers get the collection
ArticleId = Annotated[
    str, Path(description="Percent-encoded; a slash in an id is sent as %2F."), AfterValidator(decoded_segment)
]
ClusterId = Annotated[str, Path(max_length=256), AfterValidator(decoded_segment)]
StorylineId = Annotated[str, Path(max_length=256), AfterValidator(decoded_segment)]
Limit = Annotated[int, Query(ge=1, le=100, description="Maximum number of items on a page.")]
Cursor = Annotated[
    str | None,
    Query(max_length=512, description="`next_cursor` of the previous page."),
    AfterValidator(lambda v: v or None),
]
Time = Annotated[datetime, BeforeValidator(_utc), WithJsonSchema({"type": "string", "format": "date-time"})]
Word = Annotated[str, Query(max_length=2_000), AfterValidator(_without_surrogates)]


def path_to(collection: Collection, *segments: str) -> str:
    """The path of a resource of a collection, each segment percent-encoded whole."""
    return path_of(collection, "/v1/" + "/".join(path_segment(segment, ":") for segment in segments))


def paths_below(collection: Collection, kind: str, one: str, parts: Sequence[str]) -> dict[str, str]:
    """The paths of a resource, as `self`, and of its parts, by name. A list has hundreds: what they share is made once."""
    of_collection = "" if collection.books.name == DEFAULT_COLLECTION else f"?collection={collection.books.name}"
    path = public_path(f"/v1/{kind}/{path_segment(one, ':')}")
    return {"self": path + of_collection} | {part: f"{path}/{part}{of_collection}" for part in parts}


def path_of(collection: Collection, path: str) -> str:
    """A path that means this collection."""
    name = collection.books.name
    return public_path(path if name == DEFAULT_COLLECTION else f"{path}?collection={name}")


def actor_of(request: Request, named: str | None) -> str:
    """Who acts: the owner of the token, which nobody can make up; without tokens, whom the request names. Raises Problem."""
    actor = request.scope.get("state", {}).get("token_name") or named
    if not actor:
        raise Problem(
            "validation_failed", "actor: say who decides this", [FieldProblem("body", "/actor", "is required")]
        )
    return str(actor)


def may(request: Request, scope: Scope) -> bool:
    """Whether the request's token has a scope; without tokens everybody has all."""
    return scope in request.scope.get("state", {}).get("scopes", SCOPES)


async def only_known_parameters(request: Request) -> None:
    """A misspelt parameter is an error and not silently without effect."""
    known = _query_names(request.scope["route"].dependant)
    unknown = [name for name in dict.fromkeys(request.query_params) if name not in known]
    if unknown:
        errors = [
            FieldProblem("query", f"/{name}"[:100], "is not a parameter of this request") for name in unknown[:10]
        ]
        raise Problem("validation_failed", f"known parameters: {', '.join(sorted(known)) or 'none'}", errors)


def _query_names(dependant: Dependant) -> set[str]:
    """The query parameters of a handler and of all that it depends on."""
    names = {field.alias for field in dependant.query_params}
    return names.union(*map(_query_names, dependant.dependencies))
