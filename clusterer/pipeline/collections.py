"""Collections: separate sets of articles and clusters in one store."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from clusterer.core.errors import Conflict, NotFound
from clusterer.core.records import Books, Parked, QueueFacts
from clusterer.pipeline.service import DEFAULT_COLLECTION, Service


@dataclass(frozen=True, slots=True)
class CollectionView:
    """A collection: its settings, the counts of its articles by state, and what waits in its queues, or for another article."""

    name: str
    settings: Mapping[str, str]
    articles: Books
    queues: QueueFacts
    parked: Parked


def list_collections(service: Service) -> tuple[CollectionView, ...]:
    """All collections, by name."""
    return tuple(describe_collection(service, name) for name in sorted(service.names()))


def describe_collection(service: Service, name: str) -> CollectionView:
    """Raises NotFound."""
    books = service.store.collection(name)
    settings = service.store.collection_settings(name)
    return CollectionView(name, settings, books.books(), books.queue_facts(), books.parked())


def create_collection(service: Service, name: str, settings: Mapping[str, str]) -> CollectionView:
    """Raises Conflict when the name is taken, ValueError when it is no fit name."""
    from clusterer.pipeline.intake import COLLECTION_PATTERN

    if not re.fullmatch(COLLECTION_PATTERN, name):
        raise ValueError(f"a collection's name matches {COLLECTION_PATTERN}")
    service.names()  # a store that was emptied takes nothing before it has been begun anew
    if not service.store.create_collection(name, settings):
        raise Conflict(f"collection {name!r} exists already")
    return describe_collection(service, name)


def configure_collection(service: Service, name: str, settings: Mapping[str, str]) -> CollectionView:
    """Set some settings and keep the others. Raises NotFound."""
    service.store.configure_collection(name, settings)
    return describe_collection(service, name)


def delete_collection(service: Service, name: str) -> None:
    """Delete a collection with everything in it. Raises NotFound, and Conflict for the default one."""
    if name == DEFAULT_COLLECTION:
        raise Conflict("the default collection cannot be deleted")
    if name not in service.store.collections():
        raise NotFound(f"collection {name!r} does not exist")
    service.store.delete_collection(name)
    service.names()  # forgets what was kept of it
