"""Collections: created, listed, configured and deleted."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from clusterer.api.bodies import JSON, body_of, documented_body, schema_of, validated
from clusterer.api.parameters import ServiceOf, only_known_parameters
from clusterer.api.problems import problem_responses
from clusterer.api.proxies import public_path
from clusterer.pipeline.collections import (
    CollectionView,
    configure_collection,
    create_collection,
    delete_collection,
    describe_collection,
    list_collections,
)
from clusterer.pipeline.intake import COLLECTION_PATTERN
from clusterer.pipeline.lookup.views import Page, whole

router = APIRouter(
    prefix="/v1/collections",
    tags=["collections"],
    dependencies=[Depends(only_known_parameters)],
    responses=problem_responses(422, 503),
)

Name = Annotated[str, Path(pattern=COLLECTION_PATTERN)]
Body = Annotated[tuple[str, bytes], Depends(body_of(JSON))]
SettingName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
SettingValue = Annotated[str, Field(max_length=1_000)]


class ConfigureIn(BaseModel):
    """Settings to set; the others stay."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    settings: dict[SettingName, SettingValue] = Field(default_factory=dict, max_length=50)


class CollectionIn(ConfigureIn):
    """A collection to create."""

    name: str = Field(pattern=COLLECTION_PATTERN)


@router.get("")
def get_collections(service: ServiceOf) -> Page[CollectionView]:
    """All collections."""
    return whole(list_collections(service))


@router.post(
    "",
    status_code=201,
    responses=problem_responses(409, 413, 415),
    openapi_extra=documented_body({JSON: schema_of(CollectionIn)}),
)
def post_collection(response: Response, service: ServiceOf, content: Body) -> CollectionView:
    """Create a collection."""
    wanted = validated(CollectionIn, content[1])
    created = create_collection(service, wanted.name, wanted.settings)
    response.headers["Location"] = public_path(f"/v1/collections/{created.name}")
    return created


@router.get("/{name}", responses=problem_responses(404))
def get_collection(service: ServiceOf, name: Name) -> CollectionView:
    """A collection with the counts of its articles and queues."""
    return describe_collection(service, name)


@router.patch(
    "/{name}",
    responses=problem_responses(404, 413, 415),
    openapi_extra=documented_body({JSON: schema_of(ConfigureIn)}),
)
def patch_collection(service: ServiceOf, name: Name, content: Body) -> CollectionView:
    """Set some settings of a collection."""
    return configure_collection(service, name, validated(ConfigureIn, content[1]).settings)


@router.delete("/{name}", status_code=204, responses=problem_responses(404, 409))
def remove_collection(service: ServiceOf, name: Name) -> None:
    """Delete a collection with all its articles and clusters."""
    delete_collection(service, name)
