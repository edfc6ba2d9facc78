"""All pages."""

from __future__ import annotations

from contextlib import suppress

from clusterer.core.errors import ClustererError
from clusterer.pipeline.service import Service
from clusterer.web import correcting, entry, operating, reading
from clusterer.web.rendering import compile_templates

PAGES = (entry, reading, correcting, operating)
"""The modules whose `router` serves the pages, from `/` on. The application's state holds `service`, and `tokens` where they are on."""


def warm(service: Service) -> None:
    """Read and load what the first pages would have to wait for. What fails here is told to whoever asks."""
    compile_templates()
    with suppress(ClustererError):
        for name in service.names():
            collection = service.collection(name)
            with suppress(ClustererError):  # of one collection, which says nothing of the next
                collection.lookup.warm()
            _ = collection.browse, collection.nightly  # with their modules
