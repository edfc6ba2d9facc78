"""How a command reaches the service."""

from __future__ import annotations

from typing import Annotated

import typer

from clusterer.bootstrap import Clusterer
from clusterer.logging import configure_logging
from clusterer.pipeline.service import DEFAULT_COLLECTION, Collection
from clusterer.settings import Settings, read_settings

CollectionName = Annotated[str, typer.Option("--collection", "-c", help="The collection to use.")]
DEFAULT = DEFAULT_COLLECTION


def settings_of_command() -> Settings:
    """The settings of the environment; a command that answers a question logs only what is wrong."""
    settings = read_settings()
    quiet = settings.log_level in ("debug", "info")
    configure_logging(settings.model_copy(update={"log_level": "warning"}) if quiet else settings)
    return settings


def connect() -> Clusterer:
    """The service over the configured Redis, or over the private one of the data folder."""
    return Clusterer.connect(settings_of_command())


def open_collection(name: str) -> Collection:
    """Raises NotFound for a collection that was not created."""
    return connect().collection(name)
