"""How a command reaches the service."""

from __future__ import annotations

import os
from typing import Annotated

import structlog
import typer

from clusterer.bootstrap import Clusterer, connect_as_before
from clusterer.cli.output import err, printable
from clusterer.environment import read_settings, unknown_variables
from clusterer.logging import configure_logging
from clusterer.pipeline.collection import Collection
from clusterer.pipeline.service import DEFAULT_COLLECTION
from clusterer.settings import Settings

log = structlog.get_logger(__name__)

CollectionName = Annotated[str, typer.Option("--collection", "-c", help="The collection to use.")]
DEFAULT = DEFAULT_COLLECTION


def settings_of_command() -> Settings:
    """The settings of the environment; a command that answers a question logs only what is wrong."""
    settings = read_settings()
    quiet = settings.log_level in ("debug", "info")
    configure_logging(settings.model_copy(update={"log_level": "warning"}) if quiet else settings)
    warn_of_unknown_variables()
    return settings


def warn_of_unknown_variables() -> None:
    """Warn about variables that look like settings but are unknown: a misspelt one would otherwise be ignored silently."""
    for name, meant in unknown_variables(os.environ).items():
        log.warning("unknown_setting", variable=name, did_you_mean=meant)


def connect() -> Clusterer:
    """The service over the configured Redis, or over the private one of the data folder, which a person at a terminal is told."""
    settings = settings_of_command()
    if not settings.redis_url and err().is_terminal:
        err().print(printable(f"data in {settings.data_dir.resolve()}", "dim"))
    return connect_as_before(settings)


def open_collection(name: str) -> Collection:
    """Raises NotFound for a collection that was not created."""
    return connect().collection(name)
